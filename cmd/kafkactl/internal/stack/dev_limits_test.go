package stack

import (
	"strings"
	"testing"

	"kafkactl/internal/topicspec"
)

func TestNotByTime(t *testing.T) {
	t.Parallel()
	const text = "an embedded Kafka keeps records longer than Kafka would: nothing is deleted or compacted within an hour, as declared for "
	for _, test := range []struct{ name, topics, want string }{
		{"nothing declared", "a: {}", ""},
		{"days, for ever, an hour", "{a: {config: {retention.ms: 7d}}, b: {config: {retention.ms: -1}}, c: {config: {retention.ms: 1h}}}", ""},
		{"minutes", "{a: {config: {retention.ms: 30m}}}", text + "a (retention.ms 30m)"},
		{"at once", "{a: {config: {retention.ms: 0}}}", text + "a (retention.ms 0)"},
		{"compaction", "{a: {config: {cleanup.policy: compact, max.compaction.lag.ms: 1m}}}", text + "a (max.compaction.lag.ms 1m)"},
		{
			"many", "{a: {config: &c {retention.ms: 30m}}, b: {config: *c}, c: {config: *c}, d: {config: *c}, e: {config: *c}}",
			text + "a (retention.ms 30m), b (retention.ms 30m), c (retention.ms 30m) and 2 more topics",
		},
	} {
		spec, err := topicspec.Parse(strings.NewReader("version: 1\ntopics: "+strings.Replace(test.topics, "a: {}", "{a: {}}", 1)+"\n"), topicspec.Source{File: "f"})
		if err != nil {
			t.Fatal(test.name, err)
		}
		desired, err := spec.Desired("")
		if err != nil {
			t.Fatal(test.name, err)
		}
		if got := notByTime(desired); got != test.want {
			t.Errorf("%s:\ngot  %s\nwant %s", test.name, got, test.want)
		}
	}
}
