package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kafkactl/internal/kafkatest"
)

// asking is wait on a cluster's brokers and a ZooKeeper, which must time out.
func asking(brokers *kafkatest.Cluster, zookeeper string, timeout time.Duration) told {
	args := []string{"wait", "--timeout", timeout.String(), "-b", brokers.Bootstrap(), "--zookeeper", zookeeper}
	return told{args: args, code: exitTimeout, within: timeout + busy}
}

// What real brokers leave in ZooKeeper: a cluster agrees with its own and not with
// another's, and the brokers that do not answer are explained by what stayed there.
func TestRealZooKeeperAgrees(t *testing.T) {
	t.Parallel() // it has its own brokers, and mostly waits
	own := kafkatest.Shared(t, kafkatest.ZK1)
	other := kafkatest.Start(t, kafkatest.Options{Flavour: kafkatest.ZK1})
	t.Run("its own", func(t *testing.T) {
		w := asking(own, own.ZooKeeper(), 30*time.Second)
		w.code, w.within, w.args = exitDone, 2*busy, append(w.args, "-o", "json")
		w.stdout = []string{`"rung":"Z5",.*"verdict":"pass","evidence":"lists brokers 1 and controller 1, cluster \S{22}"`}
		w.check(t)
	})
	t.Run("9 another one", func(t *testing.T) {
		w := asking(own, other.ZooKeeper(), time.Second)
		w.stdout = []string{`^pass +K5 `, `^wait +Z5 `}
		w.stderr = []string{`^kafkactl: not ready after .* Z5 .*: it says cluster \S{22}, they say \S{22}$`}
		w.docs = "another-zookeeper"
		w.check(t)
		w = asking(own, own.ZooKeeper()+"/kafka", time.Second)
		w.stderr = []string{`Z5 .* /kafka/brokers/ids$`, `^hint: .*chroot`}
		w.check(t)
	})
	t.Run("10 a session that outlives its broker", func(t *testing.T) {
		kills := 1
		for sessionOutlivesBroker(t, other); !strings.Contains(logOf(t, other, "broker-1"), "NodeExists"); kills++ {
			if kills == 3 { // a machine so busy that starting takes longer than the session lives
				t.Fatal("the broker never met its former session")
			}
			sessionOutlivesBroker(t, other)
		}
		// By now the sessions of these runs would have timed out, had they been left.
		if left, dead := expiries(t, own), expiries(t, other); left != 0 || dead != kills {
			t.Errorf("%d and %d sessions timed out, want none and the killed broker's %d", left, dead, kills)
		}
	})
	t.Run("9 volumes of different generations", func(t *testing.T) { volumesApart(t, other) })
}

// sessionOutlivesBroker kills the broker, and starts it again at once: it exits, again and
// again, as long as its own former session has its place in ZooKeeper.
func sessionOutlivesBroker(t *testing.T, c *kafkatest.Cluster) {
	t.Helper()
	if err := c.Kill(1); err != nil {
		t.Fatal(err)
	}
	if err := c.StartBroker(1); err != nil {
		t.Fatal(err)
	}
	w := asking(c, c.ZooKeeper(), time.Second)
	w.stdout = []string{
		// The new process opens its port before it registers.
		`^wait +K[12] .*(connection refused|accepts TCP, then .*)$`,
		`^wait +Z5 .*/brokers/ids lists 1, `,
	}
	w.stderr = []string{`^hint: .*; ZooKeeper knows more: /brokers/ids lists 1, .*NodeExists`}
	w.docs = "session-outlives-broker"
	w.check(t)
	w = asking(c, c.ZooKeeper(), time.Minute)
	w.code, w.stdout = exitDone, []string{`^ready in \S+: 1 broker, zookeeper, cluster \S{22}$`}
	w.check(t)
}

// volumesApart loses ZooKeeper's data and keeps the broker's: each time the broker is
// started it exits.
func volumesApart(t *testing.T, c *kafkatest.Cluster) {
	for _, step := range []func() error{
		func() error { return c.Stop(1) },
		c.StopZooKeeper,
		func() error { return os.RemoveAll(filepath.Join(c.Dir(), "zookeeper-data")) },
		c.StartZooKeeper,
		func() error { return c.StartBroker(1) },
	} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	const exits = "Invalid cluster.id in: " // Kafka before 3.7 calls it InconsistentClusterIdException
	for began := time.Now(); !strings.Contains(logOf(t, c, "broker-1"), exits) || c.StartBroker(1) != nil; {
		if time.Since(began) > 30*time.Second {
			t.Fatal("the broker did not exit")
		}
		time.Sleep(20 * time.Millisecond)
	}
	w := asking(c, c.ZooKeeper(), 1500*time.Millisecond) // while it starts for the second time
	w.stdout = []string{
		`^wait +K1 .*connection refused$`,
		`^wait +Z5 .*cluster \S{22}$`,
	}
	w.stderr = []string{`^hint: .*; ZooKeeper knows more: .*cluster \S{22}; `}
	w.docs = "volumes-of-two-generations"
	w.check(t)
}

// Row 7: a whitelist without a word of ours keeps nobody waiting. ZooKeeper itself needs
// srvr and answers it always; ruok is not asked, whatever it would say.
func TestRealZooKeeperWhitelist(t *testing.T) {
	t.Parallel() // it has its own brokers
	c := kafkatest.Prepare(t, kafkatest.Options{Flavour: kafkatest.ZK1, ZooKeeperProps: map[string]string{"4lw.commands.whitelist": "isro"}})
	wait := []string{"wait", "--timeout", "60s", "-b", c.Bootstrap(), "--zookeeper", c.ZooKeeper(), "-o", "json"}
	_, waited := background(t, wait...)
	if err := c.Launch(); err != nil {
		t.Fatal(err)
	}
	const serves = `"rung":"Z2",[^}]*"verdict":"pass","evidence":"[^"]*: Mode: standalone`
	waited().want(t, exitDone, serves)
	told{args: wait, code: exitDone, within: 2 * busy, stdout: []string{serves}}.check(t)
}

// Row 8: a KRaft cluster has no ZooKeeper; an address that is given all the same is not
// waited for, whoever is there, and that is said.
func TestRealKRaftNeedsNoZooKeeper(t *testing.T) {
	c := kafkatest.Shared(t, kafkatest.Kraft1)
	port, release, err := refusingPort()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(release)
	for name, zookeeper := range map[string]string{"dead": fmt.Sprintf("127.0.0.1:%d", port), "of another cluster": kafkatest.Shared(t, kafkatest.ZK1).ZooKeeper()} {
		t.Run(name, func(t *testing.T) {
			w := asking(c, zookeeper, 30*time.Second)
			w.args, w.code, w.within = append(w.args, "--for", "zookeeper,brokers"), exitDone, 2*busy
			w.stdout = []string{`^ready in \S+: 1 broker, kraft, cluster \S{22}$`}
			w.stderr = []string{`\Anote: .*\n\z`}
			w.docs = "kraft-without-zookeeper"
			w.check(t)
			const unused = `KRaft `
			told{
				args: []string{"health", "-b", c.Bootstrap(), "--zookeeper", zookeeper}, code: exitDone, within: 2 * busy,
				stdout: []string{`^-        Z1 Z2 Z5 skipped: ` + unused, `^pass +K5 .*the metadata quorum is led by 1`, `^ready: 1 broker, kraft, `},
				docs:   "kraft-skips-zookeeper",
			}.check(t)
		})
	}
}

// expiries is how many sessions a cluster's ZooKeeper saw time out.
func expiries(t *testing.T, c *kafkatest.Cluster) int {
	t.Helper()
	return strings.Count(logOf(t, c, "zookeeper"), "Expiring session")
}

// logOf is what a cluster's process of that name has logged.
func logOf(t *testing.T, c *kafkatest.Cluster, name string) string {
	t.Helper()
	log, err := os.ReadFile(filepath.Join(c.Dir(), name+".log"))
	if err != nil {
		t.Fatal(err)
	}
	return string(log)
}
