package groups

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Each broker lists only the groups that it coordinates; one that refuses costs its own, and no
// coordinator is looked for, which would make __consumer_offsets.
func TestNames(t *testing.T) {
	t.Parallel()
	ctx, cluster, client := dialFake(t, kfake.NumBrokers(3))
	looked := counted(cluster, kmsg.FindCoordinator, nil)
	var refuses atomic.Bool
	cluster.ControlKey(int16(kmsg.ListGroups), func(req kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		resp, _ := req.ResponseKind().(*kmsg.ListGroupsResponse)
		switch cluster.CurrentNode() {
		case 0:
			resp.Groups = []kmsg.ListGroupsResponseGroup{
				{Group: "stock", ProtocolType: "consumer", GroupType: "consumer"},
				{Group: "connect-sink", ProtocolType: "connect"},
				{Group: "billing", ProtocolType: "consumer"},
			}
		case 1:
			resp.Groups = []kmsg.ListGroupsResponseGroup{{Group: "audit"}, {Group: "stock", ProtocolType: "consumer"}}
		default:
			if refuses.Load() {
				resp.ErrorCode = kerr.CoordinatorLoadInProgress.Code
			} else {
				resp.Groups = []kmsg.ListGroupsResponseGroup{{Group: "welcome", ProtocolType: "consumer"}}
			}
		}
		return resp, nil, true
	})
	names, err := client.Names(ctx)
	if diff := cmp.Diff([]string{"audit", "billing", "stock", "welcome"}, names); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	refuses.Store(true)
	names, err = client.Names(ctx)
	if diff := cmp.Diff([]string{"audit", "billing", "stock"}, names); diff != "" {
		t.Errorf("with a broker that refuses (-want +got):\n%s", diff)
	}
	if err == nil || !strings.HasPrefix(err.Error(), "broker 2 (") || !strings.Contains(err.Error(), "COORDINATOR_LOAD_IN_PROGRESS") {
		t.Errorf("the error is %v, want broker 2's", err)
	}
	if n := looked.Hits(); n != 0 {
		t.Errorf("%d times a coordinator was looked for", n)
	}
}

// A frozen broker costs its own groups, and the time that one look may take.
func TestNamesOfAFrozenBroker(t *testing.T) {
	t.Parallel()
	ctx, cluster, client := dialFake(t, kfake.NumBrokers(2))
	thawed := make(chan struct{})
	t.Cleanup(func() { close(thawed) })
	cluster.ControlKey(int16(kmsg.ListGroups), func(req kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		resp, _ := req.ResponseKind().(*kmsg.ListGroupsResponse)
		if cluster.CurrentNode() == 1 {
			cluster.SleepControl(func() { <-thawed })
		} else {
			resp.Groups = []kmsg.ListGroupsResponseGroup{{Group: "audit", ProtocolType: "consumer"}}
		}
		return resp, nil, true
	})
	names, err := client.Names(ctx)
	if diff := cmp.Diff([]string{"audit"}, names); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !errors.Is(err, context.DeadlineExceeded) || !strings.HasPrefix(err.Error(), "broker 1 (") {
		t.Errorf("the error is %v, want that broker 1 did not answer in time", err)
	}
}
