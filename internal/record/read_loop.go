package record

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
)

const (
	// Between two looks at who leads a partition whose leader refused or is away.
	lookEvery = 100 * time.Millisecond
	// A topic that no broker knows for so long is deleted; one that was just made may
	// be unknown to some broker for a moment.
	goneAfter = time.Second
	// A broker that has not answered for so long is not the only one to be asked for the
	// leaders. At most so many questions are under way at once.
	lookPatience, mostLooks = time.Second, 3
	// While following, how often new partitions are looked for.
	growthEvery = 2 * time.Second
)

// Read reads every span to its end and gives what it reads to take, batch by batch,
// in the order of offsets within each partition. It returns when all is read, when
// take returns an error ([Enough] is none), or when ctx ends.
//
// Leaders that move and brokers that restart are waited for; see Patience.
func (r *Reader) Read(ctx context.Context, spans []Span, take func(Batch) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer closeAfter(ctx, r.client)()
	l := newLoop(r, spans)
	err := l.run(ctx, take)
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}

// loop is one Read under way.
type loop struct {
	*Reader
	cursors []*cursor
	asking  map[int32]bool // brokers that owe a reply
	replies chan reply

	look     *time.Timer // the next look at the leaders; stopped when all are known
	looking  int         // looks that are not answered yet
	lookedUp int         // looks that were begun
	learned  int         // the number of the latest look that was answered
	looks    chan look
	bounds   chan logBounds
	stall    *time.Timer // Patience
	unknown  map[string]time.Time
	cause    error // why the last question or look failed
}

func newLoop(r *Reader, spans []Span) *loop {
	l := &loop{
		Reader: r, asking: make(map[int32]bool), replies: make(chan reply, 1), looks: make(chan look, 1), bounds: make(chan logBounds, 1),
		look: time.NewTimer(0), stall: time.NewTimer(r.opts.Patience), unknown: make(map[string]time.Time),
	}
	if r.opts.Patience == 0 {
		l.stall.Stop()
	}
	for _, s := range spans {
		if s.Start < s.End {
			l.cursors = append(l.cursors, &cursor{Span: s, next: s.Start, leader: noLeader})
		}
	}
	return l
}

func (l *loop) run(ctx context.Context, take func(Batch) error) error {
	defer l.look.Stop()
	defer l.stall.Stop()
	for len(l.cursors) > 0 {
		l.ask(ctx)
		select {
		case got := <-l.replies:
			batches, err := l.absorb(ctx, got)
			if err != nil {
				return err
			}
			l.ask(ctx) // is answered while these are taken
			if err := l.give(batches, take); err != nil {
				return err
			}
		case <-l.look.C:
			l.lookUp(ctx)
		case seen := <-l.looks:
			if err := l.lead(ctx, seen); err != nil {
				return err
			}
		case b := <-l.bounds:
			if err := l.reposition(b); err != nil {
				return err
			}
		case <-l.stall.C:
			return l.silent()
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

// ask sends a question to each broker that leads something and owes no reply.
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

// give hands batches over. The time that takes is not the brokers'.
func (l *loop) give(batches []Batch, take func(Batch) error) error {
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

// absorb moves the cursors on. What it returns came further than before.
func (l *loop) absorb(ctx context.Context, got reply) ([]Batch, error) {
	delete(l.asking, got.broker)
	if got.err != nil {
		return nil, l.unanswered(ctx, got)
	}
	var batches []Batch
	for _, p := range got.parts {
		c := got.cursors[p.i]
		if c.next != got.then[p.i].next {
			continue // meanwhile its new leader answered
		}
		if p.Next > c.next {
			c.next, c.refusals = p.Next, 0
			batches = append(batches, p.Batch)
		}
		if p.err != nil {
			if err := l.refused(ctx, got.broker, c, p.err); err != nil {
				return nil, err
			}
		}
	}
	l.turn(got)
	l.cursors = slices.DeleteFunc(l.cursors, (*cursor).done)
	return batches, nil
}

// turn puts the first partition that was asked for behind the others: a broker fills
// its answer in the order of the question, and the last ones could go without for ever.
func (l *loop) turn(got reply) {
	if i := slices.Index(l.cursors, got.cursors[0]); i >= 0 {
		c := l.cursors[i]
		l.cursors = append(slices.Delete(l.cursors, i, i+1), c)
	}
}

// unanswered is a question that came to nothing: the broker may be gone.
func (l *loop) unanswered(ctx context.Context, got reply) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if kerr.IsRetriable(got.err) || !errors.As(got.err, new(*kerr.Error)) {
		l.trouble(fmt.Errorf("broker %d: %w", got.broker, got.err))
		for _, c := range l.cursors {
			if c.leader == got.broker {
				l.lose(c)
			}
		}
		return nil
	}
	return fmt.Errorf("read from broker %d: %w", got.broker, got.err)
}

// refused handles the error with which a leader refused one partition.
func (l *loop) refused(ctx context.Context, leader int32, c *cursor, err error) error {
	failure := &PartitionError{c.Topic, c.Partition, err}
	switch {
	case errors.Is(err, kerr.OffsetOutOfRange):
		l.lookUpBounds(ctx, leader, c)
		return nil
	case errors.Is(err, kerr.UnknownTopicOrPartition), errors.Is(err, kerr.UnknownTopicID), kerr.IsRetriable(err):
		l.cause = failure // a leader that moved is nothing to speak of
		l.lose(c)
		return nil
	default:
		return failure
	}
}

// trouble is told once until something comes again, where nothing else would end the
// silence.
func (l *loop) trouble(err error) {
	if l.cause == nil && l.opts.Patience == 0 {
		l.opts.Note(err.Error() + "; still trying")
	}
	l.cause = err
}

// lose forgets a partition's leader: it is looked for.
func (l *loop) lose(c *cursor) {
	c.leader = noLeader
	l.look.Reset(lookEvery)
}

// silent is what Patience ends with.
func (l *loop) silent() error {
	e := &SilentError{After: l.opts.Patience, Cause: l.cause}
	for _, c := range l.cursors {
		e.Stuck = append(e.Stuck, c.String())
	}
	return e
}
