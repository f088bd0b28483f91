package admin

import (
	"cmp"
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
	// Untried means not tried because another change was refused, or failed that this one must follow: nobody loses a
	// right before those that replace it are there.
	Untried Result = "untried"
	// Raced means that another client was faster, and time ran out before the plan was made anew.
	Raced Result = "raced"
	// DoneAlready means that a reviewed plan did not need the change any more: nothing was sent.
	DoneAlready Result = "doneAlready"
	// Stale means that another client changed the topic while a reviewed plan was carried out; Err says what.
	Stale Result = "stale"
)

// Outcome is what became of one change.
type Outcome struct {
	topicspec.Change
	Result Result
	Err    error // nil unless failed, refused or stale
	// Took is from sending the request that carried the change to its answer.
	Took time.Duration
}

// Made reports whether the change is made, now or already before.
func (o Outcome) Made() bool { return o.Result == Done || o.Result == DoneAlready }

// deleted reports whether it is a topic that the brokers have deleted.
func (o Outcome) deleted() bool {
	return o.Kind == topicspec.KindTopic && o.Action == topicspec.Delete && o.Result == Done
}

// Report is what became of a plan, in plan order.
type Report struct {
	Plan     topicspec.Plan
	Outcomes []Outcome
	// Stale is why a reviewed plan was not begun; nil for any other report.
	Stale []topicspec.Stale
	// Notes are what else is to be known of the reassignments, a line each.
	Notes []string
}

// OK reports whether every change was made.
func (r Report) OK() bool {
	return len(r.Stale) == 0 && !slices.ContainsFunc(r.Outcomes, func(o Outcome) bool { return !o.Made() })
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
		if o.deleted() {
			names = append(names, o.Topic)
		}
	}
	return names
}

// raced returns the topics with a change that met another client's.
func (r Report) raced() map[string]bool {
	found := make(map[string]bool)
	for _, o := range r.Outcomes {
		if o.Result == Raced {
			found[o.Topic] = true
		}
	}
	return found
}

// untried returns the part of a later plan that r has no outcome for yet, apart from a race: what
// was made, failed or is blocked stays so and is not tried again.
func (r Report) untried(later topicspec.Plan) topicspec.Plan {
	tried := make(map[topicspec.ChangeKey]bool)
	for _, o := range r.Outcomes {
		if o.Result != Raced {
			tried[o.Key()] = true
		}
	}
	later.Changes = slices.DeleteFunc(slices.Clone(later.Changes), func(change topicspec.Change) bool {
		return tried[change.Key()]
	})
	return later
}

// followedBy returns r after a later round for the topics that were raced: the outcomes of the
// later round take the place of the raced ones, and all are in plan order again, which is that of
// desired.
func (r Report) followedBy(next Report, desired []topicspec.Desired) Report {
	raced := r.raced()
	merged := Report{Plan: r.Plan, Notes: slices.Concat(r.Notes, next.Notes)}
	merged.Outcomes = slices.DeleteFunc(slices.Clone(r.Outcomes), func(o Outcome) bool { return o.Result == Raced })
	for _, o := range next.Outcomes {
		if o.Result == Failed && kafka.Ended(o.Err) {
			o.Result, o.Err = Raced, nil // time ran out in this round, which says less than the round before
		}
		merged.Outcomes = append(merged.Outcomes, o)
	}
	others := slices.DeleteFunc(slices.Clone(r.Plan.Unmanaged), func(u topicspec.Unmanaged) bool { return raced[u.Topic] })
	merged.Plan.Unmanaged = slices.Concat(others, next.Plan.Unmanaged)
	still := slices.DeleteFunc(slices.Clone(r.Plan.Moving), func(m topicspec.Moving) bool { return raced[m.Topic] })
	merged.Plan.Moving = slices.Concat(still, next.Plan.Moving)
	merged.sort(desired, r.Plan.Changes)
	return merged
}

// sort puts the outcomes, the plan's changes and its unmanaged settings in the order of a plan for
// desired. Those of users, ACLs and quotas come last, in the order of planned.
func (r *Report) sort(desired []topicspec.Desired, planned []topicspec.Change) {
	keys := make(map[topicspec.ChangeKey]int)
	for i, c := range planned {
		keys[c.Key()] = i
	}
	after := func(o Outcome) int { // among what is about no topic; what nobody planned is last
		if i, found := keys[o.Key()]; found {
			return i
		}
		return len(planned)
	}
	position := make(map[string]int, len(desired))
	for i, d := range desired {
		position[d.Name] = i
	}
	slices.SortStableFunc(r.Outcomes, func(a, b Outcome) int {
		if a.Kind != topicspec.KindTopic || b.Kind != topicspec.KindTopic {
			return cmp.Or(topicspec.CompareChanges(a.Change, b.Change), cmp.Compare(after(a), after(b)))
		}
		return cmp.Or(cmp.Compare(position[a.Topic], position[b.Topic]), topicspec.CompareChanges(a.Change, b.Change))
	})
	r.Plan.Changes = make([]topicspec.Change, len(r.Outcomes))
	for i, o := range r.Outcomes {
		r.Plan.Changes[i] = o.Change
	}
	slices.SortStableFunc(r.Plan.Unmanaged, func(a, b topicspec.Unmanaged) int {
		return cmp.Compare(position[a.Topic], position[b.Topic])
	})
}

// unfailed returns what of desired the report does not say has failed or is blocked: a topic that was not created
// is out, and of another one the counts and settings whose change was not made are not asked for.
func (r Report) unfailed(desired []topicspec.Desired) []topicspec.Desired {
	missing := make(map[string][]string) // fields by topic
	for _, o := range r.Outcomes {
		if o.Result == Failed || o.Result == Blocked {
			missing[o.Topic] = append(missing[o.Topic], o.Field)
		}
	}
	return without(desired, missing)
}

// withNames returns the part of desired that topics names.
func withNames(desired []topicspec.Desired, topics map[string]bool) []topicspec.Desired {
	return slices.DeleteFunc(slices.Clone(desired), func(d topicspec.Desired) bool { return !topics[d.Name] })
}
