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
	sieve        *record.Filter
	view         recordPrint
	since, until time.Time // zero: no bound
	out          *term.PipeWriter
	commits      *commits
	most         int64         // so many are printed, 0 for all
	audit        *record.Audit // not nil: checks them instead of printing

	looked   atomic.Int64 // progress reads it meanwhile
	printed  int64
	stumbled int64 // records that the jq expression failed on
	stumble  error // the first of these failures
}

// keeps tells whether r passes the filters; shown is printed in its place if not nil.
func (p *recordPrinter) keeps(ctx context.Context, r *kgo.Record) (keep bool, shown []byte) {
	if !p.since.IsZero() && r.Timestamp.Before(p.since) || !p.until.IsZero() && !r.Timestamp.Before(p.until) {
		return false, nil
	}
	keep, shown, err := p.sieve.Keep(ctx, r)
	if err != nil {
		p.stumbled++
		if p.stumble == nil {
			p.stumble = atRecord(r, err)
		}
	}
	return keep, shown
}

// print prints what of records passes and hands it over, with what may be committed then.
// The error is [record.Enough] when so many are printed as there are to be.
func (p *recordPrinter) print(ctx context.Context, records []*kgo.Record) error {
	for i, r := range records {
		p.looked.Add(1)
		err := p.one(ctx, r)
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

// one makes text of a record that passes; the error is [record.Enough] behind the last
// one.
func (p *recordPrinter) one(ctx context.Context, r *kgo.Record) error {
	keep, shown := p.keeps(ctx, r)
	if !keep {
		return nil
	}
	switch {
	case p.audit != nil:
		p.audit.Check(r)
	case shown != nil:
		p.out.Text = p.view.shown(p.out.Text, shown)
	default:
		text, err := p.view.record(p.out.Text, r)
		if err != nil {
			return atRecord(r, err)
		}
		p.out.Text = text
	}
	if p.printed++; p.printed == p.most {
		return record.Enough()
	}
	return nil
}

// atRecord says which record err is about.
func atRecord(r *kgo.Record, err error) error {
	return &record.PartitionError{Topic: r.Topic, Partition: r.Partition, Err: fmt.Errorf("offset %d: %w", r.Offset, err)}
}
