package admin

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

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

// TopicDetail is all there is to tell about a topic.
type TopicDetail struct {
	Topic
	PartitionList []Partition
	// Config lists every setting in force by name.
	Config []Setting
}

// Partition is one partition of a topic.
type Partition struct {
	ID     int
	Leader int // -1: none
	// Replicas in assignment order: the first is the preferred leader.
	Replicas []int
	ISR      []int
	// LogStart and End are offsets: the first one still there, and the next one to
	// be written. -1 when the leader could not be asked.
	LogStart int64
	End      int64
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
	meta, err := c.metadata(ctx, c.any, nil)
	if err != nil {
		return nil, fmt.Errorf("list topics: %w", err)
	}
	topics := make([]Topic, 0, len(meta.Topics))
	for _, t := range meta.Topics {
		topics = append(topics, summarize(t))
	}
	slices.SortFunc(topics, func(a, b Topic) int { return cmp.Compare(a.Name, b.Name) })
	return topics, nil
}

// summarize is the one line about a topic's metadata.
func summarize(t kmsg.MetadataResponseTopic) Topic {
	topic := Topic{Internal: t.IsInternal, Partitions: len(t.Partitions)}
	if t.Topic != nil {
		topic.Name = *t.Topic
	}
	topic.Err = brokerError(kmsg.Metadata, topic.Name, t.ErrorCode, nil)
	if t.TopicID != [16]byte{} {
		topic.ID = base64.RawURLEncoding.EncodeToString(t.TopicID[:])
	}
	for i, p := range t.Partitions {
		if i == 0 || len(p.Replicas) < topic.ReplicationFactor {
			topic.ReplicationFactor = len(p.Replicas)
		}
		switch {
		case p.Leader < 0:
			topic.Leaderless++
		case len(p.ISR) < len(p.Replicas):
			topic.UnderReplicated++
		}
	}
	return topic
}

// Topic tells the one line about a topic; a [*NotFoundError] when there is none.
func (c *Client) Topic(ctx context.Context, name string) (Topic, error) {
	found, err := c.topicMetadata(ctx, name)
	return summarize(found), err
}

// topicMetadata asks for one topic; a [*NotFoundError] when there is none.
func (c *Client) topicMetadata(ctx context.Context, name string) (kmsg.MetadataResponseTopic, error) {
	meta, err := c.metadata(ctx, c.any, []string{name})
	if err != nil {
		return kmsg.MetadataResponseTopic{}, err
	}
	found := meta.Topics[0]
	err = brokerError(kmsg.Metadata, name, found.ErrorCode, nil)
	switch {
	case err == nil, errors.Is(err, kerr.LeaderNotAvailable):
		return found, nil
	case errors.Is(err, kerr.UnknownTopicOrPartition):
		return found, c.NotFound(ctx, name)
	default:
		return found, failed(fmt.Sprintf("describe topic %q", name), err)
	}
}

// DescribeTopic tells all about one topic; a [*NotFoundError] when there is none.
func (c *Client) DescribeTopic(ctx context.Context, name string) (TopicDetail, error) {
	found, err := c.topicMetadata(ctx, name)
	if err != nil {
		return TopicDetail{}, err
	}
	detail := TopicDetail{Topic: summarize(found)}
	for _, p := range found.Partitions {
		detail.PartitionList = append(detail.PartitionList, Partition{
			ID: int(p.Partition), Leader: int(p.Leader), Replicas: toInts(p.Replicas), ISR: toInts(p.ISR),
			LogStart: -1, End: -1,
		})
	}
	slices.SortFunc(detail.PartitionList, func(a, b Partition) int { return cmp.Compare(a.ID, b.ID) })
	if detail.Config, err = c.TopicConfig(ctx, name); err != nil {
		return TopicDetail{}, err
	}
	c.fillOffsets(ctx, name, detail.PartitionList)
	return detail, nil
}

// fillOffsets asks each partition's leader; a leader that does not answer soon leaves
// -1: a frozen one must not take the rest of the description with it.
func (c *Client) fillOffsets(ctx context.Context, name string, partitions []Partition) {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	span := c.offsets(ctx, name)
	for i := range partitions {
		p := &partitions[i]
		p.LogStart, p.End = span(name, p.ID)
	}
}

// offsets asks the leaders where the partitions of topics begin and end; -1 stands for
// what none of them told before ctx ended. No topics would mean all.
func (c *Client) offsets(ctx context.Context, topics ...string) (span func(topic string, partition int) (start, end int64)) {
	var (
		starts, ends     kadm.ListedOffsets
		startErr, endErr error
		asking           sync.WaitGroup
	)
	asking.Go(func() {
		starts, startErr = promptly(ctx, func() (kadm.ListedOffsets, error) { return c.adm.ListStartOffsets(ctx, topics...) })
	})
	asking.Go(func() {
		ends, endErr = promptly(ctx, func() (kadm.ListedOffsets, error) { return c.adm.ListEndOffsets(ctx, topics...) })
	})
	asking.Wait()
	return func(topic string, partition int) (start, end int64) {
		return offsetOf(starts, startErr, topic, partition), offsetOf(ends, endErr, topic, partition)
	}
}

// offsetOf is -1 unless the leader answered. A shard error (some broker did not
// answer) leaves the answers of the others usable.
func offsetOf(listed kadm.ListedOffsets, err error, topic string, partition int) int64 {
	var shards *kadm.ShardErrors
	if err != nil && !errors.As(err, &shards) {
		return -1
	}
	offset, ok := listed.Lookup(topic, int32(partition))
	if !ok || offset.Err != nil {
		return -1
	}
	return offset.Offset
}

// TopicConfig lists every setting in force of a topic by name.
func (c *Client) TopicConfig(ctx context.Context, name string) ([]Setting, error) {
	resources, err := describeConfigs(ctx, c.any, []string{name})
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
	topics, err := c.ListTopics(ctx)
	if err != nil {
		return &NotFoundError{Resource: ResourceTopic, Name: name}
	}
	names := make([]string, 0, len(topics))
	for _, t := range topics {
		if !t.Internal {
			names = append(names, t.Name)
		}
	}
	return &NotFoundError{Resource: ResourceTopic, Name: name, Near: topicspec.Nearest(name, names, 3)}
}

func toInts(ids []int32) []int {
	ints := make([]int, len(ids))
	for i, id := range ids {
		ints[i] = int(id)
	}
	return ints
}
