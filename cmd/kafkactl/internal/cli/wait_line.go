package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"sync"
	"time"

	"kafkactl/cmd/kafkactl/internal/term"
)

// WaitLine shows on stderr what a command waits for, where there is no ladder to show. On a
// terminal that is one line, drawn over itself; elsewhere a line at every heartbeat, with -o json
// an object. A wait that ends soon leaves no trace.
type WaitLine struct {
	w     io.Writer
	mode  ProgressMode
	start time.Time
	done  chan struct{}
	ended sync.WaitGroup

	mu    sync.Mutex
	what  string                          // "" while there is nothing to show
	doc   func(elapsed time.Duration) any // the same for -o json
	spoke time.Time
	drawn bool
}

// waitLineDelay is how long nothing is drawn on a terminal.
const waitLineDelay = 500 * time.Millisecond

// NewWaitLine returns a line that counts the time from start. [WaitLine.Finish] ends it.
func (a *App) NewWaitLine(start time.Time) *WaitLine {
	l := &WaitLine{w: a.Err, mode: a.ProgressMode(), start: start, done: make(chan struct{}), spoke: time.Now()}
	l.ended.Go(func() { CallEvery(RedrawInterval, l.done, l.beat) })
	return l
}

// Show says what is waited for now.
func (l *WaitLine) Show(what string) {
	l.ShowDoc(what, func(elapsed time.Duration) any {
		return ProgressDoc{ElapsedMS: elapsed.Milliseconds(), Ready: true, Evidence: what}
	})
}

// ShowDoc is Show with an object of the caller's own for -o json. The clock calls doc, from another
// goroutine.
func (l *WaitLine) ShowDoc(what string, doc func(elapsed time.Duration) any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.what, l.doc = term.Safe(what, false), doc
}

// Hide takes the line off the terminal until something is shown again.
func (l *WaitLine) Hide() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.what = ""
	if l.drawn {
		fmt.Fprint(l.w, "\r\x1b[J")
		l.drawn = false
	}
}

// beat writes what is waited for, when a line is due.
func (l *WaitLine) beat() {
	l.mu.Lock()
	defer l.mu.Unlock()
	due := HeartbeatInterval
	switch {
	case l.drawn: // its clock runs
		due = 0
	case l.mode == ProgressLive:
		due = waitLineDelay
	}
	if l.what == "" || time.Since(l.spoke) < due {
		return
	}
	l.spoke = time.Now()
	elapsed := l.spoke.Sub(l.start)
	switch l.mode {
	case ProgressJSON:
		text, _ := json.Marshal(l.doc(elapsed))
		fmt.Fprintf(l.w, "%s\n", text)
	case ProgressLive:
		l.drawn = true
		fmt.Fprint(l.w, "\r"+term.Redraw(term.ScreenOf(l.w).FitLines(fmt.Sprintf("%6.1fs waiting: %s", elapsed.Seconds(), l.what))))
	default:
		fmt.Fprintf(l.w, "%6.1fs waiting: %s\n", elapsed.Seconds(), l.what)
	}
}

// Finish takes the line off the terminal.
func (l *WaitLine) Finish() {
	close(l.done)
	l.ended.Wait()
	l.Hide()
}
