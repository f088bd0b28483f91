package admin

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafkatest"
	"kafkactl/internal/topicspec"
)

// Each change has its own outcome, whatever becomes of the others of its topic.

// drifted makes topic a, and returns what it shall be: more partitions, another replication factor,
// for which there are too few brokers, and two settings. Topic z, which does not exist, comes before it in the
// file.
func drifted(ctx context.Context, t *testing.T, c *Client) []topicspec.Desired {
	t.Helper()
	createAside(ctx, t, c, "a", 1)
	desired := topics("z", "a")
	desired[1].ReplicationFactor = 2
	desired[1].Config = topicspec.Config{"max.message.bytes": {Value: "2000"}, "retention.ms": {Value: "864000000"}}
	return desired
}

// saying is a report as "topic field result: words", in order; of a blocked change the words are
// its reason.
func saying(r Report) []string {
	lines := results(r)
	for i, o := range r.Outcomes {
		if o.Err != nil {
			lines[i] += ": " + o.Err.Error()
		}
		if o.Result == Blocked {
			reason, _, _ := strings.Cut(o.Reason, ":")
			lines[i] += ": " + reason
		}
	}
	return lines
}

// refusing answers validations of IncrementalAlterConfigs that carry the setting with
// INVALID_CONFIG.
func refusing(cluster *kfake.Cluster, setting string) {
	cluster.ControlKey(int16(kmsg.IncrementalAlterConfigs), func(req kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		resp := req.ResponseKind().(*kmsg.IncrementalAlterConfigsResponse)
		for _, r := range req.(*kmsg.IncrementalAlterConfigsRequest).Resources {
			answer := kmsg.NewIncrementalAlterConfigsResponseResource()
			answer.ResourceType, answer.ResourceName = r.ResourceType, r.ResourceName
			for _, s := range r.Configs {
				if s.Name == setting {
					answer.ErrorCode, answer.ErrorMessage = kerr.InvalidConfig.Code, kmsg.StringPtr(setting+" is bad")
				}
			}
			resp.Resources = append(resp.Resources, answer)
		}
		return resp, nil, true
	})
}

// What is said of a replication factor that differs: of a topic that holds nothing, and of one that may hold records.
const (
	moves  = "2 replicas of a partition need as many brokers, and 1 answered"
	copies = "2 replicas of a partition need as many brokers, and 1 answered"
)

func TestRefusalsAreOfChanges(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		refuse func(*kfake.Cluster)
		want   []string
	}{
		{
			"growth", func(cluster *kfake.Cluster) {
				cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.CreatePartitions}, Err: kerr.PolicyViolation, Count: -1})
			},
			[]string{
				"z topic untried", "a partitions refused: POLICY_VIOLATION: Request parameters do not satisfy the configured policy.",
				"a replicationFactor blocked: " + moves, "a max.message.bytes untried", "a retention.ms untried",
			},
		},
		{ // the brokers answer for a topic's settings together
			"one setting", func(cluster *kfake.Cluster) { refusing(cluster, "retention.ms") },
			[]string{
				"z topic untried", "a partitions untried", "a replicationFactor blocked: " + moves,
				"a max.message.bytes untried", "a retention.ms refused: INVALID_CONFIG: retention.ms is bad",
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			ctx, cluster, c := dialFake(t)
			desired := drifted(ctx, t, c)
			test.refuse(cluster)
			_, err := c.Converge(ctx, desired)
			var refused *RefusedError
			if !errors.As(err, &refused) {
				t.Fatalf("got %v", err)
			}
			if diff := cmp.Diff(test.want, saying(refused.Report())); diff != "" {
				t.Errorf("report (-want +got):\n%s", diff)
			}
			if want := "the brokers refuse 1 of 2 topics; nothing was changed"; refused.Error() != want {
				t.Errorf("error %q, want %q", refused, want)
			}
			var blocked []string // what plan shows
			for _, change := range refused.Blocked().Blocked() {
				reason, _, _ := strings.Cut(change.Reason, ":")
				blocked = append(blocked, change.Field+": "+reason)
			}
			change, words := refused.First()
			kafka, _, _ := strings.Cut(words.Error(), ":")
			want := []string{change.Field + ": " + kafka, "replicationFactor: " + moves}
			if change.Field == "retention.ms" { // which stands behind the count
				want[0], want[1] = want[1], want[0]
			}
			if diff := cmp.Diff(want, blocked); diff != "" {
				t.Errorf("blocked (-want +got):\n%s", diff)
			}
		})
	}
}

// Settings that are refused only together keep that answer, each.
func TestRefusedTogether(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t)
	desired := drifted(ctx, t, c)
	cluster.Fault(kfake.Fault{
		Keys: []kmsg.Key{kmsg.IncrementalAlterConfigs}, Err: kerr.InvalidConfig, Count: -1,
		When: func(req kmsg.Request) bool {
			return len(req.(*kmsg.IncrementalAlterConfigsRequest).Resources[0].Configs) > 1
		},
	})
	_, err := c.Converge(ctx, desired)
	var refused *RefusedError
	if !errors.As(err, &refused) {
		t.Fatalf("got %v", err)
	}
	want := []string{
		"z topic untried", "a partitions untried", "a replicationFactor blocked",
		"a max.message.bytes refused", "a retention.ms refused",
	}
	if diff := cmp.Diff(want, results(refused.Report())); diff != "" {
		t.Error(diff)
	}
	if words := refused.Words(); strings.Contains(words.Error(), "\n") {
		t.Errorf("the same words twice: %v", words)
	}
}

// A change that fails leaves the others of its topic made, and waited for.
func TestOneFailedChangeOfATopic(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t)
	desired := drifted(ctx, t, c)
	cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.CreatePartitions}, Err: kerr.PolicyViolation, Count: -1, When: func(req kmsg.Request) bool {
		return !req.(*kmsg.CreatePartitionsRequest).ValidateOnly
	}})
	late := cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.ListOffsets}, Topic: "a", Err: kerr.NotLeaderForPartition, Count: 4})
	report, err := c.Converge(ctx, desired)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"z topic done", "a partitions failed: POLICY_VIOLATION: Request parameters do not satisfy the configured policy.",
		"a replicationFactor blocked: " + copies, "a max.message.bytes done", "a retention.ms done",
	}
	if diff := cmp.Diff(want, saying(report)); diff != "" {
		t.Error(diff)
	}
	if late.Hits() != 4 { // the plan asks for both ends of the log: what it does not know may be records
		t.Errorf("topic a was asked for its offsets %d times, want 2 for the plan and 2 for the wait", late.Hits())
	}
}

// What is compared anew after a race takes its place in plan order: by topic as in the file, and
// within a topic counts before settings. What failed in the first round is not tried again in the
// next.
func TestRaceKeepsPlanOrder(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t)
	desired := topics("c", "b", "a")
	desired[1].Config = topicspec.Config{"retention.ms": {Value: "1000"}}
	createAside(ctx, t, c, "a", 1)
	desired[2].Config = topicspec.Config{"max.message.bytes": {Value: "2000"}}
	plan, err := c.Plan(ctx, desired)
	if err != nil {
		t.Fatal(err)
	}
	createAside(ctx, t, c, "c", 1)
	createAside(ctx, t, c, "b", 1)
	if _, err := c.kafka.Adm.CreatePartitions(ctx, 1, "a"); err != nil { // 2 in all
		t.Fatal(err)
	}
	alters := counted(cluster, kmsg.IncrementalAlterConfigs, nil)
	raced := cluster.Fault(kfake.Fault{
		Keys: []kmsg.Key{kmsg.CreatePartitions}, Topic: "a", Err: kerr.InvalidPartitions, Count: 1, When: kafkatest.ChangesTopics,
	})
	report, err := c.ConvergeFrom(ctx, desired, plan)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"c partitions done", "b partitions done", "b retention.ms done", "a partitions done", "a max.message.bytes done",
	}
	if diff := cmp.Diff(want, results(report)); diff != "" {
		t.Error(diff)
	}
	var planned []topicspec.Change
	for _, o := range report.Outcomes {
		planned = append(planned, o.Change)
	}
	if diff := cmp.Diff(planned, report.Plan.Changes); diff != "" {
		t.Errorf("the plan of the report:\n%s", diff)
	}
	if alters.Hits() != 2 || raced.Hits() != 1 {
		t.Errorf("%d writes of settings, want one a round; %d growths met another's", alters.Hits(), raced.Hits())
	}
}

// What is to be known of the reassignments of one round is not lost with the next one.
func TestNotesOfAllRounds(t *testing.T) {
	t.Parallel()
	raced := Outcome{Change: topicspec.Change{Topic: "a", Field: topicspec.FieldTopic}, Result: Raced}
	merged := Report{Outcomes: []Outcome{raced}, Notes: []string{"b: first"}}.followedBy(Report{Notes: []string{"a: second"}}, topics("a", "b"))
	if diff := cmp.Diff([]string{"b: first", "a: second"}, merged.Notes); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
