package admin

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
	"kafkactl/internal/nearest"
)

// Topic is one line about a topic.
type Topic struct {
	Name string
	// ID is the topic's UUID (KIP-516) as Kafka writes it, base64; "" on brokers that have none.
	ID       string
	Internal bool
	// Partitions and ReplicationFactor; the factor is the smallest of all partitions.
	Partitions        int
	ReplicationFactor int
	// UnderReplicated counts partitions that lack replicas in sync, Leaderless those that no
	// live broker leads: see [Partition.Issues].
	UnderReplicated int
	Leaderless      int
	// Err is why the topic could not be read, nil otherwise.
	Err error
}

// ListTopics lists all topics by name, internal ones included. Topics that the
// client may not see are absent, as Kafka has it.
func (c *Client) ListTopics(ctx context.Context) ([]Topic, error) {
	meta, err := c.kafka.Metadata(ctx, c.kafka.Seed(), nil)
	if err != nil {
		return nil, fmt.Errorf("list topics: %w", err)
	}
	topics := c.countedTopics(ctx, meta)
	slices.SortFunc(topics, compareNames)
	return topics, nil
}

// countedTopics returns the topics of meta, in its order, with the counts of what is wrong. The
// partitions are read one after another into the same memory: there may be a hundred thousand.
// Only when one lacks replicas in sync is it one more request.
func (c *Client) countedTopics(ctx context.Context, meta *kmsg.MetadataResponse) []Topic {
	topics := make([]Topic, len(meta.Topics))
	lacking := make(map[string][]Partition)
	live := kafka.BrokerIDs(meta.Brokers)
	var p Partition
	for i, t := range meta.Topics {
		topics[i] = newTopic(t)
		for j := range t.Partitions {
			p.read(&t.Partitions[j], live)
			topics[i].count(&p)
		}
		if topics[i].UnderReplicated > 0 {
			lacking[topics[i].Name] = partitionsOf(meta, t)
		}
	}
	c.markMoving(ctx, lacking)
	for i := range topics {
		if list := lacking[topics[i].Name]; list != nil {
			topics[i].countAll(list)
		}
	}
	return topics
}

// topicHealths returns the topics of meta by name, with their partitions as metadata shows them.
// Only when a partition lacks replicas in sync is it one more request.
func (c *Client) topicHealths(ctx context.Context, meta *kmsg.MetadataResponse) []TopicHealth {
	found := make([]TopicHealth, len(meta.Topics))
	lacking := make(map[string][]Partition)
	for i, t := range meta.Topics {
		found[i] = TopicHealth{newTopic(t), partitionsOf(meta, t)}
		found[i].countAll(found[i].PartitionList)
		if found[i].UnderReplicated > 0 {
			lacking[found[i].Name] = found[i].PartitionList
		}
	}
	c.markMoving(ctx, lacking)
	for i := range found {
		if list := lacking[found[i].Name]; list != nil {
			found[i].countAll(list)
		}
	}
	slices.SortFunc(found, func(a, b TopicHealth) int { return compareNames(a.Topic, b.Topic) })
	return found
}

// newTopic returns the one line about a topic's metadata, without the counts of what is wrong.
func newTopic(t kmsg.MetadataResponseTopic) Topic {
	topic := Topic{Internal: t.IsInternal, Partitions: len(t.Partitions)}
	if t.Topic != nil {
		topic.Name = *t.Topic
	}
	topic.Err = kafka.CodeError(kmsg.Metadata, topic.Name, t.ErrorCode, nil)
	if t.TopicID != [16]byte{} {
		topic.ID = base64.RawURLEncoding.EncodeToString(t.TopicID[:])
	}
	for i, p := range t.Partitions {
		if i == 0 || len(p.Replicas) < topic.ReplicationFactor {
			topic.ReplicationFactor = len(p.Replicas)
		}
	}
	return topic
}

// countAll counts the partitions with an issue anew.
func (t *Topic) countAll(partitions []Partition) {
	t.Leaderless, t.UnderReplicated = 0, 0
	for i := range partitions {
		t.count(&partitions[i])
	}
}

// count adds a partition to the counts of those with an issue.
func (t *Topic) count(p *Partition) {
	if p.Has(Leaderless) {
		t.Leaderless++
	}
	if p.Has(UnderReplicated) {
		t.UnderReplicated++
	}
}

// Topic returns the one line about a topic; a [*kafka.NotFoundError] when there is none.
func (c *Client) Topic(ctx context.Context, name string) (Topic, error) {
	meta, err := c.topicMetadata(ctx, name)
	if err != nil {
		return Topic{}, err
	}
	return c.countedTopics(ctx, meta)[0], nil
}

// topicMetadata asks for one topic, which is the only one of the answer; a
// [*kafka.NotFoundError] when there is none.
func (c *Client) topicMetadata(ctx context.Context, name string) (*kmsg.MetadataResponse, error) {
	meta, err := c.kafka.Metadata(ctx, c.kafka.Seed(), []string{name})
	if err != nil {
		return nil, err
	}
	if len(meta.Topics) == 0 {
		return nil, fmt.Errorf("describe topic: %w", topicLeftOut(name))
	}
	err = kafka.CodeError(kmsg.Metadata, name, meta.Topics[0].ErrorCode, nil)
	switch {
	case err == nil, errors.Is(err, kerr.LeaderNotAvailable):
		return meta, nil
	case errors.Is(err, kerr.UnknownTopicOrPartition):
		return nil, c.NotFound(ctx, name)
	default:
		return nil, kafka.Wrap(fmt.Sprintf("describe topic %q", name), err)
	}
}

// TopicConfig lists every setting in force of a topic by name.
func (c *Client) TopicConfig(ctx context.Context, name string) ([]Setting, error) {
	answers, err := describeConfigs(ctx, c.kafka.Seed(), kmsg.ConfigResourceTypeTopic, []string{name})
	if err == nil {
		err = answers[name].err
	}
	if err != nil {
		return nil, err
	}
	return answers[name].list(setOnTopic), nil
}

// NotFound returns the error of a topic that does not exist, with near names as far as
// they can be listed.
func (c *Client) NotFound(ctx context.Context, name string) error {
	names, _ := c.kafka.TopicNames(ctx)
	return &kafka.NotFoundError{Resource: kafka.ResourceTopic, Name: name, Near: nearest.Names(name, names, 3)}
}

func toInts(ids []int32) []int { return appendInts(make([]int, 0, len(ids)), ids) }

func appendInts(ints []int, ids []int32) []int {
	for _, id := range ids {
		ints = append(ints, int(id))
	}
	return ints
}
