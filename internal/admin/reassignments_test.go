package admin

import (
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Who may not list reassignments does not know that there are none.
func TestMayNotListReassignments(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t)
	if _, err := c.Converge(ctx, topics("a")); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		fault   *kerr.Error
		unknown bool
	}{{kerr.ClusterAuthorizationFailed, true}, {kerr.UnsupportedVersion, false}} {
		fault := cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.ListPartitionReassignments}, Err: test.fault, Count: 1})
		observed, err := c.Observe(ctx, []string{"a"})
		if err != nil || observed["a"].MovesUnknown != test.unknown || fault.Hits() != 1 {
			t.Errorf("%s: unknown is %v after %d answers, %v", test.fault.Message, observed["a"].MovesUnknown, fault.Hits(), err)
		}
	}
}
