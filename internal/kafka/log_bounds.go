package kafka

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// More timestamps that ListOffsets takes for a place in the log.
const (
	latestRecord = -3 // the one with the greatest time (KIP-734, Kafka 3.0)
	firstRecord  = 0  // the first one that has a time at all
)

// landmarks is where a partition's log begins and ends, and when.
type LogBounds struct {
	Start, End  int64     // -1: not told
	First, Last time.Time // zero: no record, or not told
	Err         error     // why the leader told neither start nor end
}

// landmarksOn asks a leader about partitions of one topic, every question at once. The
// error is that it could not be asked.
func (c *Client) LogBoundsOn(ctx context.Context, id int32, topic string, partitions []int32) (map[int32]LogBounds, error) {
	moments := []int64{LogStart, LogEnd, firstRecord, latestRecord}
	answers := make([]map[int32]kmsg.ListOffsetsResponseTopicPartition, len(moments))
	errs := make([]error, len(moments))
	var asking sync.WaitGroup
	for i, moment := range moments {
		asking.Go(func() { answers[i], errs[i] = c.listOffsetsOn(ctx, id, topic, partitions, moment) })
	}
	asking.Wait()
	if err := errors.Join(errs[0], errs[1]); err != nil {
		return nil, err
	}
	told := make(map[int32]LogBounds, len(partitions))
	for _, p := range partitions {
		mark := LogBounds{Start: -1, End: -1, Err: errors.Join(toldError(answers[0], p), toldError(answers[1], p))}
		if mark.Err == nil {
			mark.Start, mark.End = answers[0][p].Offset, answers[1][p].Offset
		}
		if mark.End > mark.Start { // an empty log keeps the times of what was deleted
			mark.First, mark.Last = timeTold(answers[2], p), timeTold(answers[3], p)
		}
		told[p] = mark
	}
	return told, nil
}

// listOffsetsOn asks one leader where the partitions of a topic are at a moment.
func (c *Client) listOffsetsOn(ctx context.Context, id int32, topic string, partitions []int32, moment int64) (map[int32]kmsg.ListOffsetsResponseTopicPartition, error) {
	asked := kmsg.NewListOffsetsRequestTopic()
	asked.Topic = topic
	for _, p := range partitions {
		one := kmsg.NewListOffsetsRequestTopicPartition()
		one.Partition, one.Timestamp = p, moment
		asked.Partitions = append(asked.Partitions, one)
	}
	req := kmsg.NewPtrListOffsetsRequest()
	req.Topics = append(req.Topics, asked)
	resp, err := req.RequestWith(ctx, c.On(id))
	if err != nil {
		return nil, fmt.Errorf("list offsets: %w", err)
	}
	told := make(map[int32]kmsg.ListOffsetsResponseTopicPartition, len(partitions))
	for _, t := range resp.Topics {
		for _, p := range t.Partitions {
			told[p.Partition] = p
		}
	}
	return told, nil
}

// toldError is why a leader did not tell about a partition.
func toldError(told map[int32]kmsg.ListOffsetsResponseTopicPartition, partition int32) error {
	p, ok := told[partition]
	if !ok {
		return fmt.Errorf("the answer leaves partition %d out", partition)
	}
	return kerr.ErrorForCode(p.ErrorCode)
}

// timeTold is zero when there is no such record, or the broker is too old to look.
func timeTold(told map[int32]kmsg.ListOffsetsResponseTopicPartition, partition int32) time.Time {
	p, ok := told[partition]
	if !ok || p.ErrorCode != 0 || p.Offset < 0 || p.Timestamp < 0 {
		return time.Time{}
	}
	return time.UnixMilli(p.Timestamp).UTC()
}

// offsets asks the leaders where the partitions of topics begin and end; -1 stands for
// what none of them told before ctx ended. No topics would mean all.
func (c *Client) Offsets(ctx context.Context, topics ...string) (span func(topic string, partition int) (start, end int64)) {
	var (
		starts, ends     kadm.ListedOffsets
		startErr, endErr error
		asking           sync.WaitGroup
	)
	asking.Go(func() {
		starts, startErr = UntilDone(ctx, func() (kadm.ListedOffsets, error) { return c.Adm.ListStartOffsets(ctx, topics...) })
	})
	asking.Go(func() {
		ends, endErr = UntilDone(ctx, func() (kadm.ListedOffsets, error) { return c.Adm.ListEndOffsets(ctx, topics...) })
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
