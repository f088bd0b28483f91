package main

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/internal/record"
)

// recordPrinter filters records, and prints or audits those that pass.
type recordPrinter struct {
	sieve        *record.Filter
	view         recordPrint
	since, until time.Time // zero: no bound
	out          *outlet
	most         int64         // so many are printed, 0 for all
	audit        *record.Audit // not nil: checks them instead of printing

	text     []byte
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

// print prints what of records passes, and tells behind which of them it stopped: all
// but when enough are printed, with [record.Enough] as the error then.
func (p *recordPrinter) print(ctx context.Context, records []*kgo.Record) (last *kgo.Record, err error) {
	if p.text, err = p.out.buffer(ctx); err != nil {
		return nil, err
	}
	defer func() { p.out.send(p.text) }()
	for _, r := range records {
		p.looked.Add(1)
		last = r
		keep, shown := p.keeps(ctx, r)
		if !keep {
			continue
		}
		switch {
		case p.audit != nil:
			p.audit.Check(r)
		case shown != nil:
			p.text = p.view.shown(p.text, shown)
		default:
			if p.text, err = p.view.record(p.text, r); err != nil {
				return last, atRecord(r, err)
			}
		}
		if p.printed++; p.printed == p.most {
			return last, record.Enough()
		}
		if len(p.text) > outletBuffer {
			p.out.send(p.text)
			if p.text, err = p.out.buffer(ctx); err != nil {
				return last, err
			}
		}
	}
	return last, nil
}

// atRecord says which record err is about.
func atRecord(r *kgo.Record, err error) error {
	return &record.PartitionError{Topic: r.Topic, Partition: r.Partition, Err: fmt.Errorf("offset %d: %w", r.Offset, err)}
}
