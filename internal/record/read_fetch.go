package record

import (
	"context"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

const (
	fetchKey = int16(kmsg.Fetch)
	// What an answer may hold, unpacked: with two answers on their way from each broker
	// this bounds the memory of a reader, whatever the topic's size; kgo's 50 MiB as they
	// are on the wire do not. A broker sends a whole batch all the same when it alone is
	// larger.
	answerBytes = 4 << 20
	// The first answer may turn out to be packed well, and one of a few bytes on the wire
	// would cost a question each.
	firstBytes, leastBytes = 512 << 10, 256 << 10
	// Of one partition: the others of an answer want their share.
	partitionBytes = 1 << 20
	// How long a broker may hold an answer back when it has nothing to send.
	maxWaitMillis = 500
)

// cursor is how far one partition was read.
type cursor struct {
	Span
	next   int64
	leader int32 // noLeader while it is not known
	// held keeps the partition from being asked for, while its log's bounds are looked up.
	held     bool
	refusals int // of the offset next, in a row
}

const noLeader = -1

// done reports whether the partition is read to its end.
func (c *cursor) done() bool { return c.next >= c.End }

// question is what one broker is asked for next: cursors, and how far they were then.
// Who asks reads the copies alone.
type question struct {
	broker  int32
	cursors []*cursor
	then    []cursor
}

func (q *question) add(c *cursor) {
	q.cursors, q.then = append(q.cursors, c), append(q.then, *c)
}

// reply is what became of a question.
type reply struct {
	question
	parts []part
	err   error // nothing was answered
}

// part is one partition of a reply: that of cursors[i] of the question.
type part struct {
	Batch
	i   int
	err error
}

// fetch asks one broker, and decodes its answer.
func (r *Reader) fetch(ctx context.Context, q question) reply {
	resp, err := r.request(q).RequestWith(ctx, r.client.Broker(int(q.broker)))
	if err == nil {
		err = kerr.ErrorForCode(resp.ErrorCode)
	}
	if err != nil {
		return reply{question: q, err: err}
	}
	return reply{question: q, parts: r.decode(q, resp)}
}

// request is a full fetch without a session (KIP-227).
func (r *Reader) request(q question) *kmsg.FetchRequest {
	req := kmsg.NewPtrFetchRequest()
	req.ReplicaID, req.MaxWaitMillis, req.MinBytes, req.MaxBytes = -1, maxWaitMillis, 1, r.budget.Load()
	req.SessionID, req.SessionEpoch = 0, -1
	if !r.opts.Uncommitted {
		req.IsolationLevel = 1
	}
	topics := make(map[string]int)
	for _, c := range q.then {
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

// decode turns an answer into parts; each holds no record outside its span.
func (r *Reader) decode(q question, resp *kmsg.FetchResponse) []part {
	type id struct {
		topic     string
		partition int32
	}
	asked := make(map[id]int, len(q.then))
	for i, c := range q.then {
		asked[id{c.Topic, c.Partition}] = i
	}
	isolation := kgo.ReadCommitted()
	if r.opts.Uncommitted {
		isolation = kgo.ReadUncommitted()
	}
	decompressor := kgo.DefaultDecompressor()
	var parts []part
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
			c := q.then[i]
			got, next := kgo.ProcessFetchPartition(kgo.ProcessFetchPartitionOpts{
				Offset: c.next, IsolationLevel: isolation, Topic: c.Topic, Partition: c.Partition,
			}, p, decompressor, weigh)
			batch := Batch{Topic: c.Topic, Partition: c.Partition, Records: within(got.Records, c.End), Next: min(next, c.End)}
			parts = append(parts, part{batch, i, got.Err})
		}
	}
	if packed > 0 && unpacked > 0 {
		r.budget.Store(int32(min(max(answerBytes*packed/unpacked, leastBytes), answerBytes)))
	}
	return parts
}

// within is records without those from end on.
func within(records []*kgo.Record, end int64) []*kgo.Record {
	for len(records) > 0 && records[len(records)-1].Offset >= end {
		records = records[:len(records)-1]
	}
	return records
}
