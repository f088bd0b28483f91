package record

import (
	"context"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
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
}

// partReply is the answer for one partition.
type partReply struct {
	Batch
	i   int   // the partition is that of cursors[i] of the question
	err error // of the broker, or of decoding; Batch may have records nevertheless
}

// fetch asks one broker and decodes its answer.
func (r *Reader) fetch(ctx context.Context, q question) reply {
	resp, err := r.request(q).RequestWith(ctx, r.kafka.Kgo.Broker(int(q.broker)))
	if err == nil {
		err = kerr.ErrorForCode(resp.ErrorCode)
	}
	if err != nil {
		return reply{question: q, err: err}
	}
	return reply{question: q, parts: r.decode(q, resp)}
}

// request returns a full Fetch request without a session (KIP-227).
func (r *Reader) request(q question) *kmsg.FetchRequest {
	req := kmsg.NewPtrFetchRequest()
	req.ReplicaID, req.MaxWaitMillis, req.MinBytes, req.MaxBytes = -1, maxWaitMillis, 1, r.budget.Load()
	req.SessionID, req.SessionEpoch = 0, -1
	if !r.opts.Uncommitted {
		req.IsolationLevel = 1
	}
	topics := make(map[string]int)
	for _, c := range q.asked {
		i, ok := topics[c.Topic]
		if !ok {
			i = len(req.Topics)
			topics[c.Topic] = i
			topic := kmsg.NewFetchRequestTopic()
			topic.Topic = c.Topic
			req.Topics = append(req.Topics, topic)
		}
		p := kmsg.NewFetchRequestTopicPartition()
		p.Partition, p.FetchOffset, p.PartitionMaxBytes = c.Partition, c.next, min(partitionBytes, req.MaxBytes)
		p.CurrentLeaderEpoch, p.LogStartOffset = -1, -1
		req.Topics[i].Partitions = append(req.Topics[i].Partitions, p)
	}
	return req
}

// decode returns the parts of an answer, without the records outside their spans, and adapts
// the budget of the next answer.
func (r *Reader) decode(q question, resp *kmsg.FetchResponse) []partReply {
	type id struct {
		topic     string
		partition int32
	}
	asked := make(map[id]int, len(q.asked))
	for i, c := range q.asked {
		asked[id{c.Topic, c.Partition}] = i
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
			i, ok := asked[id{topic.Topic, p.Partition}]
			if !ok {
				continue
			}
			c := q.asked[i]
			got, next := kgo.ProcessFetchPartition(kgo.ProcessFetchPartitionOpts{
				Offset: c.next, IsolationLevel: isolation, Topic: c.Topic, Partition: c.Partition,
			}, p, decompressor, weigh)
			exactTimestamps(p.RecordBatches, decompressor, got.Records)
			batch := Batch{Topic: c.Topic, Partition: c.Partition, Records: beforeEnd(got.Records, c.End), Next: min(next, c.End)}
			parts = append(parts, partReply{batch, i, got.Err})
		}
	}
	if packed > 0 && unpacked > 0 {
		r.budget.Store(int32(min(max(answerBytes*packed/unpacked, leastBytes), answerBytes)))
	}
	return parts
}

// beforeEnd returns records without those at offset end and behind it.
func beforeEnd(records []*kgo.Record, end int64) []*kgo.Record {
	for len(records) > 0 && records[len(records)-1].Offset >= end {
		records = records[:len(records)-1]
	}
	return records
}
