package admin

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"

	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

const (
	// UNKNOWN_SERVER_ERROR is believed when it is the answer to so many tries in a row. One
	// may be a controller that changes at that moment; Kafka 3.9 and 4.3 also answer it for
	// ever, without a word of why, when a policy class throws.
	unexplainedTries = 5
	// Between these tries: all five take no longer than a change of the controller does.
	unexplainedPause = 200 * time.Millisecond
)

// UnexplainedError is UNKNOWN_SERVER_ERROR as the answer to several tries in a row: the
// broker failed inside, and only its log says how.
type UnexplainedError struct {
	Tries  int
	Cause  error  // the last answer
	Policy string // the broker setting that names the class which may have thrown, "" when none judges what was asked
}

func (e *UnexplainedError) Error() string {
	return fmt.Sprintf("%v (the answer to %d tries)", e.Cause, e.Tries)
}

// Unwrap makes errors.Is with kerr.UnknownServerError work.
func (e *UnexplainedError) Unwrap() error { return e.Cause }

// Hint returns where the cause is written down.
func (e *UnexplainedError) Hint() string {
	hint := "the log of the controller, or of the broker that was asked, has the exception"
	if e.Policy != "" {
		hint += fmt.Sprintf("; the class that %s names may have thrown it", e.Policy)
	}
	return hint
}

// policyOf returns the broker setting that names the policy class by which changes with action are
// judged; "" where Kafka has none.
func policyOf(action topicspec.Action) string {
	switch action {
	case topicspec.Create:
		return "create.topic.policy.class.name"
	case topicspec.Set, topicspec.Unset:
		return "alter.config.policy.class.name"
	default:
		return ""
	}
}

// repeated counts how often UNKNOWN_SERVER_ERROR was the answer in a row.
type repeated int

// judge returns err, and an [*UnexplainedError] in place of the last try's. policy is that of
// [UnexplainedError].
func (r *repeated) judge(err error, policy string) error {
	if !errors.Is(err, kerr.UnknownServerError) || errors.As(err, new(*TooLargeError)) {
		*r = 0
		return err
	}
	if *r++; *r < unexplainedTries {
		return err
	}
	return &UnexplainedError{Tries: int(*r), Cause: err, Policy: policy}
}

// pauseAfter waits before what was answered with errs is tried again, and reports whether time is
// left.
func (p *pace) pauseAfter(ctx context.Context, errs ...error) bool {
	for _, err := range errs {
		if errors.Is(err, kerr.UnknownServerError) && mayPass(err) {
			return kafka.Pause(ctx, unexplainedPause)
		}
	}
	if quota := quotaOf(errs); quota != nil {
		return quota.pause(ctx)
	}
	return p.pause(ctx)
}

// mayPass reports whether err may be gone when the same is asked again.
func mayPass(err error) bool {
	return kafka.NotYet(err) && !errors.As(err, new(*UnexplainedError)) && !errors.As(err, new(*TooLargeError))
}
