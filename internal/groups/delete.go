package groups

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// GroupDeletion is what became of one group that was to be deleted: nil Err when it is
// gone, and all it committed with it.
type GroupDeletion struct {
	Group string
	Err   error
}

// InUse tells that the group is still there because it has members.
func (d GroupDeletion) InUse() bool { return errors.Is(d.Err, kerr.NonEmptyGroup) }

// DeleteGroups deletes groups, by name in the answer. One that has members is left
// alone, also when they come between the look and the deletion, which the brokers
// refuse with NON_EMPTY_GROUP. groups are how they stood: those of
// [Client.GroupStandings].
func (c *Client) DeleteGroups(ctx context.Context, groups []GroupLag) ([]GroupDeletion, error) {
	var (
		deletions []GroupDeletion
		idle      []string
	)
	for _, g := range groups {
		if len(g.Members) > 0 {
			deletions = append(deletions, GroupDeletion{Group: g.Group, Err: nonEmpty(
				fmt.Sprintf("in use by %s: %s", countMembers(len(g.Members)), memberList(g.Members)))})
			continue
		}
		idle = append(idle, g.Group)
	}
	deleted, err := c.deleteGroups(ctx, idle)
	if err != nil {
		return nil, kafka.Wrap("delete groups", err)
	}
	for _, name := range idle {
		deletions = append(deletions, GroupDeletion{Group: name, Err: deletionError(name, deleted)})
	}
	slices.SortFunc(deletions, func(a, b GroupDeletion) int { return cmp.Compare(a.Group, b.Group) })
	return deletions, nil
}

// deleteGroups deletes, and tries again those whose coordinator moves. A coordinator
// that does not answer leaves its groups out.
func (c *Client) deleteGroups(ctx context.Context, names []string) (kadm.DeleteGroupResponses, error) {
	done := make(kadm.DeleteGroupResponses)
	for len(names) > 0 {
		answers, err := kafka.UntilDone(ctx, func() (kadm.DeleteGroupResponses, error) { return c.kafka.Adm.DeleteGroups(ctx, names...) })
		if err != nil && !errors.As(err, new(*kadm.ShardErrors)) {
			return nil, err
		}
		var again []string
		for _, name := range names {
			answer, ok := answers[name]
			switch {
			case !ok:
				done[name] = kadm.DeleteGroupResponse{Group: name, Err: cmp.Or(err, errors.New("its coordinator says nothing of it"))}
			case notCoordinating(answer.Err):
				again = append(again, name)
				done[name] = answer
			default:
				done[name] = answer
			}
		}
		names = again
		if len(again) > 0 && !kafka.Pause(ctx, kafka.PollInterval) {
			break
		}
	}
	return done, nil
}

// deletionError is why a group is still there. One that somebody else has deleted
// meanwhile is gone, as it was to be.
func deletionError(name string, deleted kadm.DeleteGroupResponses) error {
	answer := deleted[name]
	if errors.Is(answer.Err, kerr.GroupIDNotFound) {
		return nil
	}
	if errors.Is(answer.Err, kerr.NonEmptyGroup) {
		return nonEmpty("it has members now")
	}
	return kafka.ClientError(kmsg.DeleteGroups, name, answer.Err, answer.ErrMessage)
}

func nonEmpty(detail string) error {
	return &kafka.BrokerError{Kafka: kerr.NonEmptyGroup, Detail: detail}
}
