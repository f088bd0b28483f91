package admin

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// TopicHealth is a topic and how each of its partitions is.
type TopicHealth struct {
	Topic
	// PartitionList has no offsets and no sizes.
	PartitionList []Partition
}

// Health returns how the partitions of all topics are, internal ones included, by name.
// It takes as many requests for ten thousand topics as for one.
func (c *Client) Health(ctx context.Context) ([]TopicHealth, error) {
	meta, err := c.kafka.Metadata(ctx, c.kafka.Seed(), nil)
	if err != nil {
		return nil, fmt.Errorf("list topics: %w", err)
	}
	found := c.topicHealths(ctx, meta)
	names := make([]string, len(found))
	for i, t := range found {
		names[i] = t.Name
	}
	minISR, err := c.minISRs(ctx, names)
	if err != nil {
		return nil, err
	}
	for _, t := range found {
		for i := range t.PartitionList {
			t.PartitionList[i].MinISR = minISR[t.Name]
		}
	}
	return found, nil
}

const minInSyncReplicas = "min.insync.replicas"

// minISRs asks for min.insync.replicas of topics alone. One that was deleted meanwhile is absent.
func (c *Client) minISRs(ctx context.Context, topics []string) (map[string]int, error) {
	if len(topics) == 0 {
		return nil, nil
	}
	answers, err := describeConfigs(ctx, c.kafka.Seed(), kmsg.ConfigResourceTypeTopic, topics, minInSyncReplicas)
	if err != nil {
		return nil, err
	}
	found := make(map[string]int, len(topics))
	var hidden kafka.Denials
	for _, name := range topics {
		answer := answers[name]
		switch {
		case hidden.Add(answer.err), errors.Is(answer.err, kerr.UnknownTopicOrPartition):
		case answer.err != nil:
			return nil, answer.err
		default:
			found[name], _ = strconv.Atoi(answer.value(minInSyncReplicas)) // what is no number is not known
		}
	}
	return found, hidden.Err()
}
