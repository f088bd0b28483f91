package topicspec

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// movingReview is the review of a plan that raises the replicas of a topic from 1 to 2, where min.insync.replicas is
// 2 already: then and now is what the topic has, plan what is done with the plan before it is saved.
func movingReview(plan func(Plan) Plan, now Observed, seen [][]int, then func(Plan) Plan) Review {
	desired := []Desired{want("a", 0, 2, "min.insync.replicas=2")}
	before := map[string]Observed{"a": {Replicas: []int{1, 1}, Config: map[string]ObservedSetting{minInSyncReplicas: override("2")}}}
	show := func(replicas [][]int, o Observed) []Seen {
		return []Seen{{Name: "a", Exists: true, ID: "X", Replicas: replicas, Config: o.Config}}
	}
	reviewed := Reviewed{Plan: plan(Diff(desired, before)), Desired: desired, Seen: show([][]int{{1}, {2}}, before["a"])}
	return reviewed.Against(then(Adopt(desired, map[string]Observed{"a": now})), show(seen, now))
}

func placedMove(p Plan) Plan {
	return p.Placed([]Placement{{Topic: "a", Reassignments: []Reassignment{
		{Partition: 0, From: []int{1}, To: []int{1, 2}, Bytes: 5}, {Partition: 1, From: []int{2}, To: []int{2, 3}, Bytes: 5},
	}}})
}

func staleTexts(stale []Stale) []string {
	var texts []string
	for _, s := range stale {
		texts = append(texts, s.Text())
	}
	return texts
}

// A plan with a move is carried on wherever it was interrupted; what is left of the move keeps the brokers that were
// reviewed, and is never sent again where it runs.
func TestReviewedMoveIsCarriedOn(t *testing.T) {
	t.Parallel()
	whole := []string{"min.insync.replicas 2 → 1 set", "replicationFactor 1 → 2 reassign", "min.insync.replicas 1 → 2 set"}
	set := func(value string) map[string]ObservedSetting {
		return map[string]ObservedSetting{minInSyncReplicas: override(value)}
	}
	for _, test := range []struct {
		name              string
		now               Observed
		seen              [][]int
		place             []Reassignment
		left, made, stale []string
		lists             []Reassignment
	}{
		{
			name: "as planned", now: Observed{Replicas: []int{1, 1}, Config: set("2")}, seen: [][]int{{1}, {2}},
			place: []Reassignment{{Partition: 0, From: []int{1}, To: []int{1, 9}}, {Partition: 1, From: []int{2}, To: []int{2, 9}}},
			left:  whole,
			lists: []Reassignment{{Partition: 0, From: []int{1}, To: []int{1, 2}}, {Partition: 1, From: []int{2}, To: []int{2, 3}}},
		},
		{
			name: "the minimum is lowered", now: Observed{Replicas: []int{1, 1}, Config: set("1")}, seen: [][]int{{1}, {2}},
			place: []Reassignment{{Partition: 0, From: []int{1}, To: []int{1, 2}}, {Partition: 1, From: []int{2}, To: []int{2, 3}}},
			left:  whole[1:], made: whole[:1],
			lists: []Reassignment{{Partition: 0, From: []int{1}, To: []int{1, 2}}, {Partition: 1, From: []int{2}, To: []int{2, 3}}},
		},
		{
			name: "one partition is on its way, the other there",
			now:  Observed{Replicas: []int{2, 2}, Moves: map[int]Move{1: {Adding: []int{3}}}, Config: set("1")}, seen: [][]int{{1, 2}, {2, 3}},
			place: []Reassignment{{Partition: 1, From: []int{2}, To: []int{2, 3}, Running: true}},
			left:  whole[1:], made: whole[:1],
			lists: []Reassignment{{Partition: 1, From: []int{2}, To: []int{2, 3}, Running: true}},
		},
		{
			name: "the replicas are there", now: Observed{Replicas: []int{2, 2}, Config: set("1")}, seen: [][]int{{1, 2}, {2, 3}},
			left: whole[2:], made: whole[:2],
		},
		{name: "done", now: Observed{Replicas: []int{2, 2}, Config: set("2")}, seen: [][]int{{1, 2}, {2, 3}}, made: whole},
		{
			name: "somebody moved it elsewhere", now: Observed{Replicas: []int{2, 2}, Config: set("2")}, seen: [][]int{{1, 2}, {2, 1}},
			stale: []string{"replicas of partition 1: planned from [2], now [2 1]"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := movingReview(placedMove, test.now, test.seen, func(p Plan) Plan {
				return p.Placed([]Placement{{Topic: "a", Reassignments: test.place}})
			})
			if diff := cmp.Diff([][]string{test.left, test.made, test.stale}, [][]string{lines(got.Changes), lines(got.Made), staleTexts(got.Stale)}); diff != "" {
				t.Fatalf("left, made, stale (-want +got):\n%s", diff)
			}
			move, _ := byKey(got.Changes, ChangeKey{Topic: "a", Field: FieldReplicationFactor})
			if diff := cmp.Diff(test.lists, move.Reassignments); diff != "" {
				t.Errorf("lists (-want +got):\n%s", diff)
			}
		})
	}
}

// A move that the plan shows as blocked stays so, with all that needs it, though it could be made by now; and one that
// is blocked by now takes with it what needs it.
func TestReviewedMoveIsBlocked(t *testing.T) {
	t.Parallel()
	same := Observed{Replicas: []int{1, 1}, Config: map[string]ObservedSetting{minInSyncReplicas: override("2")}}
	blocked := func(p Plan) Plan { return p.Placed([]Placement{{Topic: "a", Blocked: "no room"}}) }
	const noRoom = "replicationFactor 1 → 2 blocked: no room"
	got := movingReview(blocked, same, [][]int{{1}, {2}}, placedMove)
	if diff := cmp.Diff([][]string{{noRoom}, nil, nil}, [][]string{lines(got.Changes), lines(got.Made), staleTexts(got.Stale)}); diff != "" {
		t.Errorf("blocked in the plan: left, made, stale (-want +got):\n%s", diff)
	}
	got = movingReview(placedMove, same, [][]int{{1}, {2}}, blocked)
	want := [][]string{
		{"min.insync.replicas 2 → 1 blocked: the replication factor is not changed", noRoom},
		{"min.insync.replicas 1 → 2 set"}, // it is what is set
		nil,
	}
	if diff := cmp.Diff(want, [][]string{lines(got.Changes), lines(got.Made), staleTexts(got.Stale)}); diff != "" {
		t.Errorf("blocked by now: left, made, stale (-want +got):\n%s", diff)
	}
}
