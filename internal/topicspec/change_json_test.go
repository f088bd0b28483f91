package topicspec

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A change reads back as it was written, whatever its values are.
func TestChangeJSONReadsBack(t *testing.T) {
	t.Parallel()
	for _, change := range []Change{
		{Topic: "a", Field: FieldTopic, Action: Create, After: Shape{Partitions: 3, ReplicationFactor: -1, Config: map[string]string{"retention.ms": "5"}}},
		{Topic: "a", Field: FieldTopic, Action: Delete, Before: Shape{Partitions: 3, ReplicationFactor: 1}, Reason: "told to"},
		{Topic: "a", Field: FieldPartitions, Action: Grow, Before: Count(1), After: Count(2)},
		{Topic: "a", Field: FieldReplicationFactor, Action: Blocked, Before: Count(1), After: Count(3), Reason: `"<&>" → é`},
		{Topic: "a", Field: "retention.ms", Action: Set, Before: Text("604800000"), After: Text("5")},
		{Topic: "a", Field: "cleanup.policy", Action: Set, After: Text("")},
		{Topic: "a", Field: "retention.ms", Action: Set, After: Text("5"), Stage: StageTighten, Risk: RiskTrim, Evidence: &Evidence{
			Bytes: new(int64(7)), Oldest: new(time.Unix(1, 0).UTC()), Readers: []Reader{{"g", new(int64(2))}}, InUse: []string{"read"},
		}},
		{Topic: "a", Field: minInSyncReplicas, Action: Set, After: Text("1"), Interim: true, Stage: StageLoosen},
		{Topic: "a", Field: FieldReplicationFactor, Action: Reassign, Before: Count(1), After: Count(2), Stage: StageMove, Risk: RiskMove, Reassignments: []Reassignment{
			{Partition: 0, From: []int{1}, To: []int{1, 2}, Bytes: -1, Elect: true, Running: true},
		}},
		{Topic: "a", Field: "cleanup.policy", Action: Unset, Before: Text("compact")},
	} {
		text, err := json.Marshal(change)
		if err != nil {
			t.Fatal(err)
		}
		var got Change
		if err := json.Unmarshal(text, &got); err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if diff := cmp.Diff(change, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

// What this program does not understand, or could not send, is no change.
func TestChangeJSONRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{"topic":"a","field":"replicas","action":"move","before":null,"after":null,"reason":""}`,
		`{"topic":"a","field":"partitions","action":"grow","before":1,"after":2,"reason":"","rack":"a"}`,
		`{"topic":"a","field":"partitions","action":"grow","before":1,"after":2,"reason":"","risk":"danger"}`,
		`{"topic":"a","field":"replicationFactor","action":"reassign","before":1,"after":2,"reason":""}`,
		`{"topic":"a","field":"replicationFactor","action":"reassign","before":1,"after":2,"reason":"","reassignments":[{"broker":1}]}`,
		`{"topic":"a","field":"topic","action":"create","before":null,"after":null,"reason":""}`,
		`{"topic":"a","field":"topic","action":"create","before":null,"after":{"partitions":1,"replicationFactor":1,"config":{},"rack":"x"},"reason":""}`,
		`{"topic":"a","field":"partitions","action":"grow","before":1,"after":"2","reason":""}`,
		`{"topic":"a","field":"partitions","action":"grow","before":1,"after":2.5,"reason":""}`,
		`{"topic":"a","field":"retention.ms","action":"set","before":null,"after":5,"reason":""}`,
		`{"topic":"a","field":"retention.ms","action":"blocked","before":null,"after":"5","reason":""}`,
		`{"topic":"a","field":"partitions","action":"unset","before":1,"after":null,"reason":""}`,
		`{"topic":"","field":"retention.ms","action":"set","before":null,"after":"5","reason":""}`,
		`{"topic":"a","field":"retention.ms","action":"set","before":true,"after":"5","reason":""}`,
		`[]`,
	} {
		var got Change
		if err := json.Unmarshal([]byte(text), &got); err == nil {
			t.Errorf("%s is read as %+v", text, got)
		}
	}
}
