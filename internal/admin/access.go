package admin

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// AccessKeeper plans and makes the changes of users, ACLs and quotas, which are a part of the plan that topics have.
type AccessKeeper interface {
	// Plan compares what is declared with what every live broker shows. Removals that consent does not accept are
	// blocked, or only listed.
	Plan(ctx context.Context, consent topicspec.Consent) ([]topicspec.Change, topicspec.AccessCompared, error)
	// Validate has the brokers judge changes without making them, as far as they can, and checks that the client may
	// make them. The answers are in the order of the changes, nil for one that can be made.
	Validate(ctx context.Context, changes []topicspec.Change) []error
	// Make makes the changes of one stage, and returns once every live broker shows them. The answers are in the order
	// of the changes, nil for one that is made.
	Make(ctx context.Context, stage topicspec.Stage, changes []topicspec.Change) []error
}

// WithAccess returns the same client, which plans and makes what k says beside topics.
func (c *Client) WithAccess(k AccessKeeper) *Client {
	keeping := *c
	keeping.access = k
	return &keeping
}

// planAccess adds the changes of users, ACLs and quotas to a plan of topics. Without a keeper there are none.
func (c *Client) planAccess(ctx context.Context, plan *topicspec.Plan, consent topicspec.Consent) error {
	if c.access == nil {
		return nil
	}
	changes, compared, err := c.access.Plan(ctx, consent)
	if err != nil {
		return err
	}
	plan.Changes, plan.Access = slices.Concat(plan.Changes, changes), &compared
	return nil
}

// judgeAccess has the keeper judge the changes of users, ACLs and quotas of a plan, and puts what is refused beside
// them. The error is that of one of which it is not known.
func (c *Client) judgeAccess(ctx context.Context, plan topicspec.Plan, refusals []error) error {
	var indexes []int
	for _, step := range plan.Stages() {
		if isAccess(step.Stage) {
			indexes = append(indexes, step.Changes...)
		}
	}
	if c.access == nil || len(indexes) == 0 {
		return nil
	}
	changes := topicspec.At(plan.Changes, indexes)
	var undecided error
	for i, err := range c.access.Validate(ctx, changes) {
		switch {
		case err == nil:
		case !MayPass(err) && !kafka.Ended(err) && !errors.As(err, new(*OverdueError)):
			refusals[indexes[i]] = err
		case undecided == nil:
			undecided = fmt.Errorf("validate the plan: %s: %w", changes[i].Subject(), err)
		}
	}
	return undecided
}

// isAccess reports whether a stage is one of users, ACLs and quotas.
func isAccess(stage topicspec.Stage) bool {
	switch stage {
	case topicspec.StageUsers, topicspec.StageAllow, topicspec.StageQuotas, topicspec.StageRevoke, topicspec.StageForget:
		return true
	default:
		return false
	}
}

// makeAccess makes the changes of a step of users, ACLs and quotas. Nothing is taken from anybody once a credential or
// an ACL could not be given: what replaces it might be missing.
func (c *Client) makeAccess(ctx context.Context, report *Report, step topicspec.Step) {
	indexes := step.Changes
	if report.ungiven() {
		var taken []int
		indexes = nil
		for _, i := range step.Changes {
			if report.Plan.Changes[i].Risk == topicspec.RiskRevoke {
				taken = append(taken, i)
			} else {
				indexes = append(indexes, i)
			}
		}
		report.leave(taken)
	}
	if c.access == nil || len(indexes) == 0 {
		report.leave(indexes)
		return
	}
	start := time.Now()
	for i, err := range c.access.Make(ctx, step.Stage, topicspec.At(report.Plan.Changes, indexes)) {
		o := &report.Outcomes[indexes[i]]
		o.Took, o.Result, o.Err = time.Since(start), Done, err
		if err != nil {
			o.Result = Failed
		}
	}
}

// ungiven reports whether a credential or an ACL could not be given to somebody.
func (r Report) ungiven() bool {
	return slices.ContainsFunc(r.Outcomes, func(o Outcome) bool {
		gives := (o.Kind == topicspec.KindUser || o.Kind == topicspec.KindACL) && o.Risk == topicspec.NoRisk
		return gives && o.Result != Done && o.Action != topicspec.Blocked
	})
}
