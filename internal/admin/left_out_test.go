package admin

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/topicspec"
)

// leavingOut makes the cluster answer requests with key about nothing that was asked.
func leavingOut(cluster *kfake.Cluster, key kmsg.Key) {
	cluster.ControlKey(int16(key), func(req kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		return req.ResponseKind(), nil, true
	})
}

// A change that the answer does not mention was not made, and was not accepted either: it fails under its name.
func TestAnswersThatLeaveAChangeOut(t *testing.T) {
	t.Parallel()
	bigger := topics("a")
	bigger[0].Partitions = 5
	set := topics("a")
	set[0].Config = topicspec.Config{"retention.ms": {Value: "1000"}}
	for _, test := range []struct {
		key     kmsg.Key
		desired []topicspec.Desired
	}{
		{kmsg.CreateTopics, topics("b")},
		{kmsg.CreatePartitions, bigger},
		{kmsg.IncrementalAlterConfigs, set},
		{kmsg.DeleteTopics, nil},
	} {
		t.Run(test.key.Name(), func(t *testing.T) {
			t.Parallel()
			ctx, cluster, c := dialFake(t)
			createAside(ctx, t, c, "a", 3)
			plan, err := c.PlanDelete(ctx, []string{"a"})
			if test.desired != nil {
				var planned Planned
				planned, err = c.Plan(ctx, test.desired)
				plan = planned.Plan
			}
			if err != nil {
				t.Fatal(err)
			}
			leavingOut(cluster, test.key)
			want := []error{&LeftOutError{`topic "` + plan.Changes[0].Topic + `"`}}
			report := c.Apply(ctx, plan)
			if diff := cmp.Diff(want, []error{report.Outcomes[0].Err}); diff != "" || report.Outcomes[0].Result != Failed {
				t.Errorf("applied: %v (-want +got):\n%s", results(report), diff)
			}
			if test.key == kmsg.DeleteTopics { // which cannot be validated
				return
			}
			var refused *RefusedError
			if err := c.Validate(ctx, plan); !errors.As(err, &refused) {
				t.Fatalf("validated: %v", err)
			}
			if diff := cmp.Diff(want, refused.Refusals); diff != "" {
				t.Errorf("validated (-want +got):\n%s", diff)
			}
		})
	}
}
