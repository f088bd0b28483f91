package admin

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"kafkactl/internal/kafkatest"
	"kafkactl/internal/topicspec"
)

// More records of metadata than a KRaft controller makes by one request: 800 topics with a partition
// and 12 settings are 12,000. Settings and counts meet the same limit.
func TestRealManyTopics(t *testing.T) {
	t.Parallel()
	ctx, c := dialReal(t, kafkatest.Start(t, kafkatest.Options{Flavour: kafkatest.Kraft1}))
	settings := topicspec.Config{
		"cleanup.policy": {Value: "delete"}, "compression.type": {Value: "producer"}, "delete.retention.ms": {Value: "86400000"},
		"file.delete.delay.ms": {Value: "60000"}, "flush.messages": {Value: "100000"}, "flush.ms": {Value: "100000"},
		"index.interval.bytes": {Value: "4096"}, "max.message.bytes": {Value: "1000000"}, "min.insync.replicas": {Value: "1"},
		"retention.bytes": {Value: "1000000000"}, "retention.ms": {Value: "604800000"}, "segment.ms": {Value: "604800000"},
	}
	desired := make([]topicspec.Desired, 800)
	for i := range desired {
		desired[i] = topicspec.Desired{Name: fmt.Sprintf("many.%03d", i), Partitions: 1, ReplicationFactor: 1, Config: settings}
	}
	converge := func(what string) {
		t.Helper()
		start := time.Now()
		report, err := c.Converge(ctx, desired)
		if err != nil || !report.OK() {
			t.Fatalf("%s: %v, %v", what, err, report.Err())
		}
		t.Logf("%s: %d changes in %s", what, len(report.Outcomes), time.Since(start).Round(time.Millisecond))
		wantInSync(ctx, t, c, desired)
	}
	converge("create")
	start := time.Now()
	seen, err := c.ObserveCluster(ctx)
	if err != nil || len(seen.Topics) != len(desired) || seen.Topics[desired[0].Name].Config == nil {
		t.Errorf("%d topics are seen at once, want %d: %v", len(seen.Topics), len(desired), err)
	}
	t.Logf("all of them are seen in %s", time.Since(start).Round(time.Millisecond))

	changed := topicspec.Config{}
	for key := range settings {
		changed[key] = topicspec.Setting{Unset: true}
	}
	for i := range desired {
		desired[i].Config = changed
	}
	converge("take settings back")

	// Growth is only validated: the limit is 10,000 new partitions.
	for i := range desired {
		desired[i].Partitions = 15
	}
	wantValid(ctx, t, c, desired)
	desired[400].Partitions = 10_002
	wantTooLarge(ctx, t, c, desired, desired[400].Name)
	for i := range desired {
		desired[i].Partitions = 1
	}
	large := topicspec.Desired{Name: "large", Partitions: 9_998, ReplicationFactor: 1, Config: topicspec.Config{"retention.ms": {Value: "1"}}}
	wantValid(ctx, t, c, append(desired, large))
	large.Partitions++
	wantTooLarge(ctx, t, c, append(desired, large), large.Name)
	wantInSync(ctx, t, c, desired)
}

// wantValid fails unless the brokers would make everything that is planned for desired.
func wantValid(ctx context.Context, t *testing.T, c *Client, desired []topicspec.Desired) {
	t.Helper()
	plan, err := c.Plan(ctx, desired)
	if err == nil {
		err = c.Validate(ctx, plan.Plan)
	}
	if err != nil {
		t.Errorf("validate %d changes: %v", len(plan.Changes), err)
	}
}

// wantTooLarge fails unless the brokers refuse one topic of what is planned for desired.
func wantTooLarge(ctx context.Context, t *testing.T, c *Client, desired []topicspec.Desired, name string) {
	t.Helper()
	plan, err := c.Plan(ctx, desired)
	if err != nil {
		t.Fatal(err)
	}
	var refused *RefusedError
	var large *TooLargeError
	err = c.Validate(ctx, plan.Plan)
	if !errors.As(err, &refused) || !errors.As(err, &large) || large.Change.Topic != name || len(refused.Unwrap()) != 1 {
		t.Errorf("want only %s refused, got %v", name, err)
		return
	}
	t.Logf("%v\nhint: %s", refused.Words(), refused.Hint())
}
