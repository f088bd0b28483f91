package term

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"
)

// InterruptibleWriter writes to a stream that may take nothing for ever, such as a pipe whose
// reader has stopped. Each write waits for the stream; once a context has ended it waits for
// [PipeLinger] alone.
//
// Several goroutines may use one.
type InterruptibleWriter struct {
	interrupted context.Context
	w           io.Writer

	mu    sync.Mutex
	spare []byte // what the last write had its text in, nil while a write has it
}

// NewInterruptibleWriter returns a writer to w whose writes give up after the end of ctx.
func NewInterruptibleWriter(ctx context.Context, w io.Writer) *InterruptibleWriter {
	return &InterruptibleWriter{interrupted: ctx, w: w}
}

// written is how a write ended.
type written struct {
	n   int
	err error
}

// Write writes p. The error is [ErrUnread] when the stream did not take it: part of p may have been
// written then, and the rest may be yet.
func (i *InterruptibleWriter) Write(p []byte) (int, error) {
	i.mu.Lock()
	text := i.spare[:0]
	i.spare = nil
	i.mu.Unlock()
	text = append(text, p...) // p is the caller's again after Write, which may give up
	ended := make(chan written, 1)
	go func() {
		n, err := i.w.Write(text)
		i.mu.Lock()
		i.spare = text
		i.mu.Unlock()
		ended <- written{n, err}
	}()
	select {
	case end := <-ended:
		return end.n, end.err
	case <-i.interrupted.Done():
	}
	linger := time.NewTimer(PipeLinger)
	defer linger.Stop()
	select {
	case end := <-ended:
		return end.n, end.err
	case <-linger.C:
		return 0, fmt.Errorf("%w: %w", ErrUnread, context.Cause(i.interrupted))
	}
}
