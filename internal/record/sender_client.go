package record

import (
	"context"
	"fmt"
	"math"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/internal/kafka"
)

const (
	// defaultBatch is the largest batch when the topic takes larger ones or its limit is not
	// known. Kafka's default of max.message.bytes is 1,048,588, and brokers count a little more
	// than the batch for some formats.
	defaultBatch = 1000012
	// largestBatch is Kafka's default of socket.request.max.bytes, and kgo's bound.
	largestBatch = 100 << 20
	// streamRequest is the largest request of ordinary batches. A broker reads each request into
	// one array, and large arrays are harder on its garbage collector.
	streamRequest = 2 << 20
	// maxWeight bounds the memory of the records that are not answered yet. 24 MiB keep a broker
	// on the same machine busy; more helps when answers take longer. After waiting, lowWeight
	// lets records pass again.
	maxWeight = 32 << 20
	lowWeight = maxWeight * 3 / 4
	// mostInFlight is how many batches of a partition kgo sends ahead of their answers.
	mostInFlight = 5
	// linger is how long a batch waits for more records. kgo waits 10 ms, also for a record that
	// someone types.
	linger = 5 * time.Millisecond
)

// client is one way of a sender to the brokers.
type client struct {
	to       transport
	acks     Acks
	answered func(*kgo.Record, error)
	closing  sync.Once
}

// transport sends records: a [*kgo.Client], or a [*batchSender]. Its methods do what those of kgo do.
type transport interface {
	Produce(ctx context.Context, r *kgo.Record, promise func(*kgo.Record, error))
	Flush(ctx context.Context) error
	Close()
}

func (c *client) close() { c.closing.Do(c.to.Close) }

// newStream returns a client that sends records as they come, in batches of s.batch bytes.
func (s *Sender) newStream() (*client, error) { return s.newClient(s.opts.Acks, s.batch, linger) }

// newSingle returns a client that sends when it is flushed, one batch for each partition. It asks
// for answers whatever Acks says, to find out whether a record is too large.
func (s *Sender) newSingle() (*client, error) { return s.newClient(AcksAll, largestBatch, 0) }

// newClient returns a client whose batches have so many bytes at most, and wait so long for more
// records; 0 is until it is flushed.
func (s *Sender) newClient(acks Acks, batch int, wait time.Duration) (*client, error) {
	c := &client{acks: acks}
	c.answered = func(r *kgo.Record, err error) { s.answered(c, r, err) }
	var err error
	if s.ownBatches {
		c.to, err = s.newBatchSender(batchOptions{s.opts.Topic, acks, batch, wait, s.sending})
	} else {
		c.to, err = s.dial(acks, batch, wait)
	}
	if err != nil {
		return nil, err
	}
	return c, nil
}

func (s *Sender) dial(acks Acks, batch int, wait time.Duration) (*kgo.Client, error) {
	opts := append(s.opts.Client.DialOpts(s.base),
		kgo.DefaultProduceTopic(s.opts.Topic),
		kgo.RecordPartitioner(partitioner{}),
		kgo.ProducerBatchCompression(s.opts.Compression),
		kgo.ProducerBatchMaxBytes(int32(batch)),
		// kgo's limit of 4 tries is too low: a broker that restarts does not know its topics for a
		// while.
		kgo.UnknownTopicRetries(-1),
		// maxWeight is the bound. At kgo's own bound, each record would start a goroutine.
		kgo.MaxBufferedRecords(math.MaxInt32),
		kgo.DisableClientMetrics(), // KIP-714: useless for a command that ends
		kafka.OnOwnFault(s.stop),
	)
	switch acks {
	case AcksAll:
	case AcksOne:
		opts = append(opts, kgo.RequiredAcks(kgo.LeaderAck()), kgo.DisableIdempotentWrite())
	case AcksNone:
		opts = append(opts, kgo.RequiredAcks(kgo.NoAck()), kgo.DisableIdempotentWrite())
	}
	if wait > 0 {
		opts = append(opts, kgo.BrokerMaxWriteBytes(streamRequest), kgo.ProducerLinger(wait))
	} else {
		opts = append(opts, kgo.ManualFlushing())
	}
	dialled, err := kgo.NewClient(opts...)
	if err != nil {
		return nil, fmt.Errorf("set up the Kafka client: %w", err)
	}
	return dialled, nil
}

// clients returns the clients that exist now.
func (s *Sender) clients() []*client {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.single == nil {
		return []*client{s.stream}
	}
	return []*client{s.stream, s.single}
}

// payload returns the bytes of a record's key, value and headers.
func payload(o *Outgoing) int {
	n := len(o.Key) + len(o.Value)
	for _, h := range o.Headers {
		n += len(h.Key) + len(h.Value)
	}
	return n
}

// size returns the most bytes that a batch of this record alone can have.
func size(o *Outgoing) int { return payload(o) + 100 + 10*len(o.Headers) }

// weight returns about how much memory a record needs until it is answered. A [kgo.Record] and
// kgo's bookkeeping take 256 bytes.
func weight(o *Outgoing) int64 { return int64(payload(o)) + 256 }
