package evidence

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/topicspec"
)

// text returns a side of a change; "" is absent.
func text(value string) topicspec.Value {
	if value == "" {
		return nil
	}
	return topicspec.Text(value)
}

// set returns the change of a setting; no value after unsets it.
func set(field, before, after string) topicspec.Change {
	change := topicspec.Change{Topic: "a", Field: field, Action: topicspec.Set, Before: text(before), After: text(after)}
	if after == "" {
		change.Action = topicspec.Unset
	}
	return change
}

// Nothing is asked for a change that shows by itself that no record goes.
func TestMayTrim(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		change topicspec.Change
		want   bool
	}{
		{set(retentionMs, "1000", "2000"), false},
		{set(retentionMs, "1000", "-1"), false},
		{set(retentionMs, "", "-1"), false},
		{set(retentionMs, "2000", "1000"), true},
		{set(retentionMs, "-1", "1000"), true},
		{set(retentionMs, "", "1000"), true}, // below the default, or not
		{set(retentionMs, "1000", ""), true},
		{set(retentionMs, "0", ""), false},
		{set(retentionBytes, "2000", "1000"), true},
		{set(retentionBytes, "1000", "2000"), false},
		{set(cleanupPolicy, "compact", "delete"), true},
		{set(cleanupPolicy, "compact", "compact,delete"), true},
		{set(cleanupPolicy, "compact", ""), true},
		{set(cleanupPolicy, "", "delete"), true}, // the default may be compact
		{set(cleanupPolicy, "delete", "compact, delete"), false},
		{set(cleanupPolicy, "delete", "compact"), false},
		{set("min.insync.replicas", "2", "1"), false},
		{topicspec.Change{Field: retentionMs, Action: topicspec.Blocked, Before: text("2000"), After: text("1000")}, false},
	} {
		if got := mayTrim(test.change); got != test.want {
			t.Errorf("%s %s: %v to %v: %t", test.change.Action, test.change.Field, test.change.Before, test.change.After, got)
		}
	}
}

// described returns a setting as brokers describe it: its value, and name and value of what it has on brokers.
func described(name, value string, synonyms ...string) kmsg.DescribeConfigsResponseResourceConfig {
	d := kmsg.DescribeConfigsResponseResourceConfig{Name: name, Value: &value}
	d.ConfigSynonyms = append(d.ConfigSynonyms, kmsg.DescribeConfigsResponseResourceConfigConfigSynonym{Name: name, Value: &value, Source: kmsg.ConfigSourceDynamicTopicConfig})
	for i := 0; i < len(synonyms); i += 2 {
		d.ConfigSynonyms = append(d.ConfigSynonyms, kmsg.DescribeConfigsResponseResourceConfigConfigSynonym{
			Name: synonyms[i], Value: &synonyms[i+1], Source: kmsg.ConfigSourceStaticBrokerConfig,
		})
	}
	return d
}

// Brokers name their default in hours or minutes as well; taken for milliseconds, it would remove everything.
func TestRetentionIn(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		values map[string]string
		want   int64
	}{
		{"milliseconds before hours", map[string]string{"log.retention.ms": "5000", "log.retention.hours": "168"}, 5000},
		{"minutes before hours", map[string]string{"log.retention.minutes": "2", "log.retention.hours": "168"}, 120_000},
		{"hours", map[string]string{"log.retention.hours": "168"}, 604_800_000},
		{"no limit", map[string]string{"log.retention.ms": "-1", "log.retention.hours": "168"}, -1},
	} {
		if got, err := retentionIn(test.values); got != test.want || err != nil {
			t.Errorf("%s: %d, %v", test.name, got, err)
		}
	}
	if _, err := retentionIn(nil); err == nil {
		t.Error("nothing is told, and taken for a retention")
	}
}

// What a setting removes follows from all of the topic's changes together.
func TestLimits(t *testing.T) {
	t.Parallel()
	none := limits{-1, -1}
	for _, test := range []struct {
		name    string
		policy  string
		changes []topicspec.Change // the last is judged
		want    limits
	}{
		{"lower", "delete", []topicspec.Change{set(retentionMs, "5000", "1000")}, limits{1000, -1}},
		{"unset to the lower default", "delete", []topicspec.Change{set(retentionMs, "5000", "")}, limits{3000, -1}},
		{"unset to the higher default", "delete", []topicspec.Change{set(retentionBytes, "700", "")}, none},
		{"lower than the default, without an override", "delete", []topicspec.Change{set(retentionBytes, "", "100")}, limits{-1, 100}},
		{"not in force", "compact", []topicspec.Change{set(retentionMs, "5000", "1000")}, none},
		{"delete added", "compact", []topicspec.Change{set(cleanupPolicy, "compact", "compact,delete")}, limits{5000, 700}},
		{"delete added with less", "compact", []topicspec.Change{set(retentionMs, "5000", "1000"), set(cleanupPolicy, "compact", "delete")}, limits{1000, 700}},
		{"in force later, by the other change", "compact", []topicspec.Change{set(cleanupPolicy, "compact", "delete"), set(retentionMs, "5000", "1000")}, none},
		{"delete taken away", "delete", []topicspec.Change{set(cleanupPolicy, "delete", "compact"), set(retentionMs, "5000", "1000")}, none},
	} {
		s := &subject{changes: test.changes}
		s.takeSettings([]kmsg.DescribeConfigsResponseResourceConfig{
			described(cleanupPolicy, test.policy, "log.cleanup.policy", "delete"), described(retentionMs, "5000"),
			described(retentionBytes, "700", "log.retention.bytes", "-1"), described(remoteStorage, "false"),
		}, "3000")
		got, trims := s.limits(test.changes[len(test.changes)-1])
		if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(limits{})); diff != "" || trims != (test.want != none) || s.settingsErr != nil {
			t.Errorf("%s: trims %t, %v: %s", test.name, trims, s.settingsErr, diff)
		}
	}
}
