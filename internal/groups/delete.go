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

// Deletion is what became of one group that was to be deleted: Err is nil when it is gone, and all
// it committed with it.
type Deletion struct {
	Group string
	Err   error
}

// InUse reports whether the group is still there because it has members.
func (d Deletion) InUse() bool { return errors.Is(d.Err, kerr.NonEmptyGroup) }

// Delete deletes groups, which are those of [Client.Lag]; the answer is by name. A group that has
// members is left alone, also when they come between the look and the deletion, which the brokers
// then refuse with NON_EMPTY_GROUP.
func (c *Client) Delete(ctx context.Context, groups []GroupLag) ([]Deletion, error) {
	var (
		deletions []Deletion
		idle      []string
	)
	for _, g := range groups {
		if len(g.Members) > 0 {
			deletions = append(deletions, Deletion{Group: g.Name, Err: nonEmpty(
				fmt.Sprintf("in use by %s: %s", countMembers(len(g.Members)), memberList(g.Members)))})
			continue
		}
		idle = append(idle, g.Name)
	}
	deleted, err := c.deleteGroups(ctx, idle)
	if err != nil {
		return nil, kafka.Wrap("delete groups", err)
	}
	for _, name := range idle {
		deletions = append(deletions, Deletion{Group: name, Err: deletionError(name, deleted)})
	}
	slices.SortFunc(deletions, func(a, b Deletion) int { return cmp.Compare(a.Group, b.Group) })
	return deletions, nil
}

// deleteGroups deletes, and tries again those whose coordinator moves. The groups of a coordinator
// that does not answer have that as their error.
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
			case kafka.NotCoordinating(answer.Err):
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

// deletionError is why a group is still there. One that somebody else has deleted meanwhile is
// gone, as it was to be.
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
