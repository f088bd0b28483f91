package topicspec

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A topic of Kafka's own state is taken by brokers with any setting, and then they lose what is in it.
func TestStateTopics(t *testing.T) {
	t.Parallel()
	const (
		offsets      = `topic "__consumer_offsets": cleanup.policy must be compact: Kafka keeps what groups have committed in this topic, and would lose it`
		transactions = `topic "__transaction_state": cleanup.policy must be compact: Kafka keeps the state of transactions in this topic, and would lose it`
		share        = `topic "__share_group_state": %s must be %s: Kafka keeps the state of share groups in this topic, and would lose it`
	)
	for _, test := range []struct{ name, document, want string }{
		{"not declared", "topics: {__transaction_state: {partitions: 50}}", "f:1:10: " + transactions},
		{"another one", "topics:\n  __transaction_state:\n    config: {cleanup.policy: delete}", "f:3:14: " + transactions},
		{"both", "topics:\n  __transaction_state:\n    config: {cleanup.policy: 'compact,delete'}", "f:3:14: " + transactions},
		{"taken back", "topics:\n  __consumer_offsets:\n    config: {cleanup.policy: null}", "f:3:14: " + offsets},
		{"by a default", "defaults: {config: {cleanup.policy: delete}}\ntopics:\n  __consumer_offsets: {}", "f:3:3: " + offsets},
		{"right", "topics: {__transaction_state: {config: {cleanup.policy: compact}}}", ""},
		{"right by a default", "defaults: {config: {cleanup.policy: compact}}\ntopics: {__consumer_offsets: {}}", ""},
		{
			"wrong under a profile only",
			"topics:\n  __consumer_offsets: {config: {cleanup.policy: compact}}\nprofiles:\n  p: {topics: {__consumer_offsets: {config: {cleanup.policy: delete}}}}",
			"f:4:46: profile \"p\": " + offsets,
		},
		{
			"by a default of a profile", "topics: {__share_group_state: {}}\ndefaults: {config: {retention.ms: -1}}\nprofiles: {p: {defaults: {config: {retention.ms: 1d}}}}",
			"f:1:10: " + strings.NewReplacer("%s must", "retention.ms must", "be %s", "be -1").Replace(share) + ` (with profile "p")`,
		},
		{
			"wrong, also under a profile", "topics:\n  __consumer_offsets: {}\nprofiles: {p: {}, q: {defaults: {partitions: 3}}}", "f:2:3: " + offsets,
		},
		{"share groups are not compacted", "topics: {__share_group_state: {}}", "f:1:10: " + strings.NewReplacer("%s must", "retention.ms must", "be %s", "be -1").Replace(share)},
		{
			"and lose nothing by compaction", "topics: {__share_group_state: {config: {retention.ms: -1, cleanup.policy: compact}}}",
			"f:1:59: " + strings.NewReplacer("%s must", "cleanup.policy must", "be %s", "be delete").Replace(share),
		},
		{"tiered storage", "topics: {__remote_log_metadata: {}}", ""},
		{"a value that is none is one problem", "topics: {__transaction_state: {config: {retention.ms: x, cleanup.policy: compact}}}", `f:1:41: topic "__transaction_state": config "retention.ms": expected a whole number or one with a unit (ms, s, m, h, d), got "x"`},
		{"any other", "topics: {__mine: {}}", ""},
		{"KRaft's own", "topics: {__cluster_metadata: {}}", `f:1:10: topic "__cluster_metadata": illegal name: it is that of KRaft's own log, and brokers refuse to make it`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := Parse(strings.NewReader(test.document+"\nversion: 1\n"), Source{File: "f"})
			if diff := cmp.Diff(test.want, errorText(err)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A topic that is there keeps what is not named.
func TestCheckState(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		d           Desired
		made, there bool // whether it is right
	}{
		{want("__transaction_state", 50, 3), false, true},
		{want("__transaction_state", 50, 3, "min.insync.replicas=2"), false, true},
		{want("__transaction_state", 50, 3, "cleanup.policy=compact"), true, true},
		{want("__transaction_state", 50, 3, "cleanup.policy=delete"), false, false},
		{want("__transaction_state", 50, 3, "cleanup.policy"), false, false},
		{want("__share_group_state", 50, 3, "cleanup.policy"), false, true},
		{want("__share_group_state", 50, 3, "retention.ms=-1"), true, true},
		{want("order.created", 50, 3, "cleanup.policy=delete"), true, true},
	} {
		if made, there := test.d.CheckState(true), test.d.CheckState(false); (made == nil) != test.made || (there == nil) != test.there {
			t.Errorf("%v: made: %v; there: %v", test.d, made, there)
		}
	}
}
