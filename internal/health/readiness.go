package health

import (
	"slices"
	"strings"
	"time"
)

// Readiness is the whole ladder after a climb.
type Readiness struct {
	Ready       bool          // every rung holds, by the hold rule where Wait says so
	ClusterID   string        // of the first address that answers; "" when none did
	Mode        string        // "kraft", "zookeeper", or "" while no broker showed it
	Brokers     int           // live brokers in Metadata; the fewest any address lists
	Speaking    []string      // the bootstrap addresses that spoke Kafka, in the given order
	Climbs      int           // how many climbs it took
	Elapsed     time.Duration // since the first of them began
	NoZooKeeper bool          // ZooKeeper addresses were given, but the cluster is KRaft and needs none
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

// Advice returns f's hint for a place where the other rungs are not in sight. A hint that points at
// another rung, "see Z1", gets the evidence and the hint of that rung instead.
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

// hopeless returns the lowest rung that waiting cannot heal; false when there is none.
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
