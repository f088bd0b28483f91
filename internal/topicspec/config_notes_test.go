package topicspec

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A setting that a new Kafka brings needs its note, one that goes loses it.
func TestConfigNotes(t *testing.T) {
	t.Parallel()
	var known []string
	for _, k := range knownConfigs {
		known = append(known, k.name)
	}
	if diff := cmp.Diff(known, slices.Sorted(maps.Keys(configNotes))); diff != "" {
		t.Errorf("settings (-) and their notes (+):\n%s", diff)
	}
	for name, note := range configNotes {
		if note == "" || len(note) > 90 || strings.ContainsAny(note, "\t\n") {
			t.Errorf("%s: %q is no note of one line", name, note)
		}
	}
	for name, want := range map[string]string{
		"retention.ms":      "age beyond which old segments are deleted; -1 is never (7d, 12h, 500ms)",
		"max.message.bytes": "largest batch the broker takes (512MiB, 1GiB)",
		"preallocate":       "reserve the disk space of a segment when it is made",
		"no.such":           "",
	} {
		if got := ConfigNote(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// What is offered must pass for a value.
func TestConfigValues(t *testing.T) {
	t.Parallel()
	offered := 0
	for _, name := range ConfigNames() {
		for _, value := range ConfigValues(name) {
			offered++
			if got, err := canonical(name, value); err != nil || got != value {
				t.Errorf("%s=%s: %q, %v", name, value, got, err)
			}
		}
	}
	if offered == 0 || ConfigValues("retention.ms") != nil {
		t.Errorf("%d values offered, retention.ms: %v", offered, ConfigValues("retention.ms"))
	}
}
