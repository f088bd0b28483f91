package record

import (
	"errors"
	"math"
	"net"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// partitionSender sends the records of one partition, one batch after the other, in a goroutine of
// its own: a broker that does not answer holds up nothing but the partitions that it leads.
type partitionSender struct {
	*batchSender
	partition int32
	wake      chan struct{} // has a signal when something was added, or is to be flushed
	state     producerState // of run's goroutine
	started   bool          // state is set

	queueMu sync.Mutex
	queue   []waitingRecord
	bytes   int // of the queue
}

// waitingRecord is a record and what to call when it is answered.
type waitingRecord struct {
	record  *kgo.Record
	promise func(*kgo.Record, error)
}

// add puts a record into the queue.
func (p *partitionSender) add(w waitingRecord) {
	p.queueMu.Lock()
	p.queue = append(p.queue, w)
	p.bytes += len(w.record.Key) + len(w.record.Value)
	first, full := len(p.queue) == 1, p.bytes >= p.opts.bytes
	p.queueMu.Unlock()
	if first || full {
		p.signal()
	}
}

func (p *partitionSender) signal() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// run sends batches until the sender is closed.
func (p *partitionSender) run() {
	for {
		waiting, bytes := p.waiting()
		switch {
		case p.ctx.Err() != nil, p.opts.ctx.Err() != nil:
			p.failQueue()
			if p.ctx.Err() != nil {
				return
			}
			waiting = 0
		case waiting > 0 && (p.flushing.Load() > 0 || bytes >= p.opts.bytes):
			p.send()
			continue
		}
		if waiting > 0 && p.opts.wait > 0 {
			if p.pause(p.opts.wait) {
				p.send()
			}
			continue
		}
		p.sleep()
	}
}

// waiting returns how many records wait in the queue, and how many bytes they have.
func (p *partitionSender) waiting() (records, bytes int) {
	p.queueMu.Lock()
	defer p.queueMu.Unlock()
	return len(p.queue), p.bytes
}

// sleep waits for a signal, or for an end.
func (p *partitionSender) sleep() {
	done := p.opts.ctx.Done()
	if p.opts.ctx.Err() != nil {
		done = nil // its end was seen
	}
	select {
	case <-p.wake:
	case <-done:
	case <-p.ctx.Done():
	}
}

// pause waits for more records, and reports whether that time has passed.
func (p *partitionSender) pause(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-p.wake:
	case <-p.opts.ctx.Done():
	case <-p.ctx.Done():
	}
	return false
}

// failQueue fails what was never sent.
func (p *partitionSender) failQueue() {
	err := p.opts.ctx.Err()
	if err == nil {
		err = kgo.ErrClientClosed
	}
	for _, w := range p.take(math.MaxInt) {
		p.answer(w, err)
	}
}

// take takes the first n records out of the queue.
func (p *partitionSender) take(n int) []waitingRecord {
	p.queueMu.Lock()
	defer p.queueMu.Unlock()
	n = min(n, len(p.queue))
	taken := p.queue[:n:n]
	p.queue = p.queue[n:]
	for _, w := range taken {
		p.bytes -= len(w.record.Key) + len(w.record.Value)
	}
	return taken
}

// send sends one batch, and again until a broker has taken or refused it.
func (p *partitionSender) send() {
	var batch batchText
	p.queueMu.Lock()
	for int(batch.count) < len(p.queue) && batch.add(p.queue[batch.count].record, p.opts.bytes) {
	}
	p.queueMu.Unlock()
	records := p.take(int(batch.count))
	answer, err := p.deliver(&batch)
	for i, w := range records {
		if err == nil {
			w.record.Offset = -1
			if answer.BaseOffset >= 0 {
				w.record.Offset = answer.BaseOffset + int64(i)
			}
			if answer.LogAppendTime >= 0 {
				w.record.Timestamp = FromMillis(answer.LogAppendTime)
			}
		}
		p.answer(w, err)
	}
}

// deliver returns the answer to a batch, or why it was not written. The error is that of the
// sender's context where the batch is known not to have been written, and [kgo.ErrClientClosed]
// where it may have been.
func (p *partitionSender) deliver(batch *batchText) (kmsg.ProduceResponseTopicPartition, error) {
	unsure, asked := false, time.Time{}
	for failures := 0; ; failures++ {
		answer, err := p.try(batch, asked)
		if err == nil || errors.Is(err, kerr.DuplicateSequenceNumber) {
			p.state.next = int32(uint32(p.state.next+batch.count) & math.MaxInt32)
			return answer, nil
		}
		var refused *kerr.Error
		switch {
		case !errors.As(err, &refused), errors.Is(err, kerr.RequestTimedOut), errors.Is(err, kerr.NotEnoughReplicasAfterAppend):
			unsure = unsure || !wasNotSent(err)
		case errors.Is(err, kerr.OutOfOrderSequenceNumber), errors.Is(err, kerr.UnknownProducerID), errors.Is(err, kerr.InvalidProducerEpoch):
			p.started = false // the broker has forgotten the producer: as kgo does, it begins anew
		case !kerr.IsRetriable(err) || errors.Is(err, kerr.CorruptMessage):
			return answer, err
		}
		asked = time.Now()
		kafka.Pause(p.opts.ctx, sendPause(failures))
		switch {
		case p.ctx.Err() != nil, p.opts.ctx.Err() != nil && unsure:
			return answer, kgo.ErrClientClosed
		case p.opts.ctx.Err() != nil:
			return answer, p.opts.ctx.Err()
		}
	}
}

// wasNotSent reports whether an error says that nothing was written to a connection.
func wasNotSent(err error) bool {
	var network *net.OpError
	return errors.Is(err, kafka.ErrNoLeader) || errors.As(err, &network) && network.Op == "dial"
}

// try sends a batch once, to the leader as it was looked up after that time. An error that is no
// [*kerr.Error] says that there is no answer, or, as [kafka.ErrNoLeader], that nothing was sent.
func (p *partitionSender) try(batch *batchText, after time.Time) (answer kmsg.ProduceResponseTopicPartition, err error) {
	answer.BaseOffset, answer.LogAppendTime = -1, -1
	leaders, err := p.leaders(after)
	if err != nil || leaders[p.partition] < 0 {
		return answer, kafka.ErrNoLeader
	}
	if !p.started {
		if p.state, err = p.producer(); err != nil {
			if !errors.As(err, new(*kerr.Error)) {
				err = kafka.ErrNoLeader
			}
			return answer, err
		}
		p.started = true
	}
	req := kmsg.NewPtrProduceRequest()
	req.Acks, req.TimeoutMillis = int16(p.opts.acks), int32(kafka.WriteTimeout.Milliseconds())
	topic, to := kmsg.NewProduceRequestTopic(), kmsg.NewProduceRequestTopicPartition()
	to.Partition, to.Records = p.partition, batch.encode(p.state, p.compressor)
	topic.Topic, topic.Partitions = p.opts.topic, append(topic.Partitions, to)
	req.Topics = append(req.Topics, topic)
	resp, err := req.RequestWith(p.ctx, p.kafka.On(leaders[p.partition]))
	if err != nil {
		return answer, err
	}
	for _, t := range resp.Topics {
		for _, at := range t.Partitions {
			return at, kerr.ErrorForCode(at.ErrorCode)
		}
	}
	return answer, nil // with acks 0 there is none
}
