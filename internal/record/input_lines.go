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

// Outgoing is one record on its way to a topic. It belongs to its source until it is passed to
// [Sender.Send], and to the Sender until its delivery has been reported. After that, neither it
// nor the memory of its Value may be used, because [Lines] uses both again.
type Outgoing struct {
	kgo.Record
	// Line is the number of the record in the input, counted from 1.
	Line int

	block   *block // that Value is a part of; nil when Value has memory of its own
	refused error  // of the broker that refused a batch with the record in it
	back    recordContext
}

// recordContext is the context that kgo keeps with a record. It never ends, and leads back from
// kgo's record to the Outgoing without an allocation.
type recordContext struct{ of *Outgoing }

func (*recordContext) Deadline() (time.Time, bool) { return time.Time{}, false }
func (*recordContext) Done() <-chan struct{}       { return nil }
func (*recordContext) Err() error                  { return nil }
func (*recordContext) Value(any) any               { return nil }

var _ context.Context = (*recordContext)(nil)

// release returns the memory of a record that was delivered or has failed.
func (o *Outgoing) release() {
	if o.block != nil {
		o.block.drop(1)
	}
}

const (
	// blockBytes is how much of the input is read at once. 64 KiB, the buffer of a pipe, would
	// be a system call for every 300 lines of 200 bytes.
	blockBytes = 256 << 10
	// blockRecords bounds the memory of a block of very short lines: an Outgoing needs about as
	// much as a line of 200 bytes.
	blockRecords = 4096
	// slabRecords is how many Outgoing a block allocates at once.
	slabRecords = 512
	// pinned is more references than records can have to a block: it keeps the block from being
	// used again while it is filled.
	pinned = 1 << 30
)

// Lines reads records from a text: the value of each is the text before the next delimiter or
// before the end. A text that ends with a delimiter has no record after it. The length of a
// line has no limit. The memory of records that were delivered is used again.
type Lines struct {
	in        io.Reader
	delimiter []byte
	line      int
	ended     error // why nothing more can be read: io.EOF or a failure
	current   *block
	start     int       // of the line that is being read, in current.text
	searched  int       // no delimiter begins before this index of current.text
	now       time.Time // of the last read

	mu   sync.Mutex
	free []*block
}

// NewLines returns Lines that reads from in. The delimiter must have at least one byte.
func NewLines(in io.Reader, delimiter []byte) *Lines {
	return &Lines{in: in, delimiter: delimiter}
}

// Next returns the next record, with its value, its line and the time when it was read. The
// error is io.EOF at the end, and otherwise that of the reader.
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

// record returns the line up to end as a record; the next line begins at next.
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

// fill reads once only, so that a line is returned as soon as it was written.
func (l *Lines) fill() {
	const least = blockBytes / 16 // a read of less is not worth a system call
	if l.current == nil {
		l.move(blockBytes)
	} else if cap(l.current.text)-len(l.current.text) < least {
		room := blockBytes
		if begun := len(l.current.text) - l.start; begun+least > room { // the next line may be as long
			room = 2 * (begun + least)
		}
		l.move(room)
	}
	text := l.current.text
	n, err := l.in.Read(text[len(text):cap(text)])
	l.current.text = text[:len(text)+n]
	l.now = time.Now() // once for all lines of a read: it is slow
	switch {
	case err == nil, errors.Is(err, io.EOF):
		l.ended = err
	default:
		l.ended = fmt.Errorf("read the input: %w", err)
	}
}

// move goes on in another block of at least room bytes, and copies the text there that belongs to
// no record yet.
func (l *Lines) move(room int) {
	next := l.empty(room)
	if l.current != nil {
		next.text = append(next.text, l.current.text[l.start:]...)
		l.current.drop(pinned - l.current.taken)
	}
	l.searched = max(0, l.searched-l.start)
	l.current, l.start = next, 0
}

// empty returns an unused block of at least room bytes.
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

// block is a part of the input and the records in it. It is used again once all of them are
// released.
type block struct {
	lines      *Lines
	text       []byte
	slabs      []*[slabRecords]Outgoing
	taken      int
	references atomic.Int64
}

// take returns the next unused record.
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

// drop removes n references.
func (b *block) drop(n int) {
	if b.references.Add(-int64(n)) == 0 {
		b.lines.mu.Lock()
		defer b.lines.mu.Unlock()
		b.lines.free = append(b.lines.free, b)
	}
}
