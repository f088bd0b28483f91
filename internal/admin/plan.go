package admin

import (
	"context"
	"errors"
	"slices"

	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// Planned is a plan, and what was seen of the brokers when it was made.
type Planned struct {
	topicspec.Plan
	// Settled reports whether every live broker showed every topic as [Client.Settle]
	// wants it: nothing is left to do or to wait for.
	Settled bool
	// Seen is what the plan was made from, of each desired topic.
	Seen []topicspec.Seen
	// Made are the changes of a reviewed plan that are made already: see [Client.PlanReviewed].
	Made []topicspec.Change
	// Throttled are the desired topics with lists of throttled replicas, by name.
	Throttled []string
}

// Plan compares desired with what every live broker answers now: see [topicspec.Union]. What has a risk that is not
// accepted is blocked in it: see [Client.WithConsent]. Users, ACLs and quotas come after the topics: see
// [Client.WithAccess].
func (c *Client) Plan(ctx context.Context, desired []topicspec.Desired) (Planned, error) {
	diff := topicspec.Diff
	if c.consent.Move {
		diff = topicspec.Adopt
	}
	planned, seen, err := c.planAll(ctx, desired, diff)
	if err == nil {
		err = c.planAccess(ctx, &planned.Plan, c.consent)
	}
	if err != nil {
		return Planned{}, err
	}
	planned.Plan = c.withhold(planned.Plan, c.consent)
	planned.Settled = c.nothingLeft(ctx, planned.Plan, seen, desired)
	return planned, nil
}

// planAll is Plan of topics alone, in which nothing is withheld and Settled is not known yet.
func (c *Client) planAll(ctx context.Context, desired []topicspec.Desired, diff differ) (Planned, views, error) {
	seen, err := c.observeAll(ctx, topicspec.Names(desired))
	if err != nil {
		return Planned{}, nil, err
	}
	plans, err := seen.plans(desired, diff)
	if len(plans) == 0 {
		return Planned{}, nil, err
	}
	if c.lookCloser(ctx, seen, plans) {
		plans, _ = seen.plans(desired, diff)
	}
	plan, err := c.place(ctx, topicspec.Union(desired, plans), desired, seen.firstShown())
	if err == nil {
		plan, err = c.examine(ctx, plan)
	}
	return Planned{Plan: plan, Seen: seen.seen(desired), Throttled: throttledTopics(seen.firstShown())}, seen, err
}

// withhold returns the plan with what must not be made as blocked changes: what is not accepted, and copies of which
// nobody has said how much of the network they may take.
func (c *Client) withhold(plan topicspec.Plan, consent topicspec.Consent) topicspec.Plan {
	plan = plan.Withhold(consent)
	if c.moves.Limited {
		return plan
	}
	return plan.WithholdCopies(UnlimitedBytes)
}

// PlanObserved is Plan for what one broker has shown.
func (c *Client) PlanObserved(ctx context.Context, desired []topicspec.Desired, observed map[string]topicspec.Observed) topicspec.Plan {
	plan := topicspec.Diff(desired, observed)
	if risky := plan.Risky(); len(risky) > 0 {
		c.countRecords(ctx, risky, observed)
		plan = topicspec.Diff(desired, observed)
	}
	plan = withoutMoves(plan)
	if examined, err := c.examine(ctx, plan); err == nil {
		plan = examined
	}
	return plan.Withhold(c.consent)
}

// differ is [topicspec.Diff] or [topicspec.Adopt].
type differ func(desired []topicspec.Desired, observed map[string]topicspec.Observed) topicspec.Plan

// plans returns the plan over what each broker has shown. The error is that of one that showed nothing.
func (s views) plans(desired []topicspec.Desired, diff differ) (plans []topicspec.BrokerPlan, err error) {
	for _, at := range s {
		if at.Err != nil {
			err = at.Err
			continue
		}
		plan := diff(desired, at.Value.topics)
		plan.ClusterID = at.Value.clusterID()
		plans = append(plans, topicspec.BrokerPlan{Broker: at.Name, Plan: plan})
	}
	return plans, err
}

// lookCloser fills in what decides about the plans beside the shapes and settings, and reports whether there was
// anything to ask: where topics come from whose counts differ, and whether those hold a record that something risks.
func (c *Client) lookCloser(ctx context.Context, seen views, plans []topicspec.BrokerPlan) bool {
	var answered []kafka.Answer[view]
	var risky []string
	for _, at := range seen {
		if at.Err == nil {
			risky = append(risky, plans[len(answered)].Risky()...)
			answered = append(answered, at)
		}
	}
	suspects := plans[0].Suspects(answered[0].Value.topics)
	if len(suspects) > 0 {
		c.observeOrigin(ctx, answered[0], suspects)
	}
	slices.Sort(risky)
	if risky = slices.Compact(risky); len(risky) > 0 {
		var all []map[string]topicspec.Observed
		for _, at := range answered {
			all = append(all, at.Value.topics)
		}
		c.countRecords(ctx, risky, all...)
	}
	return len(suspects)+len(risky) > 0
}

// nothingLeft reports whether nothing of a plan is left to make or to wait for.
func (c *Client) nothingLeft(ctx context.Context, plan topicspec.Plan, seen views, desired []topicspec.Desired) bool {
	return len(plan.Makeable()) == 0 && c.settled(ctx, seen, makeable(plan, desired)) == nil
}

// makeable returns desired without what a plan for it has blocked.
func makeable(plan topicspec.Plan, desired []topicspec.Desired) []topicspec.Desired {
	blocked := make(map[string][]string)
	for _, change := range plan.Blocked() {
		blocked[change.Topic] = append(blocked[change.Topic], change.Field)
	}
	return without(desired, blocked)
}

// PlanDelete plans the deletion of the named topics. One that does not exist is a
// [*kafka.NotFoundError]. The settings of what is deleted are nil where they may not be read: Delete is
// all that a deletion needs.
func (c *Client) PlanDelete(ctx context.Context, names []string) (topicspec.Plan, error) {
	v, err := c.observe(ctx, c.kafka.Any, names)
	denied, found := errors.AsType[*kafka.DeniedError](err)
	unread := found && denied.Operation == "DescribeConfigs"
	if unread {
		v, err = c.observeShapes(ctx, c.kafka.Any, names)
	}
	if err != nil {
		return topicspec.Plan{}, err
	}
	for _, name := range names {
		if _, exists := v.topics[name]; !exists {
			return topicspec.Plan{}, c.NotFound(ctx, name)
		}
	}
	plan := topicspec.DiffDelete(names, v.topics)
	for i, change := range plan.Changes {
		if shape, ok := change.Before.(topicspec.Shape); ok && unread {
			shape.Config = nil
			plan.Changes[i].Before, plan.Changes[i].Reason = shape, "its settings may not be read"
		}
	}
	plan.ClusterID = v.clusterID()
	return plan, nil
}

// Converge makes the cluster match desired: plan, validate, apply, settle. When another client
// makes one of the topics in between, the plan is made anew for what is there then. The error is a
// [*RefusedError] (nothing was changed), a [*UnsettledError] (changed, but not everywhere in time)
// or a question that could not be asked; single failures are in the report.
func (c *Client) Converge(ctx context.Context, desired []topicspec.Desired) (Report, error) {
	plan, err := c.Plan(ctx, desired)
	if err != nil {
		return Report{}, err
	}
	if err := c.Validate(ctx, plan.Plan); err != nil {
		return Report{}, err
	}
	return c.ConvergeFrom(ctx, desired, plan)
}

// ConvergeFrom is Converge for a plan that was just made and validated.
func (c *Client) ConvergeFrom(ctx context.Context, desired []topicspec.Desired, plan Planned) (Report, error) {
	report := c.Apply(ctx, plan.Plan)
	c.clearLeft(ctx, c.consent, plan, &report)
	if plan.Settled || report.moveEnded() {
		return report, nil
	}
	for next := (pace{}); len(report.raced()) > 0 && next.pause(ctx); {
		again, err := c.WithAccess(nil).Plan(ctx, withNames(desired, report.raced()))
		if err != nil {
			return report, err
		}
		again.Plan.Changes = report.untried(again.Plan).Changes
		report = report.followedBy(c.Apply(ctx, again.Plan), desired)
	}
	err := c.Settle(ctx, report.unfailed(desired))
	if err == nil {
		err = c.StayGone(ctx, &report)
	}
	return report, err
}
