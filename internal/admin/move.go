package admin

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// MoveOptions say how [Client.Move] goes about it.
type MoveOptions struct {
	// Throttle is how many bytes a second each broker may copy, 0 for no limit. It is set only where
	// bytes are copied.
	Throttle int64
	// Timeout bounds all of it, 0 for no limit.
	Timeout time.Duration
	// Stall is how long nothing may come closer to its end before the wait is given up; 0 means
	// two minutes.
	Stall time.Duration
	// Progress, if not nil, is called after each look at the brokers.
	Progress func(MoveProgress)
}

// defaultStall is well above what a broker that restarts needs, and what an election takes.
const defaultStall = 2 * time.Minute

// MoveOutcome is what became of the reassignments of one topic.
type MoveOutcome struct {
	Topic string
	// Partitions counts the reassignments: Sent those that were given to the brokers, Adopted those
	// that ran already to the same brokers and were not sent again. Done are at their target, with
	// all replicas in sync on every live broker.
	Partitions, Sent, Adopted, Done int
	// Notes are about what else should be known, a line each.
	Notes []string
	// Err is why not all of them are done.
	Err error
}

// MoveReport is what became of all of it.
type MoveReport struct {
	Outcomes []MoveOutcome // by topic
	// Notes are about the throttle, a line each, with the command for what is left to do.
	Notes []string
}

// Move reassigns replicas, waits until all of them are in sync on every live broker, and has the
// preferred leaders elected. A placement without reassignments stands for a topic that is where it shall
// be, of which only a throttle may be left. What runs already to the same brokers is waited for, and not sent again:
// the same call resumes one that was interrupted. What somebody else moves to other brokers is left
// alone, as is the whole topic. A broker that does not answer is never sent as a target.
//
// A topic that fails does not stop the others: see [MoveOutcome.Err]. The error is about all of them:
// a [*MoveInterruptedError] when ctx or the timeout ended it, a [*MoveStalledError] when nothing comes
// closer to its end, a [*NoReassignmentError] where brokers do not offer it, or why it did not begin.
// Nothing is ever cancelled: see [Client.CancelMove]. The throttle goes with what it was set for; it
// stays where copies go on.
func (c *Client) Move(ctx context.Context, moves []topicspec.Placement, o MoveOptions) (MoveReport, error) {
	m := &mover{c: c, o: o, topics: make(map[string]*movingTopic), tracker: newMoveTracker(cmp.Or(o.Stall, defaultStall))}
	if o.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, o.Timeout)
		defer cancel()
	}
	m.add(moves)
	err := m.run(ctx)
	return m.report(err), err
}

// mover carries out one call of Move.
type mover struct {
	c          *Client
	o          MoveOptions
	controller kmsg.Requestor     // who acted as one at the last look
	partitions []*movingPartition // by topic and id
	topics     map[string]*movingTopic
	tracker    *moveTracker
	throttle   *moveThrottle // nil for none
	notes      []string
}

// movingTopic is what becomes of one topic.
type movingTopic struct {
	MoveOutcome
	foreign bool // somebody else moves it: nothing of it is sent
}

// moveState is how far the reassignment of a partition is.
type moveState int

const (
	movePlanned moveState = iota
	moveRunning           // the controller has it, or has carried it out
	moveDone              // every live broker shows it
	moveFailed            // it will not be: the topic has the error
)

// movingPartition is one reassignment.
type movingPartition struct {
	topicspec.Reassignment
	topic string
	state moveState
	// adopted reports that it ran before, and listed that its replicas are in the lists of its topic.
	adopted, listed bool
	// copiedBefore reports that it had ended at the first look.
	copiedBefore bool
	seen         shownPartition // as the last look showed it
}

// copied returns the brokers to which replicas are copied.
func (p *movingPartition) copied() []int {
	return slices.DeleteFunc(slices.Clone(p.To), func(id int) bool { return slices.Contains(p.From, id) })
}

func (p *movingPartition) ended() bool { return p.state == moveDone || p.state == moveFailed }

// add takes the reassignments of the placements.
func (m *mover) add(moves []topicspec.Placement) {
	for _, placement := range moves {
		t := &movingTopic{MoveOutcome: MoveOutcome{Topic: placement.Topic, Partitions: len(placement.Reassignments)}}
		m.topics[placement.Topic] = t
		if placement.Blocked != "" {
			t.Err = errors.New(placement.Blocked)
			continue
		}
		for _, r := range placement.Reassignments {
			m.partitions = append(m.partitions, &movingPartition{topic: placement.Topic, Reassignment: r})
		}
	}
	slices.SortFunc(m.partitions, func(a, b *movingPartition) int {
		return cmp.Or(cmp.Compare(a.topic, b.topic), cmp.Compare(a.Partition, b.Partition))
	})
}

// run does all of it.
func (m *mover) run(ctx context.Context) error {
	if len(m.partitions) == 0 {
		m.clear(ctx)
		return m.endedBy(ctx, ctx.Err())
	}
	look, err := m.look(ctx)
	if err != nil {
		return m.endedBy(ctx, err)
	}
	m.begin(look)
	m.tracker.note(look, nil, m.partitions)
	if err := m.prepareThrottle(ctx, look); err != nil {
		if e := (*UnthrottledError)(nil); errors.As(err, &e) {
			e.Running, e.Partitions = m.running()
		}
		m.abandonThrottle(ctx)
		return m.endedBy(ctx, err)
	}
	for _, part := range m.batches() {
		if err := m.moveBatch(ctx, part); err != nil {
			m.abandonThrottle(ctx)
			return m.endedBy(ctx, err)
		}
	}
	if err := m.elect(ctx); err != nil {
		m.notes = append(m.notes, fmt.Sprintf("preferred leaders were not elected (%v): brokers do it later, unless auto.leader.rebalance.enable=false", err))
	}
	m.endThrottle(ctx)
	m.clear(ctx)
	return m.endedBy(ctx, ctx.Err())
}

// clear takes away what an interrupted run has left on topics that nobody else moves.
func (m *mover) clear(ctx context.Context) {
	var names []string
	for _, name := range sortedNames(m.topics) {
		if t := m.topics[name]; t.Err == nil {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return
	}
	notes, err := m.c.ClearThrottle(ctx, names, m.o.Throttle)
	if err != nil && ctx.Err() == nil {
		notes = append(notes, fmt.Sprintf("it is not known whether an earlier move has left a throttle: %v", err))
	}
	m.notes = append(m.notes, notes...)
}

// moveBatch throttles, sends and awaits so many reassignments as go together.
func (m *mover) moveBatch(ctx context.Context, part []*movingPartition) error {
	if err := m.list(ctx, part); err != nil {
		return err
	}
	if err := m.sendAll(ctx, part); err != nil {
		return err
	}
	if err := m.await(ctx, part); err != nil {
		return err
	}
	m.unlist(ctx, part)
	return nil
}

// abandonThrottle takes the throttle away after a failure. When ctx has ended there is no time for that.
func (m *mover) abandonThrottle(ctx context.Context) {
	if ctx.Err() == nil {
		m.endThrottle(ctx)
	}
}

// open returns the partitions that have not ended, by topic.
func (m *mover) open() map[string][]int32 {
	open := make(map[string][]int32)
	for _, p := range m.partitions {
		if !p.ended() {
			open[p.topic] = append(open[p.topic], int32(p.Partition))
		}
	}
	return open
}

// begin finds out what has to be sent.
func (m *mover) begin(look moveLook) {
	for _, p := range planned(m.partitions) {
		if why := m.refusal(look, p); why != nil {
			m.topics[p.topic].foreign = true
			m.fail(p, why)
		}
	}
	for _, p := range planned(m.partitions) {
		moving, running := look.moving(p)
		switch t := m.topics[p.topic]; {
		case running && sameMembers(moving.target(), p.To):
			p.state, p.adopted, p.To = moveRunning, true, moving.target() // which may have another order
			t.Adopted++
		case t.foreign:
			p.state = moveFailed
		case slices.Equal(p.seen.replicas, p.To):
			p.state, p.copiedBefore = moveRunning, true
		}
	}
}

// refusal returns why the topic of a partition must be left alone.
func (m *mover) refusal(look moveLook, p *movingPartition) error {
	moving, running := look.moving(p)
	switch {
	case running && !sameMembers(moving.target(), p.To):
		return &ForeignMoveError{Topic: p.topic, Partition: p.Partition, Target: moving.target()}
	case running:
		return nil
	case !p.seen.known:
		return fmt.Errorf("partition %d: no broker shows it", p.Partition)
	case !sameMembers(p.seen.replicas, p.From) && !sameMembers(p.seen.replicas, p.To):
		return fmt.Errorf("partition %d is on brokers %s, and was on %s when this was planned: plan again",
			p.Partition, kafka.JoinIDs(p.seen.replicas), kafka.JoinIDs(p.From))
	}
	for _, id := range p.copied() {
		if !look.answered(id) && !slices.Contains(p.seen.replicas, id) {
			return fmt.Errorf("broker %d does not answer, and partition %d was to be copied to it: nothing was sent", id, p.Partition)
		}
	}
	return nil
}

// fail notes why the reassignment of a partition will not be made.
func (m *mover) fail(p *movingPartition, why error) {
	p.state = moveFailed
	if t := m.topics[p.topic]; t.Err == nil {
		t.Err = why
	}
}

// report is what became of everything; err is what ended it.
func (m *mover) report(err error) MoveReport {
	report := MoveReport{Notes: m.notes}
	for _, p := range m.partitions {
		t := m.topics[p.topic]
		if p.state == moveDone {
			t.Done++
		} else if t.Err == nil {
			t.Err = err
		}
	}
	for _, name := range sortedNames(m.topics) {
		report.Outcomes = append(report.Outcomes, m.topics[name].MoveOutcome)
	}
	return report
}

func sameMembers(a, b []int) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}
