package admin

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"

	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// RefusedError reports a plan that the brokers will not carry out, wholly or in part. Nothing
// was changed.
type RefusedError struct {
	Plan topicspec.Plan
	// Refusals holds the brokers' words about each change, in the order of the plan's
	// changes; nil for a change that they would make.
	Refusals []error
}

func (e *RefusedError) Error() string {
	topics, others := make(map[string]bool), 0
	for i, err := range e.Refusals {
		switch c := e.Plan.Changes[i]; {
		case err == nil:
		case c.Kind == topicspec.KindTopic:
			topics[c.Topic] = true
		default:
			others++
		}
	}
	access := count(others, "change") + " of users, ACLs and quotas"
	switch text := fmt.Sprintf("the brokers refuse %d of %d topics", len(topics), e.Plan.Topics); {
	case others == 0:
		return text + "; nothing was changed"
	case len(topics) == 0:
		return access + " cannot be made; nothing was changed"
	default:
		return text + ", and " + access + " cannot be made; nothing was changed"
	}
}

// Unwrap makes errors.Is find each broker's refusal. They are in plan order, so that
// the first one, which the hint is about, is always the same.
func (e *RefusedError) Unwrap() []error {
	return slices.DeleteFunc(slices.Clone(e.Refusals), func(err error) bool { return err == nil })
}

// First returns the first change that is refused, and the brokers' words about it.
func (e *RefusedError) First() (topicspec.Change, error) {
	i := slices.IndexFunc(e.Refusals, func(err error) bool { return err != nil })
	if i < 0 {
		return topicspec.Change{}, nil
	}
	return e.Plan.Changes[i], e.Refusals[i]
}

// Words returns what the brokers say as one error. Changes that share their words, as
// the settings of a topic may, have them once.
func (e *RefusedError) Words() error {
	said := make(map[string]bool)
	var words []error
	for _, err := range e.Unwrap() {
		if !said[err.Error()] {
			words = append(words, err)
		}
		said[err.Error()] = true
	}
	if len(words) == 1 {
		return words[0]
	}
	return errors.Join(words...)
}

// Hint returns the grant for what is not permitted, or else the next step that the first refusal
// with one has; "" when none has.
func (e *RefusedError) Hint() string {
	var missing kafka.Denials
	for _, err := range e.Unwrap() {
		missing.Add(err)
	}
	if all := missing.Together(); all != nil {
		return all.Hint()
	}
	var hinting interface{ Hint() string }
	if errors.As(errors.Join(e.Refusals...), &hinting) {
		return hinting.Hint()
	}
	return ""
}

// MayHeal reports whether every refusal is about the number of brokers, which grows
// while a cluster starts.
func (e *RefusedError) MayHeal() bool {
	return !slices.ContainsFunc(e.Unwrap(), func(err error) bool { return !errors.Is(err, kerr.InvalidReplicationFactor) })
}

// Report returns the refused plan as a report: which changes are refused, which were
// blocked anyway, and that the others were not tried.
func (e *RefusedError) Report() Report {
	report := Report{Plan: e.Plan}
	for i, change := range e.Plan.Changes {
		o := Outcome{Change: change, Result: Untried, Err: e.Refusals[i]}
		switch {
		case o.Err != nil:
			o.Result = Refused
		case change.Action == topicspec.Blocked:
			o.Result = Blocked
		}
		report.Outcomes = append(report.Outcomes, o)
	}
	return report
}

// Blocked returns the plan with the refused changes as blocked ones, the brokers' words as reasons.
func (e *RefusedError) Blocked() topicspec.Plan {
	plan := e.Plan
	plan.Changes = slices.Clone(plan.Changes)
	for i, err := range e.Refusals {
		if err != nil {
			plan.Changes[i].Action, plan.Changes[i].Reason = topicspec.Blocked, err.Error()
		}
	}
	return plan
}

// Validate has the brokers judge every change of the plan without making it (validateOnly). It
// returns nil when they would make all of them, a [*RefusedError] when not, and another error when
// they could not be asked, or only said "not yet" until ctx ended. An empty plan sends nothing.
func (c *Client) Validate(ctx context.Context, plan topicspec.Plan) error {
	_, err := c.Judge(ctx, plan)
	return err
}

// Judge is [Client.Validate], and returns what holds changes back that the brokers would make; nil for
// nothing. Brokers in KRaft mode count also what they only validate against a quota, and look at the
// quota last: what is held back has passed.
func (c *Client) Judge(ctx context.Context, plan topicspec.Plan) (held *QuotaError, err error) {
	refused := &RefusedError{Plan: plan, Refusals: make([]error, len(plan.Changes))}
	var undecided error
	for _, b := range c.batches(plan) {
		changes := topicspec.At(plan.Changes, b.indexes)
		answers := c.deliver(ctx, b.send, changes, true)
		c.findRefused(ctx, b.send, changes, answers)
		c.nameCollisions(ctx, changes, answers)
		if quota := quotaOf(answers); quota != nil {
			held = quota
		}
		for i, err := range answers {
			switch {
			case errors.As(err, new(*QuotaError)):
			case err == nil || metAnother(changes[i].Action, err):
			case isDecision(err):
				refused.Refusals[b.indexes[i]] = err
			case undecided == nil:
				undecided = fmt.Errorf("validate the plan: %w", err)
			}
		}
	}
	if err := c.judgeAccess(ctx, plan, refused.Refusals); undecided == nil {
		undecided = err
	}
	if len(refused.Unwrap()) > 0 {
		return nil, refused
	}
	return held, undecided
}

// isDecision reports whether err, the answer to a change, is a decision that no new try changes.
func isDecision(err error) bool {
	var broker *kafka.BrokerError
	return errors.As(err, &broker) && !mayPass(err) || errors.As(err, new(*LeftOutError))
}

// findRefused finds out which of a topic's settings the brokers refuse. They judge the settings
// of a topic together, with one answer for all, so each of a refused topic's settings is
// validated once more by itself: the first one of all such topics, then the second one, and so on.
// When all pass by themselves, they are refused only together, and each keeps the answer.
func (c *Client) findRefused(ctx context.Context, send sender, changes []topicspec.Change, answers []error) {
	together := make(map[string][]int)
	for i, change := range changes {
		if err := answers[i]; errors.As(err, new(*kafka.BrokerError)) && isDecision(err) && !kafka.Unauthorized(err) && !errors.As(err, new(*UnexplainedError)) {
			together[change.Topic] = append(together[change.Topic], i)
		}
	}
	maps.DeleteFunc(together, func(_ string, indexes []int) bool { return len(indexes) < 2 })
	alone, found := make(map[int]error), make(map[string]bool)
	for turn := 0; ; turn++ {
		var asked []int
		for _, topic := range sortedNames(together) {
			if turn < len(together[topic]) {
				asked = append(asked, together[topic][turn])
			}
		}
		if len(asked) == 0 {
			break
		}
		for i, err := range c.deliver(ctx, send, topicspec.At(changes, asked), true) {
			alone[asked[i]] = err
			if err != nil && isDecision(err) {
				found[changes[asked[i]].Topic] = true
			}
		}
	}
	for index, err := range alone {
		if found[changes[index].Topic] {
			answers[index] = err
		}
	}
}
