package admin

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"

	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// RefusedError is a plan the brokers will not carry out, wholly or in part. Nothing
// was changed.
type RefusedError struct {
	Plan topicspec.Plan
	// Refusals holds the brokers' words by topic.
	Refusals map[string]error
}

func (e *RefusedError) Error() string {
	return fmt.Sprintf("the brokers refuse %d of %d topics; nothing was changed", len(e.Refusals), e.Plan.Topics)
}

// Unwrap makes errors.Is find each broker's refusal. They are in plan order, so that
// the first one, which the hint is about, is always the same.
func (e *RefusedError) Unwrap() []error {
	errs := make([]error, 0, len(e.Plan.Changes))
	for _, change := range e.Plan.Changes {
		if err := e.Refusals[change.Topic]; err != nil {
			errs = append(errs, err) // several times for several changes of a topic
		}
	}
	return errs
}

// Hint is the grant for what is not permitted, "" when the refusals are others.
func (e *RefusedError) Hint() string {
	var missing kafka.Denials
	for _, err := range e.Unwrap() {
		missing.Add(err)
	}
	if all := missing.Together(); all != nil {
		return all.Hint()
	}
	return ""
}

// MayHeal tells that every refusal is about the number of brokers, which grows
// while a cluster starts.
func (e *RefusedError) MayHeal() bool {
	for _, err := range e.Refusals {
		if !errors.Is(err, kerr.InvalidReplicationFactor) {
			return false
		}
	}
	return true
}

// Report is the refused plan as a report: which changes are refused, and that the
// others were not tried.
func (e *RefusedError) Report() Report {
	report := Report{Plan: e.Plan}
	for _, change := range e.Plan.Changes {
		o := Outcome{Change: change, Result: Untried}
		if err := e.Refusals[change.Topic]; err != nil {
			o.Result, o.Err = Refused, err
		} else if change.Action == topicspec.Blocked {
			o.Result = Blocked
		}
		report.Outcomes = append(report.Outcomes, o)
	}
	return report
}

// Validate has the brokers judge every change of the plan without making it
// (validateOnly). It is nil when they would make all of them, a [*RefusedError]
// when not, and another error when they could not be asked, or only said "not yet"
// until ctx ended. An empty plan sends nothing.
func (c *Client) Validate(ctx context.Context, plan topicspec.Plan) error {
	refused := &RefusedError{Plan: plan, Refusals: make(map[string]error)}
	var undecided error
	for _, b := range c.batches(plan) {
		changes := pick(plan.Changes, b.indexes)
		answers := c.deliver(ctx, b.send, changes, true)
		for _, change := range changes {
			err := answers[change.Topic]
			var broker *kafka.BrokerError
			switch {
			case err == nil || metAnother(change.Action, err):
			case errors.As(err, &broker) && !kafka.NotYet(err):
				refused.Refusals[change.Topic] = err
			case undecided == nil:
				undecided = fmt.Errorf("validate the plan: %w", err)
			}
		}
	}
	if len(refused.Refusals) > 0 {
		return refused
	}
	return undecided
}

// Blocked is the plan with the refused changes as blocked ones, the brokers' words
// as reasons.
func (e *RefusedError) Blocked() topicspec.Plan {
	plan := e.Plan
	plan.Changes = slices.Clone(plan.Changes)
	for i := range plan.Changes {
		if err := e.Refusals[plan.Changes[i].Topic]; err != nil {
			plan.Changes[i].Action, plan.Changes[i].Reason = topicspec.Blocked, err.Error()
		}
	}
	return plan
}
