package topicspec

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// on is partition 0 with 100 bytes and all replicas in sync, led by the first of them.
func on(replicas ...int) Assignment {
	return Assignment{Replicas: replicas, ISR: replicas, Leader: replicas[0], Size: 100}
}

func (a Assignment) partition(id int) Assignment { a.Partition = id; return a }
func (a Assignment) ledBy(id int) Assignment     { a.Leader = id; return a }
func (a Assignment) inSyncOn(ids ...int) Assignment {
	a.ISR = ids
	return a
}

// clusterOf is of empty brokers with one rack each, "" for none.
func clusterOf(racks ...string) (brokers []Broker) {
	for i, rack := range racks {
		brokers = append(brokers, Broker{ID: i + 1, Rack: rack})
	}
	return brokers
}

type placeTest struct {
	name    string
	brokers []Broker
	topic   TopicAssignment
	want    []Reassignment
}

func (tt placeTest) run(t *testing.T) {
	t.Parallel()
	tt.topic.Topic = "a"
	got := Place(tt.brokers, []TopicAssignment{tt.topic})
	if diff := cmp.Diff([]Placement{{Topic: "a", Reassignments: tt.want}}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// more is a reassignment that copies 100 bytes to every broker that is new.
func more(from, to []int) Reassignment {
	return Reassignment{From: from, To: to, Bytes: 100 * int64(len(without(to, from)))}
}

// first is one after which another replica comes first than the one that leads.
func first(r Reassignment, partition int) Reassignment {
	r.Partition, r.Elect = partition, true
	return r
}

// A new replica comes to the broker that has the most room for it.
func TestPlaceNewReplicas(t *testing.T) {
	t.Parallel()
	three := clusterOf("", "", "")
	full := func(bytes, replicas int) Broker { return Broker{ID: 2, Bytes: int64(bytes), Replicas: replicas} }
	for _, tt := range []placeTest{
		{
			"from one broker to three, the leaders are spread", three,
			TopicAssignment{ReplicationFactor: 3, Partitions: []Assignment{on(1), on(1).partition(1), on(1).partition(2)}},
			[]Reassignment{
				more([]int{1}, []int{1, 2, 3}),
				first(more([]int{1}, []int{2, 1, 3}), 1),
				first(more([]int{1}, []int{3, 1, 2}), 2),
			},
		},
		{
			"each partition by itself", three,
			TopicAssignment{ReplicationFactor: 2, Partitions: []Assignment{on(3), on(1, 2).partition(1), on(2, 3, 1).partition(2)}},
			[]Reassignment{more([]int{3}, []int{3, 1}), {Partition: 2, From: []int{2, 3, 1}, To: []int{2, 3}}},
		},
		{
			"the rack with the fewest replicas of the partition before the broker with the fewest of the topic",
			clusterOf("a", "a", "b"),
			TopicAssignment{ReplicationFactor: 2, Partitions: []Assignment{on(1), on(3, 1).partition(1)}},
			[]Reassignment{more([]int{1}, []int{1, 3})},
		},
		{
			"the fewest replicas of the topic before the fewest bytes",
			[]Broker{{ID: 1}, full(0, 0), {ID: 3, Bytes: 500}},
			TopicAssignment{ReplicationFactor: 2, Partitions: []Assignment{on(1), on(1, 2).partition(1)}},
			[]Reassignment{more([]int{1}, []int{1, 3}), first(Reassignment{From: []int{1, 2}, To: []int{2, 1}}, 1)},
		},
		{
			"the fewest bytes before the fewest replicas",
			[]Broker{{ID: 1}, full(500, 0), {ID: 3, Bytes: 400, Replicas: 9}},
			TopicAssignment{ReplicationFactor: 2, Partitions: []Assignment{on(1)}},
			[]Reassignment{more([]int{1}, []int{1, 3})},
		},
		{
			"the fewest replicas of other topics, where the bytes of a broker are not known",
			[]Broker{{ID: 1}, full(-1, 7), {ID: 3, Bytes: 400, Replicas: 6}},
			TopicAssignment{ReplicationFactor: 2, Partitions: []Assignment{on(1)}},
			[]Reassignment{more([]int{1}, []int{1, 3})},
		},
		{
			"a cordoned broker keeps what it has and gets nothing",
			[]Broker{{ID: 1, Cordoned: true}, {ID: 2, Cordoned: true}, {ID: 3, Bytes: 9}},
			TopicAssignment{ReplicationFactor: 2, Partitions: []Assignment{on(1)}},
			[]Reassignment{more([]int{1}, []int{1, 3})},
		},
	} {
		t.Run(tt.name, tt.run)
	}
}

// What is offline or moving already is left alone, but where the number of replicas changes.
func TestPlaceOfflineReplicas(t *testing.T) {
	t.Parallel()
	three := clusterOf("", "", "")
	for _, tt := range []placeTest{
		{
			"an offline replica is replaced where the number changes", three,
			TopicAssignment{ReplicationFactor: 3, Partitions: []Assignment{on(9, 1).ledBy(1).inSyncOn(1)}},
			[]Reassignment{more([]int{9, 1}, []int{1, 2, 3})},
		},
		{
			"an offline replica stays where the number is right", three,
			TopicAssignment{ReplicationFactor: 2, Partitions: []Assignment{on(9, 1).ledBy(1)}},
			[]Reassignment{},
		},
		{
			"an offline replica is replaced where that is asked for", three,
			TopicAssignment{ReplicationFactor: 2, ReplaceOffline: true, Partitions: []Assignment{on(9, 1).ledBy(1)}},
			[]Reassignment{more([]int{9, 1}, []int{1, 2})},
		},
		{
			"nobody asks for a number", three,
			TopicAssignment{ReplaceOffline: true, Partitions: []Assignment{on(9, 1).ledBy(1), on(1).partition(1)}},
			[]Reassignment{},
		},
		{
			"leaders alone are not spread", three,
			TopicAssignment{ReplicationFactor: 2, Partitions: []Assignment{on(1, 2), on(1, 2).partition(1)}},
			[]Reassignment{},
		},
		{
			"what runs to the right number is joined, and a move between brokers left alone", three,
			TopicAssignment{ReplicationFactor: 2, Partitions: []Assignment{
				{Replicas: []int{2, 1}, ISR: []int{1}, Leader: 1, Size: -1, Move: Move{Adding: []int{2}}},
				{Partition: 1, Replicas: []int{3, 1, 2}, ISR: []int{1, 2}, Leader: 1, Move: Move{Adding: []int{3}, Removing: []int{2}}},
			}},
			[]Reassignment{{From: []int{1}, To: []int{2, 1}, Bytes: -1, Elect: true, Running: true}},
		},
	} {
		t.Run(tt.name, tt.run)
	}
}

// The replicas that are missed least go.
func TestPlaceFewerReplicas(t *testing.T) {
	t.Parallel()
	three := clusterOf("", "", "")
	for _, tt := range []placeTest{
		{
			"the offline one goes, and nobody follows", clusterOf("", "", "", ""),
			TopicAssignment{ReplicationFactor: 2, MinInSync: 2, Partitions: []Assignment{on(1, 9, 3)}},
			[]Reassignment{more([]int{1, 9, 3}, []int{1, 3})},
		},
		{
			"the one out of sync before the one in a doubled rack", clusterOf("a", "a", "b"),
			TopicAssignment{ReplicationFactor: 2, Partitions: []Assignment{on(1, 2, 3).inSyncOn(1, 2)}},
			[]Reassignment{more([]int{1, 2, 3}, []int{1, 2})},
		},
		{
			"the one in a doubled rack before the one on the fullest broker",
			[]Broker{{ID: 1, Rack: "a"}, {ID: 2, Rack: "a"}, {ID: 3, Rack: "b", Bytes: 900}},
			TopicAssignment{ReplicationFactor: 2, Partitions: []Assignment{on(3, 1, 2)}},
			[]Reassignment{more([]int{3, 1, 2}, []int{3, 1})},
		},
		{
			"the one on the fullest broker, but not the leader",
			[]Broker{{ID: 1, Bytes: 900}, {ID: 2, Bytes: 300}, {ID: 3, Bytes: 200}},
			TopicAssignment{ReplicationFactor: 2, Partitions: []Assignment{on(3, 2, 1).ledBy(1)}},
			[]Reassignment{first(more([]int{3, 2, 1}, []int{3, 1}), 0)},
		},
		{
			"only the leader is left", three,
			TopicAssignment{ReplicationFactor: 1, MinInSync: 1, Partitions: []Assignment{on(3, 2, 1).ledBy(1)}},
			[]Reassignment{more([]int{3, 2, 1}, []int{1})},
		},
	} {
		t.Run(tt.name, tt.run)
	}
}

// What the plan copies for one topic counts where the next one is placed, and what is blocked does not.
func TestPlaceCountsItsCopies(t *testing.T) {
	t.Parallel()
	topic := func(name string, replicas ...int) TopicAssignment {
		return TopicAssignment{Topic: name, ReplicationFactor: 2, Partitions: []Assignment{on(replicas...)}}
	}
	lost := topic("b", 1)
	lost.Partitions[0].Leader = -1
	placed := Place(clusterOf("", "", ""), []TopicAssignment{topic("c", 1), lost, topic("a", 1)})
	var got [][]int
	for _, p := range placed {
		for _, r := range p.Reassignments {
			got = append(got, r.To)
		}
	}
	if diff := cmp.Diff([][]int{{1, 2}, {1, 3}}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPlaceBlocked(t *testing.T) {
	t.Parallel()
	three, cordoned := clusterOf("", "", ""), clusterOf("", "", "")
	cordoned[2].Cordoned = true
	moved := on(2, 3, 1).ledBy(1)
	moved.Move = Move{Adding: []int{2, 3}, Removing: []int{1}}
	for _, tt := range []struct {
		brokers        []Broker
		factor, minISR int
		partition      Assignment
		want           string
	}{
		{three, 3, 1, moved, "somebody else is moving partition 0 to brokers 2, 3: apply again once that is done"},
		{three, 3, 1, on(1).ledBy(-1), "partition 0 has no leader: there is nothing to copy from"},
		{three, 3, 1, on(1).ledBy(2), "partition 0 has no leader: there is nothing to copy from"},
		{three, 3, 1, on(9, 1), "broker 9 did not answer, and leads partition 0: there is nothing to copy from"},
		{three, 1, 2, on(1, 2, 3), "min.insync.replicas is 2: lower it first, or declare replicationFactor 2"},
		{three, 2, 2, on(1, 2, 3).inSyncOn(1), "partition 0 has 1 replica in sync, and min.insync.replicas is 2: apply again once more are"},
		{three[:2], 3, 2, on(1), "3 replicas of a partition need as many brokers, and 2 answered: brokers 1, 2"},
		{three[:1], 2, 1, on(1, 8, 9).inSyncOn(1), "2 replicas of a partition need as many brokers, and 1 answered: broker 1"},
		{
			cordoned, 3, 1, on(1),
			"3 replicas of a partition need as many brokers, and 3 answered: brokers 1, 2, 3; cordoned, so that they take no new replica: broker 3",
		},
		{clusterOf("a", "", "b", ""), 2, 1, on(1), "racks are set on some brokers only: set broker.rack on all or on none; it is missing on brokers 2, 4"},
	} {
		topic := TopicAssignment{Topic: "a", ReplicationFactor: tt.factor, MinInSync: tt.minISR, Partitions: []Assignment{tt.partition}}
		got := Place(tt.brokers, []TopicAssignment{topic})
		if diff := cmp.Diff([]Placement{{Topic: "a", Reassignments: []Reassignment{}, Blocked: tt.want}}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

func TestPlacementBytes(t *testing.T) {
	t.Parallel()
	sum := func(bytes ...int64) int64 {
		var p Placement
		for _, b := range bytes {
			p.Reassignments = append(p.Reassignments, Reassignment{Bytes: b})
		}
		return p.Bytes()
	}
	if diff := cmp.Diff([]int64{0, 300, -1}, []int64{sum(), sum(100, 0, 200), sum(100, -1)}); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
