package main

import (
	"context"
	"errors"
	"io"
	"syscall"
	"time"
)

// outlet writes a stream of text from a goroutine of its own: who fills it goes on
// meanwhile, and can still be interrupted while the reader of a pipe takes nothing.
type outlet struct {
	full  chan []byte // to be written
	empty chan []byte // to be filled again
	ended chan struct{}
	err   error // set before ended is closed
}

// errClosed is a reader that has gone, as head does when it has its lines: nobody
// wants the rest.
var errClosed = errors.New("the reader has closed the pipe")

const (
	outletBuffers = 3 // one that is filled, one on its way, one that is written
	outletBuffer  = 256 << 10
	// How long the end waits for a reader that takes nothing once the run was
	// interrupted.
	outletLinger = 300 * time.Millisecond
)

func newOutlet(w io.Writer) *outlet {
	o := &outlet{
		full: make(chan []byte, outletBuffers), empty: make(chan []byte, outletBuffers),
		ended: make(chan struct{}),
	}
	for range outletBuffers {
		o.empty <- make([]byte, 0, outletBuffer)
	}
	go o.write(w)
	return o
}

func (o *outlet) write(w io.Writer) {
	defer close(o.ended)
	for text := range o.full {
		if _, err := w.Write(text); err != nil {
			o.err = err
			if errors.Is(err, syscall.EPIPE) {
				o.err = errClosed
			}
			return
		}
		o.empty <- text[:0]
	}
}

// buffer is room for text, which send takes. The error is the outlet's, or ctx's.
func (o *outlet) buffer(ctx context.Context) ([]byte, error) {
	select {
	case <-o.ended:
		return nil, o.err
	default:
	}
	select {
	case text := <-o.empty:
		return text, nil
	case <-o.ended:
		return nil, o.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// send hands over what a buffer was filled with.
func (o *outlet) send(text []byte) { o.full <- text }

// flush returns once all that was sent is written.
func (o *outlet) flush(ctx context.Context) error {
	held := make([][]byte, 0, outletBuffers)
	defer func() {
		for _, text := range held {
			o.empty <- text
		}
	}()
	for range outletBuffers {
		text, err := o.buffer(ctx)
		if err != nil {
			return err
		}
		held = append(held, text)
	}
	return nil
}

// close writes what is left and ends the goroutine. An interrupted run does not wait
// long for a reader that takes nothing.
func (o *outlet) close(ctx context.Context) error {
	close(o.full)
	select {
	case <-o.ended:
		return o.err
	case <-ctx.Done():
	}
	linger := time.NewTimer(outletLinger)
	defer linger.Stop()
	select {
	case <-o.ended:
		return o.err
	case <-linger.C:
		return context.Cause(ctx)
	}
}
