package admin

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafkatest"
	"kafkactl/internal/topicspec"
)

// risky makes a compacted topic with a record, and returns what has every risk to it but deletion, and a setting that
// has none.
func risky(t *testing.T, c *Client) []topicspec.Desired {
	t.Helper()
	if _, err := c.kafka.Adm.CreateTopic(t.Context(), 1, 1, map[string]*string{"cleanup.policy": kmsg.StringPtr("compact,delete")}, "a"); err != nil {
		t.Fatal(err)
	}
	produced(t, c, "a")
	return []topicspec.Desired{{Name: "a", Partitions: 2, ReplicationFactor: 3, Config: topicspec.Config{
		"retention.ms": {Value: "1000"}, "max.message.bytes": {Value: "2000"}, "min.insync.replicas": {Value: "2"},
	}}}
}

func produced(t *testing.T, c *Client, topic string) {
	t.Helper()
	if err := c.kafka.Kgo.ProduceSync(t.Context(), &kgo.Record{Topic: topic, Value: []byte("v")}).FirstErr(); err != nil {
		t.Fatal(err)
	}
}

// The law: what has a risk is made only by a client whose user accepts it, whatever plan it is given.
func TestNothingRiskyWithoutConsent(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		consent topicspec.Consent
		want    []string
	}{
		{"none", topicspec.Consent{Move: true}, []string{
			"a partitions blocked", "a replicationFactor blocked", "a max.message.bytes done", "a min.insync.replicas blocked", "a retention.ms blocked",
		}},
		{"rekey", topicspec.Consent{Rekey: true}, []string{
			"a partitions done", "a replicationFactor blocked", "a max.message.bytes done", "a min.insync.replicas blocked", "a retention.ms blocked",
		}},
		{"trim", topicspec.Consent{Trim: true}, []string{
			"a partitions blocked", "a replicationFactor blocked", "a max.message.bytes done", "a min.insync.replicas blocked", "a retention.ms done",
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			ctx, cluster, plain := dialFake(t)
			desired := risky(t, plain)
			accepting := plain.WithConsent(test.consent)
			report, err := accepting.Converge(ctx, desired)
			if diff := cmp.Diff(test.want, results(report)); diff != "" || err != nil {
				t.Fatalf("%v (-want +got):\n%s", err, diff)
			}
			writes := counted(cluster, kmsg.IncrementalAlterConfigs, nil)
			again, err := accepting.Converge(ctx, desired)
			if err != nil || again.OK() || writes.Hits() != 0 {
				t.Errorf("again: %v, %v, %d writes", err, results(again), writes.Hits())
			}
		})
	}
}

// A plan that was made with consent is not made by a client without.
func TestApplyAsksForConsentItself(t *testing.T) {
	t.Parallel()
	ctx, cluster, plain := dialFake(t)
	accepting := plain.WithConsent(topicspec.Consent{Rekey: true, Trim: true})
	plan, err := accepting.Plan(ctx, risky(t, plain))
	if err != nil {
		t.Fatal(err)
	}
	plan.Changes = append(plan.Changes, topicspec.Change{Topic: "a", Field: topicspec.FieldTopic, Action: topicspec.Delete, Risk: topicspec.RiskDelete, Evidence: &topicspec.Evidence{}})
	writes := cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.CreatePartitions, kmsg.DeleteTopics}, Count: -1, Observe: true, When: kafkatest.ChangesTopics})
	report := plain.Apply(ctx, plan.Plan)
	want := []string{
		"a partitions blocked", "a replicationFactor blocked", "a max.message.bytes done", "a min.insync.replicas blocked", "a retention.ms blocked", "a topic blocked",
	}
	if diff := cmp.Diff(want, results(report)); diff != "" || writes.Hits() != 0 {
		t.Errorf("%d writes (-want +got):\n%s", writes.Hits(), diff)
	}
	for _, o := range report.Outcomes {
		if o.Risk != "" && o.Risk != topicspec.RiskMove && !strings.Contains(o.Reason, "nobody has accepted it") {
			t.Errorf("%s: %s", o.Field, o.Reason)
		}
	}
}

// A topic that was empty when the plan was made may have records when it is carried out: then what is harmless for an
// empty one has its risk.
func TestNoLongerEmpty(t *testing.T) {
	t.Parallel()
	desired := []topicspec.Desired{{Name: "a", Partitions: 2, Config: topicspec.Config{}}, {Name: "b", ReplicationFactor: 3, Config: topicspec.Config{}}}
	for _, test := range []struct {
		name    string
		used    bool
		consent topicspec.Consent
		want    []string
		sent    int
	}{
		{"empty", false, topicspec.Consent{}, []string{"a partitions done", "b replicationFactor failed"}, 2},
		{"used", true, topicspec.Consent{}, []string{"a partitions blocked", "b replicationFactor blocked"}, 0},
		{"accepted", true, topicspec.Consent{Move: true, Rekey: true}, []string{"a partitions done", "b replicationFactor failed"}, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			ctx, cluster, plain := dialFake(t, kfake.NumBrokers(3))
			for _, name := range []string{"a", "b"} {
				if _, err := plain.kafka.Adm.CreateTopic(ctx, 1, 1, map[string]*string{"cleanup.policy": kmsg.StringPtr("compact")}, name); err != nil {
					t.Fatal(err)
				}
			}
			c := plain.WithConsent(test.consent)
			plan, err := c.Plan(ctx, desired)
			if err != nil {
				t.Fatal(err)
			}
			for _, change := range plan.Changes {
				if change.Risk != topicspec.NoRisk || change.Action == topicspec.Blocked {
					t.Errorf("planned %+v", change)
				}
			}
			if test.used {
				produced(t, c, "a")
				produced(t, c, "b")
			}
			moves := cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.AlterPartitionAssignments}, Err: kerr.InvalidReplicaAssignment, Count: -1})
			grows := counted(cluster, kmsg.CreatePartitions, nil)
			report := c.Apply(ctx, plan.Plan)
			if diff := cmp.Diff(test.want, results(report)); diff != "" || grows.Hits()+moves.Hits() != test.sent {
				t.Errorf("%d grown, %d moved (-want +got):\n%s", grows.Hits(), moves.Hits(), diff)
			}
		})
	}
}

// A change that needs another one of its topic is held back when that was not made; the changes of other topics are
// not.
func TestHeldBackByWhatWasNotMade(t *testing.T) {
	t.Parallel()
	change := func(topic, field string, action topicspec.Action, stage topicspec.Stage) topicspec.Change {
		return topicspec.Change{Topic: topic, Field: field, Action: action, Stage: stage}
	}
	lowered := change("b", minInSyncReplicas, topicspec.Set, topicspec.StageLoosen)
	lowered.Interim = true
	plan := topicspec.Plan{Changes: []topicspec.Change{
		change("a", topicspec.FieldPartitions, topicspec.Grow, topicspec.StageGrow),
		change("a", topicspec.FieldReplicationFactor, topicspec.Reassign, topicspec.StageMove),
		change("a", "retention.ms", topicspec.Set, topicspec.StageTighten),
		change("a", "segment.ms", topicspec.Set, topicspec.StageLoosen),
		lowered,
		change("b", topicspec.FieldReplicationFactor, topicspec.Reassign, topicspec.StageMove),
		change("b", minInSyncReplicas, topicspec.Set, topicspec.StageTighten),
		change("c", "cleanup.policy", topicspec.Set, topicspec.StageTighten),
		change("c", "retention.ms", topicspec.Set, topicspec.StageLoosen),
	}}
	for _, test := range []struct {
		name   string
		failed int
		asked  []int
		want   []int
		reason string
	}{
		{"all is made", -1, []int{1, 5}, []int{1, 5}, ""},
		{"growth failed", 0, []int{1, 5}, []int{5}, "held back: the change of partitions before it was not made"},
		{"the minimum is still too high", 4, []int{5, 1}, []int{1}, "held back: the change of min.insync.replicas before it was not made"},
		{"the move failed", 1, []int{2, 6}, []int{6}, "held back: the change of replicationFactor before it was not made"},
		{"what loosens does not wait", 1, []int{3}, []int{3}, ""},
		{"the retention is still lower", 8, []int{7}, []int{}, "held back: the change of retention.ms before it was not made"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			report := Report{Plan: topicspec.Plan{Changes: append([]topicspec.Change{}, plan.Changes...)}}
			for i, c := range plan.Changes {
				o := Outcome{Change: c, Result: Done}
				if i == test.failed {
					o.Result = Failed
				}
				if test.failed >= 0 && slices.Contains(test.asked, i) {
					o.Result = Blocked // as long as it was not tried
				}
				report.Outcomes = append(report.Outcomes, o)
			}
			got := report.mayFollow(plan.Changes, test.asked)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if test.failed == 0 { // what needs the one that was held back is held back as well
				if after := report.mayFollow(plan.Changes, []int{2, 3}); len(after) != 1 || after[0] != 3 {
					t.Errorf("after the move that was held back: %v", after)
				}
				return
			}
			var reason string
			for i, c := range report.Plan.Changes {
				if c.Action == topicspec.Blocked {
					reason = c.Reason
				}
				if diff := cmp.Diff(c, report.Outcomes[i].Change); diff != "" {
					t.Errorf("plan and outcome differ (-plan +outcome):\n%s", diff)
				}
			}
			if reason != test.reason {
				t.Errorf("reason %q, want %q", reason, test.reason)
			}
		})
	}
}
