package admin

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafkatest"
	"kafkactl/internal/topicspec"
)

// dialAutoCreating is a client of a Kafka that makes the topics its clients name, and
// says so when it is asked.
func dialAutoCreating(t *testing.T) (context.Context, *kfake.Cluster, *Client) {
	t.Helper()
	return dialFake(t, kfake.AllowAutoTopicCreation(), kfake.DefaultNumPartitions(1), kfake.BrokerConfigs(map[string]string{
		"num.partitions": "1", "default.replication.factor": "1", "auto.create.topics.enable": "true",
	}))
}

// touch is a client that writes before anybody has applied anything.
func touch(ctx context.Context, t *testing.T, cluster *kfake.Cluster, topic string, records int) {
	t.Helper()
	if err := kafkatest.Touch(ctx, cluster.ListenAddrs(), topic, records); err != nil {
		t.Fatal(err)
	}
}

const (
	looks    = "looks auto-created: the broker's default shape (1 partition, replication factor 1), no setting of its own"
	turnOff  = "; auto.create.topics.enable=true makes topics that way: set KAFKA_AUTO_CREATE_TOPICS_ENABLE=false on every broker"
	keyOrder = "records of one key written from now on may go to another partition than before"
)

// What the brokers do not answer about an auto-created topic is left out of the plan, and
// is never an error of it.
func TestPlanSaysWhatLooksAutoCreated(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		records int
		fault   *kfake.Fault
		reason  string
	}{
		{name: "empty", reason: looks + ", 0 records" + turnOff},
		{name: "with records", records: 2, reason: looks + ", 2 records" + turnOff + "; " + keyOrder},
		{
			name:   "not allowed to see the broker's settings",
			fault:  &kfake.Fault{Keys: []kmsg.Key{kmsg.DescribeConfigs}, Resource: "0", Err: kerr.ClusterAuthorizationFailed},
			reason: keyOrder,
		},
		{
			name:   "not allowed to see offsets",
			fault:  &kfake.Fault{Keys: []kmsg.Key{kmsg.ListOffsets}, Err: kerr.TopicAuthorizationFailed},
			reason: looks + turnOff + "; " + keyOrder,
		},
		{
			name:   "led by nobody now",
			fault:  &kfake.Fault{Keys: []kmsg.Key{kmsg.ListOffsets}, Topic: "a", Err: kerr.LeaderNotAvailable},
			reason: looks + turnOff + "; " + keyOrder,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			ctx, cluster, c := dialAutoCreating(t)
			touch(ctx, t, cluster, "a", test.records)
			if test.fault != nil {
				test.fault.Count = -1
				cluster.Fault(*test.fault)
			}
			plan, err := c.Plan(ctx, topics("a"))
			if err != nil {
				t.Fatal(err)
			}
			want := []topicspec.Change{{
				Topic: "a", Field: topicspec.FieldPartitions, Action: topicspec.Grow,
				Before: topicspec.Count(1), After: topicspec.Count(3), Reason: test.reason, Stage: topicspec.StageGrow,
			}}
			if diff := cmp.Diff(want, plan.Changes); diff != "" {
				t.Errorf("changes (-want +got):\n%s", diff)
			}
		})
	}
}

// Retention takes records from a log's start; an offset that nobody knows makes the sum unknown.
func TestRecords(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		spans [][2]int64
		want  *int64
	}{
		{"none", nil, new(int64(0))},
		{"some are gone", [][2]int64{{10, 12}, {0, 5}}, new(int64(7))},
		{"no start", [][2]int64{{0, 5}, {-1, 5}}, nil},
		{"no end", [][2]int64{{0, 5}, {0, -1}}, nil},
	} {
		got := recordsIn(len(test.spans), func(p int) (start, end int64) { return test.spans[p][0], test.spans[p][1] })
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// A leader that does not answer costs the time of those questions, and not the plan.
func TestFrozenLeaderDoesNotHoldThePlan(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialAutoCreating(t)
	touch(ctx, t, cluster, "a", 1)
	thawed := make(chan struct{})
	defer close(thawed)
	cluster.ControlKey(int16(kmsg.ListOffsets), func(kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		cluster.SleepControl(func() { <-thawed })
		return nil, nil, false
	})
	start := time.Now()
	plan, err := c.Plan(ctx, topics("a"))
	if took := time.Since(start); err != nil || took > originTimeout+2*time.Second {
		t.Fatalf("%v after %s", err, took)
	}
	if diff := cmp.Diff(looks+turnOff+"; "+keyOrder, plan.Changes[0].Reason); diff != "" {
		t.Errorf("reason (-want +got):\n%s", diff)
	}
}

// Only a topic that may be auto-created is asked about, and offsets are asked only
// of one that is: the other plans cost no request more.
func TestOriginIsRarelyAsked(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialAutoCreating(t)
	touch(ctx, t, cluster, "auto", 0)
	touch(ctx, t, cluster, "other", 0)
	createAside(ctx, t, c, "by.hand", 2)
	createAside(ctx, t, c, "own.setting", 1)
	own := topics("own.setting")
	own[0].Partitions, own[0].Config = 1, topicspec.Config{"retention.ms": {Value: "1000"}}
	if _, err := c.Converge(ctx, own); err != nil {
		t.Fatal(err)
	}
	defaults := counted(cluster, kmsg.DescribeConfigs, func(req kmsg.Request) bool {
		r, ok := req.(*kmsg.DescribeConfigsRequest)
		return ok && r.Resources[0].ResourceType == kmsg.ConfigResourceTypeBroker
	})
	asked := make(map[string]bool)
	offsets := counted(cluster, kmsg.ListOffsets, func(req kmsg.Request) bool {
		for _, topic := range req.(*kmsg.ListOffsetsRequest).Topics {
			asked[topic.Topic] = true
		}
		return true
	})
	asDeclared := topics("auto")
	asDeclared[0].Partitions = 1
	for _, test := range []struct {
		name              string
		desired           []topicspec.Desired
		looksSo           bool
		defaults, offsets int
	}{
		{"missing", topics("missing"), false, 0, 0},
		{"as declared", asDeclared, false, 0, 1}, // whether its leader acts as one
		{"a setting of its own", topics("own.setting"), false, 0, 0},
		{"another count than the default", topics("by.hand"), false, 1, 0},
		{"one of each", topics("missing", "by.hand", "own.setting", "auto"), true, 1, 2},
	} {
		before := [2]int{defaults.Hits(), offsets.Hits()}
		plan, err := c.Plan(ctx, test.desired)
		if err != nil {
			t.Fatal(err)
		}
		for _, change := range plan.Changes {
			if strings.Contains(change.Reason, "auto-created") != (test.looksSo && change.Topic == "auto") {
				t.Errorf("%s: told %q of %s", test.name, change.Reason, change.Topic)
			}
		}
		want := [2]int{before[0] + test.defaults, before[1] + test.offsets}
		if got := [2]int{defaults.Hits(), offsets.Hits()}; got != want {
			t.Errorf("%s: asked defaults and offsets %v times, want %v", test.name, got, want)
		}
	}
	if diff := cmp.Diff([]string{"auto"}, sortedKeys(asked)); diff != "" {
		t.Errorf("topics asked for offsets (-want +got):\n%s", diff)
	}
}
