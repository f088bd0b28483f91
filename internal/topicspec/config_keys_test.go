package topicspec

import (
	"cmp"
	"slices"
	"strings"
	"testing"
)

// lookupConfig searches by halves: out of order or twice, a setting would be unknown.
func TestKnownConfigsAreSortedAndUnique(t *testing.T) {
	t.Parallel()
	if len(knownConfigs) == 0 {
		t.Fatal("the table is empty: run make settings")
	}
	for i, k := range knownConfigs {
		if i > 0 && cmp.Compare(knownConfigs[i-1].name, k.name) >= 0 {
			t.Errorf("%s comes after %s", k.name, knownConfigs[i-1].name)
		}
		if got, ok := lookupConfig(k.name); !ok || got.name != k.name {
			t.Errorf("lookupConfig(%q) = %+v, %v", k.name, got, ok)
		}
		if len(k.lines()) == 0 {
			t.Errorf("%s: no version knows it", k.name)
		}
	}
	if names := ConfigNames(); !slices.IsSorted(names) || len(names) != len(knownConfigs)-2 { // throttles
		t.Errorf("ConfigNames() = %q", names)
	}
}

// A name ends in .ms or .bytes exactly where units make sense: a unit on a text or a
// ratio would be accepted and mean nothing.
func TestUnitsAreOfWholeNumbers(t *testing.T) {
	t.Parallel()
	for _, k := range knownConfigs {
		whole := k.kind == kindInt || k.kind == kindLong || k.kind == kindShort
		if units := unitsOf(k.name); units != nil && !whole {
			t.Errorf("%s has units and is of kind %d", k.name, k.kind)
		}
		// Names that speak of time or size and do not end so would lack their units.
		if words := strings.Split(k.name, "."); whole && unitsOf(k.name) == nil &&
			(slices.Contains(words, "ms") || slices.Contains(words, "bytes")) {
			t.Errorf("%s has no units", k.name)
		}
	}
	for _, units := range [][]unit{durations, sizes} {
		if !slices.IsSortedFunc(units, func(a, b unit) int { return cmp.Compare(b.factor, a.factor) }) || units[len(units)-1].factor != 1 {
			t.Errorf("units are not from the largest down to 1: %v", units)
		}
	}
}

func TestKnownConfigKinds(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]kind{
		"cleanup.policy":            kindList,
		"compression.type":          kindString,
		"max.message.bytes":         kindInt,
		"min.cleanable.dirty.ratio": kindDouble,
		"min.insync.replicas":       kindInt,
		"preallocate":               kindBoolean,
		"retention.bytes":           kindLong,
		"retention.ms":              kindLong,
		"segment.bytes":             kindInt,
	} {
		if got, ok := lookupConfig(name); !ok || got.kind != want {
			t.Errorf("%s: kind %d, known %v; want kind %d", name, got.kind, ok, want)
		}
	}
	if got, ok := lookupConfig("message.format.version"); !ok || !slices.Equal(got.lines(), []string{"3.9"}) {
		t.Errorf("message.format.version, which Kafka 4 removed: %+v, %v", got, ok)
	}
}
