package record

import (
	"context"
	"encoding/binary"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

const (
	// answerBytes is how many bytes an answer may have once it is decompressed. Two answers of
	// each broker are in memory at once, so this bounds the memory of a reader; kgo's default,
	// 50 MiB on the wire, does not. A single batch that is larger is sent nevertheless.
	answerBytes = 4 << 20
	// firstBytes is the budget on the wire before it is known how well records compress, and
	// leastBytes the smallest budget: each answer costs a request.
	firstBytes, leastBytes = 512 << 10, 256 << 10
	// partitionBytes bounds one partition, so that an answer has room for several.
	partitionBytes = 1 << 20
	// maxWaitMillis is how long a broker may wait for records when it has none.
	maxWaitMillis = 500
)

// cursor is a span and how far it was read.
type cursor struct {
	Span
	next   int64 // the offset that is read next
	leader int32 // noLeader while it is not known
	// held says that the partition is not asked for, because the bounds of its log are being
	// looked up.
	held     bool
	refusals int // of the offset next, in a row
	// epoch is the leader epoch of what was read last before next, -1 when it is not known.
	epoch int32
	// doubted says that nothing shows that the topic still is the one with TopicID: a broker refused
	// that id, or knows none.
	doubted bool
	hidden  hidden
}

const noLeader = -1

// done reports whether the partition is read to its end.
func (c *cursor) done() bool { return c.next >= c.End }

// question is one Fetch request: the cursors of a broker, and copies of them as they were when
// it was asked. The goroutine of the request reads the copies only.
type question struct {
	broker  int32
	cursors []*cursor
	asked   []cursor
}

func (q *question) add(c *cursor) {
	q.cursors, q.asked = append(q.cursors, c), append(q.asked, *c)
}

// reply is the answer to a question.
type reply struct {
	question
	parts []partReply
	err   error // why there is no answer
	// byName says that the broker does not know the topics by their ids.
	byName bool
}

// firstWithIDs is the version of Fetch from which on topics have ids in it (KIP-516).
const firstWithIDs = 13

// partReply is the answer for one partition.
type partReply struct {
	Batch
	i   int   // the partition is that of cursors[i] of the question
	err error // of the broker, or of decoding; Batch may have records nevertheless

	epoch        int32 // of the last batch before Next; -1: there is none
	stable, high int64 // the last stable offset and the high watermark, -1 where not known
	// diverging, unless it is nil, says that the log does not have what was read before the offset.
	diverging *kmsg.FetchResponseTopicPartitionDivergingEpoch
}

// fetch asks one broker and decodes its answer.
func (r *Reader) fetch(ctx context.Context, q question) reply {
	resp, err := kafka.Fetch(ctx, r.kafka.Kgo.Broker(int(q.broker)), r.request(q))
	if err != nil {
		return reply{question: q, err: err}
	}
	return reply{question: q, parts: r.decode(q, resp), byName: resp.Version < firstWithIDs}
}

// request returns the Fetch request of a question.
func (r *Reader) request(q question) *kmsg.FetchRequest {
	places := make([]kafka.FetchPlace, len(q.asked))
	for i, c := range q.asked {
		places[i] = kafka.FetchPlace{TopicPartition: c.at(), TopicID: c.TopicID, Offset: c.next, LastEpoch: c.epoch, MaxBytes: partitionBytes}
	}
	req := kafka.FetchRequest(places, r.budget.Load())
	req.MaxWaitMillis, req.MinBytes = maxWaitMillis, 1
	if r.opts.Uncommitted {
		req.IsolationLevel = 0
	}
	return req
}

// decode returns the parts of an answer, without the records outside their spans, and adapts
// the budget of the next answer.
func (r *Reader) decode(q question, resp *kmsg.FetchResponse) []partReply {
	asked := make(map[kafka.TopicPartition]int, len(q.asked))
	for i, c := range q.asked {
		asked[c.at()] = i
	}
	isolation := kgo.ReadCommitted()
	if r.opts.Uncommitted {
		isolation = kgo.ReadUncommitted()
	}
	decompressor := newKeepingDecompressor()
	var parts []partReply
	var packed, unpacked int64
	weigh := func(m kgo.FetchBatchMetrics) {
		packed, unpacked = packed+int64(m.CompressedBytes), unpacked+int64(m.UncompressedBytes)
	}
	for t := range resp.Topics {
		topic := &resp.Topics[t]
		for j := range topic.Partitions {
			p := &topic.Partitions[j]
			i, ok := asked[kafka.TopicPartition{Topic: topic.Topic, Partition: p.Partition}]
			if !ok {
				continue
			}
			c := q.asked[i]
			got, next := kgo.ProcessFetchPartition(kgo.ProcessFetchPartitionOpts{
				Offset: c.next, IsolationLevel: isolation, Topic: c.Topic, Partition: c.Partition,
			}, p, decompressor, weigh)
			exactTimestamps(p.RecordBatches, decompressor, got.Records)
			batch := Batch{Topic: c.Topic, Partition: c.Partition, Records: beforeEnd(got.Records, c.End), Next: min(next, c.End)}
			part := partReply{
				Batch: batch, i: i, err: got.Err, epoch: epochBefore(p.RecordBatches, batch.Next),
				stable: got.LastStableOffset, high: got.HighWatermark,
			}
			if p.DivergingEpoch.EndOffset >= 0 {
				part.diverging = &p.DivergingEpoch
			}
			parts = append(parts, part)
		}
	}
	if packed > 0 && unpacked > 0 {
		r.budget.Store(int32(min(max(answerBytes*packed/unpacked, leastBytes), answerBytes)))
	}
	return parts
}

// epochBefore returns the leader epoch of the batch that ends just before offset next, -1 when batches
// have none such. Batches are as on the wire; before Kafka 0.11 they had no epoch.
func epochBefore(batches []byte, next int64) int32 {
	const (
		lengthAt, epochAt, magicAt, deltaAt = 8, 12, 16, 23 // of the fields of a header
		headerSize                          = deltaAt + 4   // as far as it is read here
	)
	for len(batches) >= headerSize {
		length := int64(int32(binary.BigEndian.Uint32(batches[lengthAt:]))) + lengthAt + 4
		if length < headerSize || length > int64(len(batches)) || batches[magicAt] < 2 {
			break
		}
		last := int64(binary.BigEndian.Uint64(batches)) + int64(binary.BigEndian.Uint32(batches[deltaAt:]))
		if last+1 == next {
			return int32(binary.BigEndian.Uint32(batches[epochAt:]))
		}
		batches = batches[length:]
	}
	return -1
}

// beforeEnd returns records without those at offset end and behind it.
func beforeEnd(records []*kgo.Record, end int64) []*kgo.Record {
	for len(records) > 0 && records[len(records)-1].Offset >= end {
		records = records[:len(records)-1]
	}
	return records
}
