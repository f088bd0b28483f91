package groups

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// StandingQuery says which groups to look at, and how they stand in which topics.
type LagQuery struct {
	// Groups are names, nil for all.
	Groups []string
	// Topics are names, nil for all. Groups that are not named and have nothing to do
	// with any of them are left out.
	Topics []string
}

// GroupStanding is how far one consumer group has read.
type GroupLag struct {
	Group string
	// State is Kafka's word, such as "PreparingRebalance".
	State string
	// Protocol is "classic" or "consumer" (KIP-848).
	Protocol string
	// Assignor is the name of what shares the partitions out, "" without members.
	Assignor string
	// Coordinator is the id of the broker that keeps the group.
	Coordinator int32
	// Members are by client, host and id.
	Members []Member
	// Partitions are by topic and number: all of each topic that the group has
	// committed something of, or that a member is assigned something of.
	Partitions []PartitionLag
	// Err is why the group could not be looked at whole: what it committed, or its
	// members, are not known then.
	Err error
}

// Member is one consumer of a group.
type Member struct {
	ID         string
	InstanceID string // "" unless it is a static member (KIP-345)
	ClientID   string
	Host       string // as the broker sees it, without Java's slash
	Assigned   []TopicPartition
}

// TopicPartition names a partition.
type TopicPartition struct {
	Topic     string
	Partition int32
}

// PartitionStanding is how far a group has read one partition.
type PartitionLag struct {
	TopicPartition
	// Committed is the next offset to be read, -1 when the group has committed none.
	Committed int64
	// Metadata is what the consumer committed beside the offset, mostly "".
	Metadata string
	// LogStart and End bound the log; -1 when they are not known.
	LogStart, End int64
	// Lag counts the offsets that are there and not read: from the committed one, or
	// from the log start where nothing was committed or what was is gone. It is -1 when
	// it is not known, and never otherwise negative.
	Lag int64
	// Lost counts the offsets that were deleted before they were read. They are no lag:
	// nobody can read them any more.
	Lost int64
	// Past is how far the committed offset is behind the end: the log was made anew, or
	// lost its end. What is written there is not read before it gets so far.
	Past int64
	// Member is the one the partition is assigned to, nil for none.
	Member *Member
	// TopicGone tells that there is no such partition any more.
	TopicGone bool
	// Err is why End is not known, nil when it is or the topic is gone.
	Err error
}

// String is the partition, as order.created/2.
func (p TopicPartition) String() string { return fmt.Sprintf("%s/%d", p.Topic, p.Partition) }

// Lag sums up what is known of the partitions' lag, and counts those of which it is
// not. Partitions that are gone have none.
func (g *GroupLag) Lag() (total int64, unknown int) {
	for i := range g.Partitions {
		switch p := &g.Partitions[i]; {
		case p.TopicGone:
		case p.Lag < 0:
			unknown++
		default:
			total += p.Lag
		}
	}
	return total, unknown
}

// Topics lists the topics of the group's partitions by name.
func (g *GroupLag) Topics() []string {
	var names []string
	for i := range g.Partitions {
		if name := g.Partitions[i].Topic; len(names) == 0 || names[len(names)-1] != name {
			names = append(names, name)
		}
	}
	return names
}

// GroupStandings tells how far groups have read, by name. What was committed is read
// before the ends of the logs, so that a group that keeps up is never ahead of them. It
// looks for no coordinator, which makes __consumer_offsets where nothing consumed
// before, but asks every live broker; the number of requests depends on the brokers
// alone (before Kafka 3.0 on the groups too).
//
// An error comes with what could be found out: a [*NotFoundError] when a named group
// does not exist, an [*UnlistedError] when groups that are asked for may be missing.
func (c *Client) Lag(ctx context.Context, q LagQuery) ([]GroupLag, error) {
	seen, err := c.list(ctx)
	if err != nil {
		return nil, err
	}
	var standings []*lagging
	for _, on := range seen.brokers {
		standings = append(standings, on.wanted(q.Groups)...)
	}
	absent := seen.absent(q.Groups, standings)
	standings = c.ask(ctx, standings, q.Topics)
	if q.Groups == nil {
		standings = slices.DeleteFunc(standings, func(s *lagging) bool {
			return s.Err == nil && (q.Topics != nil || s.State == groupDead) && len(s.topics()) == 0
		})
	}
	logs := c.logs(ctx, seen.brokers, topicsOf(standings))
	found := make([]GroupLag, len(standings))
	for i, s := range standings {
		found[i] = s.against(logs)
	}
	slices.SortFunc(found, func(a, b GroupLag) int { return cmp.Compare(a.Group, b.Group) })
	return found, c.unseen(ctx, seen, q.Groups, absent)
}

// UnlistedError tells that groups may be missing in an answer, and why.
type UnlistedError struct {
	// Groups are named ones that were not found, nil when all were asked for.
	Groups  []string
	Reasons []string
	Cause   error // of the first reason, may be nil
}

func (e *UnlistedError) Error() string {
	what := "some groups may be missing"
	if len(e.Groups) > 0 {
		what = fmt.Sprintf("cannot tell whether group %q exists", e.Groups[0])
	}
	return what + ": " + strings.Join(e.Reasons, "; ")
}

// Unwrap is the cause.
func (e *UnlistedError) Unwrap() error { return e.Cause }

// unseen is the error of what the answer lacks: named groups that are absent, or any
// where not every coordinator could be asked.
func (c *Client) unseen(ctx context.Context, seen listing, named, absent []string) error {
	if len(absent) > 0 {
		if err := c.mayDescribe(ctx, seen.brokers[0].ID, absent); err != nil {
			return err
		}
	}
	switch {
	case len(seen.reasons) > 0 && (named == nil || len(absent) > 0):
		return &UnlistedError{Groups: absent, Reasons: seen.reasons, Cause: seen.cause}
	case len(absent) > 0:
		return &kafka.NotFoundError{Resource: kafka.ResourceGroup, Name: absent[0], Near: topicspec.Nearest(absent[0], seen.names(), 3)}
	default:
		return nil
	}
}

// otherGroup is the refusal of a group that no consumers are in.
func otherGroup(g kmsg.ListGroupsResponseGroup) error {
	return fmt.Errorf("it is a %s group, not a consumer group", cmp.Or(g.ProtocolType, strings.ToLower(g.GroupType)))
}

// goneTopic tells that err says that there is no such topic or partition.
func goneTopic(code int16) bool { return kerr.TypedErrorForCode(code) == kerr.UnknownTopicOrPartition }
