package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"

	"kafkactl/internal/admin"
	"kafkactl/internal/groups"
	"kafkactl/internal/health"
	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// exitCode is what a run ends with; `kafkactl help exit-codes` documents them.
type exitCode int

const (
	exitDone        exitCode = 0
	exitFailed      exitCode = 1
	exitUsage       exitCode = 2
	exitCondition   exitCode = 3
	exitNotFound    exitCode = 4
	exitTimeout     exitCode = 5
	exitRefused     exitCode = 6
	exitInterrupted exitCode = 130
)

// hintedError is an error with the next step to take.
type hintedError struct {
	error
	hint string
}

func (e *hintedError) Unwrap() error { return e.error }

// Hint is the next step.
func (e *hintedError) Hint() string { return e.hint }

// withHint adds what to do next; nil stays nil.
func withHint(err error, hint string) error {
	if err == nil || hint == "" {
		return err
	}
	return &hintedError{err, hint}
}

// usageError is a command line or a setting that was not understood.
type usageError struct{ error }

func (e *usageError) Unwrap() error { return e.error }

func usagef(format string, args ...any) error {
	return &usageError{fmt.Errorf(format, args...)}
}

// asUsage makes err a usage error: it ends the run with exit code 2.
func asUsage(err error) error { return &usageError{err} }

// usageOfCobra makes a usage error of what cobra and pflag say.
func usageOfCobra(err error) error {
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
	code exitCode
}

func (e *reportedError) Unwrap() error { return e.error }

// withCode gives err an exit code of its own.
func withCode(err error, code exitCode) error { return &reportedError{err, code} }

// quietError is an exit code whose answer has said all there is to say.
type quietError struct{ code exitCode }

func (e *quietError) Error() string { return "" }

// quiet ends the run with code and prints nothing more.
func quiet(code exitCode) error { return &quietError{code} }

// childExit is the exit code of a command that was run for the user.
type childExit struct{ code int }

func (e *childExit) Error() string { return fmt.Sprintf("the command ended with exit code %d", e.code) }

func isChildExit(err error) bool { return errors.As(err, new(*childExit)) }

// codeOf is the one place where errors become exit codes.
func codeOf(err error) exitCode {
	var (
		child    *childExit
		silence  *quietError
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
		return exitDone
	case errors.As(err, &child):
		return exitCode(child.code)
	case errors.As(err, &silence):
		return silence.code
	case errors.As(err, &usage), errors.As(err, &problems):
		return exitUsage
	case kafka.Unauthorized(err):
		return exitRefused
	case errors.As(err, &reported):
		return reported.code
	case errors.As(err, &missing), errors.As(err, &partless):
		return exitNotFound
	case errors.As(err, &silent), errors.As(err, &unlisted): // whose cause may be a deadline that is not --timeout
		return exitFailed
	case errors.As(err, &waited):
		if errors.Is(err, health.ErrTimeout) {
			return exitTimeout
		}
		return exitFailed
	case errors.As(err, &unready), errors.As(err, &unasked), errors.Is(err, context.DeadlineExceeded):
		return exitTimeout
	default:
		return exitFailed
	}
}

// errorDoc is the form of an error with -o json.
type errorDoc struct {
	Error struct {
		Code       int    `json:"code"`
		KafkaError string `json:"kafkaError"`
		Message    string `json:"message"`
		Hint       string `json:"hint"`
	} `json:"error"`
}

// printError tells a failure on stderr: what, and what to do next.
func (a *app) printError(err error, code exitCode) {
	if err == nil || isChildExit(err) || errors.As(err, new(*quietError)) && code != exitInterrupted {
		return
	}
	hint := hintOf(err)
	if a.format == formatJSON {
		var doc errorDoc
		doc.Error.Code, doc.Error.KafkaError = int(code), kafkaErrorOf(err)
		doc.Error.Message, doc.Error.Hint = err.Error(), hint
		line, _ := json.Marshal(doc)
		fmt.Fprintf(a.err, "%s\n", line)
		return
	}
	style := newStyles(a.renderer(a.err, a.errTTY))
	prefix := style.bad.Render("kafkactl:")
	if code == exitInterrupted {
		fmt.Fprintf(a.err, "%s interrupted\n", prefix)
	}
	for line := range strings.Lines(err.Error()) {
		fmt.Fprintf(a.err, "%s %s\n", prefix, strings.TrimSuffix(line, "\n"))
	}
	if hint != "" {
		fmt.Fprintf(a.err, "%s %s\n", style.dim.Render("hint:"), hint)
	}
}

// hintOf is the next step for err, "" when there is none to tell: the outermost error
// that knows one says it.
func hintOf(err error) string {
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
