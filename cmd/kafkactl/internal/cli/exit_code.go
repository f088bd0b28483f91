package cli

import (
	"context"
	"errors"

	"kafkactl/internal/admin"
	"kafkactl/internal/groups"
	"kafkactl/internal/health"
	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// ExitCode is what a run ends with; `kafkactl help exit-codes` documents them.
type ExitCode int

// The exit codes of every command.
const (
	ExitDone        ExitCode = 0   // done, in sync, healthy
	ExitFailed      ExitCode = 1   // failed, or some item of a batch failed or is blocked
	ExitUsage       ExitCode = 2   // the command line, a setting or the topics file is wrong; nothing was done
	ExitCondition   ExitCode = 3   // a condition that was asked for is not met
	ExitNotFound    ExitCode = 4   // a named topic, partition, group or broker does not exist
	ExitTimeout     ExitCode = 5   // timed out waiting
	ExitRefused     ExitCode = 6   // authentication or authorisation
	ExitInterrupted ExitCode = 130 // by a signal, with work unfinished
)

// CodeOf returns the exit code of a run that ends with err. It is the one place where errors
// become exit codes.
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
	case kafka.OwnFault(err) != nil: // also where it kept a file from being read, or ended a wait
		return ExitFailed
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
	case errors.As(err, &unready), errors.As(err, &unasked), errors.As(err, new(*admin.OverdueError)),
		errors.As(err, new(*admin.MoveStalledError)), errors.Is(err, context.DeadlineExceeded):
		return ExitTimeout
	default:
		return ExitFailed
	}
}
