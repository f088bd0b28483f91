package topicspec

import "testing"

// A min.insync.replicas above the replicas that are there stops every write with acks=all from the moment a
// reassignment adds some until they are in sync. So it waits for them, whoever adds them.
func TestDiffHoldsMinInSyncBack(t *testing.T) {
	t.Parallel()
	const one = "the topic has 1 replica: it would protect nothing, and stop writes with acks=all as soon as replicas are added; " +
		"apply sets it once they are in sync"
	heldBack := func(before Value) []Change {
		return []Change{{Topic: "a", Field: minInSyncReplicas, Action: Blocked, Before: before, After: Text("2"), Reason: one}}
	}
	factor := Change{
		Topic: "a", Field: FieldReplicationFactor, Action: Blocked, Before: Count(1), After: Count(3),
		Reason: "changing it copies every record to other brokers: move them with kafka-reassign-partitions, or declare 1",
	}
	strict := func(value string) map[string]ObservedSetting {
		return map[string]ObservedSetting{minInSyncReplicas: override(value)}
	}
	adding := map[int]Move{1: {Adding: []int{2, 3}, Removing: []int{}}}
	for _, tt := range []diffTest{
		{
			name:     "with the replication factor that is blocked; other settings are made",
			desired:  want("a", 0, 3, "min.insync.replicas=2", "retention.ms=1"),
			observed: &Observed{Replicas: []int{1, 1}},
			changes:  append([]Change{factor}, append(heldBack(nil), Change{Topic: "a", Field: "retention.ms", Action: Set, After: Text("1")})...),
		},
		{
			name:     "where the brokers decide about the replication factor",
			desired:  want("a", 0, 0, "min.insync.replicas=2"),
			observed: &Observed{Replicas: []int{3, 1}, Config: strict("1")},
			changes:  heldBack(Text("1")),
		},
		{
			name:     "while somebody adds the replicas",
			desired:  want("a", 0, 3, "min.insync.replicas=2"),
			observed: &Observed{Replicas: []int{3, 3}, Moves: adding, Config: strict("1")},
			changes:  heldBack(Text("1")),
			moving:   []Moving{{Topic: "a", Partitions: []int{1}, Adding: []int{2, 3}, Removing: []int{}}},
		},
		{
			name:     "while a replica is on its way to another broker",
			desired:  want("a", 0, 1, "min.insync.replicas=1"),
			observed: &Observed{Replicas: []int{1}, Moves: map[int]Move{0: {Adding: []int{2}, Removing: []int{1}}}, Config: strict("1")},
			moving:   []Moving{{Topic: "a", Partitions: []int{0}, Adding: []int{2}, Removing: []int{1}}},
		},
		{
			name:     "not what lowers it",
			desired:  want("a", 0, 0, "min.insync.replicas=2"),
			observed: &Observed{Replicas: []int{1}, Config: strict("3")},
			changes:  []Change{{Topic: "a", Field: minInSyncReplicas, Action: Set, Before: Text("3"), After: Text("2")}},
		},
		{
			name:     "not where enough replicas are there, and some are taken away",
			desired:  want("a", 0, 2, "min.insync.replicas=2"),
			observed: &Observed{Replicas: []int{2}, Moves: map[int]Move{0: {Adding: []int{}, Removing: []int{3}}}},
			changes:  []Change{{Topic: "a", Field: minInSyncReplicas, Action: Set, After: Text("2")}},
			moving:   []Moving{{Topic: "a", Partitions: []int{0}, Adding: []int{}, Removing: []int{3}}},
		},
	} {
		t.Run(tt.name, tt.run)
	}
}

// Without the right to list reassignments, two replicas of a topic declared with one may be one on its way.
func TestDiffMovesUnknown(t *testing.T) {
	t.Parallel()
	const unknown = "whether a reassignment is taking some of them away is not known: listing that needs Describe on the cluster"
	const known = "changing it copies every record to other brokers: move them with kafka-reassign-partitions, or declare 1"
	change := func(before, after Count, reason string) []Change {
		return []Change{{Topic: "a", Field: FieldReplicationFactor, Action: Blocked, Before: before, After: after, Reason: reason}}
	}
	for _, tt := range []diffTest{
		{name: "more than declared", desired: want("a", 0, 1), observed: &Observed{Replicas: []int{1, 2}, MovesUnknown: true}, changes: change(2, 1, unknown)},
		{name: "fewer than declared", desired: want("a", 0, 3), observed: &Observed{Replicas: []int{1, 1}, MovesUnknown: true}, changes: change(1, 3, known)},
		{name: "as declared", desired: want("a", 0, 2), observed: &Observed{Replicas: []int{2, 2}, MovesUnknown: true}},
	} {
		t.Run(tt.name, tt.run)
	}
}

// The throttles of a reassignment are no settings that a file could declare.
func TestDiffLeavesThrottlesOut(t *testing.T) {
	diffTest{
		desired: want("a", 0, 0),
		observed: &Observed{Replicas: []int{1}, Config: map[string]ObservedSetting{
			"leader.replication.throttled.replicas": override("0:1"), "follower.replication.throttled.replicas": override("*"), "retention.ms": override("5"),
		}},
		unmanaged: []Unmanaged{{"a", "retention.ms", "5"}},
	}.run(t)
}
