package admin

import (
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/topicspec"
)

// Many refused topics are looked into together: a request for each setting, and not for each topic.
func TestManyRefusedSettings(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t)
	var names []string
	for i := range 200 {
		names = append(names, fmt.Sprintf("t%03d", i))
	}
	desired := topics(names...)
	if _, err := c.Converge(ctx, desired); err != nil {
		t.Fatal(err)
	}
	for i := range desired {
		desired[i].Config = topicspec.Config{"retention.ms": {Value: "1000"}, "segment.bytes": {Value: "1"}}
	}
	var asked atomic.Int32
	cluster.ControlKey(int16(kmsg.IncrementalAlterConfigs), func(kreq kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		asked.Add(1)
		req, _ := kreq.(*kmsg.IncrementalAlterConfigsRequest)
		resp, _ := req.ResponseKind().(*kmsg.IncrementalAlterConfigsResponse)
		for _, r := range req.Resources {
			answer := kmsg.NewIncrementalAlterConfigsResponseResource()
			answer.ResourceType, answer.ResourceName = r.ResourceType, r.ResourceName
			if slices.ContainsFunc(r.Configs, func(c kmsg.IncrementalAlterConfigsRequestResourceConfig) bool { return c.Name == "segment.bytes" }) {
				answer.ErrorCode = kerr.InvalidConfig.Code
			}
			resp.Resources = append(resp.Resources, answer)
		}
		return resp, nil, true
	})
	_, err := c.Converge(ctx, desired)
	var refused *RefusedError
	if !errors.As(err, &refused) {
		t.Fatal(err)
	}
	for i, change := range refused.Plan.Changes {
		if wrong := change.Field == "segment.bytes"; (refused.Refusals[i] != nil) != wrong {
			t.Fatalf("%s %s: %v", change.Topic, change.Field, refused.Refusals[i])
		}
	}
	if asked.Load() != 3 {
		t.Errorf("%d requests, want one for all and one for each setting", asked.Load())
	}
}

// More topics than a broker is asked for at once are planned, settled and looked at as one.
func TestManyTopicsAreOneView(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t)
	var names []string
	for i := range 2*topicsPerLook + 1 {
		names = append(names, fmt.Sprintf("t%05d", i))
	}
	desired := topics(names...)
	for i := range desired {
		desired[i].Partitions = 1
	}
	var most atomic.Int32
	counted(cluster, kmsg.DescribeConfigs, func(kreq kmsg.Request) bool {
		req, _ := kreq.(*kmsg.DescribeConfigsRequest)
		most.Store(max(most.Load(), int32(len(req.Resources))))
		return true
	})
	report, err := c.Converge(ctx, desired)
	if err != nil || !report.OK() || len(report.Outcomes) != len(desired) {
		t.Fatalf("%d outcomes, %v", len(report.Outcomes), err)
	}
	if most.Load() != topicsPerLook {
		t.Errorf("asked for %d topics at once", most.Load())
	}
	wantInSync(ctx, t, c, desired)
	if err := c.Usable(ctx, desired); err != nil {
		t.Error(err)
	}
	if err := c.Present(ctx, names); err != nil {
		t.Error(err)
	}
	last := &desired[len(desired)-1]
	last.Partitions = 2
	plan, err := c.Plan(ctx, desired)
	if diff := cmp.Diff([]string{last.Name}, topicsOf(plan.Plan)); diff != "" || err != nil || plan.Settled {
		t.Errorf("the last of all: %v %s", err, diff)
	}
}

func topicsOf(plan topicspec.Plan) []string {
	var names []string
	for _, change := range plan.Changes {
		names = append(names, change.Topic)
	}
	return names
}
