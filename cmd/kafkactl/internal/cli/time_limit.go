package cli

import (
	"context"
	"sync"
	"time"
)

// TimeLimit is a context that ends after a time of its own clock, which can be stopped: what --timeout does not
// bound, such as copying the records of a cluster, takes none of it. It ends with its parent as well.
type TimeLimit struct {
	context.Context // the parent
	done            chan struct{}

	mu      sync.Mutex
	left    time.Duration // while the clock is stopped
	until   time.Time     // while it runs
	timer   *time.Timer   // nil while it is stopped
	stopped int           // how often, without having been started again
	err     error
}

// NewTimeLimit starts the clock. cancel ends the context, and frees what it holds.
func NewTimeLimit(parent context.Context, limit time.Duration) (l *TimeLimit, cancel context.CancelFunc) {
	l = &TimeLimit{Context: parent, done: make(chan struct{}), left: limit}
	l.mu.Lock() // a clock with nothing left ends while it is being started
	l.run()
	l.mu.Unlock()
	unhook := context.AfterFunc(parent, func() { l.end(parent.Err()) })
	return l, func() {
		unhook()
		l.end(context.Canceled)
	}
}

// run starts the clock with what is left. The caller holds mu.
func (l *TimeLimit) run() {
	l.until = time.Now().Add(l.left)
	l.timer = time.AfterFunc(l.left, func() { l.end(context.DeadlineExceeded) })
}

// Stop stops the clock until start is called. Calls may overlap: the last start counts.
func (l *TimeLimit) Stop() (start func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stopped++; l.stopped == 1 && l.err == nil && l.timer.Stop() {
		l.left, l.timer = time.Until(l.until), nil
	}
	return sync.OnceFunc(func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.stopped--; l.stopped == 0 && l.err == nil && l.timer == nil {
			l.run()
		}
	})
}

// end ends the context; the first reason stays.
func (l *TimeLimit) end(why error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil {
		return
	}
	l.err = why
	if l.timer != nil {
		l.timer.Stop()
	}
	close(l.done)
}

// Deadline returns when it ends, as things are: while the clock is stopped, when the parent does.
func (l *TimeLimit) Deadline() (time.Time, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	at, bound := l.Context.Deadline()
	if l.timer == nil || bound && at.Before(l.until) {
		return at, bound
	}
	return l.until, true
}

// Done is closed when it has ended.
func (l *TimeLimit) Done() <-chan struct{} { return l.done }

// Err returns context.DeadlineExceeded after its time, and otherwise why its parent ended.
func (l *TimeLimit) Err() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}
