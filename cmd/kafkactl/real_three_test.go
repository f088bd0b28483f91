package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"kafkactl/internal/kafkatest"
)

// Rows 11, 12 and 28 on three brokers, and a broker that comes late.
func TestRealThreeBrokers(t *testing.T) {
	c := newCluster(t, kafkatest.Options{Flavour: kafkatest.Kraft3})
	spec := []string{"-f", stackFile, "--profile", "production", "-b", c.Bootstrap()}
	on := func(command string, more ...string) []string {
		return append(append([]string{command}, spec...), more...)
	}
	if err := c.LaunchWithout(3); err != nil {
		t.Fatal(err)
	}
	t.Run("a broker started late", func(t *testing.T) {
		_, late := background(t, on("apply", "--timeout", "110s")...)
		if err := c.WaitReady(t.Context()); err != nil {
			t.Fatal(err)
		}
		told{
			args: on("wait", "--timeout", "2s"), code: exitTimeout, within: 2*time.Second + busy,
			stdout: []string{`^wait +K1  TCP accepts +` + c.Addrs()[2] + `: connection refused$`},
		}.check(t)
		if err := c.StartBroker(3); err != nil {
			t.Fatal(err)
		}
		late().want(t, exitDone, `^11 topics: 11 created`)
		wantUsable(t, c)
		wantShapes(t, c, stackShapes(3))
	})
	t.Run("28 one of three down", func(t *testing.T) {
		if err := c.Kill(3); err != nil {
			t.Fatal(err)
		}
		waitDropped(t, c)
		told{
			args: on("health"), code: exitDone, within: 2 * busy,
			stdout: []string{
				`^warn +K1  TCP accepts +\d+ms +` + c.Addrs()[2] + `: connection refused; `,
				`^warn +K3  enough brokers +\d+ms +2 brokers, 3 needed \(topic "order\.created" has replicationFactor 3\); registered but fenced, without a heartbeat: 3$`,
				`^warn +K7  topics usable +\d+ms +33 at-min-isr: cart\.cleared/0: 2 of 3 replicas in sync \(1, 2\), min\.insync\.replicas 2; .*and 30 more$`,
				`^degraded: 2 brokers, kraft, cluster `,
			},
		}.check(t)
		told{args: on("health", "--strict"), code: exitCondition, within: 2 * busy, stderr: []string{`^kafkactl: degraded: K1 TCP accepts: `}}.check(t)
	})
	t.Run("11 fewer brokers than replicas, and the third one registered", func(t *testing.T) {
		live := strings.Join(c.Addrs()[:2], ",")
		told{ // it exists, so it is waited for as long as was asked
			args: []string{"wait", "-f", stackFile, "--profile", "production", "-b", live, "--timeout", "7s"}, code: exitTimeout, within: 7*time.Second + busy,
			stderr: []string{`^kafkactl: not ready after \S+: K3 enough brokers: 2 brokers, 3 needed \(.*\); registered but fenced, without a heartbeat: 3$`},
		}.check(t)
	})
	t.Run("12 no quorum", func(t *testing.T) {
		if err := c.Kill(2); err != nil {
			t.Fatal(err)
		}
		told{
			args: []string{"wait", "-b", c.Addrs()[0], "--min-brokers", "1", "--timeout", "4s"}, code: exitTimeout, within: 4*time.Second + busy,
			stderr: []string{
				`^kafkactl: not ready after \S+: (K4 .*connection refused|K5 a controller acts: (.* finds no controller to pass DescribeQuorum on to|DescribeQuorum: .*|the metadata quorum has no leader.*))`,
			},
		}.check(t)
	})
}

// waitDropped returns when the live brokers no longer list the ones that are gone.
func waitDropped(t *testing.T, c *kafkatest.Cluster) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := c.WaitReady(ctx); err != nil {
		t.Fatal(err)
	}
}

// A frozen broker among three is never taken for ready, and holds no command beyond its
// timeout.
func TestRealFrozenBrokerIsNotReady(t *testing.T) {
	for _, flavour := range []kafkatest.Flavour{kafkatest.Kraft3, kafkatest.ZK3} {
		t.Run(string(flavour), func(t *testing.T) {
			c := kafkatest.Start(t, kafkatest.Options{Flavour: flavour})
			spec := []string{"-f", stackFile, "--profile", "production", "-b", c.Bootstrap()}
			on := func(command string, more ...string) []string {
				return append(append([]string{command}, spec...), more...)
			}
			kafkactl(t, on("apply")...).want(t, exitDone)
			if err := c.Pause(3); err != nil {
				t.Fatal(err)
			}
			frozen := c.Addrs()[2]
			notReady := func(commands ...[]string) {
				for _, command := range commands {
					told{
						args: append(command, "--timeout", "1500ms"), code: exitTimeout, within: 1500*time.Millisecond + busy,
						stderr: []string{`^kafkactl: not ready after \S+: K2 speaks Kafka: ` + frozen + `: accepts TCP, then says nothing$`},
					}.check(t)
				}
				told{args: on("health", "--min-brokers", "3"), code: exitCondition, within: 2 * busy, stdout: []string{`^not ready: K2 `}}.check(t)
			}
			notReady(on("wait"), on("apply")) // the others still list it
			waitDropped(t, c)
			notReady(on("wait", "--for", "topics")) // they do not any more
			// Asked of a live address alone, its advertised address is the fault as long as it is listed.
			if err := c.Resume(3); err != nil {
				t.Fatal(err)
			}
			kafkactl(t, on("wait", "--for", "topics", "--timeout", "60s")...).want(t, exitDone, `^ready in `)
			if err := c.Pause(3); err != nil {
				t.Fatal(err)
			}
			told{
				args: []string{"wait", "-b", c.Addrs()[0], "--timeout", "1500ms"}, code: exitTimeout, within: 1500*time.Millisecond + busy,
				stderr: []string{`^kafkactl: not ready after \S+: K4 advertised addresses answer: ` + c.Addrs()[0] + ` answers, but sends clients on to ` + frozen + ` \(broker 3\): no answer$`},
			}.check(t)
		})
	}
}
