package records

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/record"
)

// recordPrinter filters records, and prints or audits those that pass.
type recordPrinter struct {
	filter       *record.Filter
	view         recordViews
	since, until time.Time // zero: no bound
	out          *term.PipeWriter
	commits      *groupCommits
	limit        int64         // so many are printed, 0 for all
	audit        *record.Audit // not nil: checks them instead of printing

	examined   atomic.Int64 // progress reads it meanwhile
	printed    int64
	jqFailures int64 // records that the jq expression failed on
	jqError    error // the first of these failures
}

// matches reports whether r passes the filters. When shown is not nil, it is printed in place of r.
func (p *recordPrinter) matches(ctx context.Context, r *kgo.Record) (keep bool, shown []byte) {
	if !p.since.IsZero() && r.Timestamp.Before(p.since) || !p.until.IsZero() && !r.Timestamp.Before(p.until) {
		return false, nil
	}
	keep, shown, err := p.filter.Keep(ctx, r)
	if err != nil {
		p.jqFailures++
		if p.jqError == nil {
			p.jqError = recordError(r, err)
		}
	}
	return keep, shown
}

// print prints the records that pass, hands the text over to the pipe writer, and marks what may be
// committed then. The error is [record.Enough] once the limit is reached.
func (p *recordPrinter) print(ctx context.Context, records []*kgo.Record) error {
	for i, r := range records {
		p.examined.Add(1)
		err := p.printOne(ctx, r)
		if err == nil && p.out.IsFull() || err != nil || i == len(records)-1 {
			if failed := p.out.HandOver(ctx); failed != nil {
				return failed
			}
			if err != nil && !errors.Is(err, record.Enough()) { // r is not printed
				p.commits.mark(r.Topic, r.Partition, r.Offset)
				return err
			}
			p.commits.mark(r.Topic, r.Partition, r.Offset+1)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// printOne makes text of a record that passes. The error is [record.Enough] with the last one.
func (p *recordPrinter) printOne(ctx context.Context, r *kgo.Record) error {
	keep, shown := p.matches(ctx, r)
	if !keep {
		return nil
	}
	switch {
	case p.audit != nil:
		p.audit.Check(r)
	case shown != nil:
		p.out.Text = p.view.jqOutput(p.out.Text, shown)
	default:
		text, err := p.view.record(p.out.Text, r)
		if err != nil {
			return recordError(r, err)
		}
		p.out.Text = text
	}
	if p.printed++; p.printed == p.limit {
		return record.Enough()
	}
	return nil
}

// recordError returns err with the record that it is about.
func recordError(r *kgo.Record, err error) error {
	return &record.PartitionError{Topic: r.Topic, Partition: r.Partition, Err: fmt.Errorf("offset %d: %w", r.Offset, err)}
}
