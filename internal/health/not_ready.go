package health

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
)

// Why Wait gave up; the Cause of a NotReadyError. The third cause is context.Canceled.
var (
	ErrTimeout    = errors.New("timed out waiting for the cluster to be ready")
	ErrCannotHeal = errors.New("waiting cannot heal this")
)

// NotReadyError is what Wait returns when the ladder did not hold. It unwraps to its Cause and to the error of the rung
// it speaks of, so errors.Is finds both ErrTimeout and, say, a refused password.
type NotReadyError struct {
	Readiness Readiness // the last climb; where the deadline cut that one short, the evidence of the climb before
	Cause     error     // ErrTimeout, ErrCannotHeal or context.Canceled
}

// Error is one line: how long, which rung, what it showed.
func (e *NotReadyError) Error() string {
	after := round(e.Readiness.Elapsed)
	f, found := e.Finding()
	if !found {
		return fmt.Sprintf("not ready after %s: every rung held once, but not twice in a row", after)
	}
	return fmt.Sprintf("not ready after %s: %s %s: %s", after, f.Rung, f.Question, f.Evidence)
}

// Finding returns the rung the error speaks of: the lowest one that cannot heal when that ended the wait, otherwise the
// lowest one that does not hold. It is false when only the hold rule was unmet.
func (e *NotReadyError) Finding() (Finding, bool) {
	if f, found := e.Readiness.hopeless(); found {
		return f, true
	}
	return e.Readiness.Blocking()
}

// Hint is the advice about the rung the message names.
func (e *NotReadyError) Hint() string {
	f, _ := e.Finding()
	return e.Readiness.Advice(f)
}

// Unwrap gives the cause and the error of the rung the message names.
func (e *NotReadyError) Unwrap() []error {
	errs := []error{e.Cause}
	if f, _ := e.Finding(); f.Err != nil {
		errs = append(errs, f.Err)
	}
	return errs
}

// Permanent marks an error from Options.WritePath or Options.Topics as one that waiting cannot heal: its rung fails and
// Wait ends. A Hint() string method anywhere in err's chain becomes the finding's hint. Permanent(nil) is nil.
func Permanent(err error) error {
	if err == nil {
		return nil
	}
	return permanentError{err}
}

type permanentError struct{ error }

func (e permanentError) Unwrap() error { return e.error }

// Degraded marks an error from one of the callbacks of Options as one that the cluster works in spite of: its rung is a
// warning. A Hint() string method anywhere in err's chain becomes the finding's hint. Degraded(nil) is nil.
func Degraded(err error) error {
	if err == nil {
		return nil
	}
	return degradedError{err}
}

type degradedError struct{ error }

func (e degradedError) Unwrap() error { return e.error }

// cannotHeal knows the errors that are the same on every try: what the caller marked, refused credentials, and
// certificates that do not verify.
func cannotHeal(err error) bool {
	return hasError[permanentError](err) || refusedSASL(err) ||
		hasError[*tls.CertificateVerificationError](err) || hasError[x509.UnknownAuthorityError](err) ||
		hasError[x509.HostnameError](err) || hasError[x509.CertificateInvalidError](err)
}

// hasError tells whether an error of type E is in err's chain.
func hasError[E error](err error) bool {
	_, found := errors.AsType[E](err)
	return found
}

func refusedSASL(err error) bool {
	return errors.Is(err, kerr.SaslAuthenticationFailed) ||
		errors.Is(err, kerr.UnsupportedSaslMechanism) ||
		errors.Is(err, kerr.IllegalSaslState)
}

// round keeps the digits a person reads: milliseconds below a second, tenths above.
func round(d time.Duration) time.Duration {
	if d < time.Second {
		return d.Round(time.Millisecond)
	}
	return d.Round(100 * time.Millisecond)
}
