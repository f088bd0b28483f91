package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafkatest"
)

// Readiness judged from outside, by raw requests that are sent once: a client that
// repeats what was refused would hide just what is looked for. That rules out kgo's
// producer, which loads metadata and a producer id in its own time and repeats both. A
// request to one *kgo.Broker is not repeated; only a new connection that breaks at once
// is dialled again.

// singleTimeout bounds one look at a broker; creating 11 topics on a cold one takes
// half a second.
const singleTimeout = 15 * time.Second

// askSingle asks the broker at addr and nobody else, over new connections.
func askSingle(ctx context.Context, addr string, ask func(context.Context, *kgo.Broker) error) error {
	client, err := kgo.NewClient(kgo.SeedBrokers(addr), kgo.RequestRetries(0), kgo.DisableClientMetrics())
	if err != nil {
		return err
	}
	defer client.Close()
	ctx, cancel := context.WithTimeout(ctx, singleTimeout)
	defer cancel()
	return ask(ctx, client.SeedBrokers()[0])
}

// metadata is what a broker says of itself and of the named topics; it creates none.
func metadata(ctx context.Context, at kmsg.Requestor, topics ...string) (*kmsg.MetadataResponse, error) {
	req := kmsg.NewPtrMetadataRequest()
	req.AllowAutoTopicCreation = false
	req.Topics = make([]kmsg.MetadataRequestTopic, len(topics)) // nil would be all topics
	for i, name := range topics {
		req.Topics[i].Topic = kmsg.StringPtr(name)
	}
	return req.RequestWith(ctx, at)
}

// replicationFactor is how many replicas the topics of a cluster get.
func replicationFactor(c *kafkatest.Cluster) int { return min(3, len(c.Addrs())) }

// creation is the request for topics of 3 partitions; on three brokers, as the profile
// production of topics.yaml wants them.
func creation(replicationFactor int, validateOnly bool, topics ...string) *kmsg.CreateTopicsRequest {
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

// create sends the request once; a topic that is refused is an error. ids are those
// of the topics made, zero where only validated.
func create(ctx context.Context, at kmsg.Requestor, req *kmsg.CreateTopicsRequest) (ids map[string][16]byte, err error) {
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

// createStack makes the 11 topics by one request to the controller that the first
// address names; in KRaft that is some broker, and each passes the request on.
func createStack(ctx context.Context, c *kafkatest.Cluster) error {
	var controller int
	err := askSingle(ctx, c.Addrs()[0], func(ctx context.Context, at *kgo.Broker) error {
		meta, err := metadata(ctx, at)
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
	return askSingle(ctx, c.Addrs()[controller], func(ctx context.Context, at *kgo.Broker) error {
		_, err := create(ctx, at, creation(replicationFactor(c), false, stackTopics()...))
		return err
	})
}
