package groups

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/groups"
	"kafkactl/internal/kafka"
)

// watchLag takes and shows snapshots until it is interrupted, which is its proper end. When one
// after the first fails, its error is shown, and the next one may succeed.
func (o *lagOptions) watchLag(ctx context.Context, s *cli.Session) error {
	client, err := kafka.Dial(ctx, s.Config) // that of s ends with --timeout
	if err != nil {
		return err
	}
	defer client.Close()
	screen := o.newScreen(ctx)
	defer screen.close(ctx)
	track, first := make(lagHistory), true
	ticker := time.NewTicker(o.watch)
	defer ticker.Stop()
	for {
		snapshot, err := o.takeSnapshotWithin(ctx, groups.New(client), s.Config)
		switch {
		case ctx.Err() != nil:
			return nil
		case first && err == nil && snapshot.isEmpty():
			return snapshot.missing
		case first && err != nil:
			return err
		case err != nil:
			snapshot = o.newSnapshot(groups.LagView{At: time.Now()}, err)
		}
		first = false
		tables := o.tables(snapshot)
		if err := screen.draw(ctx, snapshot, tables, track.next(snapshot, tables)); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

func (o *lagOptions) takeSnapshotWithin(ctx context.Context, client *groups.Client, config kafka.Config) (lagSnapshot, error) {
	ctx, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	return o.takeSnapshot(ctx, client, config)
}

// lagScreen is where snapshots are shown.
type lagScreen struct {
	*lagOptions
	out  *term.PipeWriter // a reader that stops does not hold up Ctrl-C
	live bool
	last string // what a terminal shows, and keeps at the end
}

func (o *lagOptions) newScreen(ctx context.Context) *lagScreen {
	a := o.app
	s := &lagScreen{lagOptions: o, out: term.NewPipeWriter(a.RawOut), live: a.OutTTY && a.Env("TERM") != "dumb" && a.Format != cli.FormatJSON}
	if s.live {
		_ = s.write(ctx, "\x1b[?1049h\x1b[?25l") // another screen, without a cursor
	}
	return s
}

// draw shows a snapshot. A reader that has gone is the end, and no failure.
func (s *lagScreen) draw(ctx context.Context, snapshot lagSnapshot, tables []lagTable, rates lagRates) error {
	var text strings.Builder
	if err := s.render(&text, snapshot, tables, rates); err != nil {
		return err
	}
	s.last = text.String()
	shown := s.last
	if s.live {
		shown = "\x1b[H" + term.Redraw(term.ScreenOf(s.app.RawOut).FitLines(s.last))
	}
	err := s.write(ctx, shown)
	switch {
	case errors.Is(err, term.ErrReaderGone):
		return cli.Quiet(cli.ExitDone)
	case errors.Is(err, term.ErrUnread): // interrupted, its proper end
		return nil
	default:
		return err
	}
}

func (s *lagScreen) write(ctx context.Context, text string) error {
	s.out.Text = append(s.out.Text, text...)
	return s.out.HandOver(ctx)
}

// render writes the text of a snapshot.
func (s *lagScreen) render(w io.Writer, snapshot lagSnapshot, tables []lagTable, rates lagRates) error {
	answer := s.answer(snapshot, tables, rates)
	if s.app.Format == cli.FormatJSON {
		return cli.WriteJSON(w, answer.Doc, false) // one of a stream
	}
	fmt.Fprintln(w, snapshot.At.UTC().Format(time.RFC3339))
	st := term.NewStyles(s.app.Renderer(w, s.app.OutTTY))
	st.Terminal = s.app.OutTTY
	answer.Text(w, st, s.app.Format == cli.FormatWide)
	if snapshot.missing != nil {
		fmt.Fprintln(w, st.Bad.Render("! "+term.Safe(snapshot.missing.Error(), false)))
	}
	if !s.live {
		fmt.Fprintln(w)
	}
	return nil
}

// close gives the terminal back, with what was shown last.
func (s *lagScreen) close(ctx context.Context) {
	if s.live {
		_ = s.write(ctx, "\x1b[?25h\x1b[?1049l"+s.last)
	}
	_ = s.out.Close(ctx) // a write that failed before has ended the watch
}
