package health

import (
	"slices"
	"strings"
	"time"
)

// Verdict is what a rung came to.
type Verdict string

// The verdicts. Pass, Warn and Skip hold; the others do not.
const (
	Pass    Verdict = "pass"
	Warn    Verdict = "warn"    // holds, but not as it should: what can be done works, for now or for most
	Wait    Verdict = "wait"    // not yet; may heal by itself
	Fail    Verdict = "fail"    // cannot heal by waiting
	Skip    Verdict = "skip"    // does not apply here; the evidence says why
	Unasked Verdict = "unasked" // a rung below did not hold
)

// Holds tells whether the rungs above may be asked.
func (v Verdict) Holds() bool { return v == Pass || v == Warn || v == Skip }

// Finding is what one rung showed in one climb.
type Finding struct {
	Rung     string // "K2": the name people and JSON use
	Question string // "speaks Kafka"
	Verdict  Verdict
	Evidence string        // one line: what was asked and what came back; never holds a time, so that it compares
	Hint     string        // what to change or run next; "" when the rung holds whole
	Took     time.Duration // from the moment its needs held to the answer
	Err      error         // the cause, for errors.Is and errors.As; nil when the rung holds whole

	// see is the rung that explains this one, "" for none: the hint ends in "see Z1".
	see string
	// wants: so many live brokers would make it hold; 0 when it is not about their number.
	wants int
	// cut: the question ran into the caller's deadline before its own, so a missing answer proves nothing.
	cut bool
}

// Readiness is the whole ladder after a climb.
type Readiness struct {
	Ready       bool          // every rung holds, by the hold rule where Wait says so
	ClusterID   string        // as the first answering address says it; "" when none did
	Mode        string        // "kraft", "zookeeper", or "" while no broker showed it
	Brokers     int           // live brokers in Metadata; the fewest any address lists
	Speaking    []string      // the bootstrap addresses that spoke Kafka, in the given order
	Climbs      int           // how many climbs it took
	Elapsed     time.Duration // since the first of them began
	NoZooKeeper bool          // addresses of it were given, and the cluster is one of KRaft: they were not needed
	Rungs       []Finding     // in ladder order
}

// Blocking returns the lowest rung that does not hold; false when every rung holds.
func (r Readiness) Blocking() (Finding, bool) {
	return r.first(func(f Finding) bool { return !f.Verdict.Holds() })
}

// Warnings returns the rungs that hold and still show something to mend.
func (r Readiness) Warnings() []Finding {
	return slices.DeleteFunc(slices.Clone(r.Rungs), func(f Finding) bool { return f.Verdict != Warn })
}

// Advice is a finding's hint for where the other rungs are not in sight: one that points at another rung has what was
// found there, and what to do about it, in place of the pointer.
func (r Readiness) Advice(f Finding) string {
	other, found := r.first(func(o Finding) bool { return o.Rung == f.see })
	if !found {
		return f.Hint
	}
	advice := strings.TrimSuffix(f.Hint, "see "+f.see) + other.Evidence
	if other.Hint != "" {
		advice += "; " + other.Hint
	}
	return advice
}

// hopeless returns the lowest rung that waiting cannot heal.
func (r Readiness) hopeless() (Finding, bool) {
	return r.first(func(f Finding) bool { return f.Verdict == Fail })
}

func (r Readiness) first(is func(Finding) bool) (Finding, bool) {
	for _, f := range r.Rungs {
		if is(f) {
			return f, true
		}
	}
	return Finding{}, false
}
