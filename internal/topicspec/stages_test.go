package topicspec

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The whole order, in a plan that has all of it the other way round.
func TestStages(t *testing.T) {
	t.Parallel()
	plan := Plan{Changes: []Change{
		{Topic: "gone", Field: FieldTopic, Action: Delete},
		setting("a", minInSyncReplicas, "1", "2"),
		setting("a", "retention.ms", "2", "1"),
		{Topic: "a", Field: FieldReplicationFactor, Action: Reassign, Before: Count(1), After: Count(3)},
		{Topic: "a", Field: FieldPartitions, Action: Grow, Before: Count(1), After: Count(3)},
		setting("b", "retention.ms", "1", "2"),
		{Topic: "new", Field: FieldTopic, Action: Create},
		{Topic: "b", Field: FieldPartitions, Action: Blocked},
	}}
	want := []Step{
		{StageCreate, []int{6}},
		{StageLoosen, []int{5}},
		{StageGrow, []int{4}},
		{StageMove, []int{3}},
		{StageElect, []int{3}},
		{StageTighten, []int{1, 2}},
		{StageDelete, []int{0}},
	}
	if diff := cmp.Diff(want, inStages(plan, nil).Stages()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := (Plan{Changes: plan.Changes[7:]}).Stages(); got != nil {
		t.Errorf("of a blocked change: %v", got)
	}
}

// inStages is a plan of which the changes have their stages, as Diff gives them.
func inStages(plan Plan, observed map[string]Observed) Plan {
	for name := range plan.byTopic() {
		var indexes []int
		var changes []Change
		for i, c := range plan.Changes {
			if c.Topic == name {
				indexes, changes = append(indexes, i), append(changes, c)
			}
		}
		staged(changes, observed[name])
		for i, index := range indexes {
			plan.Changes[index] = changes[i]
		}
	}
	return plan
}

// setting is a change of topic's own value; "" for none.
func setting(topic, field, before, after string) Change {
	c := Change{Topic: topic, Field: field, Action: Set, After: Text(after)}
	if before != "" {
		c.Before = Text(before)
	}
	if after == "" {
		c.Action, c.After = Unset, nil
	}
	return c
}

func TestStagesOfSettings(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		field, inherited, before, after string
		want                            Stage
	}{
		{"min.insync.replicas", "", "1", "2", StageTighten},
		{"min.insync.replicas", "", "2", "1", StageLoosen},
		{"min.insync.replicas", "2", "", "1", StageLoosen}, // what is in force is the broker's
		{"min.insync.replicas", "1", "", "2", StageTighten},
		{"min.insync.replicas", "1", "", "1", StageLoosen}, // it only pins what is in force
		{"min.insync.replicas", "", "", "1", StageTighten}, // nobody knows what is in force
		{"min.insync.replicas", "", "2", "", StageTighten}, // nobody knows the broker's
		{"retention.ms", "", "604800000", "-1", StageLoosen},
		{"retention.ms", "", "-1", "604800000", StageTighten},
		{"retention.ms", "604800000", "", "86400000", StageTighten},
		{"retention.ms", "86400000", "", "604800000", StageLoosen},
		{"retention.ms", "", "604800000", "", StageTighten},
		{"retention.ms", "", "9", "10", StageLoosen}, // by number, not by text
		{"retention.bytes", "", "-1", "1", StageTighten},
		{"retention.bytes", "", "1", "-1", StageLoosen},
		{"retention.bytes", "", "?", "1", StageTighten},
		{"cleanup.policy", "", "compact", "delete", StageTighten},
		{"cleanup.policy", "", "delete", "compact", StageTighten},
		{"cleanup.policy", "", "delete", "compact,delete", StageTighten},
		{"cleanup.policy", "", "compact,delete", "compact", StageLoosen},
		{"cleanup.policy", "", "compact,delete", "delete,compact", StageLoosen},
		{"cleanup.policy", "delete", "", "delete", StageLoosen},
		{"remote.storage.enable", "", "true", "false", StageTighten},
		{"remote.storage.enable", "", "false", "true", StageLoosen},
		{"max.message.bytes", "", "2", "1", StageLoosen},
		{"compression.type", "", "zstd", "", StageLoosen},
	} {
		plan := Plan{Changes: []Change{setting("a", tt.field, tt.before, tt.after)}}
		observed := map[string]Observed{"a": {Config: map[string]ObservedSetting{}}}
		if tt.inherited != "" {
			observed["a"].Config[tt.field] = inherited(tt.inherited)
		}
		if diff := cmp.Diff([]Step{{tt.want, []int{0}}}, inStages(plan, observed).Stages()); diff != "" {
			t.Errorf("%s %q (%q) → %q (-want +got):\n%s", tt.field, tt.before, tt.inherited, tt.after, diff)
		}
	}
}

// Kafka compacts no topic with remote storage: switched on before the policy is another, it is refused. So settings
// stay together with what trims; but min.insync.replicas, which Kafka judges alone, keeps none of them waiting.
func TestStagesKeepSettingsTogether(t *testing.T) {
	t.Parallel()
	plan := Plan{Changes: []Change{
		setting("a", "cleanup.policy", "compact", "delete"),
		setting("a", minInSyncReplicas, "2", "1"),
		setting("a", "remote.storage.enable", "false", "true"),
		setting("a", "retention.ms", "1", "2"),
		setting("b", "compression.type", "zstd", "lz4"),
		setting("b", minInSyncReplicas, "1", "2"),
	}}
	want := []Step{{StageLoosen, []int{1, 3, 4}}, {StageTighten, []int{0, 2, 5}}}
	if diff := cmp.Diff(want, inStages(plan, nil).Stages()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// min.insync.replicas that is written down to the replicas there are, and up again once more are there, is two
// changes of one plan: the second begins where the first ends, whatever was in force before.
func TestStagesOfAMinimumForTheMove(t *testing.T) {
	t.Parallel()
	plan := Plan{Changes: []Change{
		setting("a", minInSyncReplicas, "", "1"),
		{Topic: "a", Field: FieldReplicationFactor, Action: Reassign, Before: Count(1), After: Count(3)},
		setting("a", minInSyncReplicas, "1", "2"),
	}}
	observed := map[string]Observed{"a": {Config: map[string]ObservedSetting{minInSyncReplicas: inherited("2")}}}
	want := []Step{{StageLoosen, []int{0}}, {StageMove, []int{1}}, {StageElect, []int{1}}, {StageTighten, []int{2}}}
	if diff := cmp.Diff(want, inStages(plan, observed).Stages()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Every change that is made has one stage; a reassignment has its election as well. Inside a stage they keep the
// order of the plan.
func TestStagesHaveEveryChange(t *testing.T) {
	t.Parallel()
	for seed := range uint64(1000) {
		r := world{rand.New(rand.NewPCG(seed, 3))}
		observed := r.observed()
		plan := Diff(r.desired(), observed)
		r.Shuffle(len(plan.Changes), func(i, j int) { plan.Changes[i], plan.Changes[j] = plan.Changes[j], plan.Changes[i] })
		var order []Stage
		var got, want []string
		for _, step := range inStages(plan, observed).Stages() {
			order = append(order, step.Stage)
			if len(step.Changes) == 0 || !slices.IsSorted(step.Changes) {
				t.Fatalf("seed %d: stage %s has %v", seed, step.Stage, step.Changes)
			}
			for _, i := range step.Changes {
				got = append(got, fmt.Sprint(i, plan.Changes[i].Action, step.Stage == StageElect))
			}
		}
		for i, c := range plan.Changes {
			if c.Action != Blocked {
				want = append(want, fmt.Sprint(i, c.Action, false))
			}
			if c.Action == Reassign {
				want = append(want, fmt.Sprint(i, c.Action, true))
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("seed %d: changes in stages (-want +got):\n%s", seed, diff)
		}
		inOrder := []Stage{StageCreate, StageLoosen, StageGrow, StageMove, StageElect, StageTighten, StageDelete}
		if kept := slices.DeleteFunc(inOrder, func(s Stage) bool { return !slices.Contains(order, s) }); !slices.Equal(kept, order) {
			t.Fatalf("seed %d: stages %v, want %v", seed, order, kept)
		}
	}
}
