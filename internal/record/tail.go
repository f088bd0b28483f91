package record

import (
	"cmp"
	"context"
	"slices"

	"github.com/twmb/franz-go/pkg/kgo"
)

// Tail returns the newest n records of all spans together for which keep returns true, oldest
// first: by timestamp, and where that is the same by topic, partition and offset. It reads each
// partition backwards from the end of its span, in windows that grow, until it has n records
// or has reached the start: an offset need not hold a record, and keep may refuse many.
//
// The error is that of keep or of [Reader.Read].
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

// tail holds the newest records of one partition, as far as it was read backwards.
type tail struct {
	span   Span
	low    int64 // everything from this offset on was read
	most   int
	fresh  []*kgo.Record // of the window that is being read
	behind []*kgo.Record // of the windows read before, which lie behind it in the log
}

// window returns what to read next; false when the partition has given enough.
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

// add adds a record of the window, and drops the window's oldest when there are too many.
func (t *tail) add(r *kgo.Record) {
	missing := t.most - len(t.behind)
	if len(t.fresh) == missing {
		t.fresh = append(t.fresh[:0], t.fresh[1:]...)
	}
	t.fresh = append(t.fresh, r)
}

// newest returns the newest n records of all tails, oldest first.
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
