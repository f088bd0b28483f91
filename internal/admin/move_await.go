package admin

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"kafkactl/internal/kafka"
)

// await looks at the brokers until the reassignments of a part have ended.
func (m *mover) await(ctx context.Context, part []*movingPartition) error {
	for next := (pace{}); ; {
		look, err := m.look(ctx)
		if kafka.Unauthorized(err) {
			return err
		}
		if err == nil {
			m.advance(look, part)
		}
		if ctx.Err() == nil { // what its end cut off says nothing about the brokers
			m.tracker.note(look, err, m.partitions)
			if m.o.Progress != nil {
				m.o.Progress(m.tracker.progress())
			}
		}
		if !slices.ContainsFunc(part, func(p *movingPartition) bool { return !p.ended() }) {
			return nil
		}
		if m.tracker.stalled() {
			return m.stallError(part)
		}
		if !next.pause(ctx) {
			return ctx.Err()
		}
	}
}

// advance notes which reassignments have ended.
func (m *mover) advance(look moveLook, part []*movingPartition) {
	for _, p := range part {
		moving, running := look.moving(p)
		switch {
		case p.ended():
		case look.done(p):
			p.state = moveDone
		case running && !sameMembers(moving.target(), p.To):
			m.fail(p, &ForeignMoveError{Topic: p.topic, Partition: p.Partition, Target: moving.target()})
		case !running && look.gone(p):
			m.fail(p, fmt.Errorf("partition %d: no broker knows it any more: the topic was deleted", p.Partition))
		case !running && m.tracker.undone(p):
			m.fail(p, fmt.Errorf("partition %d is on brokers %s: somebody ended its reassignment to %s",
				p.Partition, kafka.JoinIDs(p.seen.replicas), kafka.JoinIDs(p.To)))
		}
	}
}

// stallError says what keeps the reassignments of a part from their end.
func (m *mover) stallError(part []*movingPartition) error {
	e := &MoveStalledError{For: m.tracker.stall, Throttle: m.throttle.stays()}
	e.Running, e.Partitions = m.running()
	if m.tracker.lastErr == nil {
		for _, p := range part {
			if !p.ended() && p.seen.leader < 0 {
				e.Reasons = append(e.Reasons, fmt.Sprintf("partition %d of %s has no leader", p.Partition, p.topic))
			}
		}
	}
	waiting := m.waiting(part)
	e.Reasons = append(e.Reasons, m.absent(waiting)...)
	if m.tracker.lastErr != nil {
		return e
	}
	for _, id := range waiting {
		if m.tracker.last.answered(id) {
			e.Reasons = append(e.Reasons, m.waitReason(id))
		}
	}
	if len(e.Reasons) == 0 {
		e.Reasons = append(e.Reasons, "the controller has not ended what all brokers show as done")
	}
	return e
}

// waiting returns the brokers whose replicas of a part are not in sync yet.
func (m *mover) waiting(part []*movingPartition) []int {
	ids := make(map[int]bool)
	for _, p := range part {
		for _, id := range p.To {
			if p.state == moveRunning && !slices.Contains(p.seen.isr, id) {
				ids[id] = true
			}
		}
	}
	return sortedIDs(ids)
}

// absent says who did not answer at the last look, and which of the waiting brokers were not alive then.
func (m *mover) absent(waiting []int) (reasons []string) {
	for _, at := range m.tracker.last.brokers {
		if at.Err != nil {
			reasons = append(reasons, at.Reason())
		}
	}
	if err := m.tracker.lastErr; err != nil {
		if len(reasons) == 0 || !errors.As(err, new(*UnsettledError)) { // which is about one of these brokers
			reasons = append(reasons, err.Error())
		}
		return reasons
	}
	for _, id := range waiting {
		if _, alive := m.tracker.last.broker(id); !alive {
			reasons = append(reasons, fmt.Sprintf("broker %d is not alive", id))
		}
	}
	return reasons
}

// waitReason says why replicas on a broker that answers do not get in sync.
func (m *mover) waitReason(id int) string {
	at, _ := m.tracker.last.broker(id)
	if m.tracker.grew[id] {
		return at.Name + " takes bytes, and no more than producers write: the throttle is too low"
	}
	return at.Name + " takes no bytes"
}
