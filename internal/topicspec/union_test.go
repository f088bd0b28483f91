package topicspec

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A plan is over what all brokers show: a setting that any of them shows differently is set, a topic
// that any of them knows is not made, and counts are those of the first that knows the topic.
func TestUnion(t *testing.T) {
	t.Parallel()
	desired := []Desired{
		{Name: "b", Partitions: 2, ReplicationFactor: 2, Config: Config{"min.insync.replicas": {Value: "2"}, "retention.ms": {Value: "1000"}}},
		{Name: "a", Partitions: 1, ReplicationFactor: 1, Config: Config{}},
		{Name: "c", Partitions: 1, ReplicationFactor: 1, Config: Config{"retention.ms": {Value: "1000"}}},
	}
	set := func(value string) ObservedSetting { return ObservedSetting{Value: value, Override: true} }
	unset := func(value string) ObservedSetting { return ObservedSetting{Value: value} }
	declared := map[string]ObservedSetting{"min.insync.replicas": set("2"), "retention.ms": set("1000"), "segment.ms": set("5")}
	plain := map[string]ObservedSetting{"min.insync.replicas": unset("1"), "retention.ms": set("1000")}
	views := []map[string]Observed{
		{"b": {Replicas: []int{2, 2}, Config: declared}},
		{"b": {Replicas: []int{2}, Config: plain}, "c": {Replicas: []int{1}, Config: map[string]ObservedSetting{"retention.ms": set("7")}}},
		{"b": {Replicas: []int{2, 2}, Config: plain}, "c": {Replicas: []int{1}, Config: map[string]ObservedSetting{"retention.ms": set("1000")}}},
	}
	var plans []BrokerPlan
	for i, name := range []string{"broker 1", "broker 2", "broker 3"} {
		plan := Diff(desired, views[i])
		plan.ClusterID = name
		plans = append(plans, BrokerPlan{name, plan})
	}
	want := Plan{
		ClusterID: "broker 1", Topics: 3,
		Changes: []Change{
			{
				Topic: "b", Field: "min.insync.replicas", Action: Set, After: Text("2"),
				Reason: "not set on the topic; the broker's default is 1; the brokers differ: broker 2 shows it so",
			},
			{Topic: "a", Field: FieldTopic, Action: Create, After: desired[1].shape()},
			{Topic: "c", Field: "retention.ms", Action: Set, Before: Text("7"), After: Text("1000")},
		},
		Unmanaged: []Unmanaged{{Topic: "b", Field: "segment.ms", Value: "5"}},
	}
	if diff := cmp.Diff(want, Union(desired, plans), stageless); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(Diff(desired, views[1]).Changes, Union(desired, plans[1:2]).Changes); diff != "" {
		t.Errorf("one broker (-want +got):\n%s", diff)
	}
}

// A change has a risk when any broker shows it so: the first one may be behind.
func TestUnionKeepsRisks(t *testing.T) {
	t.Parallel()
	desired := []Desired{{Name: "a", Partitions: 2, Config: Config{"retention.ms": {Value: "2000"}}}}
	shown := func(policy, retention string) map[string]Observed {
		return map[string]Observed{"a": {Replicas: []int{1}, Config: map[string]ObservedSetting{
			cleanupPolicy: {Value: policy, Override: true}, "retention.ms": {Value: retention, Override: true},
		}}}
	}
	behind, risky := Diff(desired, shown("delete", "1000")), Diff(desired, shown("compact,delete", "7000"))
	want := []Change{
		{
			Topic: "a", Field: FieldPartitions, Action: Grow, Before: Count(1), After: Count(2), Stage: StageGrow, Risk: RiskRekey,
			Reason: otherPartition + "; the brokers differ: broker 2 shows it so",
		},
		{
			Topic: "a", Field: "retention.ms", Action: Set, Before: Text("7000"), After: Text("2000"), Stage: StageTighten, Risk: RiskTrim,
			Reason: "the brokers differ: broker 2 shows it so",
		},
	}
	got := Union(desired, []BrokerPlan{{"broker 1", behind}, {"broker 2", risky}})
	if diff := cmp.Diff(want, got.Changes); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(risky.Changes, Union(desired, []BrokerPlan{{"broker 2", risky}, {"broker 1", behind}}).Changes); diff != "" {
		t.Errorf("the other way round (-want +got):\n%s", diff)
	}
}
