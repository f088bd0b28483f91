package record

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

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
		return nil, kafka.Wrap(fmt.Sprintf("ask what group %q committed", g.name), kafka.Refusal(kmsg.OffsetFetch, g.name, err))
	}
	return fetched.Offsets(), nil
}

// Commit commits offsets. It fails when the group has got members. It waits for a coordinator
// until ctx ends; the connections are closed then. What is for partitions that the coordinator does
// not know for a while is left out: they were deleted, and all commits for them with them.
func (g *Group) Commit(ctx context.Context, offsets kadm.Offsets) error {
	defer closeAfter(ctx, g.kafka)()
	var err error
	for began := time.Now(); ; {
		err = untilCoordinated(ctx, func() (err error) {
			offsets, err = g.commit(ctx, offsets)
			return err
		})
		if err != nil || len(offsets) == 0 || time.Since(began) >= goneAfter || !kafka.Pause(ctx, retryInterval) {
			break // what is left is unknown: a topic that was just made is so for a moment, one that is gone for ever
		}
	}
	switch {
	case errors.Is(err, kerr.UnknownMemberID), errors.Is(err, kerr.RebalanceInProgress), errors.Is(err, kerr.IllegalGeneration):
		return fmt.Errorf("commit for group %q: it has members now, and only they may: %w", g.name, err)
	case err != nil:
		return kafka.Wrap(fmt.Sprintf("commit for group %q", g.name), err)
	}
	return nil
}

// commit commits offsets once, and returns those for partitions that the coordinator does not know;
// with an error, all of them. It is a request of our own, because kadm looks up the topics in a
// cache.
func (g *Group) commit(ctx context.Context, offsets kadm.Offsets) (unknown kadm.Offsets, err error) {
	req := kmsg.NewPtrOffsetCommitRequest()
	req.Group = g.name
	for name, partitions := range offsets {
		topic := kmsg.NewOffsetCommitRequestTopic()
		topic.Topic = name
		for number, at := range partitions {
			p := kmsg.NewOffsetCommitRequestTopicPartition()
			p.Partition, p.Offset, p.LeaderEpoch = number, at.At, at.LeaderEpoch
			topic.Partitions = append(topic.Partitions, p)
		}
		req.Topics = append(req.Topics, topic)
	}
	resp, err := req.RequestWith(ctx, g.kafka.Kgo)
	if err != nil {
		return offsets, kafka.Refusal(kmsg.OffsetCommit, g.name, err)
	}
	unknown = make(kadm.Offsets)
	for _, t := range resp.Topics {
		for _, p := range t.Partitions {
			refusal := kerr.ErrorForCode(p.ErrorCode)
			at, asked := offsets.Lookup(t.Topic, p.Partition)
			switch {
			case refusal == nil || !asked:
			case errors.Is(refusal, kerr.UnknownTopicOrPartition):
				unknown.Add(at)
			case errors.Is(refusal, kerr.TopicAuthorizationFailed):
				return offsets, kafka.Refusal(kmsg.OffsetCommit, t.Topic, refusal)
			default:
				return offsets, kafka.Refusal(kmsg.OffsetCommit, g.name, refusal)
			}
		}
	}
	return unknown, nil
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
