package records

import (
	"context"
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/kafka"
	"kafkactl/internal/record"
)

// finish returns the error of the command for the error err that ended the reading, and notes on
// stderr what the output does not show.
func (c *consumeRun) finish(ctx, reading context.Context, spans []record.Span, p *recordPrinter, err error) error {
	expect, late := c.options.expect, isLate(reading)
	switch {
	case errors.Is(err, term.ErrReaderGone):
		return nil
	case expect > 0 && p.printed < expect && ctx.Err() == nil && (err == nil || late):
		return c.expectUnmet(p, err)
	case c.options.expectsNone() && err == nil && (p.printed > 0 || p.jqError != nil):
		return c.expectError(p)
	case late && errors.Is(err, term.ErrUnread):
		return cli.WithHint(fmt.Errorf("print %s within %s: %w", term.Count(int(p.printed), "record"), c.options.Timeout, err), slowHint)
	case c.reads.Follow && !c.options.hasExpect && ctx.Err() != nil:
		err = nil // a follow has no other end
	case err != nil:
		return c.commandError(err)
	}
	c.printNotes(ctx, spans, p)
	if p.audit != nil {
		return c.reportAudit(p.audit)
	}
	return err
}

// slowHint is for --expect, whose --timeout does not wait for whoever reads the output.
const slowHint = "what reads the output was too slow: a longer --timeout gives it the time"

// expectUnmet returns the error of an --expect that was not met. err ended the reading.
func (c *consumeRun) expectUnmet(p *recordPrinter, err error) error {
	hint := ""
	if errors.Is(err, term.ErrUnread) {
		hint = slowHint
	}
	return cli.WithHint(c.expectError(p), hint)
}

// expectError says how many of the expected records came.
func (c *consumeRun) expectError(p *recordPrinter) error {
	expected := term.Count(int(c.options.expect), "record")
	if c.options.expectsNone() {
		expected = "no record"
	}
	err := fmt.Errorf("expected %s within %s: %d matched, %d looked at", expected, c.options.Timeout, p.printed, p.examined.Load())
	if p.jqError != nil {
		err = fmt.Errorf("%w; jq failed on %d of them, first: %w", err, p.jqFailures, p.jqError)
	}
	return cli.WithCode(err, cli.ExitCondition)
}

// printNotes notes on stderr what the printed records do not show.
func (c *consumeRun) printNotes(ctx context.Context, spans []record.Span, p *recordPrinter) {
	if p.jqError != nil {
		c.app.Notef("note: jq failed on %s, which are not shown; the first: %v", term.Count(int(p.jqFailures), "record"), p.jqError)
	}
	var there int64
	for _, s := range spans {
		there += max(s.End-s.Start, 0)
	}
	if !c.reads.Follow && c.app.Format != cli.FormatJSON {
		for _, line := range c.reader.Hidden(ctx, spans) {
			c.app.Notef("note: %s", line)
		}
	}
	switch {
	case c.reads.Follow, p.audit != nil, c.options.hasCount && c.options.count == 0, c.reads.hasTail && c.reads.tail == 0:
	case p.printed == 0 && p.examined.Load() == 0:
		c.app.Notef("no records")
	case p.printed == 0:
		c.app.Notef("none of %s matches", term.Count(int(p.examined.Load()), "record"))
	case c.reads.implied && there > p.printed && p.printed == tailDefault:
		c.app.Notef("hint: these are the last %d; --from-beginning shows all, -f follows new ones", tailDefault)
	}
}

// commandError gives an error of the reader the form that those of internal/kafka have: a topic
// that is gone does not exist, and a refusal names the missing grant.
func (c *consumeRun) commandError(err error) error {
	var (
		gone *record.GoneError
		part *record.PartitionError
	)
	switch {
	case errors.As(err, &gone):
		return cli.WithCode(err, cli.ExitNotFound)
	case errors.As(err, &part):
		return kafka.Refusal(kmsg.Fetch, part.Topic, err)
	default:
		return err
	}
}
