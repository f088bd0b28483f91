package cli

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// The time while the clock is stopped does not count; all other time does, also of what was begun before.
func TestTimeLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, cancel := NewTimeLimit(t.Context(), 10*time.Second)
		defer cancel()
		child, cancelChild := context.WithCancel(l)
		defer cancelChild()
		begun := time.Now()
		time.Sleep(4 * time.Second)
		start := l.Stop()
		again := l.Stop()
		if at, bound := l.Deadline(); bound {
			t.Errorf("ends at %v while its clock is stopped", at)
		}
		time.Sleep(time.Hour)
		start()
		start()
		time.Sleep(time.Hour)
		again()
		if err := child.Err(); err != nil {
			t.Fatalf("has ended while its clock was stopped: %v", err)
		}
		at, _ := l.Deadline()
		<-child.Done()
		if took, want := time.Since(begun), 2*time.Hour+10*time.Second; took != want || !at.Equal(begun.Add(want)) {
			t.Errorf("ended after %v, and said %v; want %v", took, at.Sub(begun), want)
		}
		if !errors.Is(l.Err(), context.DeadlineExceeded) || !errors.Is(child.Err(), context.DeadlineExceeded) {
			t.Errorf("ended by %v, its child by %v", l.Err(), child.Err())
		}
		l.Stop()() // of one that has ended
	})
}

// It ends with its parent, stopped or not, and by cancel.
func TestTimeLimitEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		parent, end := context.WithTimeout(t.Context(), time.Minute)
		defer end()
		l, cancel := NewTimeLimit(parent, 10*time.Second)
		defer cancel()
		defer l.Stop()()
		if at, _ := l.Deadline(); time.Until(at) != time.Minute {
			t.Errorf("ends in %v, want as its parent", time.Until(at))
		}
		<-l.Done()
		if !errors.Is(l.Err(), context.DeadlineExceeded) {
			t.Errorf("ended by %v", l.Err())
		}
		other, cancelOther := NewTimeLimit(t.Context(), time.Second)
		cancelOther()
		cancelOther()
		if <-other.Done(); !errors.Is(other.Err(), context.Canceled) {
			t.Errorf("ended by %v", other.Err())
		}
	})
}

// A limit of nothing ends while it is being made: a data race, once.
func TestTimeLimitOfNothing(t *testing.T) {
	t.Parallel()
	for range 1000 {
		l, cancel := NewTimeLimit(t.Context(), 0)
		<-l.Done()
		if err := l.Err(); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("ended by %v", err)
		}
		cancel()
	}
}
