package admin

import (
	"context"

	"kafkactl/internal/topicspec"
)

// Plan compares desired with what the brokers answer now.
func (c *Client) Plan(ctx context.Context, desired []topicspec.Desired) (topicspec.Plan, error) {
	v, err := c.observe(ctx, c.any, topicspec.Names(desired))
	if err != nil {
		return topicspec.Plan{}, err
	}
	plan := topicspec.Diff(desired, v.topics)
	plan.ClusterID = v.clusterID()
	return plan, nil
}

// PlanDelete plans the deletion of the named topics. One that does not exist is a
// [*NotFoundError].
func (c *Client) PlanDelete(ctx context.Context, names []string) (topicspec.Plan, error) {
	v, err := c.observe(ctx, c.any, names)
	if err != nil {
		return topicspec.Plan{}, err
	}
	for _, name := range names {
		if _, exists := v.topics[name]; !exists {
			return topicspec.Plan{}, c.NotFound(ctx, name)
		}
	}
	plan := topicspec.DiffDelete(names, v.topics)
	plan.ClusterID = v.clusterID()
	return plan, nil
}

// Converge makes the cluster match desired: plan, validate, apply, settle. When
// another client makes one of the topics in between, the plan is made anew for
// what is there then. The error is a [*RefusedError] (nothing was changed), a
// [*UnsettledError] (changed, but not everywhere in time) or a question that could
// not be asked; single failures are in the report.
func (c *Client) Converge(ctx context.Context, desired []topicspec.Desired) (Report, error) {
	plan, err := c.Plan(ctx, desired)
	if err != nil {
		return Report{}, err
	}
	if err := c.Validate(ctx, plan); err != nil {
		return Report{}, err
	}
	return c.ConvergeFrom(ctx, desired, plan)
}

// ConvergeFrom is Converge for a plan that was just made and validated.
func (c *Client) ConvergeFrom(ctx context.Context, desired []topicspec.Desired, plan topicspec.Plan) (Report, error) {
	report := c.Apply(ctx, plan)
	for report.raced() && pause(ctx, pollInterval) {
		again, err := c.Plan(ctx, desired)
		if err != nil {
			return report, err
		}
		report = report.then(c.Apply(ctx, again))
	}
	return report, c.Settle(ctx, report.settling(desired))
}
