package spec

import (
	"testing"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

// What a broker that is away for a while does to plans, on brokers that the tests share one after the other.
func TestRealBrokerWasAway(t *testing.T) {
	t.Parallel() // it has its own brokers, and mostly waits
	c := kafkatest.Start(t, kafkatest.Options{Flavour: kafkatest.Kraft3})
	t.Run("plan file of a move", func(t *testing.T) { planFileOfAMove(t, c) })
	t.Run("stale settings", func(t *testing.T) { staleSettings(t, c) })
}

// Kafka 4.3: a topic with settings is deleted and made anew without them, then a broker is killed
// and started: it alone shows the settings of the topic that is gone, for ever. The plan is over
// what all brokers show, and apply mends what the others lack.
func staleSettings(t *testing.T, c *kafkatest.Cluster) {
	spec := clitest.SpecFile(t, 3, "  stale.a: {config: {min.insync.replicas: 2, retention.ms: 1h}}\n")
	on := func(command string, more ...string) clitest.RunResult {
		return clitest.Kafkactl(t, append([]string{command, "-f", spec, "-b", c.Bootstrap()}, more...)...)
	}
	on("apply").Want(t, cli.ExitDone, `1 created`)
	clitest.Kafkactl(t, "delete", "stale.a", "--yes", "-b", c.Bootstrap()).Want(t, cli.ExitDone)
	clitest.CreateByHand(t, c, "stale.a", 3, 3)
	lowest := c.BrokerIDs()[0]
	if err := c.Kill(lowest); err != nil {
		t.Fatal(err)
	}
	if err := c.StartBroker(lowest); err != nil {
		t.Fatal(err)
	}
	if err := c.WaitReady(t.Context()); err != nil {
		t.Fatal(err)
	}
	on("plan", "--check").Want(t, cli.ExitCondition, `min\.insync\.replicas`)
	on("apply").Want(t, cli.ExitDone, `changed`)
	on("plan", "--check").Want(t, cli.ExitDone, `^1 topic in sync`)
}
