package main

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/internal/record"
)

// consumeMemory is from where on the garbage collector works harder instead of letting
// the heap grow: a busy jq expression leaves much behind. GOMEMLIMIT overrides it.
const consumeMemory = 96 << 20

// run reads and prints, and says at the end what people should know.
func (c *consumption) run(ctx context.Context) error {
	if c.app.env("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(consumeMemory)
	}
	spans, err := c.open(ctx)
	if err != nil {
		return c.explain(err)
	}
	defer c.close()
	p := &recordPrinter{
		sieve: c.sieve, view: c.view, since: c.plan.Since, until: c.plan.Until,
		out: newOutlet(c.app.out), most: max(c.options.count, c.options.expect),
	}
	if c.options.audit {
		p.audit = new(record.Audit)
	}
	reading, cancel := c.bounded(ctx)
	progress := c.progress(spans, p)
	err = c.print(reading, spans, p, progress)
	progress.finish()
	cancel()
	if written := p.out.close(ctx); err == nil {
		err = written
	}
	return c.end(ctx, reading, spans, p, err)
}

// open finds the topics, and where they begin and end.
func (c *consumption) open(ctx context.Context) ([]record.Span, error) {
	s, err := c.app.connect(ctx, &c.options.connection)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	for _, topic := range c.plan.Topics {
		if _, err := s.Topic(s.ctx, topic); err != nil {
			return nil, err
		}
	}
	options := record.ReaderOptions{
		Uncommitted: c.options.isolate == "read_uncommitted",
		Note:        func(text string) { c.app.notef("note: %s", text) },
	}
	if !c.plan.Follow {
		options.Patience = c.options.timeout
	}
	if c.reader, err = record.NewReader(ctx, s.config, options); err != nil {
		return nil, err
	}
	spans, err := c.spans(s)
	if err != nil {
		c.close()
	}
	return spans, err
}

func (c *consumption) close() {
	c.reader.Close()
	if c.group != nil {
		c.group.Close()
	}
}

func (c *consumption) spans(s *session) ([]record.Span, error) {
	selection := c.plan.Selection
	if c.options.group != "" {
		if err := unusedGroup(s, c.options.group); err != nil {
			return nil, err
		}
		var err error
		if c.group, err = record.NewGroup(s.ctx, s.config, c.options.group); err != nil {
			return nil, err
		}
		if !c.options.reach.begins() {
			if selection.Committed, err = c.group.Committed(s.ctx); err != nil {
				return nil, err
			}
		}
	}
	selection.Follow = selection.Follow && c.plan.tail == 0 // a tail ends where following begins
	return c.reader.Spans(s.ctx, selection)
}

// unusedGroup refuses a group with members: they alone may commit for it.
func unusedGroup(s *session, name string) error {
	found, err := s.groups.Describe(s.ctx, []string{name})
	if err != nil {
		return err
	}
	if len(found[0].Members) > 0 {
		return withHint(
			fmt.Errorf("consumer group in use: %s, and they alone may commit for it", found[0]),
			"stop its consumers, choose another --group, or leave --group out: then nothing is committed",
		)
	}
	return nil
}

// bounded is the time there is for reading: with --expect that of --timeout, and none
// once nobody reads the output any more.
func (c *consumption) bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	reading, cancel := context.WithCancelCause(ctx)
	end := func() { cancel(nil) }
	go watchReader(reading, c.app.rawOut, func() { cancel(errClosed) })
	if c.options.expect > 0 {
		timed, stop := context.WithTimeout(reading, c.options.timeout)
		return timed, func() { stop(); end() }
	}
	return reading, end
}

// progress shows how much of the spans is read, where that has an end and the records
// themselves do not show it.
func (c *consumption) progress(spans []record.Span, p *recordPrinter) *bar {
	var o barOptions
	for _, s := range spans {
		o.total += max(s.End-s.Start, 0)
	}
	if !c.plan.Follow && c.plan.tail == 0 && !c.app.outTTY {
		o.line = func() string { return count(int(p.looked.Load()), "record") + " read" }
	}
	return c.app.newBar(o)
}

// print prints the tail, if there is to be one, and what follows.
func (c *consumption) print(ctx context.Context, spans []record.Span, p *recordPrinter, progress *bar) error {
	if c.plan.tail > 0 {
		records, err := c.reader.Tail(ctx, spans, c.plan.tail, func(r *kgo.Record) (bool, error) {
			p.looked.Add(1)
			keep, _ := p.keeps(ctx, r)
			return keep, nil
		})
		if err != nil {
			return err
		}
		p.looked.Add(-int64(len(records))) // print counts them again
		if _, err := p.print(ctx, records); err != nil || !c.plan.Follow {
			return enough(err)
		}
		for i := range spans {
			spans[i].Start, spans[i].End = spans[i].End, record.NoEnd
		}
	}
	commits, read := newCommits(c.group, p.out), reached(spans)
	err := c.reader.Read(ctx, spans, func(b record.Batch) error {
		last, err := p.print(ctx, b.Records)
		if err != nil && last == nil {
			return err
		}
		progress.Add(read(b))
		next := b.Next
		if err != nil {
			next = last.Offset + 1
		}
		if failed := commits.add(ctx, b.Topic, b.Partition, next); failed != nil {
			return failed
		}
		return err
	})
	if failed := commits.commit(ctx); err == nil {
		err = failed
	}
	return err
}

// reached tells of each batch how many offsets it brought the reading further.
func reached(spans []record.Span) func(record.Batch) int64 {
	at := make(map[string]int64, len(spans))
	for _, s := range spans {
		at[s.String()] = s.Start
	}
	return func(b record.Batch) int64 {
		name := record.Span{Topic: b.Topic, Partition: b.Partition}.String()
		further := b.Next - at[name]
		at[name] = b.Next
		return further
	}
}

// enough is err without [record.Enough].
func enough(err error) error {
	if errors.Is(err, record.Enough()) {
		return nil
	}
	return err
}
