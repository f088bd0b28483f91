package groups

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"
)

func TestDelete(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t, kfake.NumBrokers(3), kfake.SeedTopics(1, "a"))
	names := []string{"g0", "g1", "g2", "late", "used"}
	for _, name := range names {
		plan, err := c.PlanReset(ctx, Reset{Group: name, Topics: []ResetTopic{{Topic: "a"}}, To: ToOffset})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.ResetOffsets(ctx, plan); err != nil {
			t.Fatal(err)
		}
	}
	consume(ctx, t, c, "a", "used")
	wantGroups(ctx, t, c, "used: stable, 1 member")
	lags, err := c.Lag(ctx, LagQuery{Groups: names})
	if err != nil {
		t.Fatal(err)
	}
	consume(ctx, t, c, "a", "late")
	wantGroups(ctx, t, c, "late: stable, 1 member")
	cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.DeleteGroups}, Group: "g1", Err: kerr.NotCoordinator, Count: 1})
	cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.DeleteGroups}, Group: "g2", Err: kerr.GroupAuthorizationFailed, Count: -1})
	deletions, err := c.Delete(ctx, lags)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range deletions {
		got = append(got, fmt.Sprintf("%s in use %v: %v", d.Group, d.InUse(), d.Err))
	}
	want := []string{
		"g0 in use false: <nil>",
		"g1 in use false: <nil>",
		`g2 in use false: not permitted: Delete on group "g2" (GROUP_AUTHORIZATION_FAILED)`,
		"late in use true: NON_EMPTY_GROUP: it has members now",
	}
	if diff := cmp.Diff(want, got[:4]); diff != "" || !strings.HasPrefix(got[4], "used in use true: NON_EMPTY_GROUP: in use by 1 member: ") {
		t.Error(diff, got[4])
	}
	left, err := c.Describe(ctx, names)
	if err != nil || left[0].State != "" || left[1].State != "" || left[2].State != "Empty" {
		t.Errorf("left: %v, %v", left, err)
	}
}
