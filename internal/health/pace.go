package health

import (
	"context"
	"errors"
	"time"
)

// A cluster that answers is asked less often once its answers have been the same for calmAfter:
// each climb has the controller validate a creation, and uses up a producer id of every broker.
const (
	calmAfter  = 5 * time.Second
	calmFactor = 5 // times the interval
)

// pace returns the time to the next climb; stood is for how long the picture has been the same.
func (l *Ladder) pace(r Readiness, stood time.Duration) time.Duration {
	if r.Brokers > 0 && stood >= calmAfter {
		return calmFactor * l.interval
	}
	return l.interval
}

// pause waits for d. It returns why Wait must end if ctx ends before, otherwise nil.
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
