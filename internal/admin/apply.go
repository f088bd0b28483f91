package admin

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"

	"kafkactl/internal/topicspec"
)

// sender carries changes of one kind to the brokers by one request, and returns their answers by
// topic: changes of one kind that share a topic share its answer. The error is for all topics that
// have no answer. dry has the brokers judge the changes without making them.
type sender func(ctx context.Context, changes []topicspec.Change, dry bool) (map[string]error, error)

// batch is the changes of a plan of one kind: see [Client.sendAll].
type batch struct {
	send    sender
	indexes []int // into the plan's changes
}

// batches groups a plan's changes in the order in which they are made: see [topicspec.Plan.Stages]. Those of a stage
// go to the brokers together. Reassignments are not among them: brokers cannot judge one without making it.
func (c *Client) batches(plan topicspec.Plan) []batch {
	var found []batch
	for _, step := range plan.Stages() {
		if send := c.senderOf(step.Stage); send != nil {
			found = append(found, batch{send, step.Changes})
		}
	}
	return found
}

// senderOf returns what carries the changes of a stage, nil for the stages of reassignments, and for those of users, ACLs
// and quotas.
func (c *Client) senderOf(stage topicspec.Stage) sender {
	return map[topicspec.Stage]sender{
		topicspec.StageCreate: c.sendCreates, topicspec.StageGrow: c.sendGrowths, topicspec.StageDelete: c.sendDeletes,
		topicspec.StageLoosen: c.sendConfigs, topicspec.StageTighten: c.sendConfigs,
	}[stage]
}

// Apply makes the plan, and consults only the plan: as few requests for the topics of a stage as the
// controller's limits allow, no request for an empty plan. Every change ends in an outcome; a failed
// one does not stop the others, apart from those that need it: nothing is taken from anybody when something was not given. Answers that only mean "not yet" are repeated until
// ctx ends: the error is an [*OverdueError] then. The brokers have accepted the plan before, so too few of them
// for a topic only means that one has left. What has a risk that is not accepted is blocked, though a plan has it
// or has it not because the topic was empty then.
func (c *Client) Apply(ctx context.Context, plan topicspec.Plan) Report {
	plan = plan.Covered(c.consent)
	report := Report{Plan: plan, Outcomes: make([]Outcome, len(plan.Changes))}
	for i, change := range plan.Changes {
		report.Outcomes[i] = Outcome{Change: change, Result: Blocked}
	}
	planned := slices.Clone(plan.Changes)
	for _, step := range plan.Stages() {
		switch {
		case step.Stage == topicspec.StageElect: // which is a part of the move
			continue
		case ctx.Err() != nil && report.moveEnded(): // nobody can be asked any more
			report.leave(step.Changes)
			continue
		}
		if isAccess(step.Stage) {
			c.makeAccess(ctx, &report, step)
			continue
		}
		switch indexes := c.stillEmpty(ctx, &report, report.mayFollow(planned, step.Changes)); {
		case len(indexes) == 0:
		case step.Stage == topicspec.StageMove:
			c.makeMoves(ctx, &report, indexes)
		case step.Stage == topicspec.StageDelete:
			if unused := c.stillUnused(ctx, &report, indexes); len(unused) > 0 {
				c.makeBatch(ctx, &report, batch{c.sendDeletes, unused})
			}
		default:
			c.makeBatch(ctx, &report, batch{c.senderOf(step.Stage), indexes})
		}
	}
	return report
}

// amend replaces a change of the plan and of its outcome.
func (r *Report) amend(i int, change topicspec.Change) {
	r.Plan.Changes[i], r.Outcomes[i].Change = change, change
}

// leave notes that changes were not tried.
func (r *Report) leave(indexes []int) {
	for _, i := range indexes {
		if o := &r.Outcomes[i]; o.Result == Blocked && o.Action != topicspec.Blocked {
			o.Result = Untried
		}
	}
}

// makeBatch makes the changes of a batch, which are those of a report.
func (c *Client) makeBatch(ctx context.Context, report *Report, b batch) {
	start := time.Now()
	answers := c.deliver(ctx, b.send, topicspec.At(report.Plan.Changes, b.indexes), false)
	for i, index := range b.indexes {
		o := &report.Outcomes[index]
		o.Took = time.Since(start)
		o.Result, o.Err = judge(o.Action, answers[i])
	}
}

// mayFollow returns those of the planned changes that depend on nothing that was not made. The others become blocked:
// see [topicspec.Change.Precedes].
func (r *Report) mayFollow(planned []topicspec.Change, indexes []int) []int {
	missing := make(map[string][]topicspec.Change) // by topic
	for i, c := range planned {
		if r.Outcomes[i].Result != Done {
			missing[c.Topic] = append(missing[c.Topic], c)
		}
	}
	return slices.DeleteFunc(slices.Clone(indexes), func(i int) bool {
		o := &r.Outcomes[i]
		needed := slices.IndexFunc(missing[o.Topic], func(c topicspec.Change) bool { return c.Precedes(o.Change) })
		if needed < 0 {
			return false
		}
		r.amend(i, o.Change.HeldBack(missing[o.Topic][needed]))
		return true
	})
}

// judge turns the brokers' answer to a change into its result.
func judge(action topicspec.Action, err error) (Result, error) {
	switch {
	case err == nil:
		return Done, nil
	case metAnother(action, err):
		return Raced, nil
	default:
		return Failed, err
	}
}

// metAnother reports whether err means that the topic changed since it was observed.
func metAnother(action topicspec.Action, err error) bool {
	return action == topicspec.Create && errors.Is(err, kerr.TopicAlreadyExists) ||
		action == topicspec.Grow && errors.Is(err, kerr.InvalidPartitions)
}

// deliver sends changes until each has an answer that is not "not yet", or ctx ends. It returns the
// answers in the order of the changes, nil for one that the brokers made. Before each new try the
// client says what it waits for.
func (c *Client) deliver(ctx context.Context, send sender, changes []topicspec.Change, dry bool) []error {
	if !dry {
		if overdue := c.awaitQuota(ctx, changes); overdue != nil {
			return overdue
		}
	}
	return Repeat{
		Ask: func(ctx context.Context, pending []int) []error {
			got, err := c.sendAll(ctx, send, topicspec.At(changes, pending), dry)
			answers := make([]error, len(pending))
			for i, item := range pending {
				answers[i] = answerTo(changes[item].Topic, got, err)
			}
			c.quota.note(quotaOf(answers))
			return answers
		},
		Passes: func(err error) bool {
			held := dry && errors.As(err, new(*QuotaError)) // see Judge
			return !held && (MayPass(err) || !dry && brokerLeft(err))
		},
		Policy: func(item int) string { return policyOf(changes[item].Action) },
		Waits:  func(item int, err error) { c.reportWait(fmt.Errorf("%s: %w", changes[item].Subject(), err)) },
	}.Until(ctx, len(changes))
}

// answerTo returns the answer about one topic, which is err when nothing was answered.
func answerTo(topic string, answers map[string]error, err error) error {
	answer, answered := answers[topic]
	switch {
	case answered:
		return answer
	case err != nil:
		return err
	default:
		return topicLeftOut(topic)
	}
}
