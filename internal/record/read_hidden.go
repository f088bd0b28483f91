package record

import (
	"context"
	"fmt"
	"time"

	"kafkactl/internal/kafka"
)

// hiddenAfter is how long a follow stands before an open transaction until it says so. Most
// transactions are shorter.
const hiddenAfter = 2 * time.Second

// hidden is the open transaction that a cursor stands before: it gets the records behind only once
// it has ended (isolation.level=read_committed).
type hidden struct {
	at    int64     // the last stable offset, where the transaction begins
	end   int64     // of the log
	since time.Time // zero: the cursor stands before none
	noted bool
}

// await notes whether the cursor stands before an open transaction, by the answer of its leader.
func (c *cursor) await(p partReply) {
	switch waits := p.stable >= 0 && p.stable < p.high && c.next >= p.stable; {
	case !waits:
		c.hidden = hidden{}
	case c.hidden.since.IsZero() || c.hidden.at != p.stable:
		c.hidden = hidden{at: p.stable, end: p.high, since: time.Now()}
	default:
		c.hidden.end = p.high
	}
}

// hiding is a cursor that stood before transactions when they were looked up, and these.
type hiding struct {
	cursor *cursor
	at     int64
	open   []kafka.OpenTransaction
}

// nameTransactions looks up the transactions that cursors have stood before for a while, and were not
// noted, unless that is being done. The loop does not wait for the answer.
func (l *loop) nameTransactions(ctx context.Context) {
	if l.naming || l.opts.Uncommitted {
		return
	}
	led := make(map[int32][]kafka.TopicPartition)
	var asked []hiding
	var at []kafka.TopicPartition
	for _, c := range l.cursors {
		if h := c.hidden; c.leader != noLeader && !h.noted && !h.since.IsZero() && time.Since(h.since) >= hiddenAfter {
			led[c.leader] = append(led[c.leader], c.at())
			asked, at = append(asked, hiding{cursor: c, at: h.at}), append(at, c.at())
		}
	}
	if len(asked) == 0 {
		return
	}
	l.naming = true
	go func() {
		open := l.kafka.OpenTransactions(ctx, led)
		for i := range asked {
			asked[i].open = open[at[i]]
		}
		select {
		case l.named <- asked:
		case <-ctx.Done():
		}
	}()
}

// noteHiding notes the transactions that cursors still stand before.
func (l *loop) noteHiding(found []hiding) {
	l.naming = false
	for _, h := range found {
		c := h.cursor
		if c.hidden.since.IsZero() || c.hidden.at != h.at {
			continue
		}
		c.hidden.noted = true
		l.opts.Note(hiddenText(c.Span, h.at, c.hidden.end-h.at, h.open))
	}
}

// hiddenText says that so many offsets of a partition from one on are hidden, and by what.
func hiddenText(s Span, from, count int64, open []kafka.OpenTransaction) string {
	by := kafka.NameOpen(open)
	if by != "" {
		by = " (" + by + ")"
	}
	offsets := "1 offset"
	if count != 1 {
		offsets = fmt.Sprintf("%d offsets", count)
	}
	return fmt.Sprintf("%s: a transaction that is still open hides %s from offset %d on%s; --isolation read_uncommitted shows them", s, offsets, from, by)
}

// Hidden returns a line about each span before whose end of the log a transaction was open when it
// was looked up: how many offsets that hides, and which transaction it is where that is known.
func (r *Reader) Hidden(ctx context.Context, spans []Span) []string {
	var (
		hiding  []Span
		places  []At
		leaders map[At]int32
	)
	for _, s := range spans {
		if s.Hidden > 0 {
			hiding, places = append(hiding, s), append(places, At{s.Topic, s.Partition, 0})
		}
	}
	if len(hiding) == 0 {
		return nil
	}
	leaders, _ = r.leaders(ctx, places) // without, nobody can be asked which transactions these are
	led := make(map[int32][]kafka.TopicPartition)
	for i, at := range places {
		if leader, ok := leaders[at]; ok {
			led[leader] = append(led[leader], hiding[i].at())
		}
	}
	open := r.kafka.OpenTransactions(ctx, led)
	lines := make([]string, len(hiding))
	for i, s := range hiding {
		lines[i] = hiddenText(s, s.End, s.Hidden, open[s.at()])
	}
	return lines
}
