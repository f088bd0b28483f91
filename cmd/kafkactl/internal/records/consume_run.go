package records

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/kafka"
	"kafkactl/internal/record"
)

// remadeWithin is how long a follow waits for a topic that was deleted to be made again: a script
// that sets up a stack anew takes some seconds, and whoever deleted a topic for good is told soon.
const remadeWithin = 10 * time.Second

// consumeMemory is the size of the heap from which on the garbage collector works harder instead of
// letting the heap grow: a busy jq expression leaves much garbage. GOMEMLIMIT overrides it.
const consumeMemory = 96 << 20

// run reads and prints, and notes at the end what people should know.
func (c *consumeRun) run(ctx context.Context) error {
	if c.app.Env("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(consumeMemory)
	}
	spans, err := c.openReader(ctx)
	if err != nil {
		return c.commandError(err)
	}
	defer c.close()
	reading, stop := c.readingContext(ctx)
	defer stop(nil)
	p := c.printer()
	p.commits = newGroupCommits(ctx, c.offsetCommitter(), p.out, stop)
	c.rewind = p.commits.rewind
	progress := c.progress(spans, p)
	next := newOffsets(spans)
	err = c.print(reading, spans, p, progress, next)
	if remade(err) && p.examined.Load() == 0 { // it is not too late to read the topic that is there now
		if spans, err = c.spansAgain(reading, err); err == nil {
			next = newOffsets(spans)
			err = c.print(reading, spans, p, progress, next)
		}
	}
	progress.Finish()
	writing := reading
	if c.options.expectsNone() && c.reads.Follow && p.printed == 0 && ctx.Err() == nil && isLate(reading) {
		writing = ctx
		err = c.lookAgain(ctx, p, next)
	}
	if written := p.out.Close(writing); err == nil {
		err = written
	}
	failed := p.commits.finish(ctx, err)
	if err == nil {
		err = failed
	}
	if err = c.finish(ctx, reading, spans, p, err); err == nil {
		err = failed // also of a follow that was interrupted
	}
	return err
}

// printer returns what prints the records to stdout. It commits nothing yet.
func (c *consumeRun) printer() *recordPrinter {
	p := &recordPrinter{
		filter: c.filter, view: c.view, since: c.reads.Since, until: c.reads.Until,
		out: term.NewPipeWriter(c.app.RawOut), limit: c.options.limit(),
	}
	if c.options.audit {
		p.audit = new(record.Audit)
	}
	return p
}

// openReader finds the topics, and where they begin and end.
func (c *consumeRun) openReader(ctx context.Context) ([]record.Span, error) {
	s, err := c.app.Connect(ctx, &c.options.Connection)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	for _, topic := range c.reads.Topics {
		if _, err := s.Topic(s.Ctx, topic); err != nil {
			return nil, err
		}
	}
	options := record.ReaderOptions{
		Uncommitted: c.options.isolate == "read_uncommitted",
		Note:        c.app.Warn,
		Rewind:      func(topic string, partition int32, next int64) { c.rewind(topic, partition, next) },
	}
	if c.reads.Follow {
		options.RemadeWithin = remadeWithin
	} else {
		options.Patience = c.options.Timeout
	}
	c.config = s.Config
	if c.reader, err = record.NewReader(ctx, s.Config, options); err != nil {
		return nil, err
	}
	spans, err := c.spans(s)
	if err != nil {
		c.close()
	}
	return spans, err
}

// offsetCommitter returns the group to commit for, nil without --group.
func (c *consumeRun) offsetCommitter() offsetCommitter {
	if c.group == nil {
		return nil
	}
	return c.group
}

func (c *consumeRun) close() {
	c.reader.Close()
	if c.group != nil {
		c.group.Close()
	}
}

func (c *consumeRun) spans(s *cli.Session) ([]record.Span, error) {
	selection := c.reads.Selection
	if c.options.group != "" {
		if err := unusedGroup(s, c.options.group); err != nil {
			return nil, err
		}
		var err error
		if c.group, err = record.NewGroup(s.Ctx, s.Config, c.options.group); err != nil {
			return nil, err
		}
		if !c.options.reads.saysStart() {
			if selection.Committed, err = c.group.Committed(s.Ctx); err != nil {
				return nil, err
			}
		}
	}
	selection.Follow = selection.Follow && !c.reads.hasTail // a tail ends where following begins
	c.selection = selection
	return c.reader.Spans(s.Ctx, selection)
}

// spansAgain looks up the spans of a topic that was made again before anything was read: brokers learn
// of that one after the other. What a group committed was for the topic that is gone.
func (c *consumeRun) spansAgain(ctx context.Context, remade error) ([]record.Span, error) {
	var gone *record.GoneError
	if errors.As(remade, &gone) {
		delete(c.selection.Committed, gone.Topic)
	}
	return c.reader.Spans(ctx, c.selection)
}

// unusedGroup refuses a group with members: they alone may commit for it.
func unusedGroup(s *cli.Session, name string) error {
	found, err := s.Groups.Describe(s.Ctx, []string{name})
	if err != nil {
		return err
	}
	if len(found[0].Members) > 0 {
		return cli.WithHint(
			fmt.Errorf("consumer group in use: %s, and they alone may commit for it", found[0]),
			"stop its consumers, choose another --group, or leave --group out: then nothing is committed",
		)
	}
	return nil
}

// readingContext returns the time there is for reading: with --expect that of --timeout, and none
// once nobody reads the output any more, or stop was called with why.
func (c *consumeRun) readingContext(ctx context.Context) (reading context.Context, stop context.CancelCauseFunc) {
	reading, stop = context.WithCancelCause(ctx)
	go term.WatchReader(reading, c.app.RawOut, func() { stop(term.ErrReaderGone) })
	if c.options.hasExpect {
		timed, cancel := context.WithTimeout(reading, c.options.Timeout)
		context.AfterFunc(reading, cancel)
		return timed, stop
	}
	return reading, stop
}

// progress shows how much of the spans is read, where that has an end and the records themselves do
// not show it.
func (c *consumeRun) progress(spans []record.Span, p *recordPrinter) *cli.Bar {
	var o cli.BarOptions
	for _, s := range spans {
		o.Total += max(s.End-s.Start, 0)
	}
	if !c.reads.Follow && !c.reads.hasTail && !c.app.OutTTY {
		o.Line = func() string { return term.Count(int(p.examined.Load()), "record") + " read" }
	}
	return c.app.NewBar(o)
}

// remade reports whether err says that a topic was made again.
func remade(err error) bool {
	var gone *record.GoneError
	return errors.As(err, &gone) && gone.Remade
}

// print prints the tail, if there is to be one, and what follows. next learns how far it has read.
func (c *consumeRun) print(ctx context.Context, spans []record.Span, p *recordPrinter, progress *cli.Bar, next offsetsRead) error {
	if c.options.hasCount && c.options.count == 0 {
		return nil
	}
	if c.reads.hasTail {
		err := c.printTail(ctx, spans, p)
		if !c.reads.Follow || err != nil && !remade(err) { // a topic that was made again is followed
			return withoutEnough(err)
		}
		for i := range spans {
			spans[i].Start, spans[i].End = spans[i].End, record.NoEnd
			next.advance(spans[i].Topic, spans[i].Partition, spans[i].Start)
		}
	}
	return c.reader.Read(ctx, spans, func(b record.Batch) error {
		if err := p.print(ctx, b.Records); err != nil {
			return err
		}
		progress.Add(next.advance(b.Topic, b.Partition, b.Next))
		p.commits.mark(b.Topic, b.Partition, b.Next)
		return nil
	})
}

// printTail prints the newest records of the spans.
func (c *consumeRun) printTail(ctx context.Context, spans []record.Span, p *recordPrinter) error {
	if c.reads.tail == 0 {
		return nil
	}
	records, err := c.reader.Tail(ctx, spans, c.reads.tail, func(r *kgo.Record) (bool, error) {
		p.examined.Add(1)
		keep, _ := p.matches(ctx, r)
		return keep, nil
	})
	if err != nil {
		return err
	}
	p.examined.Add(-int64(len(records))) // print counts them again
	return p.print(ctx, records)
}

// offsetsRead is how far each partition was read.
type offsetsRead map[kafka.TopicPartition]int64

func newOffsets(spans []record.Span) offsetsRead {
	next := make(offsetsRead, len(spans))
	for _, s := range spans {
		next[kafka.TopicPartition{Topic: s.Topic, Partition: s.Partition}] = s.Start
	}
	return next
}

// advance notes that a partition was read up to an offset, and returns how many offsets that is
// further.
func (n offsetsRead) advance(topic string, partition int32, to int64) int64 {
	at := kafka.TopicPartition{Topic: topic, Partition: partition}
	further := to - n[at]
	n[at] = to
	return further
}

// withoutEnough returns err, and nil for [record.Enough].
func withoutEnough(err error) error {
	if errors.Is(err, record.Enough()) {
		return nil
	}
	return err
}
