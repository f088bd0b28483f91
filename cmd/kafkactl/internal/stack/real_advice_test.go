package stack

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
	"kafkactl/internal/topicspec"
)

// Advice is about the values in force, of a topic's own as of the brokers' defaults, and about groups of either
// protocol with more members than partitions.
func TestRealAdvice(t *testing.T) {
	for _, flavour := range []kafkatest.Flavour{kafkatest.ZK1, kafkatest.Kraft1} {
		t.Run(string(flavour), func(t *testing.T) {
			f := clitest.NewField(t, kafkatest.Shared(t, flavour))
			kept := f.Topic("advice.kept", 1, "cleanup.policy=compact", "retention.ms=3600000", "min.insync.replicas=2")
			compacted := f.Topic("advice.compacted", 2, "cleanup.policy=compact")
			protocols := map[string]kgo.Opt{"advice-classic": kgo.Balancers(kgo.CooperativeStickyBalancer())}
			if flavour == kafkatest.Kraft1 {
				protocols["advice-consumer"] = kgo.ServerSideBalancer() // KIP-848, general since 4.0
			}
			for group, protocol := range protocols {
				for range 2 {
					client := f.Dial(kgo.ConsumerGroup(group), kgo.ConsumeTopics(kept), protocol)
					go client.PollFetches(f.Context())
				}
			}
			for group := range protocols {
				f.Until("both members of "+group+" are there", func() bool {
					return slices.Contains(adviceOn(f, kept), topicspec.RuleIdleMembers+" of "+group)
				})
			}
			want := []string{topicspec.RuleNoRetention, topicspec.RuleAboveReplicas}
			for _, group := range []string{"advice-classic", "advice-consumer"} {
				if protocols[group] != nil {
					want = append(want, topicspec.RuleIdleMembers+" of "+group)
				}
			}
			if diff := cmp.Diff(want, adviceOn(f, kept)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", kept, diff)
			}
			if diff := cmp.Diff([]string(nil), adviceOn(f, compacted)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", compacted, diff)
			}
			f.Kafkactl("health").Want(t, cli.ExitDone, `^ready: `)
		})
	}
}

// adviceOn returns the rules by which health gives advice on the topic, in order, with the group if it is about one.
func adviceOn(f *clitest.Field, topic string) []string {
	f.Helper()
	r := f.Kafkactl("health", "-o", "json")
	var doc healthDoc
	if err := json.Unmarshal([]byte(r.Stdout), &doc); err != nil || !doc.Ready || len(doc.NotKnown) > 0 {
		f.Fatalf("%v, not known: %v: %v", err, doc.NotKnown, r)
	}
	var rules []string
	for _, a := range doc.Advice {
		switch {
		case !slices.Contains(a.Topics, topic):
		case a.Group != "":
			rules = append(rules, a.Rule+" of "+a.Group)
		default:
			rules = append(rules, a.Rule)
		}
	}
	return rules
}
