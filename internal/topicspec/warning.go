package topicspec

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
)

// Warning is one thing in a valid file that is hardly meant, or that not every supported Kafka
// takes.
type Warning struct {
	Problem
	// RefusedBy is the Kafka that refuses what another one takes: a line such as "4.3", "3.9 with
	// ZooKeeper", or "without tiered storage"; empty when all take it.
	RefusedBy string `json:"refusedBy"`
	// Profile is the one that it is about; empty for the file as it is without one.
	Profile string `json:"-"`
}

// Warnings lists what is valid and yet in doubt, in file order and under every profile.
func (s *Spec) Warnings() []Warning { return s.warnings }

// sortWarnings orders by place.
func sortWarnings(warnings []Warning) []Warning {
	slices.SortStableFunc(warnings, func(a, b Warning) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return warnings
}

// Doubts lists what every supported Kafka takes of d and is hardly meant, by setting, as
// `config "retention.ms": …`.
func (d Desired) Doubts() []string {
	var all []string
	for _, key := range slices.Sorted(maps.Keys(d.Config)) {
		if doubt := d.Config[key].doubt(key); doubt != "" {
			all = append(all, fmt.Sprintf("config %q: %s", key, doubt))
		}
	}
	return all
}
