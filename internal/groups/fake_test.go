package groups

import (
	"context"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
	"kafkactl/internal/kafkatest"
)

// Tier 2: the protocol, against an in-process Kafka that fails as told.

// dialFake returns a client of a fake cluster; ctx bounds each test.
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

// createAside makes a topic with another client's request.
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
