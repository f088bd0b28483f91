package admin

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// Topic is one line about a topic.
type Topic struct {
	Name string
	// ID is the topic's UUID (KIP-516) as Kafka writes it, base64; "" on brokers that
	// have none.
	ID       string
	Internal bool
	// Partitions and ReplicationFactor; the factor is the smallest of all partitions.
	Partitions        int
	ReplicationFactor int
	// UnderReplicated counts partitions with fewer replicas in sync than replicas,
	// Leaderless those that no broker leads.
	UnderReplicated int
	Leaderless      int
	// Err is why the topic could not be read, nil otherwise.
	Err error
}

// Setting is one topic setting in force. Value is "" when it is sensitive.
type Setting struct {
	Name     string
	Value    string
	Source   string // Kafka's word, "DYNAMIC_TOPIC_CONFIG"
	Override bool   // set on the topic itself
}

// ListTopics lists all topics by name, internal ones included. Topics that the
// client may not see are absent: Kafka does not tell.
func (c *Client) ListTopics(ctx context.Context) ([]Topic, error) {
	meta, err := c.kafka.Metadata(ctx, c.kafka.Seed(), nil)
	if err != nil {
		return nil, fmt.Errorf("list topics: %w", err)
	}
	topics := make([]Topic, 0, len(meta.Topics))
	for _, t := range meta.Topics {
		topics = append(topics, summarize(t))
	}
	slices.SortFunc(topics, compareNames)
	return topics, nil
}

// summarize is the one line about a topic's metadata.
func summarize(t kmsg.MetadataResponseTopic) Topic {
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
		if p.Leader < 0 {
			topic.Leaderless++
		}
		if len(p.ISR) < len(p.Replicas) {
			topic.UnderReplicated++
		}
	}
	return topic
}

// Topic tells the one line about a topic; a [*kafka.NotFoundError] when there is none.
func (c *Client) Topic(ctx context.Context, name string) (Topic, error) {
	meta, err := c.topicMetadata(ctx, name)
	if err != nil {
		return Topic{}, err
	}
	return summarize(meta.Topics[0]), nil
}

// topicMetadata asks for one topic, which is the only one of the answer; a
// [*kafka.NotFoundError] when there is none.
func (c *Client) topicMetadata(ctx context.Context, name string) (*kmsg.MetadataResponse, error) {
	meta, err := c.kafka.Metadata(ctx, c.kafka.Seed(), []string{name})
	if err != nil {
		return nil, err
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
	resources, err := describeConfigs(ctx, c.kafka.Seed(), []string{name})
	if err != nil {
		return nil, err
	}
	var settings []Setting
	for _, r := range resources {
		if err := settingsError(r); err != nil {
			return nil, err
		}
		for _, s := range r.Configs {
			setting := Setting{Name: s.Name, Source: s.Source.String(), Override: s.Source == kmsg.ConfigSourceDynamicTopicConfig}
			if s.Value != nil {
				setting.Value = *s.Value
			}
			settings = append(settings, setting)
		}
	}
	slices.SortFunc(settings, func(a, b Setting) int { return cmp.Compare(a.Name, b.Name) })
	return settings, nil
}

// NotFound is the error of a topic that does not exist, with near names as far as
// they can be listed.
func (c *Client) NotFound(ctx context.Context, name string) error {
	names, _ := c.kafka.TopicNames(ctx)
	return &kafka.NotFoundError{Resource: kafka.ResourceTopic, Name: name, Near: topicspec.Nearest(name, names, 3)}
}

func toInts(ids []int32) []int {
	ints := make([]int, len(ids))
	for i, id := range ids {
		ints[i] = int(id)
	}
	return ints
}
