package admin

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// StaleError reports a plan that was made for topics, or for what principals had, as that was before. Nothing was changed.
type StaleError struct {
	Plan  topicspec.Plan
	Stale []topicspec.Stale
}

func (e *StaleError) Error() string {
	topics, principals := len(topicspec.StaleTopics(e.Stale)), len(topicspec.StalePrincipals(e.Stale))
	var what []string
	if topics > 0 || principals == 0 {
		what = append(what, fmt.Sprintf("%d of %d topics", topics, e.Plan.Topics))
	}
	if principals > 0 {
		what = append(what, fmt.Sprintf("what %s may do", count(principals, "principal")))
	}
	return "the plan is stale: " + strings.Join(what, " and ") + " changed after it was made; nothing was written"
}

// Report returns the plan as a report, in which nothing was tried.
func (e *StaleError) Report() Report {
	report := Report{Plan: e.Plan, Stale: e.Stale}
	for _, change := range e.Plan.Changes {
		o := Outcome{Change: change, Result: Untried}
		if change.Action == topicspec.Blocked {
			o.Result = Blocked
		}
		report.Outcomes = append(report.Outcomes, o)
	}
	return report
}

// OtherClusterError reports a plan that was made for another cluster. Nothing was changed.
type OtherClusterError struct{ Planned, Now string }

func (e *OtherClusterError) Error() string {
	return fmt.Sprintf("the plan is for another cluster: it was made for %s, and this is %s; nothing was written", e.Planned, e.Now)
}

// PlanReviewed compares what every live broker answers now with a plan that was made before, and returns what
// is left of that. The error is an [*OtherClusterError], or a [*StaleError] when two looks find the same: one
// broker may be behind for a moment.
func (c *Client) PlanReviewed(ctx context.Context, r topicspec.Reviewed) (Planned, error) {
	var before []topicspec.Stale
	for next := (pace{}); ; {
		now, review, err := c.review(ctx, r)
		if err != nil {
			return Planned{}, err
		}
		if now.ClusterID != r.ClusterID {
			return Planned{}, &OtherClusterError{r.ClusterID, now.ClusterID}
		}
		if len(review.Stale) == 0 {
			return now, nil
		}
		if slices.Equal(before, review.Stale) || !next.pause(ctx) {
			return Planned{}, &StaleError{r.Plan, review.Stale}
		}
		before = review.Stale
	}
}

// review compares what every live broker answers now with a plan that was made before. The plan is consent for what it
// shows as accepted, and for nothing else; the use of a topic that it deletes is judged anew.
func (c *Client) review(ctx context.Context, r topicspec.Reviewed) (Planned, topicspec.Review, error) {
	diff := topicspec.Diff
	if r.Needs().Move {
		diff = topicspec.Adopt
	}
	now, seen, err := c.planAll(ctx, r.Desired, diff)
	if err == nil {
		err = c.planAccess(ctx, &now.Plan, r.Needs())
	}
	if err != nil {
		return Planned{}, topicspec.Review{}, err
	}
	review := r.Against(now.Plan, now.Seen)
	review.Plan = c.withhold(review.Plan, review.Needs())
	now.Plan, now.Made = review.Plan, review.Made
	now.Settled = len(review.Stale) == 0 && c.nothingLeft(ctx, now.Plan, seen, r.Desired)
	return now, review, nil
}

// ConvergeReviewed makes what is left of a reviewed plan, as [Client.PlanReviewed] returned it and the brokers
// accepted it, and waits as [Client.ConvergeFrom] does. A topic that another client changes meanwhile is not
// planned anew: its outcome is Stale, unless it is as the plan would leave it.
func (c *Client) ConvergeReviewed(ctx context.Context, r topicspec.Reviewed, plan Planned) (Report, error) {
	c = c.WithConsent(plan.Needs())
	report := c.Apply(ctx, plan.Plan)
	c.clearLeft(ctx, r.Needs(), plan, &report)
	var err error
	ended := report.moveEnded()
	if !ended {
		err = c.judgeRaces(ctx, r, &report)
	}
	for _, change := range plan.Made {
		report.Outcomes = append(report.Outcomes, Outcome{Change: change, Result: DoneAlready})
	}
	report.sort(r.Desired, r.Changes)
	if err != nil || plan.Settled || ended {
		return report, err
	}
	if err = c.Settle(ctx, report.made(r.Desired)); err == nil {
		err = c.StayGone(ctx, &report)
	}
	return report, err
}

// judgeRaces looks once more at the topics that changes were sent for, and says how those ended that met another
// client: requests name a topic and not its id, but for deletions. A change that is still as it was planned is sent
// again, until a broker shows what came of it or ctx ends: a topic that is being deleted is in the way of its
// successor though no broker shows it.
func (c *Client) judgeRaces(ctx context.Context, r topicspec.Reviewed, report *Report) error {
	c = c.WithAccess(nil) // of which no change meets another client's
	sent := func(o Outcome) bool {
		if o.Kind != topicspec.KindTopic {
			return false
		}
		return o.Result == Raced || o.Result == Failed || o.Result == Done && o.Action != topicspec.Create && !o.deleted()
	}
	if !slices.ContainsFunc(report.Outcomes, sent) {
		return nil
	}
	for next := (pace{}); ; {
		_, review, err := c.review(ctx, r)
		if err != nil {
			return err
		}
		for i := range report.Outcomes {
			if o := &report.Outcomes[i]; sent(*o) {
				o.judgeAgainst(review)
			}
		}
		if len(report.raced()) == 0 || !next.pause(ctx) {
			return nil
		}
		c.sendRaced(ctx, report)
	}
}

// sendRaced sends the raced changes of a report again.
func (c *Client) sendRaced(ctx context.Context, report *Report) {
	var again topicspec.Plan
	var indexes []int
	for i, o := range report.Outcomes {
		if o.Result == Raced {
			again.Changes, indexes = append(again.Changes, o.Change), append(indexes, i)
		}
	}
	for i, o := range c.Apply(ctx, again).Outcomes {
		if o.Result != Failed || !kafka.Ended(o.Err) { // which says less than that it raced
			report.Outcomes[indexes[i]] = o
		}
	}
}

// judgeAgainst corrects an outcome by what the topic is like after it.
func (o *Outcome) judgeAgainst(review topicspec.Review) {
	i := slices.IndexFunc(review.Stale, func(s topicspec.Stale) bool { return s.Topic == o.Topic })
	made := func(c topicspec.Change) bool { return c.Key() == o.Key() }
	switch {
	case i >= 0 && (o.Result != Done || review.Stale[i].Field == topicspec.FieldTopicID):
		o.Result, o.Err = Stale, &changedError{review.Stale[i]}
	case o.Result == Raced && slices.ContainsFunc(review.Made, made):
		o.Result = DoneAlready
	}
}

// changedError is what another client did to a topic while a plan was carried out.
type changedError struct{ topicspec.Stale }

func (e *changedError) Error() string { return e.Text() }

// made returns what of desired the report says is there: what failed, is blocked or is another's is not asked for.
func (r Report) made(desired []topicspec.Desired) []topicspec.Desired {
	missing := make(map[string][]string) // fields by topic
	for _, o := range r.Outcomes {
		switch o.Result {
		case Done, DoneAlready:
		case Stale:
			missing[o.Topic] = append(missing[o.Topic], topicspec.FieldTopic)
		default:
			missing[o.Topic] = append(missing[o.Topic], o.Field)
		}
	}
	return without(desired, missing)
}

// without returns desired without some fields of topics; a topic without its topic field is out.
func without(desired []topicspec.Desired, fields map[string][]string) []topicspec.Desired {
	rest := slices.DeleteFunc(slices.Clone(desired), func(d topicspec.Desired) bool {
		return slices.Contains(fields[d.Name], topicspec.FieldTopic)
	})
	for i, d := range rest {
		for _, field := range fields[d.Name] {
			switch field {
			case topicspec.FieldPartitions:
				rest[i].Partitions = 0
			case topicspec.FieldReplicationFactor:
				rest[i].ReplicationFactor = 0
			default:
				rest[i].Config = maps.Clone(rest[i].Config)
				delete(rest[i].Config, field)
			}
		}
	}
	return rest
}
