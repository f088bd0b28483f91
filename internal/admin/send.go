package admin

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// sendCreates makes missing topics with CreateTopics, which unlike kadm's call
// gives every topic its own shape.
func (c *Client) sendCreates(ctx context.Context, changes []topicspec.Change, dry bool) (map[string]error, error) {
	req := kmsg.NewPtrCreateTopicsRequest()
	req.TimeoutMillis = int32(kafka.WriteTimeout.Milliseconds())
	req.ValidateOnly = dry
	for _, change := range changes {
		req.Topics = append(req.Topics, createTopic(change))
	}
	resp, err := req.RequestWith(ctx, c.kafka.Any)
	if err != nil {
		return nil, fmt.Errorf("create topics: %w", err)
	}
	answers := make(map[string]error)
	for _, t := range resp.Topics {
		answers[t.Topic] = heldBack(kafka.CodeError(kmsg.CreateTopics, t.Topic, t.ErrorCode, t.ErrorMessage), resp.ThrottleMillis)
	}
	return answers, nil
}

func createTopic(change topicspec.Change) kmsg.CreateTopicsRequestTopic {
	shape, ok := change.After.(topicspec.Shape)
	if !ok {
		panic(fmt.Sprintf("admin: create %q has no shape", change.Topic))
	}
	topic := kmsg.NewCreateTopicsRequestTopic()
	topic.Topic = change.Topic
	topic.NumPartitions = int32(shape.Partitions)
	topic.ReplicationFactor = int16(shape.ReplicationFactor)
	for _, key := range slices.Sorted(maps.Keys(shape.Config)) {
		setting := kmsg.NewCreateTopicsRequestTopicConfig()
		setting.Name, setting.Value = key, kmsg.StringPtr(shape.Config[key])
		topic.Configs = append(topic.Configs, setting)
	}
	return topic
}

// sendGrowths raises partition counts to absolute numbers with CreatePartitions.
func (c *Client) sendGrowths(ctx context.Context, changes []topicspec.Change, dry bool) (map[string]error, error) {
	req := kmsg.NewPtrCreatePartitionsRequest()
	req.TimeoutMillis = int32(kafka.WriteTimeout.Milliseconds())
	req.ValidateOnly = dry
	for _, change := range changes {
		count, ok := change.After.(topicspec.Count)
		if !ok {
			panic(fmt.Sprintf("admin: grow %q has no count", change.Topic))
		}
		topic := kmsg.NewCreatePartitionsRequestTopic()
		topic.Topic, topic.Count = change.Topic, int32(count)
		req.Topics = append(req.Topics, topic)
	}
	resp, err := req.RequestWith(ctx, c.kafka.Any)
	if err != nil {
		return nil, fmt.Errorf("create partitions: %w", err)
	}
	answers := make(map[string]error)
	for _, t := range resp.Topics {
		answers[t.Topic] = heldBack(kafka.CodeError(kmsg.CreatePartitions, t.Topic, t.ErrorCode, t.ErrorMessage), resp.ThrottleMillis)
	}
	return answers, nil
}

// sendConfigs writes settings with IncrementalAlterConfigs (KIP-339), which leaves
// alone what it does not name. A topic's settings are one resource: all or none.
func (c *Client) sendConfigs(ctx context.Context, changes []topicspec.Change, dry bool) (map[string]error, error) {
	req := kmsg.NewPtrIncrementalAlterConfigsRequest()
	req.ValidateOnly = dry
	for _, change := range changes {
		last := len(req.Resources) - 1
		if last < 0 || req.Resources[last].ResourceName != change.Topic { // plans are ordered by topic
			resource := kmsg.NewIncrementalAlterConfigsRequestResource()
			resource.ResourceType, resource.ResourceName = kmsg.ConfigResourceTypeTopic, change.Topic
			req.Resources = append(req.Resources, resource)
			last++
		}
		setting := kmsg.NewIncrementalAlterConfigsRequestResourceConfig()
		setting.Name = change.Field
		if change.Action == topicspec.Unset {
			setting.Op = kmsg.IncrementalAlterConfigOpDelete
		} else {
			setting.Op, setting.Value = kmsg.IncrementalAlterConfigOpSet, kmsg.StringPtr(change.After.String())
		}
		req.Resources[last].Configs = append(req.Resources[last].Configs, setting)
	}
	resp, err := req.RequestWith(ctx, c.kafka.Any)
	if err != nil {
		return nil, fmt.Errorf("alter configs: %w", err)
	}
	answers := make(map[string]error)
	for _, r := range resp.Resources {
		answers[r.ResourceName] = kafka.CodeError(kmsg.IncrementalAlterConfigs, r.ResourceName, r.ErrorCode, r.ErrorMessage)
	}
	return answers, nil
}
