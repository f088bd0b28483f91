package records

import (
	"context"
	"errors"
	"io"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"

	"kafkactl/cmd/kafkactl/internal/term"
)

// fakeGroup notes what is committed for partition 0 of topic t.
type fakeGroup struct {
	commits []int64
	err     error
}

func (g *fakeGroup) Commit(_ context.Context, offsets kadm.Offsets) error {
	if at, ok := offsets.Lookup("t", 0); ok {
		g.commits = append(g.commits, at.At)
	}
	return g.err
}

// A reader that stops for an hour is no fault: what it took is committed meanwhile, and the rest
// once it is written.
func TestCommitsOfASlowReader(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		in, out := io.Pipe()
		defer out.Close() //nolint:errcheck // ends the reading goroutine
		p, group := term.NewPipeWriter(out), &fakeGroup{}
		commits := newGroupCommits(t.Context(), group, p, func(err error) { t.Error(err) })
		go func() {
			_, _ = io.ReadFull(in, make([]byte, len("one\n")))
			time.Sleep(time.Hour + commitEvery/2) // between two commits
			_, _ = io.Copy(io.Discard, in)
		}()
		for next, line := range []string{"one", "two", "three", "four"} {
			if err := printLine(t.Context(), p, line); err != nil {
				t.Fatal(err)
			}
			commits.mark("t", 0, int64(next+1))
			time.Sleep(2 * commitEvery)
		}
		if err := errors.Join(p.Close(t.Context()), commits.finish(t.Context(), nil)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]int64{1, 4}, group.commits); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// A run that is interrupted while nobody reads commits what was written, no more.
func TestCommitsOfAnInterruptedRun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		in, out := io.Pipe()
		defer in.Close() //nolint:errcheck // ends the writing goroutine
		ctx, cancel := context.WithCancel(t.Context())
		p, group := term.NewPipeWriter(out), &fakeGroup{}
		commits := newGroupCommits(ctx, group, p, func(err error) { t.Error(err) })
		for next, line := range []string{"one", "two"} {
			if err := printLine(ctx, p, line); err != nil {
				t.Fatal(err)
			}
			commits.mark("t", 0, int64(next+1))
		}
		_, _ = io.ReadFull(in, make([]byte, len("one\n")))
		cancel()
		err := p.Close(ctx)
		if !errors.Is(err, term.ErrUnread) {
			t.Errorf("close: %v", err)
		}
		if err := commits.finish(ctx, err); err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff([]int64{1}, group.commits); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// A commit that fails ends the run, once; a reader that has gone is no reason to commit.
func TestCommitsEnd(t *testing.T) {
	t.Parallel()
	refused := errors.New("refused")
	for _, test := range []struct {
		name        string
		group       fakeGroup
		wait        time.Duration
		ended, want error
		commits     []int64
		fails       int32
	}{
		{"refused", fakeGroup{err: refused}, 3 * commitEvery, nil, refused, []int64{1}, 1},
		{"refused at the end", fakeGroup{err: refused}, 0, nil, refused, []int64{1}, 0},
		{"reader gone", fakeGroup{}, 0, term.ErrReaderGone, nil, nil, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var fails atomic.Int32
				p := term.NewPipeWriter(io.Discard)
				commits := newGroupCommits(t.Context(), &test.group, p, func(error) { fails.Add(1) })
				if err := printLine(t.Context(), p, "one"); err != nil {
					t.Fatal(err)
				}
				commits.mark("t", 0, 1)
				time.Sleep(test.wait)
				synctest.Wait()
				if err := p.Close(t.Context()); err != nil {
					t.Fatal(err)
				}
				if err := commits.finish(t.Context(), test.ended); !errors.Is(err, test.want) {
					t.Errorf("got %v, want %v", err, test.want)
				}
				if diff := cmp.Diff(test.commits, test.group.commits); diff != "" || fails.Load() != test.fails {
					t.Errorf("failed %d times (-want +got):\n%s", fails.Load(), diff)
				}
			})
		})
	}
}

// printLine hands a line over to be written.
func printLine(ctx context.Context, p *term.PipeWriter, line string) error {
	p.Text = append(p.Text, line+"\n"...)
	return p.HandOver(ctx)
}
