package record

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"

	"kafkactl/internal/kafka"
)

const (
	// retryInterval is the time between two requests for what is not there yet: a leader that
	// is being elected, a coordinator.
	retryInterval = 100 * time.Millisecond
	// goneAfter is how long no broker may know a topic before it counts as deleted. A topic
	// that was just made is unknown to some brokers for a moment.
	goneAfter = time.Second
	// growthInterval is how often a follow looks for new partitions.
	growthInterval = 2 * time.Second
)

// Read reads every span to its end and calls take with each batch. The batches of one
// partition are in the order of their offsets. Read returns nil when everything is read or
// take returned [Enough], and otherwise the error of take, the cause of ctx's end, or one of
// [*PartitionError], [*GoneError] and [*SilentError].
//
// It waits for leaders that move and for brokers that restart, as long as Patience allows. The
// time that take needs does not count. A broker that does not answer holds up the partitions
// that it leads and no others.
//
// Where a span has no end, reading goes on with what replaces it: with a topic that was made anew
// (KIP-516), or with a log that lost its end (KIP-595). Rewind and Note are called then. A span with
// an end is of one topic and one log, and anything else is an error.
func (r *Reader) Read(ctx context.Context, spans []Span, take func(Batch) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer closeAfter(ctx, r.kafka)()
	l := newLoop(r, spans)
	err := l.run(ctx, take)
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}

// loop is the state of one Read. Only the goroutine of run touches it; requests run in
// goroutines of their own and come back through the channels.
type loop struct {
	*Reader
	cursors []*cursor
	asking  map[int32]bool // brokers that have not answered yet
	replies chan reply

	nextLookup *time.Timer // stopped while all leaders are known
	lookingUp  bool        // a lookup is not answered yet
	lookups    chan leaderLookup

	bounds  chan logBounds
	stall   *time.Timer            // fires after Patience without progress
	unknown map[string]*absence    // topics that no broker knows
	retired map[kafka.TopicID]bool // topics that were read, and whose names others have now
	cause   error                  // of the last failure, nil after progress

	naming bool // open transactions are being looked up
	named  chan []hiding
}

func newLoop(r *Reader, spans []Span) *loop {
	l := &loop{
		Reader: r, asking: make(map[int32]bool), replies: make(chan reply, 1), lookups: make(chan leaderLookup, 1), bounds: make(chan logBounds, 1),
		nextLookup: time.NewTimer(0), stall: time.NewTimer(r.opts.Patience),
		unknown: make(map[string]*absence), retired: make(map[kafka.TopicID]bool), named: make(chan []hiding, 1),
	}
	if r.opts.Patience == 0 {
		l.stall.Stop()
	}
	for _, s := range spans {
		if s.Start < s.End {
			l.cursors = append(l.cursors, r.newCursor(s))
		}
	}
	return l
}

func (l *loop) run(ctx context.Context, take func(Batch) error) error {
	defer l.nextLookup.Stop()
	defer l.stall.Stop()
	for len(l.cursors) > 0 {
		l.ask(ctx)
		select {
		case got := <-l.replies:
			batches, err := l.advance(ctx, got)
			if err != nil {
				return err
			}
			l.ask(ctx) // the brokers work on it while these batches are taken
			if err := l.deliver(batches, take); err != nil {
				return err
			}
		case <-l.nextLookup.C:
			l.lookUpLeaders(ctx)
		case seen := <-l.lookups:
			if err := l.learnLeaders(ctx, seen); err != nil {
				return err
			}
		case b := <-l.bounds:
			if err := l.reposition(b); err != nil {
				return err
			}
		case found := <-l.named:
			l.noteHiding(found)
		case <-l.stall.C:
			return l.silentError()
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

// ask sends a question to each broker that leads some partition and is not being asked.
func (l *loop) ask(ctx context.Context) {
	questions := make(map[int32]*question)
	for _, c := range l.cursors {
		if c.leader == noLeader || c.held || l.asking[c.leader] {
			continue
		}
		if questions[c.leader] == nil {
			questions[c.leader] = &question{broker: c.leader}
		}
		questions[c.leader].add(c)
	}
	for broker, q := range questions {
		l.asking[broker] = true
		go func() {
			select {
			case l.replies <- l.fetch(ctx, *q):
			case <-ctx.Done():
			}
		}()
	}
}

// deliver calls take with the batches. The time that take needs does not count as silence of
// the brokers.
func (l *loop) deliver(batches []Batch, take func(Batch) error) error {
	if len(batches) == 0 {
		return nil
	}
	for _, b := range batches {
		if err := take(b); err != nil {
			return err
		}
	}
	l.cause = nil
	if l.opts.Patience > 0 {
		l.stall.Reset(l.opts.Patience)
	}
	return nil
}

// advance moves the cursors by a reply, and returns the batches that made progress.
func (l *loop) advance(ctx context.Context, got reply) ([]Batch, error) {
	delete(l.asking, got.broker)
	if got.err != nil {
		return nil, l.brokerFailed(ctx, got)
	}
	var batches []Batch
	for _, p := range got.parts {
		c := got.cursors[p.i]
		if asked := got.asked[p.i]; c.next != asked.next || c.TopicID != asked.TopicID {
			continue // meanwhile the partition's new leader answered, or the topic was made anew
		}
		if p.Next > c.next {
			c.next, c.epoch, c.refusals = p.Next, p.epoch, 0
			l.epochs[c.at()] = epochAt{c.next, c.epoch}
			batches = append(batches, p.Batch)
		}
		err := p.err
		switch {
		case err != nil:
			err = l.partitionFailed(ctx, got.broker, c, err)
		case p.diverging != nil:
			err = l.diverge(c, p.diverging)
		default:
			c.doubted = got.byName
			c.await(p)
		}
		if err != nil {
			return nil, err
		}
	}
	l.rotate(got)
	l.cursors = slices.DeleteFunc(l.cursors, (*cursor).done)
	l.nameTransactions(ctx)
	return batches, nil
}

// rotate puts the partition that was first in the question behind the others. A broker fills
// its answer in the order of the question, and the last ones might never get room in it.
func (l *loop) rotate(got reply) {
	if i := slices.Index(l.cursors, got.cursors[0]); i >= 0 {
		c := l.cursors[i]
		l.cursors = append(slices.Delete(l.cursors, i, i+1), c)
	}
}

// brokerFailed handles a question without an answer. The broker may be gone, so the leaders
// of its partitions are looked up. Only an error that repeating cannot mend is returned.
func (l *loop) brokerFailed(ctx context.Context, got reply) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	mends := kerr.IsRetriable(got.err) || !errors.As(got.err, new(*kerr.Error)) || errors.Is(got.err, kerr.IllegalSaslState)
	if mends && kafka.OwnFault(got.err) == nil && !refused(got.err) {
		if trouble := fmt.Errorf("broker %d: %w", got.broker, got.err); errors.Is(got.err, kerr.IllegalSaslState) {
			l.cause = trouble // no note: a new connection settles it
		} else {
			l.noteTrouble(trouble)
		}
		for _, c := range l.cursors {
			if c.leader == got.broker {
				l.forgetLeader(c)
			}
		}
		return nil
	}
	return fmt.Errorf("read from broker %d: %w", got.broker, got.err)
}

// refused reports whether a login was refused, which trying again does not mend. ILLEGAL_SASL_STATE is none here, where
// a login held before: a broker says so when it is to log the same connection in twice within a second, as with a token
// that ends so soon, and a new connection settles it.
func refused(err error) bool {
	return kafka.RefusedSASL(err) && !errors.Is(err, kerr.IllegalSaslState)
}

// partitionFailed handles the error with which a leader refused one partition. Only an error
// that repeating cannot mend is returned.
func (l *loop) partitionFailed(ctx context.Context, leader int32, c *cursor, err error) error {
	failure := &PartitionError{c.Topic, c.Partition, err}
	switch {
	case errors.Is(err, kerr.OffsetOutOfRange):
		l.lookUpBounds(ctx, leader, c)
		return nil
	case errors.Is(err, kerr.UnknownTopicOrPartition), errors.Is(err, kerr.UnknownTopicID), errors.Is(err, kerr.InconsistentTopicID):
		c.doubted = true
		fallthrough
	case kerr.IsRetriable(err):
		l.cause = failure // no note: leaders move all the time
		l.forgetLeader(c)
		return nil
	default:
		return failure
	}
}

// noteTrouble keeps err as the cause of the silence. A read without Patience, which would be
// silent for ever, also notes it, once until there is progress.
func (l *loop) noteTrouble(err error) {
	if l.cause == nil && l.opts.Patience == 0 {
		l.opts.Note(err.Error() + "; still trying")
	}
	l.cause = err
}

// forgetLeader makes the loop look up the leader of a partition soon.
func (l *loop) forgetLeader(c *cursor) {
	c.leader = noLeader
	l.nextLookup.Reset(retryInterval)
}

// silentError returns the error with which Patience ends the reading.
func (l *loop) silentError() error {
	e := &SilentError{After: l.opts.Patience, Cause: l.cause}
	for _, c := range l.cursors {
		e.Stuck = append(e.Stuck, c.String())
	}
	return e
}
