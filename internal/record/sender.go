package record

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// Acks is how many replicas must have a record before it counts as sent, in the numbers of the
// producer setting acks.
type Acks int

const (
	// AcksAll means every replica in sync. Only with it is the producer idempotent: a record
	// that is sent again after a broken connection is stored once.
	AcksAll Acks = -1
	// AcksOne means the leader only.
	AcksOne Acks = 1
	// AcksNone means no replica: a record counts as sent when the network has it.
	AcksNone Acks = 0
)

// SenderOptions says where and how records are sent.
type SenderOptions struct {
	// Client says how to reach the cluster. Its addresses should be known to answer.
	Client kafka.Config
	Topic  string
	Acks   Acks
	// Compression is none for the zero value.
	Compression kgo.CompressionCodec
	// MaxBatch is the topic's max.message.bytes, with which Kafka compares batches after their
	// compression; 0 when it is not known.
	MaxBatch int
	// Times are the topic's settings that bound timestamps.
	Times TimeLimits
	// BrokerTimes says that the timestamp of a delivered record is the one that the broker gave it
	// (message.timestamp.type=LogAppendTime).
	BrokerTimes bool
	// Patience is how long the Sender goes on while no broker takes a record.
	Patience time.Duration
	// Delivered is called once for each record, one call at a time, and must not call the
	// Sender. The error is nil for a record that was sent; otherwise it may be a
	// [*TooLargeError], [ErrMaybeArrived], the error with which the Sender gave up, or that of a
	// broker.
	Delivered func(o *Outgoing, err error)
}

// ErrMaybeArrived is the error of a record that was sent and not answered before the Sender gave
// up.
var ErrMaybeArrived = errors.New("no answer: the record may have arrived")

// TooLargeError is the error of a record that is larger than a batch of the topic may be.
type TooLargeError struct {
	Bytes int // of key, value and headers, uncompressed
	Limit int // max.message.bytes; 0 when it is not known
}

// Error returns one line with both sizes and Kafka's name of the error.
func (e *TooLargeError) Error() string {
	name := kerr.MessageTooLarge.Message
	if e.Limit == 0 {
		return fmt.Sprintf("%s: the record has %d bytes, more than the topic takes", name, e.Bytes)
	}
	return fmt.Sprintf("%s: the record has %d bytes, the topic takes batches of %d (max.message.bytes)", name, e.Bytes, e.Limit)
}

// Unwrap returns kerr.MessageTooLarge.
func (e *TooLargeError) Unwrap() error { return kerr.MessageTooLarge }

// TimeLimits are the settings of a topic that bound the timestamps of its records (KIP-937), as
// name=value: how much older, and how much newer, than the clock of the broker one may be. The name
// alone is a value that is not known.
type TimeLimits struct{ Before, After string }

// TimestampError is the error of a record whose timestamp the topic does not take.
type TimestampError struct {
	Timestamp time.Time
	Setting   string // the one of the TimeLimits that it is about
	Newer     bool   // than the clock, else older
}

// Error returns one line with the timestamp, the setting and Kafka's name of the error.
func (e *TimestampError) Error() string {
	word := "older"
	if e.Newer {
		word = "newer"
	}
	return fmt.Sprintf("%s: the timestamp %s is %s than the topic takes (%s)", kerr.InvalidTimestamp.Message, AppendTimestamp(nil, e.Timestamp), word, e.Setting)
}

// Unwrap returns kerr.InvalidTimestamp.
func (e *TimestampError) Unwrap() error { return kerr.InvalidTimestamp }

// StalledError says that a Sender gave up, because no broker took a record for so long.
type StalledError struct{ Patience time.Duration }

// Error returns one line.
func (e *StalledError) Error() string {
	return fmt.Sprintf("no broker took a record for %s", e.Patience)
}

// Sender sends records in the order of the input. When a broker refuses a batch, its records are
// sent again in smaller batches, down to single records, so that only the records at fault
// fail; the others may be stored behind later ones. One goroutine may call Send, Finish and
// Close; ShortenPatience may be called by any.
type Sender struct {
	opts SenderOptions
	base context.Context // never ends, so that all records that were taken are sent
	// sending is the context of each record. When it ends, those records fail that are known
	// not to have been written.
	sending         context.Context
	cancel          context.CancelFunc
	stream          *client // for all ordinary records
	single          *client // for one batch at a time, of any size; made when it is needed first
	ownBatches      bool    // the clients encode batches themselves: see batchSender
	batch           int     // the largest batch of stream, in bytes
	smallestRefused int     // the smallest refused batch, 0 for none
	patience        atomic.Int64
	answers         atomic.Int64
	// underWay is how many bytes of each partition may have arrived. Only answered uses it.
	underWay map[int32]int
	// weight is the memory of the records that were passed to kgo and not answered yet.
	weight atomic.Int64
	wakeAt atomic.Int64 // wake gets a signal when the weight falls to this
	wake   chan struct{}
	done   chan struct{} // closed by Close

	trouble atomic.Bool // refused or stopped is set
	mu      sync.Mutex
	refused []*Outgoing
	stopped error // why no more can be sent
}

// NewSender returns a sender. The first record connects. The connections do not end with ctx;
// Close ends them.
func NewSender(ctx context.Context, opts SenderOptions) (*Sender, error) {
	s := &Sender{
		opts: opts, base: context.WithoutCancel(ctx), batch: defaultBatch,
		wake: make(chan struct{}, 1), done: make(chan struct{}), underWay: make(map[int32]int),
	}
	if opts.MaxBatch > 0 {
		s.batch = min(opts.MaxBatch, defaultBatch)
	}
	s.ownBatches = opts.BrokerTimes
	s.sending, s.cancel = context.WithCancel(s.base)
	s.wakeAt.Store(-1)
	s.patience.Store(int64(opts.Patience))
	var err error
	if s.stream, err = s.newStream(); err != nil {
		s.cancel()
		return nil, err
	}
	go s.watchAnswers()
	return s, nil
}

// Send takes a record, and waits while too many are not answered yet. The error says why no
// record can be sent any more; this one was not taken then.
func (s *Sender) Send(o *Outgoing) error {
	if s.trouble.Load() {
		s.drain()
	}
	if s.weight.Load() >= maxWeight {
		s.waitForWeight(lowWeight)
	}
	if !s.ownBatches && !o.Timestamp.IsZero() && !isKgoMillis(o.Timestamp.UnixMilli()) {
		s.sendOwnBatches()
	}
	alone := size(o) > s.batch
	if alone {
		s.drain() // the records before it are sent first
	}
	if s.trouble.Load() {
		if err := s.stoppedBy(); err != nil {
			return err
		}
	}
	if alone {
		s.resend([]*Outgoing{o})
	} else {
		s.produce(s.stream, o)
	}
	return nil
}

// Finish returns when every record that was taken has been reported. The error says why the
// Sender gave up on some of them.
func (s *Sender) Finish() error {
	s.drain()
	return s.stoppedBy()
}

// ShortenPatience lowers the Patience of the Sender, from now on and for the records that were taken
// before too. It never raises it.
func (s *Sender) ShortenPatience(patience time.Duration) {
	for before := s.patience.Load(); int64(patience) < before; before = s.patience.Load() {
		if s.patience.CompareAndSwap(before, int64(patience)) {
			return
		}
	}
}

// Close ends all connections. Call Finish first: records that are not reported yet are lost.
func (s *Sender) Close() {
	close(s.done)
	s.cancel()
	for _, c := range s.clients() {
		c.close()
	}
}

// produce passes a record to kgo.
func (s *Sender) produce(c *client, o *Outgoing) {
	o.back.of = o
	o.Context = &o.back
	s.weight.Add(weight(o))
	c.to.Produce(s.sending, &o.Record, c.answered)
}

// waitForWeight waits until the records that are not answered weigh no more than this.
func (s *Sender) waitForWeight(weight int64) {
	s.wakeAt.Store(weight)
	defer s.wakeAt.Store(-1)
	for s.weight.Load() > weight {
		<-s.wake // watchAnswers makes sure that every record is answered in the end
	}
}

// answered handles the answer to a record. kgo calls it once for each that produce passed on.
func (s *Sender) answered(c *client, r *kgo.Record, err error) {
	o := r.Context.(*recordContext).of // produce put it there
	cost := weight(o)
	switch {
	case err == nil:
		if c.acks == AcksNone {
			r.Offset = -1 // kgo sets the number within the batch
		}
		s.report(o, nil)
	case isRefusal(err):
		o.refused = err
		s.mu.Lock()
		s.refused = append(s.refused, o)
		s.mu.Unlock()
		s.trouble.Store(true)
	default:
		s.report(o, s.failure(c, o, err))
	}
	s.answers.Add(1)
	if s.weight.Add(-cost) <= s.wakeAt.Load() {
		select {
		case s.wake <- struct{}{}:
		default:
		}
	}
}

// failure returns the error to report for a record that was not sent. An error of a broker, and
// the first error of any other kind, are not about this record alone: they also end the sending.
func (s *Sender) failure(c *client, o *Outgoing, err error) error {
	stopped := s.stoppedBy()
	answered := errors.As(err, new(*kerr.Error))
	switch {
	case stopped == nil || answered:
		err = kafka.Refusal(kmsg.Produce, s.opts.Topic, err)
		s.stop(err)
		return err
	case c.acks == AcksAll && !errors.Is(err, kgo.ErrClientClosed):
		return stopped // kgo knows that it was not sent
	case s.underWay[o.Partition] >= mostInFlight*s.batch && c == s.stream:
		return stopped // more lies before it in its partition than kgo sends at once
	default:
		s.underWay[o.Partition] += payload(o)
		return ErrMaybeArrived
	}
}

// report reports the delivery or the failure of a record, and releases it.
func (s *Sender) report(o *Outgoing, err error) {
	s.opts.Delivered(o, err)
	o.release()
}

// stoppedBy returns why no more records can be sent; nil while they can.
func (s *Sender) stoppedBy() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stopped
}
