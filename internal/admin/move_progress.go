package admin

import (
	"maps"
	"slices"
	"time"
)

// MoveProgress is how far reassignments are.
type MoveProgress struct {
	// Partitions counts all of them, and Done those that are at their end.
	Partitions, Done int
	// Bytes are what is copied, as much as there was when it began, and Copied those that are. What
	// producers write meanwhile is copied too and does not count, so Copied never decreases and is
	// Bytes once all is done; it may be Bytes a little before.
	Bytes, Copied int64
	// Rate is the bytes a second of the last seconds, and Left how long the rest takes at that rate.
	// Left is -1 where that is not known.
	Rate int64
	Left time.Duration
	// Elapsed is how long it has taken so far.
	Elapsed time.Duration
}

// rateWindow is how far back the rate looks: brokers take bytes in bursts, and more so when throttled
// (replication.quota.window.num: 11 windows of a second).
const rateWindow = 10 * time.Second

// undoneAfter is how long brokers may show the replicas from before while the controller lists no
// reassignment: some are late by hundreds of milliseconds.
const undoneAfter = 5 * time.Second

// moveTracker judges how far reassignments are, from one look to the next.
type moveTracker struct {
	stall time.Duration
	begun time.Time
	now   time.Time

	last    moveLook
	lastErr error

	sizes   map[partitionName]int64 // of the leader, when it was first known
	copied  map[topicReplica]int64
	samples []copySample

	lags     map[topicReplica]int64 // the least so far
	inSync   int                    // the most so far
	ended    int
	moved    time.Time // when something last came closer to its end
	seen     map[topicReplica]int64
	grew     map[int]bool // brokers that took bytes since then
	unlisted map[partitionName]time.Time

	shown MoveProgress
}

type copySample struct {
	at     time.Time
	copied int64
}

func newMoveTracker(stall time.Duration) *moveTracker {
	return &moveTracker{
		stall: stall,
		sizes: make(map[partitionName]int64), copied: make(map[topicReplica]int64),
		lags: make(map[topicReplica]int64), seen: make(map[topicReplica]int64),
		grew: make(map[int]bool), unlisted: make(map[partitionName]time.Time),
	}
}

// note takes in a look, or why there was none.
func (t *moveTracker) note(look moveLook, err error, partitions []*movingPartition) {
	t.now = time.Now()
	if t.begun.IsZero() {
		t.begun, t.moved = t.now, t.now
	}
	t.last, t.lastErr = look, err
	if err != nil {
		return
	}
	closer := false
	inSync, ended := 0, 0
	for _, p := range partitions {
		if p.ended() {
			ended++
		} else {
			closer = t.measure(look, p) || closer
			t.noteUnlisted(look, p)
		}
		for _, id := range p.To {
			if p.state == moveDone || p.state == moveRunning && slices.Contains(p.seen.isr, id) {
				inSync++
			}
		}
	}
	if closer || inSync > t.inSync || ended > t.ended {
		t.moved = t.now
		clear(t.grew)
	}
	t.inSync, t.ended = max(t.inSync, inSync), max(t.ended, ended)
	t.sum(partitions)
}

// measure notes the bytes that each new replica of a partition has, and reports whether one lacks
// fewer than ever.
func (t *moveTracker) measure(look moveLook, p *movingPartition) (closer bool) {
	whole, known := look.size(p, p.seen.leader)
	if _, before := t.sizes[p.name()]; known && !before {
		t.sizes[p.name()] = whole
	}
	for _, id := range p.copied() {
		has, answered := look.size(p, id)
		if !answered || !known {
			continue
		}
		at := topicReplica{p.topic, replica{p.Partition, id}}
		if before, found := t.seen[at]; found && has > before {
			t.grew[id] = true
		}
		t.seen[at] = has
		t.copied[at] = max(t.copied[at], min(has, t.sizes[p.name()]))
		lag := max(0, whole-has)
		if least, found := t.lags[at]; !found || lag < least {
			t.lags[at] = lag
			closer = true
		}
	}
	return closer
}

// noteUnlisted notes since when the controller does not list a reassignment that brokers do not show
// as made.
func (t *moveTracker) noteUnlisted(look moveLook, p *movingPartition) {
	_, listed := look.moving(p)
	_, before := t.unlisted[p.name()]
	switch {
	case p.state != moveRunning || listed || sameMembers(p.seen.replicas, p.To):
		delete(t.unlisted, p.name())
	case !before:
		t.unlisted[p.name()] = t.now
	}
}

// undone reports whether a reassignment has been gone for too long to be on its way to the brokers.
func (t *moveTracker) undone(p *movingPartition) bool {
	since, unlisted := t.unlisted[p.name()]
	return unlisted && t.now.Sub(since) > undoneAfter
}

// stalled reports whether nothing has come closer to its end for too long.
func (t *moveTracker) stalled() bool { return t.now.Sub(t.moved) >= t.stall }

// sum makes the progress of what was measured.
func (t *moveTracker) sum(partitions []*movingPartition) {
	next := MoveProgress{Partitions: len(partitions), Left: -1, Elapsed: t.now.Sub(t.begun)}
	for _, p := range partitions {
		if p.state == moveDone {
			next.Done++
		}
		size, known := t.sizes[p.name()]
		if !known || p.state == moveFailed {
			continue
		}
		for _, id := range p.copied() {
			next.Bytes += size
			if p.state == moveDone || p.state == moveRunning && slices.Contains(p.seen.isr, id) {
				next.Copied += size
			} else {
				next.Copied += t.copied[topicReplica{p.topic, replica{p.Partition, id}}]
			}
		}
	}
	next.Copied = max(next.Copied, min(t.shown.Copied, next.Bytes))
	next.Rate, next.Left = t.rate(next)
	t.shown = next
}

// rate returns the bytes a second of the last seconds, and the time that the rest takes.
func (t *moveTracker) rate(p MoveProgress) (int64, time.Duration) {
	t.samples = append(t.samples, copySample{t.now, p.Copied})
	for len(t.samples) > 2 && t.now.Sub(t.samples[1].at) > rateWindow {
		t.samples = t.samples[1:]
	}
	first := t.samples[0]
	span := t.now.Sub(first.at).Seconds()
	if p.Copied == p.Bytes {
		return rateOf(p.Copied-first.copied, span), 0
	}
	rate := rateOf(p.Copied-first.copied, span)
	if rate <= 0 {
		return 0, -1
	}
	return rate, time.Duration(float64(p.Bytes-p.Copied) / float64(rate) * float64(time.Second)).Round(time.Second)
}

func rateOf(bytes int64, seconds float64) int64 {
	if seconds <= 0 {
		return 0
	}
	return int64(float64(bytes) / seconds)
}

// progress returns how far the reassignments were at the last look.
func (t *moveTracker) progress() MoveProgress { return t.shown }

func sortedIDs(ids map[int]bool) []int { return slices.Sorted(maps.Keys(ids)) }
