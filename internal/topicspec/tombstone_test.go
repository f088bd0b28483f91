package topicspec

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func gone(name string) Desired { return Desired{Name: name, Absent: true, Config: Config{}} }

// A topic that is declared absent is deleted as it is, by its id; one that is gone is in sync, for ever.
func TestDiffAbsent(t *testing.T) {
	t.Parallel()
	legacy := Observed{ID: "old", Replicas: []int{2, 1}, Config: map[string]ObservedSetting{"retention.ms": override("1"), "segment.ms": inherited("2")}}
	deletion := Change{
		Topic: "legacy", Field: FieldTopic, Action: Delete, TopicID: "old", Stage: StageDelete, Risk: RiskDelete,
		Before: Shape{2, 1, map[string]string{"retention.ms": "1"}},
	}
	blocked := func(c Change, reason string) Change {
		c.block(reason)
		return c
	}
	other := deletion
	other.Topic = "older"
	const elsewhere = "none of the declared topics is on this cluster: is it the right one?"
	for _, tt := range []struct {
		name     string
		desired  []Desired
		observed map[string]Observed
		want     []Change
	}{
		{"gone", []Desired{want("a", 1, 1), gone("legacy")}, map[string]Observed{"a": {Replicas: []int{1}}}, nil},
		{"nothing is there", []Desired{gone("legacy")}, nil, nil},
		{
			"there",
			[]Desired{want("a", 1, 1), gone("legacy")},
			map[string]Observed{"a": {Replicas: []int{1}}, "legacy": legacy},
			[]Change{deletion},
		},
		{
			"more of them",
			[]Desired{gone("older"), want("a", 0, 0), gone("legacy"), gone("oldest")},
			map[string]Observed{"a": {Replicas: []int{1}}, "legacy": legacy, "older": legacy},
			[]Change{other, deletion},
		},
		{
			"nothing else that is declared is there: most likely another cluster",
			[]Desired{gone("legacy"), want("a", 1, 1)},
			map[string]Observed{"legacy": legacy, "not declared": {Replicas: []int{1}}},
			[]Change{blocked(deletion, elsewhere), {Topic: "a", Field: FieldTopic, Action: Create, After: Shape{1, 1, map[string]string{}}, Stage: StageCreate}},
		},
		{
			"a file of nothing else",
			[]Desired{gone("legacy")},
			map[string]Observed{"legacy": legacy},
			[]Change{deletion},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := Diff(tt.desired, tt.observed)
			if diff := cmp.Diff(Plan{Topics: len(tt.desired), Changes: tt.want}, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("plan (-want +got):\n%s", diff)
			}
			if left := got.Withhold(Consent{}).Deletions(); left != 0 {
				t.Errorf("%d deletions without consent", left)
			}
		})
	}
}

// A topic that only a broker behind the first shows is to be deleted too.
func TestUnionAbsent(t *testing.T) {
	t.Parallel()
	desired := []Desired{want("a", 1, 1), gone("legacy")}
	a, legacy := Observed{Replicas: []int{1}}, Observed{ID: "old", Replicas: []int{1}}
	with := Diff(desired, map[string]Observed{"a": a, "legacy": legacy})
	without := Diff(desired, map[string]Observed{"a": a})
	if len(with.Changes) != 1 || with.Changes[0].Action != Delete {
		t.Fatalf("%+v", with.Changes)
	}
	for _, plans := range [][]BrokerPlan{{{"1", without}, {"2", with}}, {{"1", with}, {"2", without}}, {{"1", with}, {"2", with}}} {
		if diff := cmp.Diff(with.Changes, Union(desired, plans).Changes); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

// A reviewed deletion is made, was made already, or is that of another topic.
func TestReviewedDeletion(t *testing.T) {
	t.Parallel()
	desired := []Desired{want("a", 1, 1), gone("legacy")}
	a, legacy := Observed{Replicas: []int{1}}, Observed{ID: "id of legacy", Replicas: []int{1}}
	both, alone := map[string]Observed{"a": a, "legacy": legacy}, map[string]Observed{"a": a}
	plan := Diff(desired, both)
	reviewed := Reviewed{Plan: plan, Desired: desired, Seen: seenOf(desired, both)}
	remade := seenOf(desired, both)
	remade[1].ID = "another"
	for _, tt := range []struct {
		name              string
		now               Plan
		seen              []Seen
		left, made, stale []string
	}{
		{"as planned", plan, seenOf(desired, both), []string{"legacy topic delete"}, nil, nil},
		{"gone meanwhile", Diff(desired, alone), seenOf(desired, alone), nil, []string{"legacy topic delete"}, nil},
		{"made again", plan, remade, nil, nil, []string{"legacy topicId"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := reviewed.Against(tt.now, tt.seen)
			want := [][]string{tt.left, tt.made, tt.stale}
			if diff := cmp.Diff(want, [][]string{fields(got.Changes), fields(got.Made), staleFields(got.Stale)}, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("left, made, stale (-want +got):\n%s", diff)
			}
		})
	}
	then := Reviewed{Plan: Diff(desired, alone), Desired: desired, Seen: seenOf(desired, alone)}
	got := then.Against(plan, seenOf(desired, both))
	if diff := cmp.Diff([]string{"legacy topic"}, staleFields(got.Stale)); diff != "" {
		t.Errorf("a topic that was made after the plan is not the plan's to delete:\n%s", diff)
	}
}

// What Tombstones writes reads back under topics, whatever YAML would take a name for.
func TestTombstones(t *testing.T) {
	t.Parallel()
	names := []string{"order.legacy", "7", "null", "1.5", "true", "-", "a", "on", "0x1F"}
	lines, err := Tombstones(names)
	if err != nil {
		t.Fatal(err)
	}
	spec := parse(t, "version: 1\ntopics:\n"+string(lines)+"  kept: {}\n", Source{})
	desired, err := spec.Desired("")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"-", "0x1F", "1.5", "7", "a", "null", "on", "order.legacy", "true"}
	if diff := cmp.Diff(append(want, "kept"), Names(desired)); diff != "" {
		t.Errorf("topics (-want +got):\n%s\n%s", diff, lines)
	}
	if diff := cmp.Diff([]string{"kept"}, Names(Present(desired))); diff != "" {
		t.Errorf("present (-want +got):\n%s", diff)
	}
	if lines, err := Tombstones(nil); err != nil || len(lines) > 0 {
		t.Errorf("of no topic: %q, %v", lines, err)
	}
}

// What shall not exist needs no broker.
func TestBrokersNeededOfAbsent(t *testing.T) {
	t.Parallel()
	brokers, why := BrokersNeeded([]Desired{gone("a"), want("b", 1, 2), gone("c")})
	if brokers != 2 || why != `topic "b" has replicationFactor 2` {
		t.Errorf("%d, %q", brokers, why)
	}
}
