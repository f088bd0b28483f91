package groups

import (
	"cmp"
	"fmt"
	"slices"

	"kafkactl/internal/kafka"
)

// Kafka's words for the states of a group that this package distinguishes. In the other states the
// members are being given their partitions.
const (
	stateStable = "Stable"
	stateEmpty  = "Empty"
	stateDead   = "Dead"
)

// Protocols of groups that read topics, in Kafka's words. Consumer groups have the first two.
const (
	ProtocolClassic  = "classic"
	ProtocolConsumer = "consumer" // KIP-848
	ProtocolShare    = "share"    // KIP-932
	ProtocolStreams  = "streams"  // KIP-1071
)

// Group is a consumer group as its coordinator describes it.
type Group struct {
	Name string
	// State is Kafka's word, such as "PreparingRebalance"; "" when there is no such group.
	State string
	// Protocol is [ProtocolClassic] or [ProtocolConsumer], or another where [LagQuery.AllReaders] asks for it.
	Protocol string
	// Assignor is the name of what shares the partitions out, "" without members.
	Assignor string
	// Coordinator is the id of the broker that keeps the group.
	Coordinator int32
	// Members are by client, host and id.
	Members []Member
	// Err is why the group is not known completely: its members or, in a [GroupLag], what it
	// committed.
	Err error
}

// Member is one consumer of a group.
type Member struct {
	ID         string
	InstanceID string // "" unless it is a static member (KIP-345)
	ClientID   string
	Host       string                 // as the broker sees it, without Java's slash
	Assigned   []kafka.TopicPartition // by topic and partition
}

// Consuming reports whether the group has members and each has its partitions.
func (g Group) Consuming() bool { return g.State == stateStable && len(g.Members) > 0 }

// Rebalancing reports whether the members of the group are being given their partitions.
func (g Group) Rebalancing() bool { return !g.Idle() && g.State != stateStable }

// Idle reports whether the group has no member.
func (g Group) Idle() bool { return g.State == "" || g.State == stateEmpty || g.State == stateDead }

// String returns one line, such as "order-service-group: stable, 2 members".
func (g Group) String() string {
	name, members := kafka.Printable(g.Name), countMembers(len(g.Members))
	switch g.State {
	case "":
		return name + ": no such group yet"
	case stateEmpty:
		return name + ": empty: no member"
	case stateDead:
		return name + ": dead: it was removed"
	case stateStable:
		return name + ": stable, " + members
	default:
		return fmt.Sprintf("%s: rebalancing (%s), %s", name, g.State, members)
	}
}

func countMembers(n int) string {
	if n == 1 {
		return "1 member"
	}
	return fmt.Sprintf("%d members", n)
}

// addMember adds a member that has read its assignment. The members are sorted in the end.
func (g *Group) addMember(m Member) {
	slices.SortFunc(m.Assigned, comparePartitions)
	g.Members = append(g.Members, m)
}

func (m *Member) assign(topic string, partitions []int32) {
	for _, p := range partitions {
		m.Assigned = append(m.Assigned, kafka.TopicPartition{Topic: topic, Partition: p})
	}
}

func (g *Group) sortMembers() {
	slices.SortFunc(g.Members, func(a, b Member) int {
		return cmp.Or(cmp.Compare(a.ClientID, b.ClientID), cmp.Compare(a.Host, b.Host), cmp.Compare(a.ID, b.ID))
	})
}

func comparePartitions(a, b kafka.TopicPartition) int {
	return cmp.Or(cmp.Compare(a.Topic, b.Topic), cmp.Compare(a.Partition, b.Partition))
}
