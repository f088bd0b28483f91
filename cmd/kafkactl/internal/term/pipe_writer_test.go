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

	"github.com/google/go-cmp/cmp"
)

// produceLines hands a line over for each of names.
func produceLines(ctx context.Context, p *PipeWriter, names ...string) error {
	for _, name := range names {
		p.Text = append(p.Text, name+"\n"...)
		if err := p.HandOver(ctx); err != nil {
			return err
		}
	}
	return nil
}

// A reader that takes a byte a second gets everything, in its order, however long it takes.
func TestPipeWriterDribble(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		in, out := io.Pipe()
		p := NewPipeWriter(out)
		var got strings.Builder
		read := make(chan struct{})
		go func() {
			defer close(read)
			b := make([]byte, 1)
			for {
				time.Sleep(time.Second)
				n, err := in.Read(b)
				got.Write(b[:n])
				if err != nil {
					return
				}
			}
		}()
		lines := strings.Split("alpha beta gamma delta epsilon zeta eta theta", " ")
		if err := produceLines(t.Context(), p, lines...); err != nil {
			t.Fatal(err)
		}
		if err := p.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		_ = out.Close()
		<-read
		if diff := cmp.Diff(strings.Join(lines, "\n")+"\n", got.String()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if p.Written.Load() != p.Handed {
			t.Errorf("%d of %d buffers were written", p.Written.Load(), p.Handed)
		}
	})
}

// A reader that stops holds the producer up until the context ends, and no longer: a
// fourth buffer once entered a ring of three, and the send behind it hung for ever.
func TestPipeWriterStop(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		bound func(context.Context) (context.Context, context.CancelFunc)
		cause error
	}{
		{"time is over", func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, 3*time.Second)
		}, context.DeadlineExceeded},
		{"interrupted", func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			time.AfterFunc(3*time.Second, cancel)
			return ctx, cancel
		}, context.Canceled},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				in, out := io.Pipe()
				defer in.Close() //nolint:errcheck // ends the writing goroutine
				p := NewPipeWriter(out)
				ctx, cancel := test.bound(t.Context())
				defer cancel()
				start := time.Now()
				err := produceLines(ctx, p, "one", "two", "three", "four", "five")
				if !errors.Is(err, ErrUnread) || !errors.Is(err, test.cause) {
					t.Errorf("hand: %v", err)
				}
				if string(p.Text) != "three\n" || p.Handed != PipeSpares || p.Written.Load() != 0 {
					t.Errorf("%q is not handed over; %d handed, %d written", p.Text, p.Handed, p.Written.Load())
				}
				if err := p.Close(ctx); !errors.Is(err, ErrUnread) || !errors.Is(err, test.cause) {
					t.Errorf("close: %v", err)
				}
				if took := time.Since(start); took != 3*time.Second+PipeLinger {
					t.Errorf("took %s", took)
				}
			})
		})
	}
}

// What there is room for is handed over also when the context has ended: the last lines
// before Ctrl-C are printed.
func TestPipeWriterHandsBeforeItEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var got strings.Builder
		p := NewPipeWriter(&got)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := produceLines(ctx, p, "last"); err != nil {
			t.Error(err)
		}
		if err := p.Close(ctx); err != nil || got.String() != "last\n" {
			t.Errorf("%q, %v", got.String(), err)
		}
	})
}

// failingWriter takes so many writes.
type failingWriter struct {
	left int
	err  error
}

func (w *failingWriter) Write(b []byte) (int, error) {
	if w.left--; w.left < 0 {
		return 0, w.err
	}
	return len(b), nil
}

// A reader that closes, and a disk that is full, end the producing; what was written
// before counts, and nothing else.
func TestPipeWriterFails(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name      string
		err, want error
	}{
		{"closed", syscall.EPIPE, ErrReaderGone},
		{"disk full", syscall.ENOSPC, syscall.ENOSPC},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := NewPipeWriter(&failingWriter{2, test.err})
				for range 2 {
					if err := produceLines(t.Context(), p, "written"); err != nil {
						t.Fatal(err)
					}
				}
				var err error
				for range 2 * PipeSpares { // the failure is known once the goroutine has met it
					err = produceLines(t.Context(), p, "lost")
					synctest.Wait()
				}
				if !errors.Is(err, test.want) {
					t.Errorf("hand: %v", err)
				}
				if err := p.Close(t.Context()); !errors.Is(err, test.want) {
					t.Errorf("close: %v", err)
				}
				if got := p.Written.Load(); got != 2 {
					t.Errorf("%d written", got)
				}
			})
		})
	}
}
