package admin

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// Moves says how a client makes the reassignments of a plan.
type Moves struct {
	MoveOptions
	// Limited reports that the user has chosen the throttle, or none: see [UnlimitedBytes].
	Limited bool
	// Untimed, if not nil, stops the clock of the context's time limit while replicas are copied, which may take
	// hours; what it returns starts it again.
	Untimed func() (start func())
}

// UnlimitedBytes is how much is copied without a word about the throttle: copies of more take the brokers' network from
// those who read and write.
const UnlimitedBytes = 1 << 30

// WithMoves returns the same client, which makes reassignments as said.
func (c *Client) WithMoves(moves Moves) *Client {
	moving := *c
	moving.moves = moves
	return &moving
}

// place decides where the replicas go whose number a plan changes. observed is what one broker has shown. Where that
// cannot be decided the change is blocked, with the reason; what depends on it is blocked with it.
func (c *Client) place(ctx context.Context, plan topicspec.Plan, desired []topicspec.Desired, observed map[string]topicspec.Observed) (topicspec.Plan, error) {
	names := reassigned(plan.Changes)
	if len(names) == 0 {
		return plan, nil
	}
	brokers, topics, err := c.Assignments(ctx, names)
	switch {
	case ctx.Err() != nil:
		return plan, err
	case err != nil:
		return plan.Placed(refusedPlacements(names, err)), nil
	}
	for i := range topics {
		at := slices.IndexFunc(desired, func(d topicspec.Desired) bool { return d.Name == topics[i].Topic })
		topics[i].ReplicationFactor = desired[at].ReplicationFactor
		topics[i].MinInSync = desired[at].MinInSyncDuringMove(observed[topics[i].Topic])
	}
	return plan.Placed(topicspec.Place(brokers, topics)), nil
}

// reassigned lists the topics that changes reassign.
func reassigned(changes []topicspec.Change) []string {
	var names []string
	for _, change := range changes {
		if change.Action == topicspec.Reassign {
			names = append(names, change.Topic)
		}
	}
	return names
}

// refusedPlacements are placements that err keeps from being made.
func refusedPlacements(names []string, err error) []topicspec.Placement {
	reason := "where its replicas are could not be asked: " + err.Error()
	if errors.As(err, new(*NoReassignmentError)) {
		reason = err.Error()
	}
	var refused []topicspec.Placement
	for _, name := range names {
		refused = append(refused, topicspec.Placement{Topic: name, Blocked: reason})
	}
	return refused
}

// withoutMoves returns the plan with its reassignments as blocked changes, for a command that names one topic and moves
// none. What depends on them is blocked with them.
func withoutMoves(plan topicspec.Plan) topicspec.Plan {
	var refused []topicspec.Placement
	for _, change := range plan.Changes {
		if change.Action == topicspec.Reassign {
			reason := fmt.Sprintf("this command does not move replicas: ask for %s, or declare it in a topics file (kafkactl apply --accept move)", change.Before)
			refused = append(refused, topicspec.Placement{Topic: change.Topic, Blocked: reason})
		}
	}
	return plan.Placed(refused)
}

// makeMoves makes the reassignments among the outcomes of a report, at the indexes.
func (c *Client) makeMoves(ctx context.Context, report *Report, indexes []int) {
	start := time.Now()
	if c.moves.Untimed != nil {
		defer c.moves.Untimed()()
	}
	moves, err := c.placements(ctx, topicspec.At(report.Plan.Changes, indexes), report.grown())
	var moved MoveReport
	if err == nil {
		moved, err = c.Move(ctx, moves, c.moves.MoveOptions)
	}
	report.Notes = append(report.Notes, moved.Notes...)
	for _, index := range indexes {
		o := &report.Outcomes[index]
		o.Took, o.Result, o.Err = time.Since(start), Failed, err
		i := slices.IndexFunc(moved.Outcomes, func(one MoveOutcome) bool { return one.Topic == o.Topic })
		if i < 0 {
			continue
		}
		if o.Err = moved.Outcomes[i].Err; o.Err == nil {
			o.Result = Done
		}
		for _, note := range moved.Outcomes[i].Notes {
			report.Notes = append(report.Notes, o.Topic+": "+note)
		}
	}
}

// grown returns how many partitions the topics have that were given some.
func (r Report) grown() map[string]int {
	counts := make(map[string]int)
	for _, o := range r.Outcomes {
		if count, ok := o.After.(topicspec.Count); ok && o.Action == topicspec.Grow && o.Result == Done {
			counts[o.Topic] = int(count)
		}
	}
	return counts
}

// grownAssignments is [Client.Assignments] of topics that were just grown: a broker may not show all of their partitions
// yet, and one that is left out would be left with the replicas it has.
func (c *Client) grownAssignments(ctx context.Context, names []string, grown map[string]int) ([]topicspec.Broker, []topicspec.TopicAssignment, error) {
	ctx, cancel := context.WithTimeout(ctx, kafka.WriteTimeout)
	defer cancel()
	for next := (pace{}); ; {
		brokers, topics, err := c.Assignments(ctx, names)
		lacking := func(t topicspec.TopicAssignment) bool { return len(t.Partitions) < grown[t.Topic] }
		i := slices.IndexFunc(topics, lacking)
		if err != nil || i < 0 {
			return brokers, topics, err
		}
		if !next.pause(ctx) {
			t := topics[i]
			return nil, nil, fmt.Errorf("topic %q: no broker shows more than %d of its %d partitions", t.Topic, len(t.Partitions), grown[t.Topic])
		}
	}
}

// placements are the reassignments of changes as they were planned. The partitions that were added since then have as
// many replicas as the others had, and get their place now.
func (c *Client) placements(ctx context.Context, changes []topicspec.Change, grown map[string]int) ([]topicspec.Placement, error) {
	brokers, topics, err := c.grownAssignments(ctx, reassigned(changes), grown)
	if err != nil {
		return nil, err
	}
	factors := make(map[string]topicspec.Count)
	for _, change := range changes {
		factors[change.Topic], _ = change.After.(topicspec.Count)
	}
	for i := range topics {
		topics[i].ReplicationFactor = int(factors[topics[i].Topic])
	}
	now := make(map[string]topicspec.Placement)
	for _, placement := range topicspec.Place(brokers, topics) {
		now[placement.Topic] = placement
	}
	var moves []topicspec.Placement
	for _, change := range changes {
		move := topicspec.Placement{Topic: change.Topic, Reassignments: slices.Clone(change.Reassignments), Blocked: now[change.Topic].Blocked}
		for _, r := range now[change.Topic].Reassignments {
			if len(r.From) != len(r.To) && !slices.ContainsFunc(move.Reassignments, func(one topicspec.Reassignment) bool { return one.Partition == r.Partition }) {
				move.Reassignments = append(move.Reassignments, r)
			}
		}
		moves = append(moves, move)
	}
	return moves, nil
}

// MoveEnded reports whether the wait for a reassignment ended before that did: time ran out, somebody interrupted it, or
// nothing came closer to its end. The brokers go on with it.
func (o Outcome) MoveEnded() bool {
	return errors.As(o.Err, new(*MoveInterruptedError)) || errors.As(o.Err, new(*MoveStalledError))
}

func (r Report) moveEnded() bool { return slices.ContainsFunc(r.Outcomes, Outcome.MoveEnded) }

// MoveEnd returns why the wait for reassignments ended before they did, nil when it did not. only reports that nothing
// else of the plan is missing, apart from what time ran out for, and what waits for these reassignments.
func (r Report) MoveEnd() (end error, only bool) {
	waiting := make(map[string]bool) // topics
	for _, o := range r.Outcomes {
		if o.MoveEnded() {
			end = cmp.Or(end, o.Err)
			waiting[o.Topic] = true
		}
	}
	return end, !slices.ContainsFunc(r.Outcomes, func(o Outcome) bool {
		late := o.MoveEnded() || o.Result == Untried || errors.As(o.Err, new(*OverdueError))
		return !o.Made() && !late && !(o.Result == Blocked && waiting[o.Topic])
	})
}

// firstShown returns the topics as the first broker shows them that answered.
func (s views) firstShown() map[string]topicspec.Observed {
	i := slices.IndexFunc(s, func(at kafka.Answer[view]) bool { return at.Err == nil })
	return s[i].Value.topics
}
