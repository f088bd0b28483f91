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
		m.tracker.note(look, err, m.partitions)
		if m.o.Progress != nil && ctx.Err() == nil {
			m.o.Progress(m.tracker.progress())
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
	look := m.tracker.last
	waiting := make(map[int]bool)
	for _, p := range part {
		for _, id := range p.To {
			if !p.ended() && !slices.Contains(p.seen.isr, id) {
				waiting[id] = true
			}
		}
		if !p.ended() && p.seen.leader < 0 {
			e.Reasons = append(e.Reasons, fmt.Sprintf("partition %d of %s has no leader", p.Partition, p.topic))
		}
	}
	for _, at := range look.brokers {
		if at.Err != nil {
			e.Reasons = append(e.Reasons, at.Reason())
			delete(waiting, int(at.ID))
		}
	}
	if err := m.tracker.lastErr; err != nil {
		if len(e.Reasons) == 0 || !errors.As(err, new(*UnsettledError)) { // which is about one of these brokers
			e.Reasons = append(e.Reasons, err.Error())
		}
		return e
	}
	for _, id := range sortedIDs(waiting) {
		e.Reasons = append(e.Reasons, m.waitReason(look, id))
	}
	if len(e.Reasons) == 0 {
		e.Reasons = append(e.Reasons, "the controller has not ended what all brokers show as done")
	}
	return e
}

// waitReason says why replicas on a broker do not get in sync.
func (m *mover) waitReason(look moveLook, id int) string {
	at, alive := look.broker(id)
	switch {
	case !alive:
		return fmt.Sprintf("broker %d is not alive", id)
	case m.tracker.grew[id]:
		return at.Name + " takes bytes, and no more than producers write: the throttle is too low"
	default:
		return at.Name + " takes no bytes"
	}
}
