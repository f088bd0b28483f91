package admin

import (
	"errors"
	"sync/atomic"
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/topicspec"
)

// A broker that is no controller any more, and does not know it yet, holds nothing up: the next one is asked.
func TestMoveWhileControllersChange(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t, kfake.NumBrokers(3))
	if _, err := c.Converge(ctx, topics("a")); err != nil {
		t.Fatal(err)
	}
	writeSome(ctx, t, c, "a")
	move := onePlacement(ctx, t, c, "a")
	var asked atomic.Int32
	cluster.ControlKey(int16(kmsg.ListPartitionReassignments), func(req kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		if n := asked.Add(1); n != 1 && n != 3 { // the first look, and what is asked about others before rates are set
			return nil, nil, false
		}
		resp := req.ResponseKind().(*kmsg.ListPartitionReassignmentsResponse)
		resp.ErrorCode = kerr.NotController.Code
		return resp, nil, true
	})
	report, err := c.Move(ctx, []topicspec.Placement{move}, MoveOptions{Throttle: 1 << 20})
	if err != nil || errors.Is(report.Outcomes[0].Err, kerr.NotController) || asked.Load() < 5 { // a fake takes no lists of a throttle
		t.Fatalf("%+v, %v, the controller asked %d times", report, err, asked.Load())
	}
}
