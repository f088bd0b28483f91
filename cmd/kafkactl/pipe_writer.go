package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"syscall"
	"time"
)

// pipeWriter writes text from a goroutine of its own. Whoever produces the text goes on
// meanwhile, and can still be interrupted while the reader of a pipe takes nothing.
//
// There is a fixed number of buffers. The producer always has exactly one of them, which
// is text; [pipeWriter.hand] exchanges it for a spare one. So as many buffers are spare,
// handed over or being written as the channels have room for, and no send can block. Only
// taking a spare buffer can, and that ends with a context.
//
// One goroutine at a time may produce.
type pipeWriter struct {
	text []byte // what is handed over next: the producer appends to it

	full    chan []byte // handed over, in their order
	spare   chan []byte // empty
	handed  int64       // how many buffers were handed over
	written atomic.Int64
	ended   chan struct{}
	err     error // why the writing ended early; set before ended is closed
}

var (
	// errClosed is a reader that has gone, as head does when it has its lines: nobody
	// wants the rest.
	errClosed = errors.New("the reader has closed the pipe")
	// errUnread is text that the reader did not take before a context ended.
	errUnread = errors.New("the output was not read to its end")
)

const (
	pipeSpares = 2 // one on its way, one that is written; the producer fills a third
	pipeBuffer = 256 << 10
	// How long the end waits for a reader that takes nothing, once the time is over or the
	// run was interrupted.
	pipeLinger = 300 * time.Millisecond
)

// newPipeWriter starts the goroutine that writes to w. It ends with [pipeWriter.close],
// or with a write that fails; one that never returns keeps it until the process ends.
func newPipeWriter(w io.Writer) *pipeWriter {
	p := &pipeWriter{
		text: make([]byte, 0, pipeBuffer),
		full: make(chan []byte, pipeSpares), spare: make(chan []byte, pipeSpares), ended: make(chan struct{}),
	}
	for range pipeSpares {
		p.spare <- make([]byte, 0, pipeBuffer)
	}
	go p.write(w)
	return p
}

func (p *pipeWriter) write(w io.Writer) {
	defer close(p.ended)
	for text := range p.full {
		if _, err := w.Write(text); err != nil {
			p.err = err
			if errors.Is(err, syscall.EPIPE) {
				p.err = errClosed
			}
			return
		}
		p.written.Add(1)
		p.spare <- text[:0]
	}
}

// isFull reports whether text is to be handed over before it grows further.
func (p *pipeWriter) isFull() bool { return len(p.text) > pipeBuffer }

// hand hands text over to be written, and leaves an empty one. It waits for a spare
// buffer until ctx ends: [errUnread] then, and text is as it was. Any other error is that
// of the writing.
func (p *pipeWriter) hand(ctx context.Context) error {
	select {
	case <-p.ended:
		return p.err
	default:
	}
	if len(p.text) == 0 {
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
		return fmt.Errorf("%w: %w", errUnread, context.Cause(ctx))
	}
}

func (p *pipeWriter) exchange(spare []byte) {
	p.full <- p.text
	p.text = spare
	p.handed++
}

// close waits until everything that was handed over is written. Once ctx has ended it
// does not wait long for a reader that takes nothing: [errUnread] then. It is called once,
// and nothing is handed over afterwards.
func (p *pipeWriter) close(ctx context.Context) error {
	close(p.full)
	select {
	case <-p.ended:
		return p.err
	case <-ctx.Done():
	}
	linger := time.NewTimer(pipeLinger)
	defer linger.Stop()
	select {
	case <-p.ended:
		return p.err
	case <-linger.C:
		return fmt.Errorf("%w: %w", errUnread, context.Cause(ctx))
	}
}
