package kafka

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// TopicPartition names a partition.
type TopicPartition struct {
	Topic     string
	Partition int32
}

// String returns the partition as "order.created/2".
func (p TopicPartition) String() string { return fmt.Sprintf("%s/%d", p.Topic, p.Partition) }

// Timestamps that ListOffsets takes for a place in the log in place of a time.
const (
	LogStart     = -2
	LogEnd       = -1
	LatestRecord = -3 // the one with the greatest time (KIP-734, Kafka 3.0)
	FirstRecord  = 0  // the first one that has a time at all
)

// latestRecordVersion is the first version of ListOffsets with [LatestRecord]. A broker that is older takes it
// for a time, and answers with the first record.
const latestRecordVersion = 7

// AtTime returns what ListOffsets takes for the first record of that time or later. For a time before
// 1970 that is [LogStart]: what is below 0 means places to Kafka (KIP-79, KIP-734, KIP-405), and -1,
// a millisecond before 1970, the end.
func AtTime(t time.Time) int64 {
	if ms := t.UnixMilli(); ms >= 0 {
		return ms
	}
	return LogStart
}

// ErrNoLeader says that nobody can be asked about a partition.
var ErrNoLeader = errors.New("no broker leads it")

// ListedOffset is what the leader of a partition answered about it.
type ListedOffset struct {
	Offset    int64 // -1: there is no such record
	Timestamp int64 // of the record at Offset, in milliseconds; -1 for the ends of the log
	Err       error // a refusal in the form of [CodeError]
}

// ListOffsets sends a request of [OffsetRequests] to the broker with the id. A partition that the
// answer leaves out is absent; where a broker does not know [LatestRecord] the error is
// [kerr.UnsupportedVersion]. The error is that the broker could not be asked.
func (c *Client) ListOffsets(ctx context.Context, id int32, req *kmsg.ListOffsetsRequest) (map[TopicPartition]ListedOffset, error) {
	resp, err := req.RequestWith(ctx, c.On(id))
	if err != nil {
		return nil, err
	}
	listed := make(map[TopicPartition]ListedOffset)
	for _, t := range resp.Topics {
		for _, p := range t.Partitions {
			listed[TopicPartition{t.Topic, p.Partition}] = ListedOffset{
				p.Offset, p.Timestamp, CodeError(kmsg.ListOffsets, t.Topic, p.ErrorCode, nil),
			}
		}
	}
	if resp.Version < latestRecordVersion {
		for _, t := range req.Topics {
			for _, p := range t.Partitions {
				if p.Timestamp == LatestRecord {
					listed[TopicPartition{t.Topic, p.Partition}] = ListedOffset{-1, -1, CodeError(kmsg.ListOffsets, t.Topic, kerr.UnsupportedVersion.Code, nil)}
				}
			}
		}
	}
	return listed, nil
}

// OffsetRequests returns the requests that ask for the offset at a timestamp in every partition of
// meta, by leader: -1 for the partitions that have none.
func OffsetRequests(meta *kmsg.MetadataResponse, timestamp int64) map[int32]*kmsg.ListOffsetsRequest {
	return offsetRequests(meta, func(string) int64 { return timestamp })
}

// offsetRequests is [OffsetRequests] with a timestamp for each topic.
func offsetRequests(meta *kmsg.MetadataResponse, timestamp func(topic string) int64) map[int32]*kmsg.ListOffsetsRequest {
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
			partition.Partition, partition.CurrentLeaderEpoch, partition.Timestamp = p.Partition, p.LeaderEpoch, timestamp(*t.Topic)
			req.Topics[last].Partitions = append(req.Topics[last].Partitions, partition)
		}
	}
	return led
}

// StableRequest returns the request that asks the leader of partitions for their last stable offsets:
// where the first open transaction begins, or the end of the log.
func StableRequest(partitions []TopicPartition) *kmsg.ListOffsetsRequest {
	req := kmsg.NewPtrListOffsetsRequest()
	req.IsolationLevel = 1
	topics := make(map[string]int)
	for _, at := range partitions {
		i, ok := topics[at.Topic]
		if !ok {
			i = len(req.Topics)
			topics[at.Topic] = i
			topic := kmsg.NewListOffsetsRequestTopic()
			topic.Topic = at.Topic
			req.Topics = append(req.Topics, topic)
		}
		p := kmsg.NewListOffsetsRequestTopicPartition()
		p.Partition, p.Timestamp = at.Partition, LogEnd
		req.Topics[i].Partitions = append(req.Topics[i].Partitions, p)
	}
	return req
}

// OffsetsAt asks the leaders for the offset at a timestamp in every partition of meta, each leader
// once and for [AskTimeout] at most. Every partition is in the answer: one whose leader could not
// be asked, or left it out, has offset -1 and an error.
func (c *Client) OffsetsAt(ctx context.Context, meta *kmsg.MetadataResponse, timestamp int64) map[TopicPartition]ListedOffset {
	return c.OffsetsOf(ctx, meta, func(string) int64 { return timestamp })
}

// OffsetsOf is [Client.OffsetsAt] with a timestamp for each topic.
func (c *Client) OffsetsOf(ctx context.Context, meta *kmsg.MetadataResponse, timestamp func(topic string) int64) map[TopicPartition]ListedOffset {
	led := offsetRequests(meta, timestamp)
	var leaders []Broker
	for id := range led {
		leaders = append(leaders, Broker{ID: id, Name: fmt.Sprintf("broker %d", id)})
	}
	found := make(map[TopicPartition]ListedOffset)
	for _, at := range AskEach(ctx, leaders, func(ctx context.Context, id int32) (map[TopicPartition]ListedOffset, error) {
		if id < 0 {
			return nil, ErrNoLeader
		}
		return c.ListOffsets(ctx, id, led[id])
	}) {
		for _, t := range led[at.ID].Topics {
			for _, p := range t.Partitions {
				partition := TopicPartition{t.Topic, p.Partition}
				found[partition] = answerFor(at, partition)
			}
		}
	}
	return found
}

// answerFor returns the answer of one leader about one partition.
func answerFor(leader Answer[map[TopicPartition]ListedOffset], partition TopicPartition) ListedOffset {
	listed, ok := leader.Value[partition]
	switch {
	case errors.Is(leader.Err, ErrNoLeader):
		return ListedOffset{-1, -1, ErrNoLeader}
	case leader.Err != nil:
		return ListedOffset{-1, -1, fmt.Errorf("%s: %w", leader.Name, leader.Err)}
	case !ok:
		return ListedOffset{-1, -1, errors.New("its leader says nothing of it")}
	default:
		return listed
	}
}

// Offsets asks the leaders where the partitions of topics begin and end. span returns -1 for what
// none of them answered before ctx ended.
func (c *Client) Offsets(ctx context.Context, topics ...string) (span func(topic string, partition int) (start, end int64)) {
	var (
		starts, ends map[TopicPartition]ListedOffset
		asking       sync.WaitGroup
	)
	if meta, err := c.Metadata(ctx, c.Any, topics); err == nil {
		asking.Go(func() { starts = c.OffsetsAt(ctx, meta, LogStart) })
		asking.Go(func() { ends = c.OffsetsAt(ctx, meta, LogEnd) })
		asking.Wait()
	}
	return func(topic string, partition int) (start, end int64) {
		at := TopicPartition{topic, int32(partition)}
		return offsetOr(starts, at), offsetOr(ends, at)
	}
}

// offsetOr returns the offset of a partition, -1 when it is not known.
func offsetOr(listed map[TopicPartition]ListedOffset, at TopicPartition) int64 {
	if found, ok := listed[at]; ok && found.Err == nil {
		return found.Offset
	}
	return -1
}
