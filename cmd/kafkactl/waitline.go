package main

import (
	"encoding/json"
	"fmt"
	"io"
	"sync"
	"time"
)

// waitLine tells on stderr what a command waits for where there is no ladder to show: on
// a terminal one line that is drawn over itself, elsewhere a line every heartbeat, with
// -o json as an object. What ends soon leaves no trace.
type waitLine struct {
	w     io.Writer
	mode  progressMode
	start time.Time
	done  chan struct{}
	ended sync.WaitGroup

	mu    sync.Mutex
	what  string                          // "" while there is nothing to tell
	doc   func(elapsed time.Duration) any // the same for -o json
	spoke time.Time
	drawn bool
}

// waitLineDelay is how long nothing is drawn on a terminal.
const waitLineDelay = 500 * time.Millisecond

// newWaitLine counts the time from start; end ends it.
func (a *app) newWaitLine(start time.Time) *waitLine {
	l := &waitLine{w: a.err, mode: a.progressMode(), start: start, done: make(chan struct{}), spoke: time.Now()}
	l.ended.Go(func() { every(redrawEvery, l.done, l.beat) })
	return l
}

// say takes what is waited for now.
func (l *waitLine) say(what string) {
	l.sayDoc(what, func(elapsed time.Duration) any {
		return progressDoc{ElapsedMS: elapsed.Milliseconds(), Ready: true, Evidence: what}
	})
}

// sayDoc is say with an object of one's own.
func (l *waitLine) sayDoc(what string, doc func(elapsed time.Duration) any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.what, l.doc = what, doc
}

// beat writes what there is to tell when it is due.
func (l *waitLine) beat() {
	l.mu.Lock()
	defer l.mu.Unlock()
	due := heartbeat
	switch {
	case l.drawn: // its clock runs
		due = 0
	case l.mode == progressLive:
		due = waitLineDelay
	}
	if l.what == "" || time.Since(l.spoke) < due {
		return
	}
	l.spoke = time.Now()
	elapsed := l.spoke.Sub(l.start)
	switch l.mode {
	case progressJSON:
		text, _ := json.Marshal(l.doc(elapsed))
		fmt.Fprintf(l.w, "%s\n", text)
	case progressLive:
		l.drawn = true
		fmt.Fprint(l.w, "\r"+drawn(screenOf(l.w).fit(fmt.Sprintf("%6.1fs waiting: %s", elapsed.Seconds(), l.what))))
	default:
		fmt.Fprintf(l.w, "%6.1fs waiting: %s\n", elapsed.Seconds(), l.what)
	}
}

// end takes the line off the terminal.
func (l *waitLine) end() {
	close(l.done)
	l.ended.Wait()
	if l.drawn {
		fmt.Fprint(l.w, "\r\x1b[J")
	}
}

// every calls beat each d until done is closed.
func every(d time.Duration, done <-chan struct{}, beat func()) {
	ticker := time.NewTicker(d)
	defer ticker.Stop()
	for {
		select {
		case <-done:
			return
		case <-ticker.C:
			beat()
		}
	}
}
