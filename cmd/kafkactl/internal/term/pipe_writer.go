package term

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"syscall"
	"time"
)

// PipeWriter writes text from a goroutine of its own. The producer of the text goes on meanwhile,
// and can still be interrupted while the reader of a pipe takes nothing.
//
// There is a fixed number of buffers. The producer always has exactly one of them, which is Text;
// [PipeWriter.HandOver] exchanges it for a spare one. So as many buffers are spare, handed over or
// being written as the channels have room for, and no send can block. Only taking a spare buffer
// can, and that ends with a context.
//
// One goroutine at a time may produce.
type PipeWriter struct {
	Text []byte // what is handed over next: the producer appends to it

	full    chan []byte  // handed over, in their order
	spare   chan []byte  // empty
	Handed  int64        // how many buffers were handed over
	Written atomic.Int64 // how many of them were written
	ended   chan struct{}
	err     error // why the writing ended early; set before ended is closed
}

// Why writing ended early.
var (
	// ErrReaderGone is a reader that has closed the pipe, as head does when it has its lines:
	// nobody wants the rest.
	ErrReaderGone = errors.New("the reader has closed the pipe")
	// ErrUnread is text that the reader did not take before a context ended.
	ErrUnread = errors.New("the output was not read to its end")
)

// The limits of a [PipeWriter].
const (
	// PipeSpares is the number of buffers beside the producer's: one on its way, one that is
	// written.
	PipeSpares = 2
	// PipeLinger is how long [PipeWriter.Close] waits for a reader that takes nothing, once its
	// context has ended.
	PipeLinger = 300 * time.Millisecond
	// pipeBuffer is the size of a buffer; text is handed over once it has grown past it.
	pipeBuffer = 256 << 10
)

// NewPipeWriter starts the goroutine that writes to w. The goroutine ends with [PipeWriter.Close]
// or with a write that fails; a write that never returns keeps it until the process ends.
func NewPipeWriter(w io.Writer) *PipeWriter {
	p := &PipeWriter{
		Text: make([]byte, 0, pipeBuffer),
		full: make(chan []byte, PipeSpares), spare: make(chan []byte, PipeSpares), ended: make(chan struct{}),
	}
	for range PipeSpares {
		p.spare <- make([]byte, 0, pipeBuffer)
	}
	go p.write(w)
	return p
}

func (p *PipeWriter) write(w io.Writer) {
	defer close(p.ended)
	for text := range p.full {
		if _, err := w.Write(text); err != nil {
			p.err = err
			if errors.Is(err, syscall.EPIPE) {
				p.err = ErrReaderGone
			}
			return
		}
		p.Written.Add(1)
		p.spare <- text[:0]
	}
}

// IsFull reports whether Text should be handed over before it grows further.
func (p *PipeWriter) IsFull() bool { return len(p.Text) > pipeBuffer }

// HandOver hands Text over to be written, and leaves it empty. It waits for a spare buffer until
// ctx ends: the error is [ErrUnread] then, and Text is as it was. Any other error is that of the
// writing, [ErrReaderGone] for a closed pipe.
func (p *PipeWriter) HandOver(ctx context.Context) error {
	select {
	case <-p.ended:
		return p.err
	default:
	}
	if len(p.Text) == 0 {
		return nil
	}
	select { // a spare buffer comes before the end of ctx: what can be written is
	case spare := <-p.spare:
		p.exchange(spare)
		return nil
	default:
	}
	select {
	case spare := <-p.spare:
		p.exchange(spare)
		return nil
	case <-p.ended:
		return p.err
	case <-ctx.Done():
		return fmt.Errorf("%w: %w", ErrUnread, context.Cause(ctx))
	}
}

func (p *PipeWriter) exchange(spare []byte) {
	p.full <- p.Text
	p.Text = spare
	p.Handed++
}

// Close waits until everything that was handed over is written. Once ctx has ended it waits for
// [PipeLinger] alone; the error is [ErrUnread] then. Close is called once, and nothing is handed
// over afterwards.
func (p *PipeWriter) Close(ctx context.Context) error {
	close(p.full)
	select {
	case <-p.ended:
		return p.err
	case <-ctx.Done():
	}
	linger := time.NewTimer(PipeLinger)
	defer linger.Stop()
	select {
	case <-p.ended:
		return p.err
	case <-linger.C:
		return fmt.Errorf("%w: %w", ErrUnread, context.Cause(ctx))
	}
}
