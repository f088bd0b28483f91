package admin

import (
	"context"
	"slices"

	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// Examiner finds out what the records of topics and the groups that read them say about changes: one result for each of
// them, nil for one without a risk. What cannot be found out is told in the evidence; the error is that of ctx.
type Examiner interface {
	Examine(ctx context.Context, changes []topicspec.Change) ([]*topicspec.Evidence, error)
}

// WithExaminer returns the same client, which asks e about the risks of what it plans, and once more about a topic right
// before a topics file deletes it. Without one nothing is known of them: growth and settings keep their risk, and no
// topic is deleted.
func (c *Client) WithExaminer(e Examiner) *Client {
	examining := *c
	examining.examiner = e
	return &examining
}

// examine returns the plan with what the data says about its changes.
func (c *Client) examine(ctx context.Context, plan topicspec.Plan) (topicspec.Plan, error) {
	if c.examiner == nil || plan.InSync() {
		return plan, nil
	}
	evidence, err := c.examiner.Examine(ctx, plan.Changes)
	if err != nil {
		return plan, err
	}
	found := make(map[topicspec.ChangeKey]topicspec.Evidence)
	for i, e := range evidence {
		if e != nil {
			found[plan.Changes[i].Key()] = *e
		}
	}
	return plan.WithEvidence(found), nil
}

// stillUnused returns those of the deletions whose topics nobody uses now, nor has written to since they were planned.
// The others become blocked. Deletions by name are not asked about.
func (c *Client) stillUnused(ctx context.Context, report *Report, indexes []int) []int {
	var unused, asked []int
	for _, index := range indexes {
		if report.Plan.Changes[index].Risk == topicspec.RiskDelete {
			asked = append(asked, index)
		} else {
			unused = append(unused, index)
		}
	}
	if len(asked) == 0 {
		return unused
	}
	evidence := make([]*topicspec.Evidence, len(asked))
	if c.examiner != nil {
		if found, err := c.examiner.Examine(ctx, topicspec.At(report.Plan.Changes, asked)); err == nil {
			evidence = found
		}
	}
	for i, index := range asked {
		deletion := report.Plan.Changes[index].WithUse(evidence[i])
		report.amend(index, deletion)
		if deletion.Action != topicspec.Blocked {
			unused = append(unused, index)
		}
	}
	return unused
}

// stillEmpty returns those of the changes whose topics hold no record, where they have no risk because of that, and all
// others. What has its risk now is blocked, unless it is accepted.
func (c *Client) stillEmpty(ctx context.Context, report *Report, indexes []int) []int {
	spared := func(i int) bool { return report.Plan.Changes[i].RiskIfUsed != topicspec.NoRisk }
	var names []string
	for _, i := range indexes {
		if spared(i) {
			names = append(names, report.Plan.Changes[i].Topic)
		}
	}
	if len(names) == 0 {
		return indexes
	}
	now := c.recordsNow(ctx, names)
	return slices.DeleteFunc(slices.Clone(indexes), func(i int) bool {
		if !spared(i) {
			return false
		}
		change := report.Plan.Changes[i]
		change = change.WithRecords(now[change.Topic].Records, c.consent)
		report.amend(i, change)
		return change.Action == topicspec.Blocked
	})
}

// recordsNow counts the records of topics. Those of a topic that has no leader just now are asked for again, for as long
// as one question may take.
func (c *Client) recordsNow(ctx context.Context, names []string) map[string]topicspec.Observed {
	ctx, cancel := context.WithTimeout(ctx, kafka.AskTimeout)
	defer cancel()
	for next := (pace{}); ; {
		v, err := c.observeShapes(ctx, c.kafka.Any, names)
		if err == nil {
			c.countRecords(ctx, names, v.topics)
		}
		unknown := func(name string) bool { return v.topics[name].Records == nil }
		if err == nil && !slices.ContainsFunc(names, unknown) || !next.pause(ctx) {
			return v.topics
		}
	}
}
