package main

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"kafkactl/internal/kafkatest"
)

// While one of three brokers is frozen an apply with RF 3 must not end well: its
// replicas are in no one's hands. Once the broker thaws it must.
func TestRealFrozenBroker(t *testing.T) {
	t.Parallel() // it has its own brokers, and mostly waits
	for _, flavour := range []kafkatest.Flavour{kafkatest.Kraft3, kafkatest.ZK3} {
		t.Run(string(flavour), func(t *testing.T) {
			t.Parallel()
			c := kafkatest.Start(t, kafkatest.Options{Flavour: flavour})
			frozen := c.BrokerIDs()[2]
			if err := c.Pause(frozen); err != nil {
				t.Fatal(err)
			}
			spec := specFile(t, 3, "  frozen.a: {}\n  frozen.b: {}\n")

			// Its session lives for some seconds yet: created with a replica on it.
			short := kafkactl(t, "apply", "--timeout", "4s", "-f", spec, "-b", c.Bootstrap())
			short.want(t, exitTimeout)
			if short.took > 6*time.Second {
				t.Errorf("a timeout of 4s took %s", short.took)
			}

			_, wait := background(t, "apply", "--timeout", "110s", "-f", spec, "-b", c.Bootstrap())
			ended := make(chan runResult, 1)
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
			thawed.want(t, exitDone, `^2 topics: 2 created|^2 topics in sync`)
			wantShapes(t, c, map[string]string{"frozen.a": "3 partitions, RF 3", "frozen.b": "3 partitions, RF 3"})
			if under := apache(t, c, "kafka-topics", "--describe", "--under-replicated-partitions"); strings.Contains(under, "frozen.") {
				t.Errorf("exit 0, and yet under-replicated:\n%s", under)
			}
		})
	}
}

// A broker that stops in the middle of apply makes it fail with the reason, or
// converge; the code never lies.
func TestRealBrokerStopsDuringApply(t *testing.T) {
	t.Parallel() // it has its own brokers, and mostly waits
	for _, flavour := range []kafkatest.Flavour{kafkatest.ZK3, kafkatest.Kraft3} {
		t.Run(string(flavour), func(t *testing.T) {
			t.Parallel()
			c := kafkatest.Start(t, kafkatest.Options{Flavour: flavour})
			var topics strings.Builder
			for i := range 60 {
				fmt.Fprintf(&topics, "  stopped.t%d: {}\n", i)
			}
			spec := specFile(t, 3, topics.String())
			victim := c.BrokerIDs()[1]
			_, wait := background(t, "apply", "--timeout", "15s", "-f", spec, "-b", c.Bootstrap())
			for start := time.Now(); askTopics(t, c.Addrs()[0], "stopped.t0")[0].ErrorCode != 0; {
				if time.Since(start) > 15*time.Second { // into the creation of 180 partitions
					t.Fatal("apply made nothing for 15s")
				}
			}
			if err := c.Kill(victim); err != nil {
				t.Fatal(err)
			}
			r := wait()
			t.Logf("exit %d after %s: %s", r.code, r.took.Round(time.Millisecond), lastLine(r.stderr+r.stdout))
			switch exitCode(r.code) {
			case exitDone: // only if it was all there before the broker died
				r.want(t, exitDone, `^60 topics`)
			case exitFailed, exitTimeout:
				// What the brokers refused after one of them had died is in the report, what they then
				// lacked is in the error: one of the two is about brokers or replicas.
				told := runResult{stdout: r.stdout + r.stderr}
				told.want(t, exitDone, `^(x stopped\.t\d+ +failed|kafkactl: (not ready after|the topics are not usable on every broker:|broker \d)) .*(broker|replica|K\d|unable to dial)`)
				r.wantErr(t, `^kafkactl: (not ready after|the topics are not usable on every broker:|not in sync:) `)
			default:
				t.Fatalf("unexpected %v", r)
			}
			if err := c.StartBroker(victim); err != nil {
				t.Fatal(err)
			}
			kafkactl(t, "apply", "--timeout", "100s", "-f", spec, "-b", c.Bootstrap()).want(t, exitDone, `^60 topics`)
			under := apache(t, c, "kafka-topics", "--describe", "--under-replicated-partitions")
			if strings.Contains(under, "stopped.") {
				t.Errorf("exit 0, and yet under-replicated:\n%s", under)
			}
		})
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
				spec := specFile(t, 1, topics.String())
				_, waitA := background(t, "apply", "-f", spec, "-b", c.Bootstrap())
				_, waitB := background(t, "apply", "-f", spec, "-b", c.Bootstrap())
				a, b := waitA(), waitB()
				a.want(t, exitDone, `^11 topics`)
				b.want(t, exitDone, `^11 topics`)
				wantShapes(t, c, want)
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
		{"apply", "-f", stackFile()}, {"wait"}, {"list", "--timeout", "60s"},
	} {
		t.Run(args[0], func(t *testing.T) {
			cmd, wait := background(t, append(args, "-b", c.Bootstrap())...)
			time.Sleep(700 * time.Millisecond) // past the start, into the question
			sent := time.Now()
			if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
			r := wait()
			if took := time.Since(sent); took > time.Second {
				t.Errorf("ended %s after SIGTERM", took)
			}
			r.want(t, exitInterrupted)
			r.wantErr(t, `interrupted`)
		})
	}
}

func lastLine(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return lines[len(lines)-1]
}
