package clitest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafkatest"
)

// StackTopics are the names of the 11 topics, sorted.
func StackTopics() []string {
	var names []string
	for name := range StackShapes(1) {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// AskTopics asks the broker at one address, uncached; without names, about all topics.
func AskTopics(t *testing.T, addr string, names ...string) []kmsg.MetadataResponseTopic {
	t.Helper()
	client, err := kgo.NewClient(kgo.SeedBrokers(addr))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	req := kmsg.NewPtrMetadataRequest()
	req.AllowAutoTopicCreation = false
	for _, name := range names {
		topic := kmsg.NewMetadataRequestTopic()
		topic.Topic = kmsg.StringPtr(name)
		req.Topics = append(req.Topics, topic)
	}
	resp, err := client.SeedBrokers()[0].Request(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	return resp.(*kmsg.MetadataResponse).Topics
}

// ToldTopics are the topics that the first broker tells of, without Kafka's own, sorted; nil when
// there is none.
func ToldTopics(t *testing.T, c *kafkatest.Cluster) []string {
	t.Helper()
	var names []string
	for _, topic := range AskTopics(t, c.Addrs()[0]) {
		if !topic.IsInternal {
			names = append(names, *topic.Topic)
		}
	}
	slices.Sort(names)
	return names
}

// WaitGone waits until the broker knows the topic no more: ZooKeeper mode deletes later.
func WaitGone(t *testing.T, c *kafkatest.Cluster, topic string) {
	t.Helper()
	for start := time.Now(); time.Since(start) < 20*time.Second; time.Sleep(20 * time.Millisecond) {
		if !slices.Contains(ToldTopics(t, c), topic) {
			return
		}
	}
	t.Fatalf("topic %s is still there", topic)
}

// Readiness judged from outside, by raw requests that are sent once: a client that
// repeats what was refused would hide just what is looked for. That rules out kgo's
// producer, which loads metadata and a producer id in its own time and repeats both. A
// request to one *kgo.Broker is not repeated; only a new connection that breaks at once
// is dialled again.

// singleTimeout bounds one look at a broker; creating 11 topics on a cold one takes
// half a second.
const singleTimeout = 15 * time.Second

// AskSingle asks the broker at addr and nobody else, over new connections; with more options it logs in.
func AskSingle(ctx context.Context, addr string, ask func(context.Context, *kgo.Broker) error, more ...kgo.Opt) error {
	client, err := kgo.NewClient(append([]kgo.Opt{kgo.SeedBrokers(addr), kgo.RequestRetries(0), kgo.DisableClientMetrics()}, more...)...)
	if err != nil {
		return err
	}
	defer client.Close()
	ctx, cancel := context.WithTimeout(ctx, singleTimeout)
	defer cancel()
	return ask(ctx, client.SeedBrokers()[0])
}

// Metadata is what a broker says of itself and of the named topics; it creates none.
func Metadata(ctx context.Context, at kmsg.Requestor, topics ...string) (*kmsg.MetadataResponse, error) {
	req := kmsg.NewPtrMetadataRequest()
	req.AllowAutoTopicCreation = false
	req.Topics = make([]kmsg.MetadataRequestTopic, len(topics)) // nil would be all topics
	for i, name := range topics {
		req.Topics[i].Topic = kmsg.StringPtr(name)
	}
	return req.RequestWith(ctx, at)
}

// ReplicationFactor is how many replicas the topics of a cluster get.
func ReplicationFactor(c *kafkatest.Cluster) int { return min(3, len(c.Addrs())) }

// Creation is the request for topics of 3 partitions; on three brokers, as the profile
// production of topics.yaml wants them.
func Creation(replicationFactor int, validateOnly bool, topics ...string) *kmsg.CreateTopicsRequest {
	req := kmsg.NewPtrCreateTopicsRequest()
	req.TimeoutMillis = 10_000
	req.ValidateOnly = validateOnly
	for _, name := range topics {
		topic := kmsg.NewCreateTopicsRequestTopic()
		topic.Topic, topic.NumPartitions, topic.ReplicationFactor = name, 3, int16(replicationFactor)
		if replicationFactor == 3 {
			config := kmsg.NewCreateTopicsRequestTopicConfig()
			config.Name, config.Value = "min.insync.replicas", kmsg.StringPtr("2")
			topic.Configs = append(topic.Configs, config)
		}
		req.Topics = append(req.Topics, topic)
	}
	return req
}

// Create sends the request once; a topic that is refused is an error. ids are those
// of the topics made, zero where only validated.
func Create(ctx context.Context, at kmsg.Requestor, req *kmsg.CreateTopicsRequest) (ids map[string][16]byte, err error) {
	resp, err := req.RequestWith(ctx, at)
	if err != nil {
		return nil, err
	}
	ids = make(map[string][16]byte)
	var errs []error
	for _, topic := range resp.Topics {
		ids[topic.Topic] = topic.TopicID
		if err := kerr.ErrorForCode(topic.ErrorCode); err != nil {
			errs = append(errs, fmt.Errorf("create %s: %w", topic.Topic, err))
		}
	}
	if len(resp.Topics) != len(req.Topics) {
		errs = append(errs, fmt.Errorf("create: %d topics asked for, %d answered", len(req.Topics), len(resp.Topics)))
	}
	return ids, errors.Join(errs...)
}

// CreateStack makes the 11 topics by one request to the controller that the first
// address names; in KRaft that is some broker, and each passes the request on.
func CreateStack(ctx context.Context, c *kafkatest.Cluster) error {
	var controller int
	err := AskSingle(ctx, c.Addrs()[0], func(ctx context.Context, at *kgo.Broker) error {
		meta, err := Metadata(ctx, at)
		if err != nil {
			return fmt.Errorf("ask for the controller: %w", err)
		}
		controller = slices.Index(c.BrokerIDs(), int(meta.ControllerID))
		if controller < 0 {
			return fmt.Errorf("create: the controller is said to be %d", meta.ControllerID)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return AskSingle(ctx, c.Addrs()[controller], func(ctx context.Context, at *kgo.Broker) error {
		_, err := Create(ctx, at, Creation(ReplicationFactor(c), false, StackTopics()...))
		return err
	})
}
