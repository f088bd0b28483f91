package term

import (
	"context"
	"errors"
	"io"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// A reader that takes nothing holds a write up until the context ends, and a linger longer.
func TestInterruptibleWriterGivesUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		in, out := io.Pipe()
		defer in.Close() //nolint:errcheck // ends the writing goroutine
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Hour, cancel)
		start := time.Now()
		_, err := NewInterruptibleWriter(ctx, out).Write([]byte("text"))
		if !errors.Is(err, ErrUnread) || !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
		if took := time.Since(start); took != time.Hour+PipeLinger {
			t.Errorf("took %s", took)
		}
	})
}

// A reader that goes on gets everything, also after the context has ended, and the text is that of
// the moment of the write.
func TestInterruptibleWriterWrites(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var got strings.Builder
		w, text := NewInterruptibleWriter(ctx, &got), []byte("one")
		for range 2 {
			if n, err := w.Write(text); n != len(text) || err != nil {
				t.Errorf("%d bytes, %v", n, err)
			}
			copy(text, "two")
			cancel()
		}
		if got.String() != "onetwo" {
			t.Errorf("got %q", got.String())
		}
	})
}

// The error of a stream is that of the write.
func TestInterruptibleWriterFails(t *testing.T) {
	t.Parallel()
	w := NewInterruptibleWriter(t.Context(), &failingWriter{0, syscall.EPIPE})
	if _, err := w.Write([]byte("lost")); !errors.Is(err, syscall.EPIPE) {
		t.Errorf("error %v", err)
	}
}
