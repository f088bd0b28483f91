package admin

import (
	"context"
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// actingLeaders returns nil when every leader acts as one, and an [*UnsettledError] for the first
// that does not. In KRaft, Metadata names a leader before that broker has opened the partition: for
// hundreds of milliseconds after a creation it answers NOT_LEADER_FOR_PARTITION, and so does a
// produce. Each leader is asked for the end offset of what it leads, which reads only, needs no more
// than Describe on the topic, and meets the same judgement.
//
// v is what a broker has shown, with a live leader for every partition.
func (c *Client) actingLeaders(ctx context.Context, v view) error {
	led := offsetsAt(v.meta, endOfLog)
	var leaders []broker
	for _, b := range sortedBrokers(v.meta) {
		if led[b.NodeID] != nil {
			leaders = append(leaders, named(b))
		}
	}
	for _, at := range askEach(ctx, leaders, func(ctx context.Context, id int32) (idle, error) {
		return c.idleOn(ctx, id, led[id])
	}) {
		if at.err != nil {
			return &UnsettledError{Broker: at.name, What: at.err.Error(), Cause: at.err}
		}
		if at.value != (idle{}) {
			return &UnsettledError{Broker: at.name, Topic: at.value.topic, What: at.value.what}
		}
	}
	return nil
}

// idle is a partition whose leader does not act as one.
type idle struct{ topic, what string }

// idleOn returns the first partition of req that broker id does not act for, zero when it acts for
// all. A topic that may not be asked about is taken on Metadata's word.
func (c *Client) idleOn(ctx context.Context, id int32, req *kmsg.ListOffsetsRequest) (idle, error) {
	resp, err := req.RequestWith(ctx, c.on(id))
	if err != nil {
		return idle{}, fmt.Errorf("list offsets: %w", err)
	}
	type partition struct {
		topic string
		id    int32
	}
	answers := make(map[partition]*kerr.Error)
	for _, t := range resp.Topics {
		for _, p := range t.Partitions {
			answers[partition{t.Topic, p.Partition}] = kerr.TypedErrorForCode(p.ErrorCode)
		}
	}
	for _, t := range req.Topics {
		for _, p := range t.Partitions {
			switch err, answered := answers[partition{t.Topic, p.Partition}]; {
			case !answered:
				return idle{t.Topic, (&LeftOutError{Item: fmt.Sprintf("partition %d", p.Partition)}).Error()}, nil
			case err != nil && !errors.Is(err, kerr.TopicAuthorizationFailed):
				return idle{t.Topic, fmt.Sprintf("partition %d is not led there yet (%s)", p.Partition, err.Message)}, nil
			}
		}
	}
	return idle{}, nil
}

// Timestamps that ListOffsets takes for the ends of a log.
const (
	startOfLog = -2
	endOfLog   = -1
)

// offsetsAt asks, by leader, for the offset at a timestamp in every partition.
func offsetsAt(meta *kmsg.MetadataResponse, timestamp int64) map[int32]*kmsg.ListOffsetsRequest {
	led := make(map[int32]*kmsg.ListOffsetsRequest)
	for _, t := range meta.Topics {
		for _, p := range t.Partitions {
			req := led[p.Leader]
			if req == nil {
				req = kmsg.NewPtrListOffsetsRequest()
				led[p.Leader] = req
			}
			last := len(req.Topics) - 1
			if last < 0 || req.Topics[last].Topic != *t.Topic {
				topic := kmsg.NewListOffsetsRequestTopic()
				topic.Topic = *t.Topic
				req.Topics = append(req.Topics, topic)
				last++
			}
			partition := kmsg.NewListOffsetsRequestTopicPartition()
			partition.Partition, partition.CurrentLeaderEpoch, partition.Timestamp = p.Partition, p.LeaderEpoch, timestamp
			req.Topics[last].Partitions = append(req.Topics[last].Partitions, partition)
		}
	}
	return led
}
