package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/internal/record"
)

const (
	// shownFailures is how many failures are told one by one.
	shownFailures = 5
	// answerDelay is how late a record's object may be on stdout.
	answerDelay = 100 * time.Millisecond
)

// deliveries gathers what became of the records, and with -o json tells of each on
// stdout.
type deliveries struct {
	*produceOptions
	ctx   context.Context // of the run: nobody waits for a reader of stdout after it
	noun  string          // what a record's number counts
	done  chan struct{}
	ended sync.WaitGroup

	mu       sync.Mutex
	sent     int64
	failures int64
	unsure   int64       // of failures
	first    []failure   // the earliest in the input
	out      *pipeWriter // nil without -o json
}

// failure is one record that was not sent.
type failure struct {
	line int
	err  error
}

// newDeliveries starts; finish ends it.
func newDeliveries(ctx context.Context, o *produceOptions, noun string) *deliveries {
	d := &deliveries{produceOptions: o, ctx: ctx, noun: noun, done: make(chan struct{})}
	if o.app.format == formatJSON {
		d.out = newPipeWriter(o.app.out)
		d.ended.Go(d.keepFlushing)
	}
	return d
}

// delivered is told of every record that was given to the sender.
func (d *deliveries) delivered(out *record.Outgoing, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err == nil {
		d.sent++
	} else {
		d.note(out.Line, err)
	}
	d.answer(out.Line, &out.Record, err)
}

// failed is told of every record that was not given to it.
func (d *deliveries) failed(line int, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.note(line, err)
	d.answer(line, &kgo.Record{Partition: -1}, err)
}

// note keeps a failure if it is one of the first.
func (d *deliveries) note(line int, err error) {
	d.failures++
	if errors.Is(err, record.ErrMaybeArrived) {
		d.unsure++
	}
	at, _ := slices.BinarySearchFunc(d.first, line, func(f failure, line int) int { return f.line - line })
	if at < shownFailures {
		d.first = slices.Insert(d.first, at, failure{line, err})
		d.first = d.first[:min(len(d.first), shownFailures)]
	}
}

// answer writes one object for -o json: where the record is; partition -1 when none was
// chosen, offset -1 when it was not sent or nobody told it (--acks 0), timestamp null
// when it got none, error "" when it was sent.
func (d *deliveries) answer(line int, r *kgo.Record, err error) {
	if d.out == nil {
		return
	}
	offset, message, timestamp := r.Offset, "", []byte("null")
	if err != nil {
		offset, message = -1, err.Error()
	}
	if !r.Timestamp.IsZero() {
		timestamp = r.Timestamp.UTC().AppendFormat(nil, `"2006-01-02T15:04:05.000Z"`)
	}
	b := d.out.text
	b = append(b, `{"topic":"`...) // a topic's name needs no escapes
	b = append(append(b, d.topic...), `","partition":`...)
	b = append(strconv.AppendInt(b, int64(r.Partition), 10), `,"offset":`...)
	b = append(strconv.AppendInt(b, offset, 10), `,"timestamp":`...)
	b = append(append(b, timestamp...), `,"line":`...)
	b = append(strconv.AppendInt(b, int64(line), 10), `,"error":`...)
	quoted, _ := json.Marshal(message) // a string always can be
	d.out.text = append(append(b, quoted...), "}\n"...)
	if d.out.isFull() {
		d.hand()
	}
}

// hand hands the objects over to be written. Those that nobody will read any more are
// dropped, and the end tells why.
func (d *deliveries) hand() {
	if d.out.hand(d.ctx) != nil {
		d.out.text = d.out.text[:0]
	}
}

// keepFlushing lets nobody wait for an object because no others follow.
func (d *deliveries) keepFlushing() {
	ticker := time.NewTicker(answerDelay)
	defer ticker.Stop()
	for {
		select {
		case <-d.done:
			return
		case <-ticker.C:
			d.mu.Lock()
			d.hand()
			d.mu.Unlock()
		}
	}
}

// progress is a line about how far it has come.
func (d *deliveries) progress() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return grouped(d.sent) + " sent so far"
}

// summary is "3 sent, 1 failed".
func (d *deliveries) summary() string {
	text := grouped(d.sent) + " sent"
	if d.acks.value == "0" && d.sent > 0 {
		text += ", which no broker has confirmed (--acks 0)"
	}
	if d.failures > 0 {
		text += fmt.Sprintf(", %s failed", grouped(d.failures))
	}
	if d.unsure > 0 {
		text += fmt.Sprintf(", of which %s may have arrived", grouped(d.unsure))
	}
	return text
}

// finish tells what became of everything. The error is what ended the sending, nil for
// the end of the input; that records failed is one too.
func (d *deliveries) finish(ended error) error {
	close(d.done)
	d.ended.Wait()
	if d.out != nil {
		d.hand()
		if err := d.out.close(d.ctx); ended == nil && errors.Is(err, errUnread) { // stdout remembers any other
			ended = err
		}
	}
	d.app.notef("%s", d.summary())
	if len(d.first) == 0 {
		return ended
	}
	st := newStyles(d.app.renderer(d.app.err, d.app.errTTY))
	for _, f := range d.first {
		d.app.notef("%s %v", st.bad.Render(fmt.Sprintf("%s %d:", d.noun, f.line)), f.err)
	}
	if more := d.failures - int64(len(d.first)); more > 0 {
		d.app.notef("and %s more", grouped(more))
	}
	hint := d.hint(d.first[0].err)
	switch {
	case ended != nil:
		return ended
	case d.app.format == formatJSON:
		return withHint(withCode(rephrased(d.summary(), d.first[0].err), exitFailed), hint)
	case hint != "":
		d.app.notef("%s %s", st.dim.Render("hint:"), hint)
	}
	return quiet(exitFailed)
}
