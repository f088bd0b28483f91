package admin

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// actingLeaders returns nil when every leader acts as one, and an [*UnsettledError] for the first
// that does not. In KRaft, Metadata names a leader before that broker has opened the partition: for
// hundreds of milliseconds after a creation it answers NOT_LEADER_FOR_PARTITION, and so does a
// produce. Each leader is asked for the end offset of what it leads, which reads only, needs no
// more than Describe on the topic, and meets the same judgement.
//
// v is what a broker has shown, with a live leader for every partition.
func (c *Client) actingLeaders(ctx context.Context, v view) error {
	for part := range slices.Chunk(v.meta.Topics, topicsPerLook) {
		some := *v.meta
		some.Topics = part
		if err := c.actingLeadersOf(ctx, &some); err != nil {
			return err
		}
	}
	return nil
}

// actingLeadersOf is actingLeaders for so many topics as are asked for at once.
func (c *Client) actingLeadersOf(ctx context.Context, meta *kmsg.MetadataResponse) error {
	led := kafka.OffsetRequests(meta, kafka.LogEnd)
	var leaders []kafka.Broker
	for _, b := range kafka.SortedBrokers(meta) {
		if led[b.NodeID] != nil {
			leaders = append(leaders, kafka.BrokerOf(b))
		}
	}
	for _, at := range kafka.AskEach(ctx, leaders, func(ctx context.Context, id int32) (idle, error) {
		return c.idleOn(ctx, id, led[id])
	}) {
		if at.Err != nil {
			return &UnsettledError{Broker: at.Name, What: at.What(), Cause: at.Err}
		}
		if at.Value != (idle{}) {
			return &UnsettledError{Broker: at.Name, Topic: at.Value.topic, What: at.Value.what}
		}
	}
	return nil
}

// idle is a partition whose leader does not act as one.
type idle struct{ topic, what string }

// idleOn returns the first partition of req that broker id does not act for, zero when it acts for
// all. A topic that may not be asked about is taken on Metadata's word.
func (c *Client) idleOn(ctx context.Context, id int32, req *kmsg.ListOffsetsRequest) (idle, error) {
	listed, err := c.kafka.ListOffsets(ctx, id, req)
	if err != nil {
		return idle{}, fmt.Errorf("list offsets: %w", err)
	}
	for _, t := range req.Topics {
		for _, p := range t.Partitions {
			offset, answered := listed[kafka.TopicPartition{Topic: t.Topic, Partition: p.Partition}]
			var refusal *kerr.Error
			switch {
			case !answered:
				return idle{t.Topic, (&LeftOutError{Item: fmt.Sprintf("partition %d", p.Partition)}).Error()}, nil
			case errors.As(offset.Err, &refusal) && !errors.Is(offset.Err, kerr.TopicAuthorizationFailed):
				return idle{t.Topic, fmt.Sprintf("partition %d is not led there yet (%s)", p.Partition, refusal.Message)}, nil
			}
		}
	}
	return idle{}, nil
}
