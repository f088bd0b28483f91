package health

import (
	"context"
	"errors"
	"time"
)

// A cluster that answers is asked less often once its answers have been the same for calm: each climb has the controller
// validate a creation, and takes a producer id of every broker.
const (
	calmAfter  = 5 * time.Second
	calmFactor = 5 // times the interval
)

// pace is the time to the next climb after one whose picture has stood for so long.
func (l *Ladder) pace(r Readiness, stood time.Duration) time.Duration {
	if r.Brokers > 0 && stood >= calmAfter {
		return calmFactor * l.interval
	}
	return l.interval
}

// pause lets d pass, and tells why Wait must end if ctx ends before.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return ErrTimeout
	}
	return context.Canceled
}
