package health

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// Wait climbs until the ladder holds. A cluster that passes its first climb whole is ready at once;
// one that was seen unready must pass two climbs in a row, because a cold cluster answers well for
// a moment and then not. Between two climbs is the interval, or five of them where brokers have
// answered the same for a while.
//
// It returns a *NotReadyError when ctx ends, within 50ms of that whatever a probe does, or at once
// when a rung cannot heal. onChange, if not nil, is called after each climb that changed a verdict
// or the blocking evidence, and once with the result. Ready is true only in the last of these
// calls.
func (l *Ladder) Wait(ctx context.Context, onChange func(Readiness)) (Readiness, error) {
	if onChange == nil {
		onChange = func(Readiness) {}
	}
	began := time.Now()
	l.absence = absence{patience: l.patience}
	if deadline, set := ctx.Deadline(); set {
		l.absence.patience = min(l.patience, deadline.Sub(began)/4)
	}
	end := func(r Readiness, cause error) (Readiness, error) {
		r.Elapsed = time.Since(began)
		onChange(r)
		if cause != nil {
			return r, &NotReadyError{Readiness: r, Cause: cause}
		}
		return r, nil
	}

	var hold hold
	var last Readiness
	changed := began
	for climbs := 1; ; climbs++ {
		r := l.Climb(ctx)
		r.Ready = hold.climbed(r.Ready)
		r.Climbs, r.Elapsed = climbs, time.Since(began)
		r = l.keepEvidence(last, r)
		if r.Ready {
			return end(r, nil)
		}
		if _, hopeless := r.hopeless(); hopeless {
			return end(r, ErrCannotHeal)
		}
		if climbs == 1 || picture(r) != picture(last) {
			changed = time.Now()
			onChange(r)
		}
		if cause := pause(ctx, l.pace(r, time.Since(changed))); cause != nil {
			return end(r, cause)
		}
		last = r
	}
}

// hold is the hold rule: see Wait.
type hold struct{ seenUnready, heldBefore bool }

// climbed takes whether a climb passed whole, and reports whether that makes the cluster ready.
func (h *hold) climbed(whole bool) (ready bool) {
	ready = whole && (h.heldBefore || !h.seenUnready)
	h.heldBefore = whole
	h.seenUnready = h.seenUnready || !whole
	return ready
}

// picture returns what onChange watches: every verdict, and the evidence that blocks.
func picture(r Readiness) string {
	f, _ := r.Blocking()
	return verdicts(r.Rungs) + f.Evidence
}

// verdicts returns the shape of a ladder: each rung and its verdict.
func verdicts(findings []Finding) string {
	var shape strings.Builder
	for _, f := range findings {
		fmt.Fprintf(&shape, "%s=%s ", f.Rung, f.Verdict)
	}
	return shape.String()
}

// keepEvidence replaces findings that the deadline cut short by those of the climb before, and so
// those that were not asked because of that, or that rest on them: "no answer within the 40ms that
// were left" must not replace "connection refused".
func (l *Ladder) keepEvidence(before, now Readiness) Readiness {
	if len(before.Rungs) != len(now.Rungs) {
		return now
	}
	lost := make(map[string]bool)
	for i, f := range now.Rungs {
		lost[f.Rung] = f.cut
		under := l.table[i].after // an answer rests on these
		if f.Verdict == Unasked {
			under = l.table[i].needs
		}
		for _, name := range under {
			lost[f.Rung] = lost[f.Rung] || lost[name]
		}
		if old := before.Rungs[i]; lost[f.Rung] && old.Verdict != Unasked {
			now.Rungs[i] = old
		}
	}
	if now.Mode == "" && lost["K2"] {
		now.Mode = before.Mode
	}
	if now.ClusterID == "" && (lost["K3"] || lost["K2"]) {
		now.ClusterID, now.Brokers = before.ClusterID, before.Brokers
	}
	blameZooKeeper(now.Rungs) // by the findings as they are now
	return now
}
