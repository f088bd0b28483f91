package record

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// Outgoing is one record on its way to a topic. It is the source's until it is given to
// a [Sender], and the Sender's until its delivery has been reported; after that neither
// it nor what its Value points to may be used.
type Outgoing struct {
	kgo.Record
	// Line is where the record stands in the input, from 1.
	Line int

	block   *block // what Value is a part of; nil when it is its own
	refused error  // why a broker took no batch with the record in it
	sent    passage
}

// passage is the context that kgo carries with a record: it never ends, and leads back
// to the Outgoing.
type passage struct{ of *Outgoing }

func (*passage) Deadline() (time.Time, bool) { return time.Time{}, false }
func (*passage) Done() <-chan struct{}       { return nil }
func (*passage) Err() error                  { return nil }
func (*passage) Value(any) any               { return nil }

var _ context.Context = (*passage)(nil)

// release gives back the memory of a record that was delivered, or that never will be.
func (o *Outgoing) release() {
	if o.block != nil {
		o.block.drop(1)
	}
}

const (
	// blockBytes is how much of the input is read at once: 64 KiB, the buffer of a pipe,
	// is a system call for every 300 lines of 200 bytes.
	blockBytes = 256 << 10
	// blockRecords bounds what a block of very short lines costs: a record needs about as
	// much memory as a line of 200 bytes.
	blockRecords = 4096
	slabRecords  = 512
	// pinned is more references than a block can have: the reader's while it fills it.
	pinned = 1 << 30
)

// Lines reads records from a text: the value of each is what stands before the next
// delimiter, or the end. A text that ends with a delimiter has no record after it. There
// is no limit to the length of a line. Memory is used again once records are delivered.
type Lines struct {
	in        io.Reader
	delimiter []byte
	line      int
	ended     error // what the reader ended with, io.EOF or a fault
	current   *block
	start     int // of the line that is read, in current.text
	searched  int // no delimiter begins before it
	now       time.Time

	mu   sync.Mutex
	free []*block
}

// NewLines reads from in; the delimiter has at least one byte.
func NewLines(in io.Reader, delimiter []byte) *Lines {
	return &Lines{in: in, delimiter: delimiter}
}

// Next is the next record: its value, its line and the time it was read at. It is io.EOF
// at the end, and otherwise what reading failed with.
func (l *Lines) Next() (*Outgoing, error) {
	for {
		if l.current != nil {
			if at := bytes.Index(l.current.text[l.searched:], l.delimiter); at >= 0 {
				end := l.searched + at
				return l.record(end, end+len(l.delimiter)), nil
			}
			l.searched = max(l.start, len(l.current.text)-len(l.delimiter)+1)
		}
		if l.ended != nil {
			if l.current != nil && l.start < len(l.current.text) && errors.Is(l.ended, io.EOF) {
				return l.record(len(l.current.text), len(l.current.text)), nil
			}
			return nil, l.ended
		}
		l.fill()
	}
}

// record is the line up to end; the next one begins at next.
func (l *Lines) record(end, next int) *Outgoing {
	l.line++
	o := l.current.take()
	o.Record = kgo.Record{Value: l.current.text[l.start:end:end], Partition: -1, Timestamp: l.now}
	o.Line = l.line
	l.start, l.searched = next, next
	if l.current.taken == blockRecords {
		l.move(max(blockBytes, len(l.current.text)-l.start))
	}
	return o
}

// fill reads once, so that a line is had as soon as it was written.
func (l *Lines) fill() {
	const least = blockBytes / 16 // a read of less is not worth a system call
	if l.current == nil {
		l.move(blockBytes)
	} else if cap(l.current.text)-len(l.current.text) < least {
		room := blockBytes
		if begun := len(l.current.text) - l.start; begun+least > room { // what comes after a long line may be as long
			room = 2 * (begun + least)
		}
		l.move(room)
	}
	text := l.current.text
	n, err := l.in.Read(text[len(text):cap(text)])
	l.current.text = text[:len(text)+n]
	l.now = time.Now() // once for all lines of a read: the clock is dear
	switch {
	case err == nil, errors.Is(err, io.EOF):
		l.ended = err
	default:
		l.ended = fmt.Errorf("read the input: %w", err)
	}
}

// move goes on in another block, of so many bytes, with the text that is not used yet.
func (l *Lines) move(room int) {
	next := l.empty(room)
	if l.current != nil {
		next.text = append(next.text, l.current.text[l.start:]...)
		l.current.drop(pinned - l.current.taken)
	}
	l.searched = max(0, l.searched-l.start)
	l.current, l.start = next, 0
}

// empty is an unused block of at least so many bytes.
func (l *Lines) empty(room int) *block {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := &block{lines: l}
	if last := len(l.free) - 1; last >= 0 {
		b, l.free = l.free[last], l.free[:last]
	}
	if cap(b.text) < room {
		b.text = make([]byte, 0, room)
	}
	b.text, b.taken = b.text[:0], 0
	b.references.Store(pinned)
	return b
}

// block is a part of the input and the records in it. It is used again when all of them
// were released.
type block struct {
	lines      *Lines
	text       []byte
	slabs      []*[slabRecords]Outgoing
	taken      int
	references atomic.Int64
}

// take is the next unused record.
func (b *block) take() *Outgoing {
	slab, i := b.taken/slabRecords, b.taken%slabRecords
	if slab == len(b.slabs) {
		b.slabs = append(b.slabs, new([slabRecords]Outgoing))
	}
	b.taken++
	o := &b.slabs[slab][i]
	o.block, o.refused = b, nil
	return o
}

// drop takes n references away.
func (b *block) drop(n int) {
	if b.references.Add(-int64(n)) == 0 {
		b.lines.mu.Lock()
		defer b.lines.mu.Unlock()
		b.lines.free = append(b.lines.free, b)
	}
}
