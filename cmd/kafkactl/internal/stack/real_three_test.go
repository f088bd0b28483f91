package stack

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

// Rows 11, 12 and 28 on three brokers, and a broker that comes late.
func TestRealThreeBrokers(t *testing.T) {
	t.Parallel() // it has its own brokers, and mostly waits
	c := kafkatest.Prepare(t, kafkatest.Options{Flavour: kafkatest.Kraft3})
	spec := []string{"-f", clitest.StackFile(), "--profile", "production", "-b", c.Bootstrap()}
	on := func(command string, more ...string) []string {
		return append(append([]string{command}, spec...), more...)
	}
	if err := c.LaunchWithout(3); err != nil {
		t.Fatal(err)
	}
	t.Run("a broker started late", func(t *testing.T) {
		_, late := clitest.Background(t, on("apply", "--timeout", "110s")...)
		if err := c.WaitReady(t.Context()); err != nil {
			t.Fatal(err)
		}
		clitest.Told{
			Args: on("wait", "--timeout", "2s"), Code: cli.ExitTimeout, Within: 2*time.Second + clitest.Busy,
			Stdout: []string{`^wait +K1  TCP accepts +` + c.Addrs()[2] + `: connection refused$`},
		}.Check(t)
		if err := c.StartBroker(3); err != nil {
			t.Fatal(err)
		}
		late().Want(t, cli.ExitDone, `^11 topics: 11 created`)
		clitest.WantUsable(t, c)
		clitest.WantShapes(t, c, clitest.StackShapes(3))
	})
	t.Run("28 one of three down", func(t *testing.T) {
		if err := c.Kill(3); err != nil {
			t.Fatal(err)
		}
		clitest.WaitDropped(t, c)
		clitest.Told{
			Args: on("health"), Code: cli.ExitDone, Within: 2 * clitest.Busy,
			Stdout: []string{
				`^warn +K1  TCP accepts +\d+ms +` + c.Addrs()[2] + `: connection refused; `,
				`^warn +K3  enough brokers +\d+ms +2 brokers, 3 needed \(topic "order\.created" has replicationFactor 3\); .*: 3$`,
				`^warn +K7  topics usable +\d+ms +33 at-min-isr: cart\.cleared/0: 2 of 3 .*\(1, 2\).* 2; .*and 30 more$`,
				`^degraded: 2 brokers, kraft, cluster `,
			},
			Docs: "without-a-spare",
		}.Check(t)
		clitest.Told{Args: on("health", "--strict"), Code: cli.ExitCondition, Within: 2 * clitest.Busy, Stderr: []string{`^kafkactl: degraded: K1 TCP accepts: `}}.Check(t)
	})
	t.Run("11 fewer brokers than replicas, and the third one registered", func(t *testing.T) {
		live := strings.Join(c.Addrs()[:2], ",")
		clitest.Told{ // it exists, so it is waited for as long as was asked
			Args: []string{"wait", "-f", clitest.StackFile(), "--profile", "production", "-b", live, "--timeout", "7s"}, Code: cli.ExitTimeout, Within: 7*time.Second + clitest.Busy,
			Stderr: []string{`^kafkactl: not ready after \S+: K3 enough brokers: 2 brokers, 3 needed \(.*\); .*: 3$`},
			Docs:   "registered-but-fenced",
		}.Check(t)
	})
	t.Run("12 no quorum", func(t *testing.T) {
		if err := c.Kill(2); err != nil {
			t.Fatal(err)
		}
		clitest.Told{
			Args: []string{"wait", "-b", c.Addrs()[0], "--min-brokers", "1", "--timeout", "4s"}, Code: cli.ExitTimeout, Within: 4*time.Second + clitest.Busy,
			Stderr: []string{ // the dead one stays listed: nobody is left to fence it
				`^kafkactl: not ready after \S+: K4 .*` + c.Addrs()[0] + ` .*` + c.Addrs()[1] + ` \(broker 2\): `,
				`^hint: .*broker 2 `,
			},
			Docs: "one-broker-down",
		}.Check(t)
	})
}

// A frozen broker among three is never taken for ready, and holds no command beyond its timeout.
func TestRealFrozenBrokerIsNotReady(t *testing.T) {
	t.Parallel() // it has its own brokers, and mostly waits
	for _, flavour := range []kafkatest.Flavour{kafkatest.Kraft3, kafkatest.ZK3} {
		t.Run(string(flavour), func(t *testing.T) {
			t.Parallel()
			c := kafkatest.Start(t, kafkatest.Options{Flavour: flavour})
			spec := []string{"-f", clitest.StackFile(), "--profile", "production", "-b", c.Bootstrap()}
			on := func(command string, more ...string) []string {
				return append(append([]string{command}, spec...), more...)
			}
			clitest.Kafkactl(t, on("apply")...).Want(t, cli.ExitDone)
			if err := c.Pause(3); err != nil {
				t.Fatal(err)
			}
			frozen := c.Addrs()[2]
			notReady := func(commands ...[]string) {
				for _, command := range commands {
					clitest.Told{
						Args: append(command, "--timeout", "1500ms"), Code: cli.ExitTimeout, Within: 1500*time.Millisecond + clitest.Busy,
						Stderr: []string{`^kafkactl: not ready after \S+: K2 speaks Kafka: ` + frozen + `: accepts TCP, then says nothing$`},
					}.Check(t)
				}
				clitest.Told{Args: on("health", "--min-brokers", "3"), Code: cli.ExitCondition, Within: 2 * clitest.Busy, Stdout: []string{`^not ready: K2 `}}.Check(t)
			}
			notReady(on("wait"), on("apply")) // the others still list it
			clitest.WaitDropped(t, c)
			notReady(on("wait", "--for", "topics")) // they do not any more
			// Asked of a live address alone, its advertised address is the fault as long as it is
			// listed.
			if err := c.Resume(3); err != nil {
				t.Fatal(err)
			}
			clitest.Kafkactl(t, on("wait", "--for", "topics", "--timeout", "60s")...).Want(t, cli.ExitDone, `^ready in `)
			if err := c.Pause(3); err != nil {
				t.Fatal(err)
			}
			clitest.Told{
				Args: []string{"wait", "-b", c.Addrs()[0], "--timeout", "1500ms"}, Code: cli.ExitTimeout, Within: 1500*time.Millisecond + clitest.Busy,
				Stderr: []string{
					`^kafkactl: not ready after \S+: K4 .*` + c.Addrs()[0] + ` .*` + frozen + ` \(broker 3\): no answer$`,
					`^hint: .*broker 3 `,
				},
			}.Check(t)
			if flavour == kafkatest.ZK3 {
				t.Run("12 no controller", func(t *testing.T) { controllerGone(t, c) })
			}
		})
	}
}

// controllerGone kills the controller of three brokers, of which the third is frozen and thawed for
// it. Until its session ends the others list it and elect nobody; without ZooKeeper they never do.
func controllerGone(t *testing.T, c *kafkatest.Cluster) {
	if err := c.Resume(3); err != nil {
		t.Fatal(err)
	}
	clitest.WaitDropped(t, c)
	left := c.BrokerIDs()
	kill := func() (gone int, other string) {
		gone = controllerOf(t, c.Addrs()[left[0]-1])
		if err := c.Kill(gone); err != nil {
			t.Fatal(err)
		}
		left = slices.DeleteFunc(left, func(id int) bool { return id == gone })
		return gone, c.Addrs()[left[0]-1]
	}
	gone, other := kill()
	clitest.Told{
		Args: []string{"wait", "-b", other, "--timeout", "1500ms"}, Code: cli.ExitTimeout, Within: 1500*time.Millisecond + clitest.Busy,
		Stderr: []string{
			fmt.Sprintf(`^kafkactl: not ready after \S+: K4 .*%s .*%s \(broker %d\): connection refused$`, other, c.Addrs()[gone-1], gone),
			fmt.Sprintf(`^hint: .*broker %d `, gone),
		},
	}.Check(t)
	clitest.WaitDropped(t, c) // and another one elected; what two brokers cannot do is another rung's
	clitest.Told{
		Args: []string{"health", "-b", other}, Code: cli.ExitCondition, Within: 2 * clitest.Busy,
		Stdout: []string{`^pass +K4 `, fmt.Sprintf(`^pass +K5  a controller acts +\d+ms +%s names controller [^%d], a live broker$`, other, gone), `^not ready: K8 coordinators: consumer groups cannot work: `},
	}.Check(t)
	if err := c.StopZooKeeper(); err != nil {
		t.Fatal(err)
	}
	_, other = kill()
	clitest.Told{
		Args: []string{"wait", "-b", other, "--zookeeper", c.ZooKeeper(), "--timeout", "1500ms"}, Code: cli.ExitTimeout, Within: 1500*time.Millisecond + clitest.Busy,
		Stderr: []string{
			`^kafkactl: not ready after \S+: Z1 ZooKeeper TCP accepts: ` + c.ZooKeeper() + `: connection refused$`,
			"^hint: is ZooKeeper started\\? `docker compose ps zookeeper` shows it$",
		},
	}.Check(t)
}

// controllerOf is the id of the controller, as the broker at addr says.
func controllerOf(t *testing.T, addr string) (id int) {
	t.Helper()
	err := clitest.AskSingle(t.Context(), addr, func(ctx context.Context, at *kgo.Broker) error {
		meta, err := clitest.Metadata(ctx, at)
		if err == nil {
			id = int(meta.ControllerID)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}
