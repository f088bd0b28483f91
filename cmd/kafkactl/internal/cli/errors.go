package cli

import (
	"errors"
	"fmt"
	"strings"

	"kafkactl/internal/kafka"
)

// hintedError is an error with the next step to take.
type hintedError struct {
	error
	hint string
}

func (e *hintedError) Unwrap() error { return e.error }

// Hint returns the next step.
func (e *hintedError) Hint() string { return e.hint }

// WithHint returns err with what to do next, which is printed below it. An err of nil stays nil,
// and an empty hint adds nothing.
func WithHint(err error, hint string) error {
	if err == nil || hint == "" {
		return err
	}
	return &hintedError{err, hint}
}

// usageError is a command line or a setting that was not understood.
type usageError struct{ error }

func (e *usageError) Unwrap() error { return e.error }

// Usagef returns a usage error: it ends the run with exit code 2.
func Usagef(format string, args ...any) error {
	return &usageError{fmt.Errorf(format, args...)}
}

// AsUsage makes err a usage error: it ends the run with exit code 2. Its text, hint and cause
// stay.
func AsUsage(err error) error { return &usageError{err} }

// UsageFromCobra makes a usage error of what cobra and pflag return, without the suggestions
// that cobra adds. A usage error of our own stays as it is.
func UsageFromCobra(err error) error {
	var usage *usageError
	if errors.As(err, &usage) {
		return err
	}
	text, _, _ := strings.Cut(err.Error(), "\n") // the rest is a list of suggestions
	return &usageError{errors.New(text)}
}

// reportedError is an error with an exit code of its own: mostly one that sums up what the
// answer has already shown.
type reportedError struct {
	error
	code ExitCode
}

func (e *reportedError) Unwrap() error { return e.error }

// WithCode gives err an exit code of its own. A refusal by the brokers keeps its code, and so
// does a usage error.
func WithCode(err error, code ExitCode) error { return &reportedError{err, code} }

// QuietError is an exit code whose answer has said all there is to say.
type QuietError struct{ Code ExitCode }

func (e *QuietError) Error() string { return "" }

// Quiet returns an error that ends the run with code and prints nothing.
func Quiet(code ExitCode) error { return &QuietError{code} }

// childExit is the exit code of a command that was run for the user.
type childExit struct{ code int }

func (e *childExit) Error() string { return fmt.Sprintf("the command ended with exit code %d", e.code) }

// IsChildExit reports whether err is the exit code of a command that was run for the user.
func IsChildExit(err error) bool { return errors.As(err, new(*childExit)) }

// rewordedError says text and keeps its cause.
type rewordedError struct {
	text  string
	cause error
}

func (e *rewordedError) Error() string { return e.text }

func (e *rewordedError) Unwrap() error { return e.cause }

// WithText returns an error that says text instead of what cause says. cause still decides the
// exit code, the hint and Kafka's name of the error.
func WithText(cause error, text string) error { return &rewordedError{text, cause} }

// HintOf returns the next step for err, "" when it has none: that of the outermost error with a
// hint, except where this process is at fault, which no other advice mends.
func HintOf(err error) string {
	if own := kafka.OwnFault(err); own != nil {
		return own.Hint()
	}
	var hinting interface{ Hint() string }
	if errors.As(err, &hinting) {
		return hinting.Hint()
	}
	return ""
}
