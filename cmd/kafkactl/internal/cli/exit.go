package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"

	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/admin"
	"kafkactl/internal/groups"
	"kafkactl/internal/health"
	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// ExitCode is what a run ends with; `kafkactl help exit-codes` documents them.
type ExitCode int

const (
	ExitDone        ExitCode = 0
	ExitFailed      ExitCode = 1
	ExitUsage       ExitCode = 2
	ExitCondition   ExitCode = 3
	ExitNotFound    ExitCode = 4
	ExitTimeout     ExitCode = 5
	ExitRefused     ExitCode = 6
	ExitInterrupted ExitCode = 130
)

// hintedError is an error with the next step to take.
type hintedError struct {
	error
	hint string
}

func (e *hintedError) Unwrap() error { return e.error }

// Hint is the next step.
func (e *hintedError) Hint() string { return e.hint }

// WithHint adds what to do next; nil stays nil.
func WithHint(err error, hint string) error {
	if err == nil || hint == "" {
		return err
	}
	return &hintedError{err, hint}
}

// usageError is a command line or a setting that was not understood.
type usageError struct{ error }

func (e *usageError) Unwrap() error { return e.error }

// Usagef returns a usage error: the run ends with exit code 2.
func Usagef(format string, args ...any) error {
	return &usageError{fmt.Errorf(format, args...)}
}

// AsUsage makes err a usage error: it ends the run with exit code 2.
func AsUsage(err error) error { return &usageError{err} }

// UsageOfCobra makes a usage error of what cobra and pflag say.
func UsageOfCobra(err error) error {
	var usage *usageError
	if errors.As(err, &usage) {
		return err
	}
	text, _, _ := strings.Cut(err.Error(), "\n") // the rest is a list of suggestions
	return &usageError{errors.New(text)}
}

// reportedError is an error with an exit code of its own: mostly one that sums up what
// the answer has already told.
type reportedError struct {
	error
	code ExitCode
}

func (e *reportedError) Unwrap() error { return e.error }

// WithCode gives err an exit code of its own.
func WithCode(err error, code ExitCode) error { return &reportedError{err, code} }

// QuietError is an exit code whose answer has said all there is to say.
type QuietError struct{ Code ExitCode }

func (e *QuietError) Error() string { return "" }

// Quiet ends the run with code and prints nothing more.
func Quiet(code ExitCode) error { return &QuietError{code} }

// childExit is the exit code of a command that was run for the user.
type childExit struct{ code int }

func (e *childExit) Error() string { return fmt.Sprintf("the command ended with exit code %d", e.code) }

// IsChildExit reports whether err is the exit code of a command that was run for the user.
func IsChildExit(err error) bool { return errors.As(err, new(*childExit)) }

// CodeOf is the one place where errors become exit codes.
func CodeOf(err error) ExitCode {
	var (
		child    *childExit
		silence  *QuietError
		usage    *usageError
		problems topicspec.Problems
		reported *reportedError
		missing  *kafka.NotFoundError
		partless *kafka.MissingPartitionError
		waited   *health.NotReadyError
		unready  *admin.UnsettledError
		unasked  *kafka.UnansweredError
		silent   *unreachableError
		unlisted *groups.UnlistedError
	)
	switch {
	case err == nil:
		return ExitDone
	case errors.As(err, &child):
		return ExitCode(child.code)
	case errors.As(err, &silence):
		return silence.Code
	case errors.As(err, &usage), errors.As(err, &problems):
		return ExitUsage
	case kafka.Unauthorized(err):
		return ExitRefused
	case errors.As(err, &reported):
		return reported.code
	case errors.As(err, &missing), errors.As(err, &partless):
		return ExitNotFound
	case errors.As(err, &silent), errors.As(err, &unlisted): // whose cause may be a deadline that is not --timeout
		return ExitFailed
	case errors.As(err, &waited):
		if errors.Is(err, health.ErrTimeout) {
			return ExitTimeout
		}
		return ExitFailed
	case errors.As(err, &unready), errors.As(err, &unasked), errors.Is(err, context.DeadlineExceeded):
		return ExitTimeout
	default:
		return ExitFailed
	}
}

// ErrorDoc is the form of an error with -o json.
type ErrorDoc struct {
	Error struct {
		Code       int    `json:"code"`
		KafkaError string `json:"kafkaError"`
		Message    string `json:"message"`
		Hint       string `json:"hint"`
	} `json:"error"`
}

// PrintError tells a failure on stderr: what, and what to do next.
func (a *App) PrintError(err error, code ExitCode) {
	if err == nil || IsChildExit(err) || errors.As(err, new(*QuietError)) && code != ExitInterrupted {
		return
	}
	hint := HintOf(err)
	if a.Format == FormatJSON {
		var doc ErrorDoc
		doc.Error.Code, doc.Error.KafkaError = int(code), kafkaErrorOf(err)
		doc.Error.Message, doc.Error.Hint = messageOf(err, code), hint
		line, _ := json.Marshal(doc)
		fmt.Fprintf(a.Err, "%s\n", line)
		return
	}
	style := term.NewStyles(a.Renderer(a.Err, a.ErrTTY))
	prefix := style.Bad.Render("kafkactl:")
	message := messageOf(err, code)
	if code == ExitInterrupted && message != interrupted {
		fmt.Fprintf(a.Err, "%s %s\n", prefix, interrupted)
	}
	for line := range strings.Lines(message) {
		fmt.Fprintf(a.Err, "%s %s\n", prefix, strings.TrimSuffix(line, "\n"))
	}
	if hint != "" {
		fmt.Fprintf(a.Err, "%s %s\n", style.Dim.Render("hint:"), hint)
	}
}

const interrupted = "interrupted"

// messageOf is err in words. Of a run that was interrupted it leaves out that a context was
// cancelled: that is how the program stopped, which says nothing to its user.
func messageOf(err error, code ExitCode) string {
	message := err.Error()
	if code != ExitInterrupted {
		return message
	}
	if message == context.Canceled.Error() {
		return interrupted
	}
	return strings.TrimSuffix(message, ": "+context.Canceled.Error())
}

// HintOf is the next step for err, "" when there is none to tell: the outermost error
// that knows one says it.
func HintOf(err error) string {
	var hinting interface{ Hint() string }
	if errors.As(err, &hinting) {
		return hinting.Hint()
	}
	return ""
}

// kafkaErrorOf is Kafka's name of the first broker error in err, "" without one.
func kafkaErrorOf(err error) string {
	var kafka *kerr.Error
	if errors.As(err, &kafka) {
		return kafka.Message
	}
	return ""
}
