package topicspec

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// seenOf is what a plan for desired would be made from, with the brokers of each partition counted from 0.
func seenOf(desired []Desired, observed map[string]Observed) []Seen {
	all := make([]Seen, len(desired))
	for i, d := range desired {
		o, exists := observed[d.Name]
		all[i] = Seen{Name: d.Name, Exists: exists, Config: map[string]ObservedSetting{}}
		if !exists {
			continue
		}
		all[i].ID = "id of " + d.Name
		for _, count := range o.Replicas {
			brokers := make([]int, count)
			for b := range brokers {
				brokers[b] = b
			}
			all[i].Replicas = append(all[i].Replicas, brokers)
		}
		for key := range d.Config {
			all[i].Config[key] = o.Config[key]
		}
	}
	return all
}

// The law of a reviewed plan: as long as nothing has changed all of it is left; once it was made nothing is,
// apart from what is blocked; and after a part of it the rest is. None of these is stale.
func TestReviewedPlanIsMadeOnce(t *testing.T) {
	t.Parallel()
	partly := 0
	for seed := range uint64(2000) {
		world := newWorld(seed)
		desired, observed := world.desired(), world.observed()
		reviewed := Reviewed{Plan: Diff(desired, observed), Desired: desired, Seen: seenOf(desired, observed)}
		for _, share := range []int{0, 1, 2} { // of the changes that are made: none, some, all
			done := reviewed.Plan
			done.Changes = slices.DeleteFunc(slices.Clone(done.Changes), func(Change) bool { return share == 0 || share == 1 && world.IntN(2) == 0 })
			done.Changes = inOrder(done.Changes)
			made := done.Makeable()
			after := applied(t, observed, done)
			got := reviewed.Against(Diff(desired, after), seenOf(desired, after))
			left := slices.DeleteFunc(slices.Clone(reviewed.Changes), func(c Change) bool { return slices.ContainsFunc(made, sameField(c)) })
			if diff := cmp.Diff([][]string{fields(left), fields(made), nil}, [][]string{fields(got.Changes), fields(got.Made), staleFields(got.Stale)}); diff != "" {
				t.Fatalf("seed %d, share %d (-left, made, stale +got):\n%s", seed, share, diff)
			}
			if len(made) > 0 && len(left) > 0 {
				partly++
			}
		}
	}
	if partly < 500 {
		t.Errorf("only %d plans were made in part", partly)
	}
}

// inOrder leaves out what is made only after a change that is not among the others: of a plan that was interrupted.
func inOrder(changes []Change) []Change {
	for _, c := range changes {
		interim, move := c.Key(), c.Key()
		interim.Field, interim.Interim = minInSyncReplicas, true
		move.Field, move.Interim = FieldReplicationFactor, false
		_, lowered := byKey(changes, interim)
		_, moved := byKey(changes, move)
		late := c.Action == Reassign && !lowered || c.Field == minInSyncReplicas && !c.Interim && !moved
		if c.Action == Reassign && c.Before.(Count) > c.After.(Count) || c.Field == minInSyncReplicas && c.Stage == StageLoosen {
			late = false
		}
		if late {
			return inOrder(slices.DeleteFunc(changes, func(other Change) bool { return other.Key() == c.Key() }))
		}
	}
	return changes
}

func sameField(c Change) func(Change) bool {
	return func(other Change) bool { return other.Key() == c.Key() }
}

func fields(changes []Change) []string {
	var lines []string
	for _, c := range changes {
		lines = append(lines, fmt.Sprint(c.Topic, " ", c.Field, " ", c.Action))
	}
	return lines
}

func staleFields(stale []Stale) []string {
	var lines []string
	for _, s := range stale {
		lines = append(lines, s.Topic+" "+s.Field)
	}
	return lines
}

// Each thing that a plan depends on makes it stale when it changes, and is told as planned and now; what it does
// not depend on does not.
func TestReviewedPlanIsStale(t *testing.T) {
	t.Parallel()
	own := func(value string) ObservedSetting { return ObservedSetting{Value: value, Override: true} }
	desired := []Desired{{Name: "a", Partitions: 3, ReplicationFactor: 2, Config: Config{
		"retention.ms": {Value: "604800000"}, "cleanup.policy": {Value: "compact,delete"}, "segment.ms": {Unset: true},
	}}}
	then := Seen{Name: "a", Exists: true, ID: "X", Replicas: [][]int{{1, 2}, {2, 1}}, Config: map[string]ObservedSetting{
		"retention.ms": own("3600000"), "cleanup.policy": own("compact,delete"), "segment.ms": {Value: "5"},
	}}
	planned := []Change{
		{Topic: "a", Field: FieldPartitions, Action: Grow, Before: Count(2), After: Count(3)},
		{Topic: "a", Field: "retention.ms", Action: Set, Before: Text("3600000"), After: Text("604800000")},
	}
	for _, test := range []struct {
		name   string
		change func(*Seen)
		fresh  []Change
		want   []string
	}{
		{"as planned", func(*Seen) {}, planned, nil},
		{"the same list in another order", func(s *Seen) { s.Config["cleanup.policy"] = own("delete,compact") }, planned, nil},
		{"made already", func(s *Seen) {
			s.Replicas, s.Config["retention.ms"] = [][]int{{1, 2}, {2, 1}, {1, 2}}, own("604800000")
		}, nil, nil},
		{"brokers without ids", func(s *Seen) { s.ID = "" }, planned, nil},
		{"recreated", func(s *Seen) { s.ID = "Y" }, planned, []string{"topic was recreated: id X → Y"}},
		{"gone", func(s *Seen) { *s = Seen{Name: "a"} }, nil, []string{
			"topic: planned from 2 partitions, replication factor 2, cleanup.policy=compact,delete, retention.ms=1h, now absent",
		}},
		{"grown further", func(s *Seen) { s.Replicas = [][]int{{1, 2}, {2, 1}, {1, 2}, {2, 1}} }, planned, []string{"partitions: planned from 2, now 4"}},
		{"moved", func(s *Seen) { s.Replicas = [][]int{{1, 2}, {2, 3}} }, planned, []string{"replicas of partition 1: planned from [2 1], now [2 3]"}},
		{"another preferred leader", func(s *Seen) { s.Replicas = [][]int{{2, 1}, {2, 1}} }, planned, []string{"replicas of partition 0: planned from [1 2], now [2 1]"}},
		{"set to another value", func(s *Seen) { s.Config["retention.ms"] = own("60000") }, planned, []string{"retention.ms: planned from 1h, now 1m"}},
		{"set where it was unset", func(s *Seen) { s.Config["segment.ms"] = own("5") }, planned, []string{"segment.ms: planned from unset (the broker's default is 5), now 5ms"}},
		{"another default", func(s *Seen) { s.Config["segment.ms"] = ObservedSetting{Value: "6"} }, planned, []string{
			"segment.ms: planned from unset (the broker's default is 5), now unset (the broker's default is 6)",
		}},
		{"due and not planned", func(*Seen) {}, append(slices.Clone(planned), Change{Topic: "a", Field: "segment.ms", Action: Unset, Before: Text("5"), Reason: "broker 2 shows it so"}), []string{
			"segment.ms: planned from in sync, now 5 (broker 2 shows it so)",
		}},
		{"several at once", func(s *Seen) { s.Replicas, s.Config["retention.ms"] = s.Replicas[:1], own("60000") }, planned, []string{
			"partitions: planned from 2, now 1", "retention.ms: planned from 1h, now 1m",
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			now := then
			now.Config = map[string]ObservedSetting{}
			for key, setting := range then.Config {
				now.Config[key] = setting
			}
			test.change(&now)
			reviewed := Reviewed{Plan: Plan{Changes: planned}, Desired: desired, Seen: []Seen{then}}
			var got []string
			for _, s := range reviewed.Against(Plan{Changes: test.fresh}, []Seen{now}).Stale {
				got = append(got, s.Text())
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A topic that was to be made may be there only just as declared. What a plan does not show is never made, and
// what is blocked by now is not made either.
func TestReviewedPlanMakesOnlyWhatItShows(t *testing.T) {
	t.Parallel()
	create := Change{Topic: "a", Field: FieldTopic, Action: Create, After: Shape{Partitions: 1, ReplicationFactor: 1}}
	held := Change{Topic: "a", Field: "min.insync.replicas", Action: Blocked, After: Text("2"), Reason: "held back"}
	due := Change{Topic: "a", Field: "min.insync.replicas", Action: Set, After: Text("2")}
	there := Seen{Name: "a", Exists: true, Replicas: [][]int{{1}}, Config: map[string]ObservedSetting{"min.insync.replicas": {Value: "1"}}}
	desired := []Desired{{Name: "a", Partitions: 1, Config: Config{"min.insync.replicas": {Value: "2"}}}}
	for _, test := range []struct {
		name           string
		then           Seen
		planned, fresh []Change
		left, made     []Change
		stale          int
	}{
		{"made just so", Seen{Name: "a"}, []Change{create}, nil, nil, []Change{create}, 0},
		{"made otherwise", Seen{Name: "a"}, []Change{create}, []Change{due}, nil, nil, 1},
		{"blocked in the plan", there, []Change{held}, []Change{due}, []Change{held}, nil, 0},
		{"blocked by now", there, []Change{due}, []Change{held}, []Change{held}, nil, 0},
		{"blocked and not planned", there, nil, []Change{held}, []Change{held}, nil, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := Reviewed{Plan: Plan{Changes: test.planned}, Desired: desired, Seen: []Seen{test.then}}.Against(Plan{Changes: test.fresh}, []Seen{there})
			if diff := cmp.Diff(test.left, got.Changes); diff != "" {
				t.Errorf("left (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.made, got.Made); diff != "" || len(got.Stale) != test.stale {
				t.Errorf("made (-want +got):\n%s\nstale %v", diff, got.Stale)
			}
		})
	}
}
