package topicspec

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Scripts read these: counts are integers, settings strings, absent is null and a whole
// topic an object whose config is never null.
func TestChangeJSON(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		value any
		want  string
	}{
		{
			"grow",
			Change{Topic: "a", Field: FieldPartitions, Action: Grow, Before: Count(3), After: Count(6), Reason: "why"},
			`{"topic":"a","field":"partitions","action":"grow","before":3,"after":6,"reason":"why","stage":"","interim":false,"risk":"","evidence":null,"kind":"topic"}`,
		},
		{
			"set",
			Change{Topic: "a", Field: "retention.ms", Action: Set, After: Text("604800000")},
			`{"topic":"a","field":"retention.ms","action":"set","before":null,"after":"604800000","reason":"","stage":"","interim":false,"risk":"","evidence":null,"kind":"topic"}`,
		},
		{
			"unset",
			Change{Topic: "a", Field: "retention.ms", Action: Unset, Before: Text("1")},
			`{"topic":"a","field":"retention.ms","action":"unset","before":"1","after":null,"reason":"","stage":"","interim":false,"risk":"","evidence":null,"kind":"topic"}`,
		},
		{
			"create",
			Diff([]Desired{want("a", 3, 0)}, nil).Changes[0],
			`{"topic":"a","field":"topic","action":"create","before":null,"after":{"partitions":3,"replicationFactor":-1,"config":{}},"reason":"","stage":"create","interim":false,"risk":"","evidence":null,"kind":"topic"}`,
		},
		{
			"delete",
			DiffDelete([]string{"a"}, map[string]Observed{"a": {Replicas: []int{1}}}).Changes[0],
			`{"topic":"a","field":"topic","action":"delete","before":{"partitions":1,"replicationFactor":1,"config":{}},"after":null,"reason":"","stage":"delete","interim":false,"risk":"","evidence":null,"kind":"topic"}`,
		},
		{
			"blocked",
			Change{Topic: "a", Field: FieldReplicationFactor, Action: Blocked, Before: Count(1), After: Count(3), Reason: "why"},
			`{"topic":"a","field":"replicationFactor","action":"blocked","before":1,"after":3,"reason":"why","stage":"","interim":false,"risk":"","evidence":null,"kind":"topic"}`,
		},
		{
			"reassign",
			Change{
				Topic: "a", Field: FieldReplicationFactor, Action: Reassign, Before: Count(1), After: Count(2), Stage: StageMove, Risk: RiskMove,
				Evidence: &Evidence{Records: new(int64(3))}, Reassignments: []Reassignment{{Partition: 0, From: []int{1}, To: []int{1, 2}, Bytes: 5}},
			},
			`{"topic":"a","field":"replicationFactor","action":"reassign","before":1,"after":2,"reason":"","stage":"move","interim":false,"risk":"move",` +
				`"evidence":{"records":3,"bytes":null,"recordsEstimated":false,"oldest":null,"newest":null,"readers":null,"inUse":null,"keyed":null,"compacted":null,"endOffsets":null,"unknown":null},` +
				`"reassignments":[{"partition":0,"from":[1],"to":[1,2],"bytes":5,"elect":false,"running":false}],"kind":"topic"}`,
		},
		{"unmanaged", Unmanaged{"a", "flush.ms", "1"}, `{"topic":"a","field":"flush.ms","value":"1"}`},
		{"problem", Problem{"topics.yaml", 3, 5, "why"}, `{"file":"topics.yaml","line":3,"column":5,"message":"why"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := json.Marshal(tt.value)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, string(got)); diff != "" {
				t.Errorf("JSON (-want +got):\n%s", diff)
			}
		})
	}
}

func TestValueString(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		value Value
		want  string
	}{
		{"count", Count(12), "12"},
		{"text", Text("compact"), "compact"},
		{"one partition", Shape{Partitions: 1, ReplicationFactor: 1}, "1 partition, replication factor 1"},
		{"settings by name, for people", Shape{3, 2, map[string]string{"retention.ms": "604800000", "cleanup.policy": "compact"}}, "3 partitions, replication factor 2, cleanup.policy=compact, retention.ms=7d"},
		{"the broker decides", Shape{-1, -1, nil}, "the broker's default partitions, the broker's default replication factor"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := tt.value.String(); got != tt.want {
				t.Errorf("String() = %q, want %q", got, tt.want)
			}
		})
	}
}
