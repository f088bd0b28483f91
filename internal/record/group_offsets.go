package record

import (
	"context"
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"

	"kafkactl/internal/kafka"
)

// Group reads and commits the offsets of a consumer group without being a member of it, which
// the brokers allow while the group has no members. No consumer loses a partition to it.
type Group struct {
	name  string
	kafka *kafka.Client
}

// NewGroup sets up the group called name. The first request connects. The connections do not
// end with ctx, because what was read may still have to be committed then; Close ends them.
func NewGroup(ctx context.Context, cfg kafka.Config, name string) (*Group, error) {
	client, err := kafka.Dial(context.WithoutCancel(ctx), cfg)
	if err != nil {
		return nil, err
	}
	return &Group{name, client}, nil
}

// Close ends all connections.
func (g *Group) Close() { g.kafka.Close() }

// Committed returns the offsets that the group has committed, nil for a group that does not
// exist. It waits for a coordinator until ctx ends; the connections are closed then.
func (g *Group) Committed(ctx context.Context) (kadm.Offsets, error) {
	defer closeAfter(ctx, g.kafka)()
	var fetched kadm.OffsetResponses
	err := untilCoordinated(ctx, func() (err error) {
		fetched, err = g.kafka.Adm.FetchOffsets(ctx, g.name)
		return err
	})
	if errors.Is(err, kerr.GroupIDNotFound) {
		return nil, nil
	}
	if err == nil {
		err = fetched.Error()
	}
	if err != nil {
		return nil, fmt.Errorf("ask what group %q committed: %w", g.name, err)
	}
	return fetched.Offsets(), nil
}

// Commit commits offsets. It fails when the group has got members. It waits for a coordinator
// until ctx ends; the connections are closed then.
func (g *Group) Commit(ctx context.Context, offsets kadm.Offsets) error {
	defer closeAfter(ctx, g.kafka)()
	err := untilCoordinated(ctx, func() error { return g.kafka.Adm.CommitAllOffsets(ctx, g.name, offsets) })
	switch {
	case errors.Is(err, kerr.UnknownMemberID), errors.Is(err, kerr.RebalanceInProgress), errors.Is(err, kerr.IllegalGeneration):
		return fmt.Errorf("commit for group %q: it has members now, and only they may: %w", g.name, err)
	case err != nil:
		return fmt.Errorf("commit for group %q: %w", g.name, err)
	}
	return nil
}

// untilCoordinated calls ask again while the group's coordinator is not there yet. The first group of
// a cluster makes Kafka create __consumer_offsets, and kgo does not wait for that.
func untilCoordinated(ctx context.Context, ask func() error) error {
	for {
		err := ask()
		if !kafka.NotCoordinating(err) {
			return err
		}
		if !kafka.Pause(ctx, retryInterval) {
			return fmt.Errorf("%w (%w)", err, context.Cause(ctx))
		}
	}
}
