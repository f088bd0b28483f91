package evidence

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/kversion"

	"kafkactl/internal/kafka"
	"kafkactl/internal/kafkatest"
	"kafkactl/internal/topicspec"
)

// dial returns a client that asks at addrs, with a clock.
func dial(t *testing.T, addrs []string, clock func() time.Time) (context.Context, *Client) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	t.Cleanup(cancel)
	config := kafka.Config{Brokers: addrs, Version: "test"}
	client, err := kafka.Dial(ctx, config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return ctx, New(config, client, clock)
}

// write writes records of one age to partition 0 of a topic. The brokers keep what the producer says.
func write(ctx context.Context, t *testing.T, c *Client, topic string, records int, at time.Time, key []byte) {
	t.Helper()
	writer, err := c.kafka.Outliving(ctx, kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.UnknownTopicRetries(-1))
	if err != nil {
		t.Fatal(err)
	}
	defer writer.Close()
	var all []*kgo.Record
	for range records {
		all = append(all, &kgo.Record{Topic: topic, Key: key, Value: []byte("x"), Timestamp: at})
	}
	if err := writer.Kgo.ProduceSync(ctx, all...).FirstErr(); err != nil {
		t.Fatal(err)
	}
}

// commit commits an offset of partition 0 for a group without members.
func commit(ctx context.Context, t *testing.T, c *Client, group, topic string, offset int64) {
	t.Helper()
	offsets := make(kadm.Offsets)
	offsets.AddOffset(topic, 0, offset, -1)
	if err := c.kafka.Adm.CommitAllOffsets(ctx, group, offsets); err != nil {
		t.Fatal(err)
	}
}

// examine returns the evidence about one change.
func examine(ctx context.Context, t *testing.T, c *Client, change topicspec.Change) *topicspec.Evidence {
	t.Helper()
	found, err := c.Examine(ctx, []topicspec.Change{change})
	if err != nil || len(found) != 1 {
		t.Fatalf("%v, %v", found, err)
	}
	return found[0]
}

func grow(topic string) topicspec.Change {
	return topicspec.Change{Topic: topic, Field: topicspec.FieldPartitions, Action: topicspec.Grow, Before: topicspec.Count(1), After: topicspec.Count(2)}
}

func remove(topic string) topicspec.Change {
	return topicspec.Change{Topic: topic, Field: topicspec.FieldTopic, Action: topicspec.Delete, Before: topicspec.Shape{Partitions: 1}}
}

func lowered(topic string) topicspec.Change {
	return topicspec.Change{Topic: topic, Field: retentionMs, Action: topicspec.Set, Before: topicspec.Text("604800000"), After: topicspec.Text("86400000")}
}

// tally counts the requests that brokers get, by kind.
type tally struct {
	mu    sync.Mutex
	count map[string]int
}

func newTally(cluster *kfake.Cluster) *tally {
	n := &tally{count: make(map[string]int)}
	cluster.Control(func(req kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		n.mu.Lock()
		defer n.mu.Unlock()
		if name := kmsg.NameForKey(req.Key()); name != "ApiVersions" {
			n.count[name]++
		}
		return nil, nil, false
	})
	return n
}

func (n *tally) take() map[string]int {
	n.mu.Lock()
	defer n.mu.Unlock()
	counted := maps.Clone(n.count)
	clear(n.count)
	return counted
}

// The number of requests does not depend on the number of topics; a plan without a risk costs none.
func TestRequests(t *testing.T) {
	t.Parallel()
	var names []string
	for i := range 300 {
		names = append(names, fmt.Sprintf("topic-%04d", i))
	}
	cluster, addrs := kafkatest.Fake(t, kfake.NumBrokers(3), kfake.SeedTopics(2, names...))
	ctx, c := dial(t, addrs, now)
	commit(ctx, t, c, "g", names[0], 0)
	if _, err := c.kafka.AnyMetadata(ctx, nil); err != nil { // which brokers there are
		t.Fatal(err)
	}
	requests := newTally(cluster)
	changes := []topicspec.Change{
		{Topic: "a", Field: topicspec.FieldTopic, Action: topicspec.Create},
		set(retentionMs, "1000", "2000"), set("min.insync.replicas", "2", "1"),
		{Topic: "a", Field: topicspec.FieldPartitions, Action: topicspec.Blocked},
	}
	found, err := c.Examine(ctx, changes)
	if diff := cmp.Diff(make([]*topicspec.Evidence, len(changes)), found); diff != "" || err != nil || len(requests.take()) > 0 {
		t.Errorf("a plan without a risk: %v, %s", err, diff)
	}
	counts := make([]map[string]int, 2)
	for i, some := range [][]string{names[:3], names} {
		var changes []topicspec.Change
		for j, name := range some {
			changes = append(changes, []topicspec.Change{grow(name), lowered(name), remove(name)}[j%3])
		}
		found, err := c.Examine(ctx, changes)
		if err != nil || slices.Contains(found, nil) {
			t.Fatalf("%v, %v", found, err)
		}
		counts[i] = requests.take()
	}
	t.Log(counts[1])
	for name, n := range counts[1] {
		if most := 3 * counts[0][name]; n > max(most, 3) {
			t.Errorf("%d %s requests for 300 topics, %d for 3", n, name, counts[0][name])
		}
	}
}

// What the login may not see keeps a topic from being deleted, and is told.
func TestNoRightToLook(t *testing.T) {
	t.Parallel()
	denied := func(keys ...kmsg.Key) []kfake.Fault {
		var faults []kfake.Fault
		for _, key := range keys {
			faults = append(faults, kfake.Fault{Keys: []kmsg.Key{key}, Err: kerr.TopicAuthorizationFailed, Count: -1})
		}
		return faults
	}
	onCluster := func(key kmsg.Key) []kfake.Fault {
		return []kfake.Fault{{Keys: []kmsg.Key{key}, TopLevel: true, Err: kerr.ClusterAuthorizationFailed, Count: -1}}
	}
	for _, test := range []struct {
		name   string
		faults []kfake.Fault
		want   string
	}{
		{"nothing hidden", nil, ""},
		{"metadata", denied(kmsg.Metadata), `whether it is used is not known: not permitted: Describe on topic "a" (TOPIC_AUTHORIZATION_FAILED)`},
		{"offsets", denied(kmsg.ListOffsets), `whether it is used is not known: not permitted: Describe on topic "a" (TOPIC_AUTHORIZATION_FAILED)`},
		{"producers", denied(kmsg.DescribeProducers), `whether a producer writes to it is not known: not permitted: Read on topic "a" (TOPIC_AUTHORIZATION_FAILED)`},
		{"reassignments", onCluster(kmsg.ListPartitionReassignments), "whether its replicas are being reassigned is not known: the login may not list reassignments"},
		{"groups", onCluster(kmsg.ListGroups), "whether anybody reads it is not known: "},
		{
			"a group",
			[]kfake.Fault{{Keys: []kmsg.Key{kmsg.OffsetFetch}, Group: "g", Err: kerr.GroupAuthorizationFailed, Count: -1}},
			`whether group g reads it is not known: not permitted: Describe on group "g" (GROUP_AUTHORIZATION_FAILED)`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			cluster, addrs := kafkatest.Fake(t, kfake.SeedTopics(1, "a", "b"))
			ctx, c := dial(t, addrs, now)
			write(ctx, t, c, "a", 5, now().Add(-48*time.Hour), nil)
			commit(ctx, t, c, "g", "b", 0)
			for _, fault := range test.faults {
				cluster.Fault(fault)
			}
			inUse := strings.Join(examine(ctx, t, c, remove("a")).InUse, "; ")
			if !strings.HasPrefix(inUse, test.want) || test.want == "" && inUse != "" {
				t.Errorf("told %q", inUse)
			}
		})
	}
}

// Brokers before 3.0 do not tell the newest record: the ends of the logs are looked at twice.
func TestOldBrokers(t *testing.T) {
	t.Parallel()
	cluster, addrs := kafkatest.Fake(t, kfake.SeedTopics(1, "idle", "busy"), kfake.MaxVersions(kversion.V2_7_0()))
	ctx, c := dial(t, addrs, now)
	c.apart = 100 * time.Millisecond
	write(ctx, t, c, "idle", 5, now().Add(-48*time.Hour), nil)
	write(ctx, t, c, "busy", 5, now().Add(-48*time.Hour), nil)
	busy := kmsg.NewListOffsetsResponseTopicPartition()
	busy.Offset = 6 // at the second look
	looks := 0
	cluster.ControlKey(int16(kmsg.ListOffsets), func(req kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		topics := req.(*kmsg.ListOffsetsRequest).Topics
		if topics[0].Topic != "busy" || topics[0].Partitions[0].Timestamp != kafka.LogEnd {
			return nil, nil, false
		}
		if looks++; looks == 1 {
			return nil, nil, false
		}
		resp := req.ResponseKind().(*kmsg.ListOffsetsResponse)
		resp.Topics = []kmsg.ListOffsetsResponseTopic{{Topic: "busy", Partitions: []kmsg.ListOffsetsResponseTopicPartition{busy}}}
		return resp, nil, true
	})
	if got := examine(ctx, t, c, remove("idle")); len(got.InUse) > 0 || *got.Records != 5 || got.Newest != nil {
		t.Errorf("told %+v of a topic that nobody uses", got)
	}
	want := []string{"somebody writes to it: its end moved while it was looked at"}
	if diff := cmp.Diff(want, examine(ctx, t, c, remove("busy")).InUse); diff != "" {
		t.Error(diff)
	}
}

// The newest records show whether they have keys; one topic that may not be read does not hide that of others.
func TestKeys(t *testing.T) {
	t.Parallel()
	cluster, addrs := kafkatest.Fake(t, kfake.SeedTopics(1, "keys", "none", "denied", "mixed", "empty"))
	ctx, c := dial(t, addrs, now)
	write(ctx, t, c, "keys", 50, now(), []byte("k"))
	write(ctx, t, c, "none", 50, now(), nil)
	write(ctx, t, c, "denied", 50, now(), []byte("k"))
	write(ctx, t, c, "mixed", 1, now(), []byte("k"))
	write(ctx, t, c, "mixed", 10, now(), nil)
	commit(ctx, t, c, "order-service-group", "keys", 10)
	cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.Fetch}, Topic: "denied", Err: kerr.TopicAuthorizationFailed, Count: -1})
	var changes []topicspec.Change
	for _, name := range []string{"keys", "none", "denied", "mixed", "empty"} {
		changes = append(changes, grow(name))
	}
	found, err := c.Examine(ctx, changes)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range found {
		got = append(got, e.GrowReason())
	}
	if diff := cmp.Diff([]string{
		"records of one key may be read out of order: order-service-group has 40 unread",
		"its records have no keys",
		`records of one key may be read out of order (not known: whether its records have keys: not permitted: Read on topic "denied" (TOPIC_AUTHORIZATION_FAILED))`,
		"records of one key written from now on may go to another partition than before; no group has unread records",
		"",
	}, got, cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
}

// A plan that was interrupted has no evidence, and not evidence that all is unknown.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	_, addrs := kafkatest.Fake(t, kfake.SeedTopics(1, "a"))
	ctx, c := dial(t, addrs, now)
	ctx, cancel := context.WithCancel(ctx)
	cancel()
	if found, err := c.Examine(ctx, []topicspec.Change{remove("a")}); err == nil || found != nil {
		t.Errorf("%v, %v", found, err)
	}
}
