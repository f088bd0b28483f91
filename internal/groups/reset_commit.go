package groups

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// ResetOffsets commits what the plan says to move, all of it in one request, reads it back, and
// returns the plan with what became of each partition. It makes a group that does not exist. An
// [*InUseError] means that nothing was sent, because the group has members; members that come
// between the look and the commit make the brokers refuse it by partition.
func (c *Client) ResetOffsets(ctx context.Context, plan OffsetPlan) (OffsetPlan, error) {
	if err := plan.InUse(); err != nil {
		return plan, err
	}
	wanted := make(kadm.Offsets)
	for _, m := range plan.Moves {
		if m.Outcome == MovePlanned {
			wanted.AddOffset(m.Topic, m.Partition, m.To, -1)
		}
	}
	if len(wanted) == 0 {
		return plan, nil
	}
	committed, err := c.commit(ctx, plan.Group, wanted)
	if err != nil {
		return plan, kafka.Wrap(fmt.Sprintf("commit for group %q", plan.Group), kafka.ClientError(kmsg.OffsetCommit, plan.Group, err, ""))
	}
	stored, readErr := kafka.UntilDone(ctx, func() (kadm.OffsetResponses, error) { return c.kafka.Adm.FetchOffsets(ctx, plan.Group) })
	moves := make([]OffsetMove, len(plan.Moves))
	for i, m := range plan.Moves {
		if m.Outcome == MovePlanned {
			m.Outcome, m.Err = MoveDone, commitError(plan.Group, m, committed)
			if m.Err == nil {
				m.Err = verify(m, stored, readErr)
			}
			if m.Err != nil {
				m.Outcome = MoveFailed
			}
		}
		moves[i] = m
	}
	plan.Moves = moves
	return plan, nil
}

// commit commits, and again while the coordinator is not there yet: the first group of a cluster
// makes __consumer_offsets. kgo repeats that itself, but for a few seconds only.
func (c *Client) commit(ctx context.Context, group string, wanted kadm.Offsets) (kadm.OffsetResponses, error) {
	for {
		committed, err := kafka.UntilDone(ctx, func() (kadm.OffsetResponses, error) { return c.kafka.Adm.CommitOffsets(ctx, group, wanted) })
		said := cmp.Or(err, committed.Error())
		if !kafka.NotCoordinating(said) {
			return committed, err
		}
		if !kafka.Pause(ctx, kafka.PollInterval) {
			return nil, fmt.Errorf("%w (%w)", said, context.Cause(ctx))
		}
	}
}

// commitError is why a partition was not committed.
func commitError(group string, m OffsetMove, committed kadm.OffsetResponses) error {
	answer, ok := committed.Lookup(m.Topic, m.Partition)
	switch {
	case !ok:
		return errors.New("the coordinator says nothing of it")
	case errors.Is(answer.Err, kerr.UnknownMemberID), errors.Is(answer.Err, kerr.RebalanceInProgress), errors.Is(answer.Err, kerr.IllegalGeneration):
		return fmt.Errorf("the group has members now, and only they may commit: %w", answer.Err)
	case errors.Is(answer.Err, kerr.GroupAuthorizationFailed):
		return kafka.ClientError(kmsg.OffsetCommit, group, answer.Err, "")
	default:
		return kafka.ClientError(kmsg.OffsetCommit, m.Topic, answer.Err, "")
	}
}

// verify is nil when the partition reads back as committed.
func verify(m OffsetMove, stored kadm.OffsetResponses, err error) error {
	if err != nil {
		return fmt.Errorf("committed, and could not be read back: %w", err)
	}
	if at, ok := stored.Lookup(m.Topic, m.Partition); !ok || at.Err != nil || at.At != m.To {
		return fmt.Errorf("committed, and reads back as %d: another committed too", at.At)
	}
	return nil
}
