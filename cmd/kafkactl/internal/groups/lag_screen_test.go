package groups

import (
	"context"
	"errors"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/groups"
)

// Looks that nobody reads hold up neither Ctrl-C nor the end; a reader that has gone is the end.
func TestLagScreenOfAStoppedReader(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		in, out := io.Pipe()
		defer in.Close() //nolint:errcheck // ends the writing goroutine
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		start := time.Now()
		screen := (&lagOptions{app: &cli.App{Format: cli.FormatJSON, RawOut: out}}).newScreen(ctx)
		for range term.PipeSpares + 1 {
			if err := screen.draw(ctx, lagSnapshot{LagView: groups.LagView{At: start}}, nil, nil); err != nil {
				t.Error(err)
			}
		}
		screen.close(ctx)
		if took := time.Since(start); took != time.Minute+term.PipeLinger {
			t.Errorf("took %s", took)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		in, out := io.Pipe()
		_ = in.CloseWithError(term.ErrReaderGone)
		screen := (&lagOptions{app: &cli.App{Format: cli.FormatJSON, RawOut: out}}).newScreen(t.Context())
		var err error
		for range 2 { // the failure is known once the goroutine has met it
			err = screen.draw(t.Context(), lagSnapshot{LagView: groups.LagView{At: time.Now()}}, nil, nil)
			synctest.Wait()
		}
		screen.close(t.Context())
		if quiet := (*cli.QuietError)(nil); !errors.As(err, &quiet) || quiet.Code != cli.ExitDone {
			t.Errorf("got %v", err)
		}
	})
}
