package records

import (
	"context"
	"fmt"
	"io"
	"math"

	"github.com/twmb/franz-go/pkg/kgo"
	"golang.org/x/time/rate"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/internal/record"
)

// produceInput is where records come from. Next returns a record that has only its text, as its
// value, and its number.
type produceInput struct {
	source interface {
		Next() (*record.Outgoing, error)
	}
	noun  string      // what a record's number counts: "line", or "record"
	size  int64       // of the file in bytes, 0 when it is not known
	count func(int64) // takes the number of bytes of each read
	close func()
}

func (in *produceInput) Next() (*record.Outgoing, error) { return in.source.Next() }

// open opens what the flags name.
func (o *produceOptions) open(ctx context.Context) (*produceInput, error) {
	in := &produceInput{noun: "record", count: func(int64) {}, close: func() {}}
	switch {
	case o.null && o.given("key"):
		in.source = &repeatedInput{last: 1}
		return in, nil
	case o.given("template"):
		in.source = &repeatedInput{last: o.repeat}
		return in, nil
	case o.given("data"):
		in.source = &repeatedInput{last: o.repeat, value: []byte(o.data)}
		return in, nil
	case o.given("data-file"):
		data, err := o.readFile(o.dataFile)
		if err == nil {
			err = checkEncoding(data, true)
		}
		in.source = &repeatedInput{last: o.repeat, value: withoutMark(data)}
		return in, err
	}
	reader, err := o.reader(in)
	if err != nil {
		return nil, err
	}
	reader = &countingReader{newInterruptible(ctx, reader), in}
	if o.input == "raw" {
		in.source = &rawInput{reader: reader}
		return in, nil
	}
	delimiter, err := parseDelimiter(o.delimiter)
	if err != nil {
		return nil, cli.AsUsage(err)
	}
	in.noun, in.source = "line", record.NewLines(&textReader{in: reader, json: o.input == "json" || o.event}, []byte(delimiter))
	return in, nil
}

// reader returns the file, or stdin.
func (o *produceOptions) reader(in *produceInput) (io.Reader, error) {
	if o.file == "-" {
		if o.isTyped() {
			return &promptingReader{in: o.app.In, to: o.app.Err}, nil
		}
		return o.app.In, nil
	}
	file, err := cli.OpenFile(o.file)
	if err != nil {
		return nil, err
	}
	in.close = func() { _ = file.Close() } // only read
	if info, err := file.Stat(); err == nil && info.Mode().IsRegular() {
		in.size = info.Size()
	}
	return file, nil
}

// isTyped reports whether a person types the lines on a terminal.
func (o *produceOptions) isTyped() bool {
	return o.app.InTTY && o.file == "-" && !o.given("template") && !o.given("data") && !o.given("data-file") && (!o.null || !o.given("key"))
}

func (o *produceOptions) readFile(name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(o.app.In)
	}
	file, err := cli.OpenFile(name)
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // only read
	return io.ReadAll(file)
}

// repeatedInput returns records that are not read: 1 to last, all with the same value.
type repeatedInput struct {
	n, last int
	value   []byte
}

func (s *repeatedInput) Next() (*record.Outgoing, error) {
	if s.n == s.last {
		return nil, io.EOF
	}
	s.n++
	return &record.Outgoing{Record: kgo.Record{Value: s.value, Partition: -1}, Line: s.n}, nil
}

// rawInput returns the whole input as one record.
type rawInput struct {
	reader io.Reader
	read   bool
}

func (s *rawInput) Next() (*record.Outgoing, error) {
	if s.read {
		return nil, io.EOF
	}
	s.read = true
	value, err := io.ReadAll(s.reader)
	if err != nil {
		return nil, fmt.Errorf("read the input: %w", err)
	}
	return &record.Outgoing{Record: kgo.Record{Value: value, Partition: -1}, Line: 1}, nil
}

// countingReader counts the bytes of the input as they are read.
type countingReader struct {
	io.Reader
	in *produceInput
}

func (r *countingReader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	r.in.count(int64(n))
	return n, err
}

// promptingReader prompts for each line on a terminal, which gives one line a read.
type promptingReader struct {
	in io.Reader
	to io.Writer
}

func (p *promptingReader) Read(b []byte) (int, error) {
	fmt.Fprint(p.to, "> ")
	n, err := p.in.Read(b)
	if n == 0 && err != nil {
		fmt.Fprintln(p.to) // the report has a line of its own
	}
	return n, err
}

// interruptible is a reader whose Read returns when ctx ends: a read from a terminal or a pipe
// cannot be cancelled. The read goes on then, into what the caller passed; the process ends with
// it.
type interruptible struct {
	ctx     context.Context
	in      io.Reader
	ask     chan []byte
	answers chan readResult
}

type readResult struct {
	n   int
	err error
}

func newInterruptible(ctx context.Context, in io.Reader) *interruptible {
	r := &interruptible{ctx: ctx, in: in, ask: make(chan []byte), answers: make(chan readResult, 1)}
	go func() {
		for {
			select {
			case p := <-r.ask:
				n, err := r.in.Read(p)
				r.answers <- readResult{n, err}
			case <-ctx.Done():
				return
			}
		}
	}()
	return r
}

func (r *interruptible) Read(p []byte) (int, error) {
	select {
	case r.ask <- p:
	case <-r.ctx.Done():
		return 0, r.ctx.Err()
	}
	select {
	case a := <-r.answers:
		return a.n, a.err
	case <-r.ctx.Done():
		return 0, r.ctx.Err()
	}
}

// newPacer limits how many records are sent a second; nil, for a rate of 0, is no limit. What the
// input did not use of the rate is not caught up on. A faster rate than a timer can keep sends what
// is due within a millisecond at once.
func newPacer(perSecond float64) *rate.Limiter {
	if perSecond == 0 {
		return nil
	}
	const timersASecond = 1000
	return rate.NewLimiter(rate.Limit(perSecond), max(1, int(min(perSecond/timersASecond, math.MaxInt32))))
}

// waitTurn waits until the rate lets the next record through, and reports whether ctx goes on.
func waitTurn(ctx context.Context, pace *rate.Limiter) bool {
	if pace == nil {
		return ctx.Err() == nil
	}
	return pace.Wait(ctx) == nil
}
