package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"kafkactl/internal/health"
)

// progress tells on stderr what a wait is waiting for: on a terminal a ladder that
// redraws itself, elsewhere one line a change and a sign of life every heartbeat,
// with -o json one object a line. A cluster that is ready at once leaves no trace.
type progress struct {
	w      io.Writer
	styles styles
	mode   progressMode
	start  time.Time
	done   chan struct{}
	ended  sync.WaitGroup

	mu     sync.Mutex
	latest health.Readiness
	waited bool      // something did not hold: there is a wait to speak of
	spoke  time.Time // when the last line was written
	said   progressDoc
	drawn  int // lines of the ladder on the terminal
}

type progressMode int

const (
	progressLines progressMode = iota
	progressLive
	progressJSON
)

const (
	redrawEvery = 200 * time.Millisecond // the clock of the live ladder
	heartbeat   = 10 * time.Second       // no line more often than this without a change
)

// newProgress starts the clock; stop ends it.
func (a *app) newProgress() *progress {
	p := &progress{
		w: a.streams.err, styles: newStyles(a.renderer(a.streams.err, a.errTTY)),
		start: time.Now(), done: make(chan struct{}), spoke: time.Now(),
	}
	switch {
	case a.format == formatJSON:
		p.mode = progressJSON
	case a.errTTY && a.env("TERM") != "dumb":
		p.mode = progressLive
	}
	p.ended.Go(p.tick)
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
	case p.mode == progressLive:
		p.draw()
	case blocking.Verdict == health.Fail: // nothing is waited for any more, and the error will tell why
	case p.picture() != p.said: // the last call may bring nothing new
		p.line()
	}
}

// picture is what a line tells, without the time.
func (p *progress) picture() progressDoc {
	blocking, _ := p.latest.Blocking()
	return progressDoc{Ready: p.latest.Ready, Rung: blocking.Rung, Verdict: blocking.Verdict, Evidence: blocking.Evidence}
}

// stop ends the clock and takes the live ladder off the screen.
func (p *progress) stop() {
	close(p.done)
	p.ended.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.erase()
}

func (p *progress) tick() {
	ticker := time.NewTicker(redrawEvery)
	defer ticker.Stop()
	for {
		select {
		case <-p.done:
			return
		case <-ticker.C:
			p.beat()
		}
	}
}

// beat redraws the elapsed time, or gives a sign of life when it is due.
func (p *progress) beat() {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case !p.waited:
	case p.mode == progressLive:
		p.draw()
	case time.Since(p.spoke) >= heartbeat:
		p.line()
	}
}

// line writes what blocks now as one line.
func (p *progress) line() {
	p.spoke, p.said = time.Now(), p.picture()
	blocking, blocked := p.latest.Blocking()
	elapsed := time.Since(p.start)
	switch {
	case p.mode == progressJSON:
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

// progressDoc is one line of progress with -o json.
type progressDoc struct {
	ElapsedMS int64          `json:"elapsedMs"`
	Ready     bool           `json:"ready"`
	Rung      string         `json:"rung"`
	Verdict   health.Verdict `json:"verdict"`
	Evidence  string         `json:"evidence"`
}

// draw replaces the ladder on the terminal.
func (p *progress) draw() {
	var text strings.Builder
	fmt.Fprintf(&text, "%s %.1fs\n", p.styles.bold.Render("waiting for the cluster"), time.Since(p.start).Seconds())
	readinessText(&text, p.styles, p.latest)
	p.erase()
	p.drawn = strings.Count(text.String(), "\n")
	// Without wrapping (7l … 7h) a long evidence takes one line of the screen, as drawn counts.
	fmt.Fprintf(p.w, "\x1b[?7l%s\x1b[?7h", text.String())
}

// erase takes the drawn lines away.
func (p *progress) erase() {
	if p.drawn > 0 {
		fmt.Fprintf(p.w, "\x1b[%dA\x1b[J", p.drawn)
		p.drawn = 0
	}
}
