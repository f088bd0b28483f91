package readiness

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/health"
)

// progress shows on stderr what a wait is waiting for: on a terminal the ladder, drawn over itself;
// elsewhere one line a change and a sign of life at every heartbeat; with -o json one object a
// line. A cluster that is ready at once leaves no trace.
type progress struct {
	w      io.Writer
	styles term.Styles
	mode   cli.ProgressMode
	start  time.Time
	limit  string // " of 1m30s", "" without a deadline
	done   chan struct{}
	ended  sync.WaitGroup

	mu     sync.Mutex
	latest health.Readiness
	waited bool      // something did not hold: there is a wait to speak of
	spoke  time.Time // when the last line was written
	said   cli.ProgressDoc
	drawn  int // lines of the ladder on the terminal
}

// newProgress counts the time from start; stop ends it. ctx is the wait's.
func newProgress(ctx context.Context, a *cli.App, start time.Time) *progress {
	p := &progress{
		w: a.Err, styles: term.NewStyles(a.Renderer(a.Err, a.ErrTTY)), mode: a.ProgressMode(),
		start: start, done: make(chan struct{}), spoke: time.Now(),
	}
	if deadline, set := ctx.Deadline(); set {
		p.limit = " of " + term.ShortDuration(deadline.Sub(start).Round(100*time.Millisecond))
	}
	p.ended.Go(func() { cli.CallEvery(cli.RedrawInterval, p.done, p.beat) })
	return p
}

// update is called with each change of the ladder.
func (p *progress) update(r health.Readiness) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.latest = r
	p.waited = p.waited || !r.Ready
	blocking, _ := r.Blocking()
	switch {
	case !p.waited:
	case p.mode == cli.ProgressLive:
		p.draw()
	case blocking.Verdict == health.Fail: // the wait ends, and the error will say why
	case p.picture() != p.said: // the last call may bring nothing new
		p.line()
	}
}

// picture returns what a line would say, without the time.
func (p *progress) picture() cli.ProgressDoc {
	blocking, _ := p.latest.Blocking()
	return cli.ProgressDoc{Ready: p.latest.Ready, Rung: blocking.Rung, Verdict: blocking.Verdict, Evidence: blocking.Evidence}
}

// stop ends the clock and takes the live ladder off the screen.
func (p *progress) stop() {
	close(p.done)
	p.ended.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.erase()
}

// beat redraws the elapsed time, or gives a sign of life when it is due.
func (p *progress) beat() {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case !p.waited:
	case p.mode == cli.ProgressLive:
		p.draw()
	case time.Since(p.spoke) >= cli.HeartbeatInterval:
		p.line()
	}
}

// line writes what blocks now as one line.
func (p *progress) line() {
	p.spoke, p.said = time.Now(), p.picture()
	blocking, blocked := p.latest.Blocking()
	elapsed := time.Since(p.start)
	switch {
	case p.mode == cli.ProgressJSON:
		doc := p.said
		doc.ElapsedMS = elapsed.Milliseconds()
		text, _ := json.Marshal(doc)
		fmt.Fprintf(p.w, "%s\n", text)
	case p.latest.Ready:
		fmt.Fprintf(p.w, "%6.1fs ready\n", elapsed.Seconds())
	case blocked:
		fmt.Fprintf(p.w, "%6.1fs waiting for %s %s: %s\n", elapsed.Seconds(), blocking.Rung, blocking.Question, blocking.Evidence)
	default:
		fmt.Fprintf(p.w, "%6.1fs every rung holds; looking once more\n", elapsed.Seconds())
	}
}

// draw replaces the ladder on the terminal, in one write.
func (p *progress) draw() {
	at := term.ScreenOf(p.w)
	lines := at.FitLines(p.ladder(at))
	back := p.back()
	p.drawn = len(lines)
	fmt.Fprint(p.w, back+term.Redraw(lines)+"\r\n")
}

// ladder returns what is drawn. Where it is longer than the screen, the rungs that matter least are
// left out: those without an answer, then those that hold.
func (p *progress) ladder(at term.Screen) string {
	title := fmt.Sprintf("%s %.1fs%s\n", p.styles.Bold.Render("waiting for the cluster"), time.Since(p.start).Seconds(), p.limit)
	r := p.latest
	var text strings.Builder
	for _, dull := range []func(health.Verdict) bool{
		func(health.Verdict) bool { return false },
		func(v health.Verdict) bool { return v == health.Unasked || v == health.Skip },
		health.Verdict.Holds,
	} {
		r.Rungs = slices.DeleteFunc(slices.Clone(r.Rungs), func(f health.Finding) bool { return dull(f.Verdict) })
		text.Reset()
		text.WriteString(title)
		LadderText(&text, p.styles, r)
		if at.CanRedraw(strings.Count(text.String(), "\n")) {
			break
		}
	}
	return text.String()
}

// back returns what moves the cursor to where the ladder begins: its first line, and the column
// before whatever was typed meanwhile.
func (p *progress) back() string {
	if p.drawn == 0 {
		return ""
	}
	return fmt.Sprintf("\r\x1b[%dA", p.drawn)
}

// erase takes the drawn lines away.
func (p *progress) erase() {
	if p.drawn > 0 {
		fmt.Fprint(p.w, p.back()+"\x1b[J")
		p.drawn = 0
	}
}
