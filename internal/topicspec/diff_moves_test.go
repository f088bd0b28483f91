package topicspec

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A min.insync.replicas above the replicas that are there stops every write with acks=all from the moment a
// reassignment adds some until they are in sync. So it waits for them, whoever adds them.
func TestDiffHoldsMinInSyncBack(t *testing.T) {
	t.Parallel()
	const one = "the topic has 1 replica: it would protect nothing, and stop writes with acks=all as soon as replicas are added; " +
		"apply sets it once they are in sync"
	heldBack := func(before Value) []Change {
		return []Change{{Topic: "a", Field: minInSyncReplicas, Action: Blocked, Before: before, After: Text("2"), Reason: one}}
	}
	strict := func(value string) map[string]ObservedSetting {
		return map[string]ObservedSetting{minInSyncReplicas: override(value)}
	}
	adding := map[int]Move{1: {Adding: []int{2, 3}, Removing: []int{}}}
	for _, tt := range []diffTest{
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
			name:     "no partitions are added to those that are being moved",
			desired:  want("a", 3, 0),
			observed: &Observed{Replicas: []int{3, 3}, Moves: adding},
			changes: []Change{{Topic: "a", Field: FieldPartitions, Action: Blocked, Before: Count(2), After: Count(3), Reason: "its partitions are being moved to " +
				"other brokers, and new ones would get as many replicas as those have meanwhile: apply again once that is done"}},
			moving: []Moving{{Topic: "a", Partitions: []int{1}, Adding: []int{2, 3}, Removing: []int{}}},
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
	change := func(before, after Count, reason string) []Change {
		return []Change{{Topic: "a", Field: FieldReplicationFactor, Action: Blocked, Before: before, After: after, Reason: reason}}
	}
	for _, tt := range []diffTest{
		{name: "more than declared", desired: want("a", 0, 1), observed: &Observed{Replicas: []int{1, 2}, MovesUnknown: true}, changes: change(2, 1, unknown)},
		{name: "fewer than declared", desired: want("a", 0, 3), observed: &Observed{Replicas: []int{1, 1}, MovesUnknown: true}, changes: []Change{{Topic: "a", Field: FieldReplicationFactor, Action: Reassign, Before: Count(1), After: Count(3), Risk: RiskMove}}},
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

// A change of the replication factor is planned, or blocked for what nobody can accept.
func TestDiffReplicas(t *testing.T) {
	t.Parallel()
	strict := map[string]ObservedSetting{minInSyncReplicas: inherited("2")}
	reassign := func(before, after Count) Change {
		return Change{Topic: "a", Field: FieldReplicationFactor, Action: Reassign, Before: before, After: after, Risk: RiskMove}
	}
	blocked := func(before, after Count, reason string) []Change {
		return []Change{{Topic: "a", Field: FieldReplicationFactor, Action: Blocked, Before: before, After: after, Reason: reason}}
	}
	for _, tt := range []diffTest{
		{
			name: "raised, and min.insync.replicas with it", desired: want("a", 0, 3, "min.insync.replicas=2"), observed: &Observed{Replicas: []int{1, 3}},
			changes: []Change{reassign(1, 3), {Topic: "a", Field: minInSyncReplicas, Action: Set, After: Text("2")}},
		},
		{
			name: "raised, and nobody declares the minimum that would stop writes", desired: want("a", 0, 3), observed: &Observed{Replicas: []int{1, 1}, Config: strict},
			changes: blocked(1, 3, "min.insync.replicas is 2 and the topic has 1 replica, so that adding some would stop writes with acks=all "+
				"until they are in sync: declare min.insync.replicas, and apply lowers it meanwhile"),
		},
		{
			name: "lowered below the minimum", desired: want("a", 0, 1), observed: &Observed{Replicas: []int{3, 3}, Config: strict},
			changes: blocked(3, 1, "min.insync.replicas is 2: lower it first, or declare replicationFactor 2"),
		},
		{
			name: "lowered, and the minimum before it", desired: want("a", 0, 1, "min.insync.replicas=1"), observed: &Observed{Replicas: []int{3, 3}, Config: strict},
			changes: []Change{reassign(3, 1), {Topic: "a", Field: minInSyncReplicas, Action: Set, After: Text("1"), Reason: "not set on the topic; the broker's default is 2"}},
		},
	} {
		t.Run(tt.name, tt.run)
	}
}

// A reassignment that runs to the declared number is somebody's to plain apply, and adopted by one who accepts moves.
func TestAdopt(t *testing.T) {
	t.Parallel()
	set := map[string]ObservedSetting{minInSyncReplicas: override("1")}
	for _, tt := range []struct {
		name  string
		o     Observed
		plain []string
		adopt []string
	}{
		{
			"one partition is on its way",
			Observed{Replicas: []int{3, 3}, Moves: map[int]Move{1: {Adding: []int{2, 3}}}, Config: set},
			[]string{"min.insync.replicas 1 → 2 blocked: " + tooFewReplicas(1)},
			[]string{"replicationFactor 1 → 3 reassign", "min.insync.replicas 1 → 2 set"},
		},
		{
			"and the minimum is too high for it",
			Observed{Replicas: []int{3}, Moves: map[int]Move{0: {Adding: []int{2, 3}}}, Config: map[string]ObservedSetting{minInSyncReplicas: override("2")}},
			nil,
			[]string{"min.insync.replicas 2 → 1 set", "replicationFactor 1 → 3 reassign", "min.insync.replicas 1 → 2 set"},
		},
		{
			"to fewer",
			Observed{Replicas: []int{3}, Moves: map[int]Move{0: {Removing: []int{4}}}, Config: set},
			[]string{"min.insync.replicas 1 → 2 set"},
			[]string{"replicationFactor 4 → 3 reassign", "min.insync.replicas 1 → 2 set"},
		},
		{
			"a replica goes elsewhere, which is nobody's plan",
			Observed{Replicas: []int{3}, Moves: map[int]Move{0: {Adding: []int{4}, Removing: []int{1}}}, Config: set},
			[]string{"min.insync.replicas 1 → 2 set"},
			[]string{"min.insync.replicas 1 → 2 set"},
		},
		{
			"done",
			Observed{Replicas: []int{3}, Config: set},
			[]string{"min.insync.replicas 1 → 2 set"},
			[]string{"min.insync.replicas 1 → 2 set"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			desired, observed := []Desired{want("a", 0, 3, "min.insync.replicas=2")}, map[string]Observed{"a": tt.o}
			if diff := cmp.Diff(tt.plain, lines(Diff(desired, observed).Changes)); diff != "" {
				t.Errorf("plain (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.adopt, lines(Adopt(desired, observed).Changes)); diff != "" {
				t.Errorf("adopted (-want +got):\n%s", diff)
			}
		})
	}
}
