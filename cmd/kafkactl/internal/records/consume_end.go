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

// end turns how the reading ended into how the command ends, and tells people what the
// output does not show.
func (c *consumption) end(ctx, reading context.Context, spans []record.Span, p *recordPrinter, err error) error {
	expect, late := c.options.expect, errors.Is(context.Cause(reading), context.DeadlineExceeded)
	switch {
	case errors.Is(err, term.ErrReaderGone):
		return nil
	case expect > 0 && p.printed < expect && ctx.Err() == nil && (err == nil || late):
		return c.unmet(p, err)
	case late && errors.Is(err, term.ErrUnread):
		return cli.WithHint(fmt.Errorf("print %s within %s: %w", term.Count(int(p.printed), "record"), c.options.Timeout, err), slowHint)
	case c.plan.Follow && expect == 0 && ctx.Err() != nil:
		err = nil // a follow has no other end
	case err != nil:
		return c.explain(err)
	}
	c.remark(spans, p)
	if p.audit != nil {
		return c.report(p.audit)
	}
	return err
}

// slowHint is for --expect, whose --timeout does not wait for whoever reads the output.
const slowHint = "what reads the output was too slow: a longer --timeout gives it the time"

// unmet is --expect in vain; err is how the reading ended.
func (c *consumption) unmet(p *recordPrinter, err error) error {
	hint := ""
	if errors.Is(err, term.ErrUnread) {
		hint = slowHint
	}
	return cli.WithHint(c.missed(p), hint)
}

// missed is which of the expected records did not come.
func (c *consumption) missed(p *recordPrinter) error {
	err := fmt.Errorf("expected %s within %s: %d matched, %d looked at",
		term.Count(int(c.options.expect), "record"), c.options.Timeout, p.printed, p.looked.Load())
	if p.stumble != nil {
		err = fmt.Errorf("%w; jq failed on %d of them, first: %w", err, p.stumbled, p.stumble)
	}
	return cli.WithCode(err, cli.ExitCondition)
}

// remark tells on stderr what the printed records do not.
func (c *consumption) remark(spans []record.Span, p *recordPrinter) {
	if p.stumble != nil {
		c.app.Notef("note: jq failed on %s, which are not shown; the first: %v", term.Count(int(p.stumbled), "record"), p.stumble)
	}
	var there int64
	for _, s := range spans {
		there += max(s.End-s.Start, 0)
		if s.Hidden > 0 && !c.plan.Follow {
			c.app.Notef("note: %s: a transaction that is still open hides %s from offset %d on; --isolation read_uncommitted shows them",
				s, term.Count(int(s.Hidden), "offset"), s.End)
		}
	}
	switch {
	case c.plan.Follow, p.audit != nil:
	case p.printed == 0 && p.looked.Load() == 0:
		c.app.Notef("no records")
	case p.printed == 0:
		c.app.Notef("none of %s matches", term.Count(int(p.looked.Load()), "record"))
	case c.plan.implied && there > p.printed && p.printed == tailDefault:
		c.app.Notef("hint: these are the last %d; --from-beginning shows all, -f follows new ones", tailDefault)
	}
}

// explain gives an error of the reader the form that those of admin have: a topic that
// is gone does not exist, and what is not permitted tells which grant is missing.
func (c *consumption) explain(err error) error {
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
