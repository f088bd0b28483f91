package topicspec

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A number whose unit was forgotten is taken by Kafka and means something else: it is in doubt.
// Values that say what they mean are not.
func TestDoubts(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		key      string
		doubtful []string
		clear    []string
	}{
		{"retention.ms", []string{"7", "0", "168", "10080", "7ms", "59s", "604800", "86400", "2592000", "31536000"}, []string{"-1", "1m", "7d", "604800000", "3600000", "90000"}},
		{"local.retention.ms", []string{"7"}, []string{"-2", "-1", "1h"}},
		{"retention.bytes", []string{"0", "168", "1024", "-2"}, []string{"-1", "1MiB", "1073741824"}},
		{"local.retention.bytes", []string{"10"}, []string{"-2", "-1", "1GiB"}},
		{"max.message.bytes", []string{"0", "1", "1023"}, []string{"1KiB", "1048588"}},
		{"segment.ms", []string{"1", "7", "7200"}, []string{"1s", "10m"}},
		{"delete.retention.ms", []string{"1"}, []string{"0", "1d"}},
		{"max.compaction.lag.ms", []string{"1"}, []string{"1h"}},
		{"message.timestamp.after.max.ms", []string{"0", "1"}, []string{"1h"}},
		{"message.timestamp.before.max.ms", []string{"0"}, []string{"9223372036854775807"}},
		{"segment.index.bytes", []string{"4"}, []string{"10MiB"}},
		{"min.cleanable.dirty.ratio", []string{"NaN"}, []string{"0", "1", "0.5"}},
		{"cleanup.policy", []string{""}, []string{"delete", "compact,delete"}},
		{"flush.messages", nil, []string{"1"}},
		{"flush.ms", nil, []string{"0", "100"}},
		{"file.delete.delay.ms", nil, []string{"0", "1"}},
		{"min.compaction.lag.ms", nil, []string{"0", "1"}},
		{"index.interval.bytes", nil, []string{"0"}},
	} {
		for want, values := range map[bool][]string{true: tt.doubtful, false: tt.clear} {
			for _, value := range values {
				d, err := NewDesired("a", 0, 0, Config{tt.key: {Value: value}})
				if err != nil {
					t.Errorf("%s=%s: %v", tt.key, value, err)
				} else if doubts := d.Doubts(); (len(doubts) == 1) != want {
					t.Errorf("%s=%s: doubts %q, want some: %v", tt.key, value, doubts, want)
				}
			}
		}
	}
	if doubts := (Desired{Config: Config{"retention.ms": {Unset: true}, "cleanup.policy": {Unset: true}}}).Doubts(); len(doubts) > 0 {
		t.Errorf("null: %q", doubts)
	}
}

// Warnings are of every profile, in file order, and say which Kafka it is that refuses.
func TestWarnings(t *testing.T) {
	t.Parallel()
	const document = `version: 1
defaults:
  config: {segment.bytes: 64KiB}
topics:
  a:
    config:
      remote.storage.enable: true
      message.downconversion.enable: false
      remote.log.copy.disable: true
      message.format.version: null
      confluent.key.schema.validation: true
profiles:
  p: {topics: {a: {config: {retention.ms: 7}}}}
`
	spec, err := Parse(strings.NewReader(document), Source{File: "f"})
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		line               int
		refusedBy, profile string
	}
	var got []row
	for _, w := range spec.Warnings() {
		got = append(got, row{w.Line, w.RefusedBy, w.Profile})
	}
	want := []row{{3, "4.3", ""}, {7, "without tiered storage", ""}, {8, "4.3", ""}, {9, "3.9 with ZooKeeper", ""}, {11, "of Apache", ""}, {13, "", "p"}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(row{})); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
}
