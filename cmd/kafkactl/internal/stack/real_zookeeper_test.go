package stack

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

// asking is wait on a cluster's brokers and a ZooKeeper, which must time out.
func asking(brokers *kafkatest.Cluster, zookeeper string, timeout time.Duration) clitest.Told {
	args := []string{"wait", "--timeout", timeout.String(), "-b", brokers.Bootstrap(), "--zookeeper", zookeeper}
	return clitest.Told{Args: args, Code: cli.ExitTimeout, Within: timeout + clitest.Busy}
}

// What real brokers leave in ZooKeeper: a cluster agrees with its own and not with
// another's, and the brokers that do not answer are explained by what stayed there.
func TestRealZooKeeperAgrees(t *testing.T) {
	t.Parallel() // it has its own brokers, and mostly waits
	own := kafkatest.Shared(t, kafkatest.ZK1)
	other := kafkatest.Start(t, kafkatest.Options{Flavour: kafkatest.ZK1})
	t.Run("its own", func(t *testing.T) {
		w := asking(own, own.ZooKeeper(), 30*time.Second)
		w.Code, w.Within, w.Args = cli.ExitDone, 2*clitest.Busy, append(w.Args, "-o", "json")
		w.Stdout = []string{`"rung":"Z5",.*"verdict":"pass","evidence":"lists brokers 1 and controller 1, cluster \S{22}"`}
		w.Check(t)
	})
	t.Run("9 another one", func(t *testing.T) {
		w := asking(own, other.ZooKeeper(), time.Second)
		w.Stdout = []string{`^pass +K5 `, `^wait +Z5 `}
		w.Stderr = []string{`^kafkactl: not ready after .* Z5 .*: it says cluster \S{22}, they say \S{22}$`}
		w.Docs = "another-zookeeper"
		w.Check(t)
		w = asking(own, own.ZooKeeper()+"/kafka", time.Second)
		w.Stderr = []string{`Z5 .* /kafka/brokers/ids$`, `^hint: .*chroot`}
		w.Check(t)
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
	w.Stdout = []string{
		// The new process opens its port before it registers.
		`^wait +K[12] .*(connection refused|accepts TCP, then .*)$`,
		`^wait +Z5 .*/brokers/ids lists 1, `,
	}
	w.Stderr = []string{`^hint: .*; ZooKeeper knows more: /brokers/ids lists 1, .*NodeExists`}
	w.Docs = "session-outlives-broker"
	w.Check(t)
	w = asking(c, c.ZooKeeper(), time.Minute)
	w.Code, w.Stdout = cli.ExitDone, []string{`^ready in \S+: 1 broker, zookeeper, cluster \S{22}$`}
	w.Check(t)
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
	w.Stdout = []string{
		`^wait +K1 .*connection refused$`,
		`^wait +Z5 .*cluster \S{22}$`,
	}
	w.Stderr = []string{`^hint: .*; ZooKeeper knows more: .*cluster \S{22}; `}
	w.Docs = "volumes-of-two-generations"
	w.Check(t)
}

// Row 7: a whitelist without a word of ours keeps nobody waiting. ZooKeeper itself needs
// srvr and answers it always; ruok is not asked, whatever it would say.
func TestRealZooKeeperWhitelist(t *testing.T) {
	t.Parallel() // it has its own brokers
	c := kafkatest.Prepare(t, kafkatest.Options{Flavour: kafkatest.ZK1, ZooKeeperProps: map[string]string{"4lw.commands.whitelist": "isro"}})
	wait := []string{"wait", "--timeout", "60s", "-b", c.Bootstrap(), "--zookeeper", c.ZooKeeper(), "-o", "json"}
	_, waited := clitest.Background(t, wait...)
	if err := c.Launch(); err != nil {
		t.Fatal(err)
	}
	const serves = `"rung":"Z2",[^}]*"verdict":"pass","evidence":"[^"]*: Mode: standalone`
	waited().Want(t, cli.ExitDone, serves)
	clitest.Told{Args: wait, Code: cli.ExitDone, Within: 2 * clitest.Busy, Stdout: []string{serves}}.Check(t)
}

// Row 8: a KRaft cluster has no ZooKeeper; an address that is given all the same is not
// waited for, whoever is there, and that is said.
func TestRealKRaftNeedsNoZooKeeper(t *testing.T) {
	c := kafkatest.Shared(t, kafkatest.Kraft1)
	refused, release, err := clitest.RefusingAddr()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(release)
	for name, zookeeper := range map[string]string{"dead": refused, "of another cluster": kafkatest.Shared(t, kafkatest.ZK1).ZooKeeper()} {
		t.Run(name, func(t *testing.T) {
			w := asking(c, zookeeper, 30*time.Second)
			w.Args, w.Code, w.Within = append(w.Args, "--for", "zookeeper,brokers"), cli.ExitDone, 2*clitest.Busy
			w.Stdout = []string{`^ready in \S+: 1 broker, kraft, cluster \S{22}$`}
			w.Stderr = []string{`\Anote: .*\n\z`}
			w.Docs = "kraft-without-zookeeper"
			w.Check(t)
			const unused = `KRaft `
			clitest.Told{
				Args: []string{"health", "-b", c.Bootstrap(), "--zookeeper", zookeeper}, Code: cli.ExitDone, Within: 2 * clitest.Busy,
				Stdout: []string{`^-        Z1 Z2 Z5 skipped: ` + unused, `^pass +K5 .*the metadata quorum is led by 1`, `^ready: 1 broker, kraft, `},
				Docs:   "kraft-skips-zookeeper",
			}.Check(t)
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
