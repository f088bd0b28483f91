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

// Acks is how many replicas must have a record before it counts as sent, in Kafka's
// numbers.
type Acks int

const (
	// AcksAll is every replica in sync. Only with it is a record that is sent again after
	// a broken connection kept once (an idempotent producer).
	AcksAll Acks = -1
	// AcksOne is the leader alone.
	AcksOne Acks = 1
	// AcksNone is nobody: sent means handed to the network.
	AcksNone Acks = 0
)

// SenderOptions say where to and how records are sent.
type SenderOptions struct {
	// Client says how to reach the cluster; its addresses should answer.
	Client kafka.Config
	Topic  string
	Acks   Acks
	// Compression is none for the zero value.
	Compression kgo.CompressionCodec
	// MaxBatch is the topic's max.message.bytes, which Kafka holds against compressed
	// batches, and 0 when it is not known.
	MaxBatch int
	// Patience is how long to go on while no broker takes a record.
	Patience time.Duration
	// Delivered is called once for each record, one call at a time, and must not call the
	// Sender. The error is nil for a record that was sent; otherwise it may be one of
	// [*TooLargeError], [ErrMaybeArrived] or a broker's.
	Delivered func(o *Outgoing, err error)
}

// ErrMaybeArrived is a record that was sent and never answered, when the Sender gave up.
var ErrMaybeArrived = errors.New("no answer: the record may have arrived")

// TooLargeError is a record that alone is more than the topic takes.
type TooLargeError struct {
	Bytes int // of key, value and headers, uncompressed
	Limit int // max.message.bytes, 0 when it is not known
}

func (e *TooLargeError) Error() string {
	name := kerr.MessageTooLarge.Message
	if e.Limit == 0 {
		return fmt.Sprintf("%s: the record has %d bytes, more than the topic takes", name, e.Bytes)
	}
	return fmt.Sprintf("%s: the record has %d bytes, the topic takes batches of %d (max.message.bytes)", name, e.Bytes, e.Limit)
}

// Unwrap makes errors.Is(err, kerr.MessageTooLarge) work.
func (e *TooLargeError) Unwrap() error { return kerr.MessageTooLarge }

// StalledError is a Sender that gave up: no broker took a record for so long.
type StalledError struct{ Patience time.Duration }

func (e *StalledError) Error() string {
	return fmt.Sprintf("no broker took a record for %s", e.Patience)
}

// Sender sends records in the order of their input. Records that a broker refuses as
// part of a batch are sent again in smaller ones, down to single records, so that only
// those at fault fail; they may then stand behind later ones. Send, Finish and Close are
// for one goroutine, Hurry for any.
type Sender struct {
	opts SenderOptions
	base context.Context // does not end when the caller's does: what was taken is sent off
	// sending is every record's context: when it ends, those fail that are known not to
	// have been written.
	sending  context.Context
	cancel   context.CancelFunc
	stream   *client // for all ordinary records
	single   *client // made at the first need: for one batch at a time, of any size
	batch    int     // the largest batch of stream
	tooMuch  int     // the smallest refused batch, 0 for none
	patience atomic.Int64
	answers  atomic.Int64
	// underWay is the bytes of each partition that may have arrived; for answered alone.
	underWay map[int32]int
	// weight is what the records cost that were handed over and not answered.
	weight atomic.Int64
	wakeAt atomic.Int64 // the weight at which wake is told
	wake   chan struct{}
	closed chan struct{}

	trouble atomic.Bool // refused or stopped is set
	mu      sync.Mutex
	refused []*Outgoing
	stopped error // why no more can be sent
}

// NewSender makes a sender; the first record connects. It does not end with ctx.
func NewSender(ctx context.Context, opts SenderOptions) (*Sender, error) {
	s := &Sender{
		opts: opts, base: context.WithoutCancel(ctx), batch: defaultBatch,
		wake: make(chan struct{}, 1), closed: make(chan struct{}), underWay: make(map[int32]int),
	}
	if opts.MaxBatch > 0 {
		s.batch = min(opts.MaxBatch, defaultBatch)
	}
	s.sending, s.cancel = context.WithCancel(s.base)
	s.wakeAt.Store(-1)
	s.patience.Store(int64(opts.Patience))
	var err error
	if s.stream, err = s.newStream(); err != nil {
		s.cancel()
		return nil, err
	}
	go s.watch()
	return s, nil
}

// Send takes a record, and waits while too much is outstanding. An error is why nothing
// can be sent any more; the record was not taken then.
func (s *Sender) Send(o *Outgoing) error {
	if s.trouble.Load() {
		s.settle()
	}
	if s.weight.Load() >= maxWeight {
		s.until(lowWeight)
	}
	alone := size(o) > s.batch
	if alone {
		s.settle() // what was read before it is sent before it
	}
	if s.trouble.Load() {
		if err := s.stoppedBy(); err != nil {
			return err
		}
	}
	if alone {
		s.resend([]*Outgoing{o})
	} else {
		s.hand(s.stream, o)
	}
	return nil
}

// Finish returns once every record that was taken has been reported. An error is why the
// Sender gave up on some.
func (s *Sender) Finish() error {
	s.settle()
	return s.stoppedBy()
}

// Hurry makes the Sender give up as soon as no broker took a record for so long.
func (s *Sender) Hurry(patience time.Duration) {
	s.patience.Store(int64(min(patience, s.opts.Patience)))
}

// Close ends all connections. What was not reported is lost: Finish comes first.
func (s *Sender) Close() {
	close(s.closed)
	s.cancel()
	for _, c := range s.clients() {
		c.close()
	}
}

// hand gives a record to kgo.
func (s *Sender) hand(c *client, o *Outgoing) {
	o.sent.of = o
	o.Context = &o.sent
	s.weight.Add(weight(o))
	c.kgo.Produce(s.sending, &o.Record, c.answered)
}

// until waits until no more than so much is outstanding.
func (s *Sender) until(weight int64) {
	s.wakeAt.Store(weight)
	defer s.wakeAt.Store(-1)
	for s.weight.Load() > weight {
		<-s.wake // every record is answered in the end: the watch sees to it
	}
}

// answered is told of every record that was handed over.
func (s *Sender) answered(c *client, r *kgo.Record, err error) {
	o := r.Context.(*passage).of // hand put it there
	cost := weight(o)
	switch {
	case err == nil:
		if c.acks == AcksNone {
			r.Offset = -1 // kgo counts from 0 in each batch
		}
		s.report(o, nil)
	case refusal(err):
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

// failure is why a record was not sent; a cause that is not the record's own ends the
// sending.
func (s *Sender) failure(c *client, o *Outgoing, err error) error {
	stopped := s.stoppedBy()
	answered := errors.As(err, new(*kerr.Error))
	switch {
	case stopped == nil || answered:
		err = kafka.Refusal(kmsg.Produce, s.opts.Topic, err)
		s.stop(err)
		return err
	case c.acks == AcksAll && !errors.Is(err, kgo.ErrClientClosed):
		return stopped // kgo knows that it was not under way
	case s.underWay[o.Partition] >= mostInFlight*s.batch && c == s.stream:
		return stopped // what stands before it in its partition is more than is under way at once
	default:
		s.underWay[o.Partition] += payload(o)
		return ErrMaybeArrived
	}
}

// report ends a record's way.
func (s *Sender) report(o *Outgoing, err error) {
	s.opts.Delivered(o, err)
	o.release()
}

func (s *Sender) stoppedBy() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stopped
}
