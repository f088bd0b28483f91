package health

import (
	"errors"
	"fmt"
	"time"

	"kafkactl/internal/kafka"
)

// Why Wait gave up: the Cause of a NotReadyError. The third cause is context.Canceled.
var (
	ErrTimeout    = errors.New("timed out waiting for the cluster to be ready")
	ErrCannotHeal = errors.New("waiting cannot heal this")
)

// NotReadyError is the error of Wait when the ladder did not hold. It unwraps to its Cause and to
// the error of the rung in its message, so errors.Is finds both ErrTimeout and, say, a refused
// password.
type NotReadyError struct {
	Readiness Readiness // the last climb; where the deadline cut that one short, the evidence of the climb before
	Cause     error     // ErrTimeout, ErrCannotHeal or context.Canceled
}

// Error returns one line: how long Wait took, which rung does not hold, and its evidence.
func (e *NotReadyError) Error() string {
	after := round(e.Readiness.Elapsed)
	f, found := e.Finding()
	if !found {
		return fmt.Sprintf("not ready after %s: every rung held once, but not twice in a row", after)
	}
	return fmt.Sprintf("not ready after %s: %s %s: %s", after, f.Rung, f.Question, f.Evidence)
}

// Finding returns the rung that the message names: the lowest one that cannot heal when that ended
// the wait, otherwise the lowest one that does not hold. It is false when only the hold rule was
// unmet.
func (e *NotReadyError) Finding() (Finding, bool) {
	if f, found := e.Readiness.hopeless(); found {
		return f, true
	}
	return e.Readiness.Blocking()
}

// Hint returns the advice about the rung that the message names.
func (e *NotReadyError) Hint() string {
	f, _ := e.Finding()
	return e.Readiness.Advice(f)
}

// Unwrap returns the cause and the error of the rung that the message names.
func (e *NotReadyError) Unwrap() []error {
	errs := []error{e.Cause}
	if f, _ := e.Finding(); f.Err != nil {
		errs = append(errs, f.Err)
	}
	return errs
}

// Permanent marks an error from one of the callbacks of Options as one that waiting cannot heal:
// its rung fails and Wait ends. A Hint() string method anywhere in err's chain becomes the
// finding's hint. Permanent(nil) is nil.
func Permanent(err error) error {
	if err == nil {
		return nil
	}
	return permanentError{err}
}

type permanentError struct{ error }

func (e permanentError) Unwrap() error { return e.error }

// Degraded marks an error from one of the callbacks of Options as one in spite of which the cluster
// works: its rung is a warning. A Hint() string method anywhere in err's chain becomes the
// finding's hint. Degraded(nil) is nil.
func Degraded(err error) error {
	if err == nil {
		return nil
	}
	return degradedError{err}
}

type degradedError struct{ error }

func (e degradedError) Unwrap() error { return e.error }

// cannotHeal reports whether err is the same on every try: the caller marked it, it is about
// credentials that were refused or a certificate that does not verify, or this process itself may
// not do what it must.
func cannotHeal(err error) bool {
	return hasError[permanentError](err) || kafka.RefusedSASL(err) || kafka.RefusedTLS(err) || kafka.OwnFault(err) != nil ||
		kafka.Unverified(err) && !kafka.SoonValid(err)
}

// hasError reports whether an error of type E is in err's chain.
func hasError[E error](err error) bool {
	_, found := errors.AsType[E](err)
	return found
}

// round keeps the digits that a person reads: milliseconds below a second, tenths above.
func round(d time.Duration) time.Duration {
	if d < time.Second {
		return d.Round(time.Millisecond)
	}
	return d.Round(100 * time.Millisecond)
}
