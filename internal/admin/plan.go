package admin

import (
	"context"
	"errors"

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
}

// Plan compares desired with what every live broker answers now: see [topicspec.Union].
func (c *Client) Plan(ctx context.Context, desired []topicspec.Desired) (Planned, error) {
	seen, err := c.observeAll(ctx, topicspec.Names(desired))
	if err != nil {
		return Planned{}, err
	}
	var plans []topicspec.BrokerPlan
	for _, at := range seen {
		if at.Err != nil {
			err = at.Err
			continue
		}
		plan := topicspec.Diff(desired, at.Value.topics)
		if suspects := plan.Suspects(at.Value.topics); len(plans) == 0 && len(suspects) > 0 {
			c.observeOrigin(ctx, at, suspects)
			plan = topicspec.Diff(desired, at.Value.topics)
		}
		plan.ClusterID = at.Value.clusterID()
		plans = append(plans, topicspec.BrokerPlan{Broker: at.Name, Plan: plan})
	}
	if len(plans) == 0 {
		return Planned{}, err
	}
	return Planned{Plan: topicspec.Union(desired, plans), Settled: c.settled(ctx, seen, desired) == nil, Seen: seen.seen(desired)}, nil
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
	if plan.Settled && len(report.Deleted()) == 0 {
		return report, nil
	}
	for next := (pace{}); len(report.raced()) > 0 && next.pause(ctx); {
		again, err := c.Plan(ctx, withNames(desired, report.raced()))
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
