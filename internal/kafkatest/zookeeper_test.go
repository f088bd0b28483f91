package kafkatest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// An ensemble survives the loss of one server and not of two; the last one then accepts connections
// and serves nobody, which a check that only dials takes for ready.
func TestZooKeeperEnsemble(t *testing.T) {
	t.Parallel()
	begun := time.Now()
	c := Start(t, Options{Flavour: ZK1, ZooKeepers: 3})
	t.Logf("one broker with three ZooKeepers was ready after %v", time.Since(begun).Round(10*time.Millisecond))
	if got, want := c.ZooKeeper(), strings.Join(c.ZooKeepers(), ","); got != want || len(c.ZooKeepers()) != 3 {
		t.Errorf("ZooKeeper is %q, want the three of %v", got, c.ZooKeepers())
	}
	if diff := cmp.Diff([]string{"follower", "follower", "leader"}, zooKeeperModes(t, c)); diff != "" {
		t.Error("modes (-want +got):\n" + diff)
	}
	for i := range 2 {
		if err := c.StopZooKeeperServer(i); err != nil {
			t.Fatal(err)
		}
	}
	waitNotServing(t, c, 2)

	if err := c.StartZooKeeperServer(1); err != nil {
		t.Fatal(err)
	}
	waitReady(t, c)
	if err := c.StopZooKeeper(); err != nil {
		t.Fatal(err)
	}
	if err := c.StartZooKeeper(); err != nil {
		t.Fatal(err)
	}
	waitReady(t, c)
	if diff := cmp.Diff([]string{"follower", "follower", "leader"}, zooKeeperModes(t, c)); diff != "" {
		t.Error("modes after every server was started again (-want +got):\n" + diff)
	}
	if err := c.StopZooKeeperServer(3); err == nil {
		t.Error("stopped a fourth ZooKeeper of three")
	}
}

// zooKeeperModes are what the servers answer srvr about their part in the ensemble, sorted.
func zooKeeperModes(t *testing.T, c *Cluster) []string {
	t.Helper()
	var modes []string
	for _, addr := range c.ZooKeepers() {
		status, err := askSrvr(t.Context(), addr)
		if err != nil {
			t.Fatal(err)
		}
		modes = append(modes, status.Mode)
	}
	slices.Sort(modes)
	return modes
}

// waitNotServing waits until the server at index i of ZooKeepers has noticed that its quorum is
// gone.
func waitNotServing(t *testing.T, c *Cluster, i int) {
	t.Helper()
	const want = "This ZooKeeper instance is not currently serving requests"
	waitFor(t, fmt.Sprintf("srvr to answer %q", want), func() bool {
		status, err := askSrvr(t.Context(), c.ZooKeepers()[i])
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(status.Text) == want
	})
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if err := c.WaitReady(ctx); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("WaitReady without a quorum: %v, want an error with %q", err, want)
	}
}
