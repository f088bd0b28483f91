package record

import (
	"fmt"
	"math"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

const (
	// defaultBatch is the largest batch where the topic takes larger ones, or it is not
	// known what it takes: Kafka's default of max.message.bytes is 1,048,588, and some
	// batch formats count a little more.
	defaultBatch = 1000012
	// largestBatch is Kafka's default of socket.request.max.bytes, and kgo's bound.
	largestBatch = 100 << 20
	// streamRequest is the largest request of ordinary batches: a broker reads a request
	// into one array, and its collector copes worse with large ones.
	streamRequest = 2 << 20
	// maxWeight bounds the memory of what is outstanding. With 24 MiB a broker on the same
	// machine is kept busy; more helps where answers take longer.
	maxWeight = 32 << 20
	lowWeight = maxWeight * 3 / 4
	// mostInFlight is how many batches of a partition kgo sends ahead of their answers.
	mostInFlight = 5
	// linger lets batches fill; kgo's 10 ms, for a record that someone types.
	linger = 5 * time.Millisecond
)

// client is one kgo client of a sender.
type client struct {
	kgo      *kgo.Client
	acks     Acks
	answered func(*kgo.Record, error)
	closing  sync.Once
}

func (c *client) close() { c.closing.Do(c.kgo.Close) }

// newStream is a client that sends what it is handed as it comes, in batches of s.batch.
func (s *Sender) newStream() (*client, error) {
	return s.dial(s.opts.Acks, kgo.ProducerBatchMaxBytes(int32(s.batch)), kgo.BrokerMaxWriteBytes(streamRequest), kgo.ProducerLinger(linger))
}

// newSingle is a client that sends what it was handed when it is flushed, as one batch
// for each partition. Brokers always answer it, whatever acks were asked for: who sends a
// record that may be too large has to know.
func (s *Sender) newSingle() (*client, error) {
	return s.dial(AcksAll, kgo.ProducerBatchMaxBytes(largestBatch), kgo.ManualFlushing())
}

func (s *Sender) dial(acks Acks, more ...kgo.Opt) (*client, error) {
	opts := append(s.opts.Client.DialOpts(s.base),
		kgo.DefaultProduceTopic(s.opts.Topic),
		kgo.RecordPartitioner(partitioner{}),
		kgo.ProducerBatchCompression(s.opts.Compression),
		// kgo's bound of 4 tries takes a broker that restarts and does not know its topics
		// yet for one without the topic.
		kgo.UnknownTopicRetries(-1),
		// maxWeight is the bound; at kgo's, each record would start a goroutine.
		kgo.MaxBufferedRecords(math.MaxInt32),
		kgo.DisableClientMetrics(), // nobody asks a command that ends for them
	)
	switch acks {
	case AcksAll:
	case AcksOne:
		opts = append(opts, kgo.RequiredAcks(kgo.LeaderAck()), kgo.DisableIdempotentWrite())
	case AcksNone:
		opts = append(opts, kgo.RequiredAcks(kgo.NoAck()), kgo.DisableIdempotentWrite())
	}
	dialled, err := kgo.NewClient(append(opts, more...)...)
	if err != nil {
		return nil, fmt.Errorf("set up the Kafka client: %w", err)
	}
	c := &client{kgo: dialled, acks: acks}
	c.answered = func(r *kgo.Record, err error) { s.answered(c, r, err) }
	return c, nil
}

// clients are those there are now.
func (s *Sender) clients() []*client {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.single == nil {
		return []*client{s.stream}
	}
	return []*client{s.stream, s.single}
}

// payload is the bytes of a record that are the user's.
func payload(o *Outgoing) int {
	n := len(o.Key) + len(o.Value)
	for _, h := range o.Headers {
		n += len(h.Key) + len(h.Value)
	}
	return n
}

// size is the most bytes a batch of one record has.
func size(o *Outgoing) int { return payload(o) + 100 + 10*len(o.Headers) }

// weight is about what a record costs until it is answered: a [kgo.Record] and kgo's own
// bookkeeping are 256 bytes.
func weight(o *Outgoing) int64 { return int64(payload(o)) + 256 }
