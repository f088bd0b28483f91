package topicspec

import (
	"cmp"
	"slices"
)

// Broker is one that answered: no other gets a replica. Kafka in KRaft mode takes any that is registered, and a
// reassignment to one that is dead never ends.
type Broker struct {
	ID   int
	Rack string // broker.rack, "" for none
	// Bytes is the size of its replicas, -1 where it is not known, and Replicas their number; both of all topics.
	Bytes    int64
	Replicas int
	// Cordoned reports that no log directory of it takes new replicas (KIP-1066). Those that are there stay.
	Cordoned bool
}

// TopicAssignment is where the replicas of a topic are, and how many of them each partition shall have.
type TopicAssignment struct {
	Topic string
	// ReplicationFactor is 0 where the topic is to stay as it is.
	ReplicationFactor int
	// MinInSync is the min.insync.replicas that holds while replicas are taken away: what lowers it comes before,
	// what raises it after (see [Plan.Stages]).
	MinInSync int
	// ReplaceOffline asks for new replicas in the place of offline ones also where their number is right.
	ReplaceOffline bool
	Partitions     []Assignment
}

// Assignment is where the replicas of one partition are, as the controller answers it.
type Assignment struct {
	Partition int
	// Replicas are in order, the preferred leader first. While the partition is being reassigned, those that are
	// added and those that will go are among them.
	Replicas []int
	ISR      []int
	Leader   int  // -1: none
	Move     Move // zero: nobody reassigns it
	// Size is the bytes of the leader's replica, -1 where it is not known.
	Size int64
}

// moving reports whether the partition is being reassigned.
func (a Assignment) moving() bool { return len(a.Move.Adding)+len(a.Move.Removing) > 0 }

// Placement is what has to be reassigned of one topic.
type Placement struct {
	Topic         string         `json:"topic"`
	Reassignments []Reassignment `json:"reassignments"` // by partition
	// Blocked is why nothing of the topic can be reassigned, "" where it can.
	Blocked string `json:"blocked"`
}

// Bytes returns how many bytes are copied, -1 where that is not known.
func (p Placement) Bytes() int64 {
	total := int64(0)
	for _, r := range p.Reassignments {
		if r.Bytes < 0 {
			return -1
		}
		total += r.Bytes
	}
	return total
}

// Reassignment is the new list of replicas of one partition.
type Reassignment struct {
	Partition int `json:"partition"`
	// From and To are in order, the preferred leader first. Where the reassignment is running already, the order of
	// From is lost: the controller does not remember it.
	From []int `json:"from"`
	To   []int `json:"to"`
	// Bytes are copied by it: 0 where the partition is empty or only the order changes, -1 where it is not known.
	Bytes int64 `json:"bytes"`
	// Elect reports that another replica than the first leads. It goes on to do so until the preferred leader is
	// elected.
	Elect bool `json:"elect"`
	// Running reports that the controller is making it already: it is waited for, and not sent again.
	Running bool `json:"running"`
}

// Place decides which replicas go and where new ones come, for topics whose replication factor changes. The answer
// has the topics by name. It depends on nothing but the brokers and the topics, in whatever order they are given,
// and is empty once its reassignments are made. Its laws:
//
//   - A partition with the right number of replicas keeps them, offline ones too, unless ReplaceOffline asks.
//     Otherwise its offline replicas go, and as many are copied as those that are left fall short by.
//   - A new replica comes to the rack that has the fewest of the partition, there to the broker that has the fewest
//     of the topic, then the fewest bytes (the copies of this plan counted), the fewest replicas, the lowest id.
//   - Replicas that are too many go in this order: out of sync, in the rack that has most of the partition, on the
//     broker with the most bytes; never the leader.
//   - Kept replicas keep their order and new ones follow. Only where the topic has a preferred leader too many on
//     one broker does another replica come first: see [leaderSpread].
//   - A partition that is being moved to the right number of replicas stays on its way. One that is being moved to
//     another number blocks its topic: it is somebody else's.
func Place(brokers []Broker, topics []TopicAssignment) []Placement {
	load := newClusterLoad(brokers)
	placements := make([]Placement, 0, len(topics))
	byName := func(a, b TopicAssignment) int { return cmp.Compare(a.Topic, b.Topic) }
	for _, t := range slices.SortedFunc(slices.Values(topics), byName) {
		placements = append(placements, load.place(t))
	}
	return placements
}

// place decides about one topic, and adds its copies to the load.
func (c *clusterLoad) place(t TopicAssignment) Placement {
	placement := Placement{Topic: t.Topic, Reassignments: []Reassignment{}}
	if t.ReplicationFactor == 0 {
		return placement
	}
	partitions := c.partitions(t)
	if placement.Blocked = c.refusal(t, partitions); placement.Blocked != "" {
		return placement
	}
	if slices.ContainsFunc(partitions, func(p *placedPartition) bool { return p.changes }) {
		c.fill(partitions, t.ReplicationFactor)
		c.spreadLeaders(partitions)
	}
	for _, p := range partitions {
		if p.changed() || p.joins {
			placement.Reassignments = append(placement.Reassignments, p.reassignment())
		}
	}
	return placement
}

// placedPartition is a partition for which a place is sought.
type placedPartition struct {
	Assignment
	before []int // its replicas, or those that a running reassignment leaves
	to     []int
	// changes reports that the number of its replicas is not right, and joins that a running reassignment makes it
	// right.
	changes, joins bool
	// settled reports that its first replica stays: a running reassignment would be overridden, and one that waits
	// for an offline replica does not end.
	settled bool
}

// partitions returns those of a topic by id.
func (c *clusterLoad) partitions(t TopicAssignment) []*placedPartition {
	placed := make([]*placedPartition, 0, len(t.Partitions))
	for _, a := range t.Partitions {
		p := &placedPartition{Assignment: a, before: without(a.Replicas, a.Move.Removing)}
		live := c.answered(p.before)
		away := len(live) < len(p.before)
		right := len(p.before) == t.ReplicationFactor
		wrongBefore := t.ReplaceOffline || len(without(a.Replicas, a.Move.Adding)) != t.ReplicationFactor
		p.to = slices.Clone(p.before)
		p.changes = !a.moving() && (!right || t.ReplaceOffline && away)
		p.joins = a.moving() && right && wrongBefore
		if p.changes {
			p.to = live
		}
		p.settled = a.moving() || !p.changes && (away || !slices.Contains(live, a.Leader))
		placed = append(placed, p)
	}
	slices.SortFunc(placed, func(a, b *placedPartition) int { return cmp.Compare(a.Partition, b.Partition) })
	return placed
}

func (p *placedPartition) changed() bool { return !slices.Equal(p.before, p.to) }

// inSync reports whether a replica has all records. The leader has by its nature.
func (p *placedPartition) inSync(id int) bool { return id == p.Leader || slices.Contains(p.ISR, id) }

// reassignment is what the partition becomes.
func (p *placedPartition) reassignment() Reassignment {
	r := Reassignment{
		Partition: p.Partition, From: slices.Clone(p.before), To: p.to, Elect: p.Leader != p.to[0], Running: p.moving(),
	}
	if r.Running {
		r.From = without(p.Replicas, p.Move.Adding)
	}
	switch copies := int64(len(without(r.To, r.From))); {
	case copies > 0 && p.Size < 0:
		r.Bytes = -1
	case copies > 0:
		r.Bytes = copies * p.Size
	}
	return r
}

// without returns the ids that are not among others, in their order.
func without(ids, others []int) []int {
	return slices.DeleteFunc(slices.Clone(ids), func(id int) bool { return slices.Contains(others, id) })
}
