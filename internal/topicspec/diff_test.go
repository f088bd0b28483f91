package topicspec

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const growReason = "records of one key written from now on may go to another partition than before"

type diffTest struct {
	name      string
	desired   Desired
	observed  *Observed // nil: the topic does not exist
	changes   []Change
	unmanaged []Unmanaged
	moving    []Moving
}

func (tt diffTest) run(t *testing.T) {
	t.Parallel()
	observed := map[string]Observed{"not declared": {Replicas: []int{1}}}
	if tt.observed != nil {
		observed["a"] = *tt.observed
	}
	got := Diff([]Desired{tt.desired}, observed)
	want := Plan{Topics: 1, Changes: tt.changes, Unmanaged: tt.unmanaged, Moving: tt.moving}
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), stageless); diff != "" {
		t.Errorf("plan (-want +got):\n%s", diff)
	}
	if got.InSync() != (len(tt.changes) == 0) {
		t.Errorf("InSync() = %v with %d changes", got.InSync(), len(tt.changes))
	}
}

// stageless leaves the stages of changes to their own tests.
var stageless = cmpopts.IgnoreFields(Change{}, "Stage")

func override(value string) ObservedSetting { return ObservedSetting{Value: value, Override: true} }

func inherited(value string) ObservedSetting { return ObservedSetting{Value: value} }

func TestDiffTopicAndCounts(t *testing.T) {
	t.Parallel()
	for _, tt := range []diffTest{
		{
			name:    "create: null settings are not sent",
			desired: want("a", 3, 2, "retention.ms=1", "segment.ms"),
			changes: []Change{{Topic: "a", Field: "topic", Action: Create, After: Shape{3, 2, map[string]string{"retention.ms": "1"}}}},
		},
		{
			name:    "create: counts not declared are the broker's",
			desired: want("a", 0, 0),
			changes: []Change{{Topic: "a", Field: "topic", Action: Create, After: Shape{-1, -1, map[string]string{}}}},
		},
		{
			name:     "in sync",
			desired:  want("a", 2, 1, "retention.ms=1", "segment.ms"),
			observed: &Observed{Replicas: []int{1, 1}, Config: map[string]ObservedSetting{"retention.ms": override("1"), "segment.ms": inherited("5")}},
		},
		{
			name:     "in sync: counts not declared are not compared",
			desired:  want("a", 0, 0),
			observed: &Observed{Replicas: []int{1, 3}},
		},
		{
			name:     "grow",
			desired:  want("a", 6, 1),
			observed: &Observed{Replicas: []int{1, 1}},
			changes:  []Change{{Topic: "a", Field: "partitions", Action: Grow, Before: Count(2), After: Count(6), Reason: growReason}},
		},
		{
			name:     "shrink is blocked, and the settings are still set",
			desired:  want("a", 1, 0, "retention.ms=1"),
			observed: &Observed{Replicas: []int{1, 1}},
			changes: []Change{
				{Topic: "a", Field: "partitions", Action: Blocked, Before: Count(2), After: Count(1), Reason: "Kafka cannot remove partitions: declare 2, or delete the topic by name and apply again"},
				{Topic: "a", Field: "retention.ms", Action: Set, After: Text("1"), Risk: RiskTrim},
			},
		},
		{
			name:     "another replication factor",
			desired:  want("a", 0, 3),
			observed: &Observed{Replicas: []int{1, 1}},
			changes:  []Change{{Topic: "a", Field: "replicationFactor", Action: Reassign, Before: Count(1), After: Count(3), Risk: RiskMove}},
		},
		{
			name:     "mixed replicas: Before is the fewest that differ",
			desired:  want("a", 0, 1),
			observed: &Observed{Replicas: []int{1, 2, 3}},
			changes:  []Change{{Topic: "a", Field: "replicationFactor", Action: Reassign, Before: Count(2), After: Count(1), Risk: RiskMove}},
		},
		{
			name:     "a topic without partitions (metadata of one being deleted) does not panic",
			desired:  want("a", 1, 1),
			observed: &Observed{},
			changes:  []Change{{Topic: "a", Field: "partitions", Action: Grow, Before: Count(0), After: Count(1), Reason: growReason}},
		},
	} {
		t.Run(tt.name, tt.run)
	}
}

func TestDiffConfig(t *testing.T) {
	t.Parallel()
	for _, tt := range []diffTest{
		{
			name:     "set, unset, by name of the setting",
			desired:  want("a", 0, 0, "segment.ms", "retention.ms=1", "flush.ms=2"),
			observed: &Observed{Config: map[string]ObservedSetting{"retention.ms": override("7"), "segment.ms": override("5"), "flush.ms": inherited("3600000")}},
			changes: []Change{
				{Topic: "a", Field: "flush.ms", Action: Set, After: Text("2"), Reason: "not set on the topic; the broker's default is 1h"},
				{Topic: "a", Field: "retention.ms", Action: Set, Before: Text("7"), After: Text("1"), Risk: RiskTrim},
				{Topic: "a", Field: "segment.ms", Action: Unset, Before: Text("5")},
			},
		},
		{
			name:     "a value equal to the broker's default is pinned: the default could change",
			desired:  want("a", 0, 0, "retention.ms=604800000"),
			observed: &Observed{Config: map[string]ObservedSetting{"retention.ms": inherited("604800000")}},
			changes:  []Change{{Topic: "a", Field: "retention.ms", Action: Set, After: Text("604800000"), Reason: "not set on the topic; the broker's default is 7d"}},
		},
		{
			name:     "lists are sets, numbers are numbers",
			desired:  want("a", 0, 0, "cleanup.policy=delete,compact", "min.cleanable.dirty.ratio=0.5"),
			observed: &Observed{Config: map[string]ObservedSetting{"cleanup.policy": override("compact, delete"), "min.cleanable.dirty.ratio": override("0.50")}},
		},
		{
			name:      "overrides the spec does not mention are reported, not drift",
			desired:   want("a", 0, 0, "retention.ms=1"),
			observed:  &Observed{Config: map[string]ObservedSetting{"retention.ms": override("1"), "segment.ms": override("2"), "flush.ms": override("3"), "preallocate": inherited("false")}},
			unmanaged: []Unmanaged{{"a", "flush.ms", "3"}, {"a", "segment.ms", "2"}},
		},
	} {
		t.Run(tt.name, tt.run)
	}
}

// The plan follows the file, and each topic's fields come together.
func TestDiffOrder(t *testing.T) {
	t.Parallel()
	plan := Diff(
		[]Desired{want("b", 2, 2, "retention.ms=1"), want("a", 1, 1), want("c", 1, 1)},
		map[string]Observed{"b": {Replicas: []int{1}, Config: map[string]ObservedSetting{minInSyncReplicas: inherited("2")}}, "c": {Replicas: []int{1}}},
	)
	fields := func(changes []Change) []string {
		var all []string
		for _, c := range changes {
			all = append(all, c.Topic+" "+c.Field)
		}
		return all
	}
	got := map[string][]string{"all": fields(plan.Changes), "makeable": fields(plan.Makeable()), "blocked": fields(plan.Blocked())}
	want := map[string][]string{
		"all":      {"b partitions", "b replicationFactor", "b retention.ms", "a topic"},
		"makeable": {"b partitions", "b retention.ms", "a topic"},
		"blocked":  {"b replicationFactor"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
}

func TestDiffDelete(t *testing.T) {
	t.Parallel()
	got := DiffDelete([]string{"b", "missing", "a", "empty"}, map[string]Observed{
		"a": {Replicas: []int{3, 2}, Config: map[string]ObservedSetting{"retention.ms": {Value: "1", Override: true}, "flush.ms": {Value: "2"}}},
		"b": {Replicas: []int{1}},
		"c": {Replicas: []int{1}},
		// The metadata of a topic that is being deleted may have no partition.
		"empty": {},
	})
	want := Plan{Topics: 4, Changes: []Change{
		{Topic: "b", Field: "topic", Action: Delete, Before: Shape{1, 1, map[string]string{}}},
		{Topic: "a", Field: "topic", Action: Delete, Before: Shape{2, 2, map[string]string{"retention.ms": "1"}}},
		{Topic: "empty", Field: "topic", Action: Delete, Before: Shape{0, 0, map[string]string{}}},
	}}
	if diff := cmp.Diff(want, got, stageless); diff != "" {
		t.Errorf("plan (-want +got):\n%s", diff)
	}
}
