package record

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/internal/kafka"
)

// Group reads and commits the offsets of a consumer group without being a member of it, which
// the brokers allow while the group has no members. No consumer loses a partition to it.
type Group struct {
	name   string
	client *kgo.Client
	adm    *kadm.Client
}

// NewGroup sets up the group called name. The first request connects. The connections do not
// end with ctx, because what was read may still have to be committed then; Close ends them.
func NewGroup(ctx context.Context, cfg kafka.Config, name string) (*Group, error) {
	client, err := kgo.NewClient(cfg.DialOpts(context.WithoutCancel(ctx))...)
	if err != nil {
		return nil, fmt.Errorf("set up the Kafka client: %w", err)
	}
	return &Group{name, client, kadm.NewClient(client)}, nil
}

// Close ends all connections.
func (g *Group) Close() { g.client.Close() }

// Committed returns the offsets that the group has committed, nil for a group that does not
// exist. It waits for a coordinator until ctx ends; the connections are closed then.
func (g *Group) Committed(ctx context.Context) (kadm.Offsets, error) {
	defer closeAfter(ctx, g.client)()
	var fetched kadm.OffsetResponses
	err := coordinated(ctx, func() (err error) {
		fetched, err = g.adm.FetchOffsets(ctx, g.name)
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
	defer closeAfter(ctx, g.client)()
	err := coordinated(ctx, func() error { return g.adm.CommitAllOffsets(ctx, g.name, offsets) })
	switch {
	case errors.Is(err, kerr.UnknownMemberID), errors.Is(err, kerr.RebalanceInProgress), errors.Is(err, kerr.IllegalGeneration):
		return fmt.Errorf("commit for group %q: it has members now, and only they may: %w", g.name, err)
	case err != nil:
		return fmt.Errorf("commit for group %q: %w", g.name, err)
	}
	return nil
}

// coordinated calls ask again while the group's coordinator is not there yet. The first group of
// a cluster makes Kafka create __consumer_offsets, and kgo does not wait for that.
func coordinated(ctx context.Context, ask func() error) error {
	ticker := time.NewTicker(retryInterval)
	defer ticker.Stop()
	for {
		err := ask()
		if !errors.Is(err, kerr.CoordinatorNotAvailable) && !errors.Is(err, kerr.CoordinatorLoadInProgress) && !errors.Is(err, kerr.NotCoordinator) {
			return err
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return fmt.Errorf("%w (%w)", err, context.Cause(ctx))
		}
	}
}
