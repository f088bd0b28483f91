package records

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

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/record"
)

const (
	// shownFailures is how many failures are printed one by one.
	shownFailures = 5
	// resultDelay is how late the object of a record may be on stdout.
	resultDelay = 100 * time.Millisecond
)

// deliveryReport counts the records that were sent and that failed, and with -o json prints an
// object for each on stdout.
type deliveryReport struct {
	*produceOptions
	ctx   context.Context // of the run: nobody waits for a reader of stdout after it
	noun  string          // what a record's number counts
	done  chan struct{}
	ended sync.WaitGroup

	mu           sync.Mutex
	sent         int64
	failures     int64
	maybeArrived int64            // of failures
	first        []failure        // the earliest in the input
	out          *term.PipeWriter // nil without -o json
}

// failure is one record that was not sent.
type failure struct {
	line int
	err  error
}

// newDeliveryReport starts; finish ends it.
func newDeliveryReport(ctx context.Context, o *produceOptions, noun string) *deliveryReport {
	d := &deliveryReport{produceOptions: o, ctx: ctx, noun: noun, done: make(chan struct{})}
	if o.app.Format == cli.FormatJSON {
		d.out = term.NewPipeWriter(o.app.RawOut)
		d.ended.Go(d.keepFlushing)
	}
	return d
}

// delivered takes the outcome of a record that was given to the sender.
func (d *deliveryReport) delivered(out *record.Outgoing, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err == nil {
		d.sent++
	} else {
		d.countFailure(out.Line, err)
	}
	d.writeResult(out.Line, &out.Record, err)
}

// failed takes the failure of a record that was not given to the sender.
func (d *deliveryReport) failed(line int, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.countFailure(line, err)
	d.writeResult(line, &kgo.Record{Partition: -1}, err)
}

// countFailure counts a failure, and keeps it if it is one of the first.
func (d *deliveryReport) countFailure(line int, err error) {
	d.failures++
	if errors.Is(err, record.ErrMaybeArrived) {
		d.maybeArrived++
	}
	at, _ := slices.BinarySearchFunc(d.first, line, func(f failure, line int) int { return f.line - line })
	if at < shownFailures {
		d.first = slices.Insert(d.first, at, failure{line, err})
		d.first = d.first[:min(len(d.first), shownFailures)]
	}
}

// writeResult writes one object for -o json: where the record is; partition -1 when none was
// chosen, offset -1 when it was not sent or no broker returned it (--acks 0), timestamp the broker's
// where that gives its own, and null when it got none, error "" when it was sent.
func (d *deliveryReport) writeResult(line int, r *kgo.Record, err error) {
	if d.out == nil {
		return
	}
	offset, message := r.Offset, ""
	if err != nil {
		offset, message = -1, err.Error()
	}
	b := d.out.Text
	b = append(b, `{"topic":"`...) // a topic's name needs no escapes
	b = append(append(b, d.topic...), `","partition":`...)
	b = append(strconv.AppendInt(b, int64(r.Partition), 10), `,"offset":`...)
	b = append(strconv.AppendInt(b, offset, 10), `,"timestamp":`...)
	b = append(record.AppendJSONTimestamp(b, r.Timestamp), `,"line":`...)
	b = append(strconv.AppendInt(b, int64(line), 10), `,"error":`...)
	quoted, _ := json.Marshal(message) // a string always can be
	d.out.Text = append(append(b, quoted...), "}\n"...)
	if d.out.IsFull() {
		d.handOver()
	}
}

// handOver hands the objects over to be written. It drops those that nobody will read any more;
// finish returns why.
func (d *deliveryReport) handOver() {
	if d.out.HandOver(d.ctx) != nil {
		d.out.Text = d.out.Text[:0]
	}
}

// keepFlushing hands objects over every resultDelay, also when no others follow.
func (d *deliveryReport) keepFlushing() {
	cli.CallEvery(resultDelay, d.done, func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.handOver()
	})
}

// progress returns a line that says how many records were sent.
func (d *deliveryReport) progress() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return term.GroupDigits(d.sent) + " sent so far"
}

// summary returns "3 sent, 1 failed".
func (d *deliveryReport) summary() string {
	text := term.GroupDigits(d.sent) + " sent"
	if d.acks == "0" && d.sent > 0 {
		text += ", which no broker has confirmed (--acks 0)"
	}
	if d.failures > 0 {
		text += fmt.Sprintf(", %s failed", term.GroupDigits(d.failures))
	}
	if d.maybeArrived > 0 {
		text += fmt.Sprintf(", of which %s may have arrived", term.GroupDigits(d.maybeArrived))
	}
	return text
}

// finish prints the counts and the first failures. ended is what ended the sending, nil for the end
// of the input. The returned error is ended, or that records failed.
func (d *deliveryReport) finish(ended error) error {
	close(d.done)
	d.ended.Wait()
	if d.out != nil {
		d.handOver()
		if err := d.out.Close(d.ctx); ended == nil && err != nil && !errors.Is(err, term.ErrReaderGone) {
			ended = fmt.Errorf("write the answer: %w", err)
		}
	}
	d.app.Notef("%s", d.summary())
	if len(d.first) == 0 {
		return ended
	}
	st := term.NewStyles(d.app.Renderer(d.app.Err, d.app.ErrTTY))
	for _, f := range d.first {
		d.app.Notef("%s %v", st.Bad.Render(fmt.Sprintf("%s %d:", d.noun, f.line)), f.err)
	}
	if more := d.failures - int64(len(d.first)); more > 0 {
		d.app.Notef("and %s more", term.GroupDigits(more))
	}
	hint := d.hint(d.first[0].err)
	switch {
	case ended != nil:
		return ended
	case d.app.Format == cli.FormatJSON:
		return cli.WithHint(cli.WithCode(cli.WithText(d.first[0].err, d.summary()), cli.ExitFailed), hint)
	case hint != "":
		d.app.Notef("%s %s", st.Dim.Render("hint:"), hint)
	}
	return cli.Quiet(cli.ExitFailed)
}
