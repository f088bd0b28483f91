package kafka

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// LogBounds is where the log of a partition begins and ends, and when.
type LogBounds struct {
	Start, End  int64     // -1: not known
	Stable      int64     // where the first open transaction begins, or End; -1: not known
	First, Last time.Time // zero: there is no record, or it is not known
	Err         error     // why neither Start nor End is known
}

// LogBoundsOn asks the broker with the id about partitions of one topic that it leads, with all
// questions at the same time. The error is that it could not be asked.
func (c *Client) LogBoundsOn(ctx context.Context, id int32, topic string, partitions []int32) (map[int32]LogBounds, error) {
	requests := make([]*kmsg.ListOffsetsRequest, 0, 5)
	for _, timestamp := range []int64{LogStart, LogEnd, FirstRecord, LatestRecord, LogEnd} {
		requests = append(requests, offsetRequest(topic, partitions, timestamp))
	}
	requests[4].IsolationLevel = 1
	answers := make([]map[TopicPartition]ListedOffset, len(requests))
	errs := make([]error, len(requests))
	var asking sync.WaitGroup
	for i, req := range requests {
		asking.Go(func() {
			if answers[i], errs[i] = c.ListOffsets(ctx, id, req); errs[i] != nil {
				errs[i] = fmt.Errorf("list offsets: %w", errs[i])
			}
		})
	}
	asking.Wait()
	if err := errors.Join(errs[0], errs[1]); err != nil {
		return nil, err
	}
	found := make(map[int32]LogBounds, len(partitions))
	for _, p := range partitions {
		at := TopicPartition{topic, p}
		bounds := LogBounds{Start: -1, End: -1, Stable: offsetOr(answers[4], at), Err: errors.Join(boundError(answers[0], at), boundError(answers[1], at))}
		if bounds.Err == nil {
			bounds.Start, bounds.End = answers[0][at].Offset, answers[1][at].Offset
		}
		if bounds.End > bounds.Start { // an empty log keeps the times of what was deleted
			bounds.First, bounds.Last = recordTime(answers[2], at), recordTime(answers[3], at)
		}
		found[p] = bounds
	}
	return found, nil
}

// LogEnds asks the broker with the id where the log of a partition that it leads begins and ends:
// start is the offset of the first record that is still there, end is behind the last one. It asks
// no other broker. kadm's requests go to the leaders of all partitions of the topic, and wait for
// each.
func (c *Client) LogEnds(ctx context.Context, id int32, at TopicPartition) (start, end int64, err error) {
	if start, err = c.logEnd(ctx, id, at, LogStart); err != nil {
		return 0, 0, err
	}
	end, err = c.logEnd(ctx, id, at, LogEnd)
	return start, end, err
}

func (c *Client) logEnd(ctx context.Context, id int32, at TopicPartition, timestamp int64) (int64, error) {
	answer, err := c.ListOffsets(ctx, id, offsetRequest(at.Topic, []int32{at.Partition}, timestamp))
	if err == nil {
		err = boundError(answer, at)
	}
	if err != nil {
		return 0, fmt.Errorf("ask broker %d for its offsets: %w", id, err)
	}
	return answer[at].Offset, nil
}

// offsetRequest asks for the offset at a timestamp in partitions of one topic, whatever the epoch
// of their leader.
func offsetRequest(topic string, partitions []int32, timestamp int64) *kmsg.ListOffsetsRequest {
	asked := kmsg.NewListOffsetsRequestTopic()
	asked.Topic = topic
	for _, p := range partitions {
		one := kmsg.NewListOffsetsRequestTopicPartition()
		one.Partition, one.Timestamp = p, timestamp
		asked.Partitions = append(asked.Partitions, one)
	}
	req := kmsg.NewPtrListOffsetsRequest()
	req.Topics = append(req.Topics, asked)
	return req
}

// boundError returns why an answer does not say where the log of a partition begins or ends.
func boundError(answer map[TopicPartition]ListedOffset, at TopicPartition) error {
	listed, ok := answer[at]
	if !ok {
		return fmt.Errorf("the answer leaves partition %d out", at.Partition)
	}
	return listed.Err
}

// recordTime returns the time of a listed record; zero when there is no such record, or the broker
// is too old to look for it.
func recordTime(answer map[TopicPartition]ListedOffset, at TopicPartition) time.Time {
	listed, ok := answer[at]
	if !ok || listed.Err != nil || listed.Offset < 0 || listed.Timestamp < 0 {
		return time.Time{}
	}
	return time.UnixMilli(listed.Timestamp).UTC()
}
