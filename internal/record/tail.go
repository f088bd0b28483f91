package record

import (
	"cmp"
	"context"
	"slices"

	"github.com/twmb/franz-go/pkg/kgo"
)

// Tail gives the newest n records of all spans together that keep wants, oldest first:
// by time, and where that is the same by topic, partition and offset. Each partition is
// read backwards from the end of its span, in windows that grow, until it has given n
// or its start is reached: an offset need not hold a record, and a record need not be
// wanted.
//
// The error is that of keep, or of [Reader.Read].
func (r *Reader) Tail(ctx context.Context, spans []Span, n int, keep func(*kgo.Record) (bool, error)) ([]*kgo.Record, error) {
	tails := make(map[string]*tail, len(spans))
	for _, s := range spans {
		tails[s.String()] = &tail{span: s, low: s.End, most: n}
	}
	for width := int64(n); ; width *= 4 {
		var windows []Span
		for _, s := range spans {
			if w, ok := tails[s.String()].window(width); ok {
				windows = append(windows, w)
			}
		}
		if len(windows) == 0 {
			return newest(tails, n), nil
		}
		err := r.Read(ctx, windows, func(b Batch) error {
			t := tails[Span{Topic: b.Topic, Partition: b.Partition}.String()]
			for _, record := range b.Records {
				wanted, err := keep(record)
				if err != nil {
					return err
				}
				if wanted {
					t.add(record)
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
}

// tail is the end of one partition, as far as it was read.
type tail struct {
	span   Span
	low    int64 // read from here on
	most   int
	fresh  []*kgo.Record // of the window that is read now
	behind []*kgo.Record // of those before, which are behind it in the log
}

// window is what to read next, false when the partition has given enough.
func (t *tail) window(width int64) (Span, bool) {
	t.behind = slices.Concat(t.fresh, t.behind)
	t.fresh = nil
	if len(t.behind) >= t.most || t.low <= t.span.Start {
		return Span{}, false
	}
	w := t.span
	w.End = t.low
	w.Start = max(t.span.Start, t.low-width)
	t.low = w.Start
	return w, true
}

// add keeps the newest of a window alone.
func (t *tail) add(r *kgo.Record) {
	missing := t.most - len(t.behind)
	if len(t.fresh) == missing {
		t.fresh = append(t.fresh[:0], t.fresh[1:]...)
	}
	t.fresh = append(t.fresh, r)
}

// newest merges the tails of all partitions.
func newest(tails map[string]*tail, n int) []*kgo.Record {
	var all []*kgo.Record
	for _, t := range tails {
		all = append(all, t.behind...)
	}
	slices.SortFunc(all, func(a, b *kgo.Record) int {
		return cmp.Or(
			a.Timestamp.Compare(b.Timestamp), cmp.Compare(a.Topic, b.Topic),
			cmp.Compare(a.Partition, b.Partition), cmp.Compare(a.Offset, b.Offset),
		)
	})
	return all[max(0, len(all)-n):]
}
