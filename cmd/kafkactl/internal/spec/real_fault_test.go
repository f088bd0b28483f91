package spec

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

// Faults of a broker while apply runs, on brokers that the tests share one after the other.
func TestRealBrokerFails(t *testing.T) {
	t.Parallel() // it has its own brokers, and mostly waits
	for _, flavour := range []kafkatest.Flavour{kafkatest.Kraft3, kafkatest.ZK3} {
		t.Run(string(flavour), func(t *testing.T) {
			t.Parallel()
			c := kafkatest.Start(t, kafkatest.Options{Flavour: flavour})
			t.Run("frozen", func(t *testing.T) { frozenBroker(t, c) })
			t.Run("stops during apply", func(t *testing.T) { brokerStopsDuringApply(t, c) })
		})
	}
}

// While one of three brokers is frozen an apply with RF 3 must not end well: its
// replicas are in no one's hands. Once the broker thaws it must.
func frozenBroker(t *testing.T, c *kafkatest.Cluster) {
	frozen := c.BrokerIDs()[2]
	if err := c.Pause(frozen); err != nil {
		t.Fatal(err)
	}
	spec := clitest.SpecFile(t, 3, "  frozen.a: {}\n  frozen.b: {}\n")

	// Its session lives for some seconds yet: created with a replica on it.
	short := clitest.Kafkactl(t, "apply", "--timeout", "4s", "-f", spec, "-b", c.Bootstrap())
	short.Want(t, cli.ExitTimeout)
	if short.Took > 6*time.Second {
		t.Errorf("a timeout of 4s took %s", short.Took)
	}

	_, wait := clitest.Background(t, "apply", "--timeout", "110s", "-f", spec, "-b", c.Bootstrap())
	ended := make(chan clitest.RunResult, 1)
	go func() { ended <- wait() }()
	select {
	case r := <-ended:
		t.Fatalf("apply ended while a broker was frozen: %v", r)
	case <-time.After(12 * time.Second): // past any session timeout
	}
	if err := c.Resume(frozen); err != nil {
		t.Fatal(err)
	}
	thawed := <-ended
	thawed.Want(t, cli.ExitDone, `^2 topics: 2 created|^2 topics in sync`)
	clitest.WantShapes(t, c, map[string]string{"frozen.a": "3 partitions, RF 3", "frozen.b": "3 partitions, RF 3"})
	if under := clitest.Apache(t, c, "kafka-topics", "--describe", "--under-replicated-partitions"); strings.Contains(under, "frozen.") {
		t.Errorf("exit 0, and yet under-replicated:\n%s", under)
	}
}

// A broker that stops in the middle of apply makes it fail with the reason, or
// converge; the code never lies.
func brokerStopsDuringApply(t *testing.T, c *kafkatest.Cluster) {
	var topics strings.Builder
	for i := range 60 {
		fmt.Fprintf(&topics, "  stopped.t%d: {}\n", i)
	}
	spec := clitest.SpecFile(t, 3, topics.String())
	victim := c.BrokerIDs()[1]
	_, wait := clitest.Background(t, "apply", "--timeout", "30s", "-f", spec, "-b", c.Bootstrap())
	for start := time.Now(); clitest.AskTopics(t, c.Addrs()[0], "stopped.t0")[0].ErrorCode != 0; {
		if time.Since(start) > 30*time.Second { // into the creation of 180 partitions
			t.Fatal("apply made nothing for 30s")
		}
		time.Sleep(10 * time.Millisecond) // each look is a connection, and the brokers have work to do
	}
	if err := c.Kill(victim); err != nil {
		t.Fatal(err)
	}
	r := wait()
	t.Logf("exit %d after %s: %s", r.Code, r.Took.Round(time.Millisecond), lastLine(r.Stderr+r.Stdout))
	switch cli.ExitCode(r.Code) {
	case cli.ExitDone: // only if it was all there before the broker died
		r.Want(t, cli.ExitDone, `^60 topics`)
	case cli.ExitFailed, cli.ExitTimeout:
		// What the brokers refused after one of them had died is in the report, what they
		// then lacked is in the error: one of the two is about brokers or replicas.
		told := clitest.RunResult{Stdout: r.Stdout + r.Stderr}
		told.Want(t, cli.ExitDone, `^(x stopped\.t\d+ +failed|kafkactl: (not ready after|the topics are not usable on every broker:|broker \d)) .*(broker|replica|K\d|unable to dial)`)
		r.WantErr(t, `^kafkactl: (not ready after|the topics are not usable on every broker:|not in sync:) `)
	default:
		t.Fatalf("unexpected %v", r)
	}
	if err := c.StartBroker(victim); err != nil {
		t.Fatal(err)
	}
	clitest.Kafkactl(t, "apply", "--timeout", "100s", "-f", spec, "-b", c.Bootstrap()).Want(t, cli.ExitDone, `^60 topics`)
	under := clitest.Apache(t, c, "kafka-topics", "--describe", "--under-replicated-partitions")
	if strings.Contains(under, "stopped.") {
		t.Errorf("exit 0, and yet under-replicated:\n%s", under)
	}
}

// Two at the same instant both end well, and the topics are as declared.
func TestRealTwoAtOnce(t *testing.T) {
	for _, flavour := range []kafkatest.Flavour{kafkatest.ZK1, kafkatest.Kraft1} {
		t.Run(string(flavour), func(t *testing.T) {
			c := kafkatest.Shared(t, flavour)
			for round := range 3 {
				var topics strings.Builder
				want := make(map[string]string)
				for i := range 11 {
					name := fmt.Sprintf("twice.%d.t%d", round, i)
					fmt.Fprintf(&topics, "  %s: {}\n", name)
					want[name] = "3 partitions, RF 1"
				}
				spec := clitest.SpecFile(t, 1, topics.String())
				_, waitA := clitest.Background(t, "apply", "-f", spec, "-b", c.Bootstrap())
				_, waitB := clitest.Background(t, "apply", "-f", spec, "-b", c.Bootstrap())
				a, b := waitA(), waitB()
				a.Want(t, cli.ExitDone, `^11 topics`)
				b.Want(t, cli.ExitDone, `^11 topics`)
				clitest.WantShapes(t, c, want)
			}
		})
	}
}

// SIGTERM ends a wait within a second, whatever the brokers do.
func TestRealTerminated(t *testing.T) {
	t.Parallel() // it has its own brokers, and mostly waits
	c := kafkatest.Start(t, kafkatest.Options{Flavour: kafkatest.Kraft1})
	if err := c.Pause(c.BrokerIDs()[0]); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"apply", "-f", clitest.StackFile()}, {"wait"}, {"list", "--timeout", "60s"},
	} {
		t.Run(args[0], func(t *testing.T) {
			cmd, wait := clitest.Background(t, append(args, "-b", c.Bootstrap())...)
			time.Sleep(700 * time.Millisecond) // past the start, into the question
			sent := time.Now()
			if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
			r := wait()
			if took := time.Since(sent); took > time.Second {
				t.Errorf("ended %s after SIGTERM", took)
			}
			r.Want(t, cli.ExitInterrupted)
			r.WantErr(t, `interrupted`)
		})
	}
}

func lastLine(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return lines[len(lines)-1]
}
