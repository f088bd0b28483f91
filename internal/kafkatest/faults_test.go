package kafkatest

import (
	"context"
	"net"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A paused broker is silent, and answers again once resumed.
func TestPauseResume(t *testing.T) {
	c := Shared(t, Kraft1)
	if err := c.Pause(1); err != nil {
		t.Fatal(err)
	}
	cl, err := newProbe(c.brokers[0], probeClient)
	if err != nil {
		t.Fatal(err)
	}
	defer cl.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	if _, err := askMetadata(ctx, cl); err == nil {
		t.Error("a paused broker answered")
	}
	if err := c.WaitReady(t.Context()); err == nil || !strings.Contains(err.Error(), "no broker is running") {
		t.Errorf("WaitReady with every broker paused: %v", err)
	}
	if err := c.Resume(1); err != nil {
		t.Fatal(err)
	}
	waitReady(t, c)
}

// A killed ZooKeeper-mode broker cannot come back before its session ends; StartBroker must see it
// through.
func TestKillThenStart(t *testing.T) {
	t.Parallel()
	c := Start(t, Options{Flavour: ZK1})
	if err := c.Kill(1); err != nil {
		t.Fatal(err)
	}
	if err := c.StartBroker(1); err != nil {
		t.Fatal(err)
	}
	if err := c.StartBroker(1); err == nil {
		t.Error("started a broker twice")
	}
	waitReady(t, c)
	log, err := os.ReadFile(c.brokers[0].proc.logPath)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("the broker met its old session: %v", sessionLingers(log))
}

// ZooKeeper accepts connections before it takes sessions: right after StartZooKeeper a tool failed,
// although the broker answered.
func TestZooKeeperVerbs(t *testing.T) {
	t.Parallel()
	c := Start(t, Options{Flavour: ZK1})
	for _, step := range []func() error{
		c.PauseZooKeeper, c.ResumeZooKeeper, c.StopZooKeeper, c.StartZooKeeper,
	} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	waitReady(t, c)
	out, err := c.CLI(t.Context(), "zookeeper-shell", c.ZooKeeper(), "ls", "/brokers/ids")
	if err != nil || out.Code != 0 {
		t.Errorf("zookeeper-shell: %v, %+v", err, out)
	}
	if err := Shared(t, Kraft1).StopZooKeeper(); err == nil {
		t.Error("stopped the ZooKeeper of a KRaft cluster")
	}
}

// stopAndStart takes the last broker away and back; the others must first drop it, then list it
// again.
func stopAndStart(t *testing.T, c *Cluster) {
	t.Helper()
	last := len(c.BrokerIDs())
	if err := c.Stop(last); err != nil {
		t.Fatal(err)
	}
	waitReady(t, c)
	if err := c.StartBroker(last); err != nil {
		t.Fatal(err)
	}
	waitReady(t, c)
}

// A broker that is left out is not waited for, and joins when it is started: two of three voters
// are enough.
func TestLaunchWithout(t *testing.T) {
	t.Parallel()
	Require(t, Brokers)
	c, err := New(Options{Flavour: Kraft3})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		explainFailure(t, c)
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := c.LaunchWithout(3, 4); err == nil {
		t.Fatal("launched without a broker 4, which there is not")
	}
	if err := c.LaunchWithout(3); err != nil {
		t.Fatal(err)
	}
	waitReady(t, c)
	if running, err := c.brokers[2].proc.serving(); running || err != nil {
		t.Errorf("broker 3 is running: %v, %v", running, err)
	}
	if err := c.StartBroker(3); err != nil {
		t.Fatal(err)
	}
	waitReady(t, c)
}

// A broker that refuses its configuration must be reported at once, with the reason, and not by a
// timeout.
func TestWaitReadyTellsWhyABrokerDied(t *testing.T) {
	t.Parallel()
	Require(t, Brokers)
	c, err := New(Options{Flavour: Kraft1, Props: map[string]string{"num.io.threads": "none"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := c.Launch(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	err = c.WaitReady(ctx)
	if err == nil || !strings.Contains(err.Error(), "num.io.threads") {
		t.Errorf("error does not carry the broker's log: %v", err)
	}
}

func TestLaunchTellsATakenPort(t *testing.T) {
	Require(t, Brokers)
	c, err := New(Options{Flavour: Kraft1})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", c.Addrs()[0])
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	port := strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
	if err := c.Launch(); err == nil || !strings.Contains(err.Error(), port) {
		t.Errorf("launch with port %s taken: %v", port, err)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	if exists(c.Dir()) {
		t.Error("Close left the directory")
	}
}
