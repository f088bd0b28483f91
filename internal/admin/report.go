package admin

import (
	"errors"
	"slices"
	"time"

	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// Result is how one change ended. The values appear in JSON.
type Result string

const (
	// Done means that the brokers made it.
	Done Result = "done"
	// Failed means that they did not; Err says why.
	Failed Result = "failed"
	// Blocked means not tried: see the change's reason.
	Blocked Result = "blocked"
	// Refused means that the brokers said beforehand they would not; nothing was changed.
	Refused Result = "refused"
	// Untried means not tried because another change was refused.
	Untried Result = "untried"
	// Raced means that another client was faster, and time ran out before the plan was
	// made anew.
	Raced Result = "raced"
)

// Outcome is what became of one change.
type Outcome struct {
	topicspec.Change
	Result Result
	Err    error // nil unless failed or refused
	// Took is from sending the request that carried the change to its answer.
	Took time.Duration
}

// Report is what became of a plan, in plan order.
type Report struct {
	Plan     topicspec.Plan
	Outcomes []Outcome
}

// OK tells that every change was made.
func (r Report) OK() bool {
	return !slices.ContainsFunc(r.Outcomes, func(o Outcome) bool { return o.Result != Done })
}

// Err joins what went wrong with single changes.
func (r Report) Err() error {
	errs := make([]error, 0, len(r.Outcomes))
	for _, o := range r.Outcomes {
		errs = append(errs, o.Err)
	}
	return errors.Join(errs...)
}

// Deleted lists the topics that the brokers deleted, in plan order.
func (r Report) Deleted() []string {
	var names []string
	for _, o := range r.Outcomes {
		if o.Action == topicspec.Delete && o.Result == Done {
			names = append(names, o.Topic)
		}
	}
	return names
}

// raced tells that some change met another client's.
func (r Report) raced() bool { return len(r.topics(Raced)) > 0 }

// topics are those with a change that ended so.
func (r Report) topics(result Result) map[string]bool {
	found := make(map[string]bool)
	for _, o := range r.Outcomes {
		if o.Result == result {
			found[o.Topic] = true
		}
	}
	return found
}

// then is r after a later round for the topics that were raced: their outcomes are
// those of the later round, the others stay.
func (r Report) then(next Report) Report {
	raced := r.topics(Raced)
	merged := Report{Plan: r.Plan}
	merged.Outcomes = slices.DeleteFunc(slices.Clone(r.Outcomes), func(o Outcome) bool { return o.Result == Raced })
	for _, o := range next.Outcomes {
		if o.Result == Failed && kafka.Ended(o.Err) {
			o.Result, o.Err = Raced, nil // time ran out in this round, which says less than the round before
		}
		known := slices.ContainsFunc(merged.Outcomes, func(m Outcome) bool {
			return m.Topic == o.Topic && m.Field == o.Field
		})
		if !known {
			merged.Outcomes = append(merged.Outcomes, o)
		}
	}
	others := slices.DeleteFunc(slices.Clone(r.Plan.Unmanaged), func(u topicspec.Unmanaged) bool { return raced[u.Topic] })
	merged.Plan.Unmanaged = slices.Concat(others, next.Plan.Unmanaged)
	return merged
}

// only is the part of desired that topics names, without the rest of it.
func only(desired []topicspec.Desired, topics map[string]bool) []topicspec.Desired {
	return slices.DeleteFunc(slices.Clone(desired), func(d topicspec.Desired) bool { return !topics[d.Name] })
}

func without(desired []topicspec.Desired, topics map[string]bool) []topicspec.Desired {
	return slices.DeleteFunc(slices.Clone(desired), func(d topicspec.Desired) bool { return topics[d.Name] })
}
