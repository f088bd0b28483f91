package admin

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
	"kafkactl/internal/kafkatest"
	"kafkactl/internal/topicspec"
)

// Tier 2: the protocol, against an in-process Kafka that fails as the test wants.

// dialFake is a client of a fake cluster; ctx bounds each test.
func dialFake(t *testing.T, opts ...kfake.Opt) (context.Context, *kfake.Cluster, *Client) {
	t.Helper()
	cluster, addrs := kafkatest.Fake(t, opts...)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	client, err := kafka.Dial(ctx, kafka.Config{Brokers: addrs, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return ctx, cluster, New(client)
}

// topics are desired topics of 3 partitions and one replica.
func topics(names ...string) []topicspec.Desired {
	desired := make([]topicspec.Desired, len(names))
	for i, name := range names {
		desired[i] = topicspec.Desired{Name: name, Partitions: 3, ReplicationFactor: 1, Config: topicspec.Config{}}
	}
	return desired
}

// results is a report as "topic field result", in order.
func results(r Report) []string {
	lines := make([]string, len(r.Outcomes))
	for i, o := range r.Outcomes {
		lines[i] = fmt.Sprintf("%s %s %s", o.Topic, o.Field, o.Result)
	}
	return lines
}

// wantInSync fails unless desired is what the cluster has.
func wantInSync(ctx context.Context, t *testing.T, c *Client, desired []topicspec.Desired) {
	t.Helper()
	plan, err := c.Plan(ctx, desired)
	if err != nil || !plan.InSync() {
		t.Fatalf("want in sync, got %v, %v", plan.Changes, err)
	}
}

// createAside makes a topic with another client's request, outside any plan.
func createAside(ctx context.Context, t *testing.T, c *Client, name string, partitions int32) {
	t.Helper()
	if _, err := c.kafka.Adm.CreateTopic(ctx, partitions, 1, nil, name); err != nil {
		t.Fatal(err)
	}
}

// counted counts the requests with a key that match; nil matches all.
func counted(cluster *kfake.Cluster, key kmsg.Key, when func(kmsg.Request) bool) *kfake.FaultHandle {
	return cluster.Fault(kfake.Fault{Keys: []kmsg.Key{key}, Count: -1, Observe: true, When: when})
}

func sortedKeys[V any](m map[string]V) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
