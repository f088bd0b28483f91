package stack

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/cmd/kafkactl/internal/readiness"
	"kafkactl/internal/kafkatest"
)

// The ladder distinguishes ZooKeeper and KRaft: Z1 and Z2 hold on the one and do not
// apply to the other, even when an address is given.
func TestRealWait(t *testing.T) {
	for _, test := range []struct {
		flavour   kafkatest.Flavour
		zookeeper string // "" is the cluster's own
		ready     string
		rungs     map[string]string // evidence by rung
	}{
		{
			kafkatest.ZK1, "", `^ready in [0-9.]+s: 1 broker, zookeeper, cluster \S{22}$`,
			map[string]string{"Z2": "Mode: standalone", "K5": "controller"},
		},
		{
			kafkatest.Kraft1, "127.0.0.1:1", `^ready in [0-9.]+s: 1 broker, kraft, cluster \S{22}$`,
			map[string]string{"Z1": "KRaft cluster", "Z2": "KRaft cluster", "K5": "quorum"},
		},
	} {
		t.Run(string(test.flavour), func(t *testing.T) {
			c := kafkatest.Shared(t, test.flavour)
			args := []string{"wait", "--timeout", "30s", "-b", c.Bootstrap(), "--zookeeper", c.ZooKeeper() + test.zookeeper}
			clitest.Kafkactl(t, args...).Want(t, cli.ExitDone, test.ready)
			var doc readiness.Doc
			r := clitest.Kafkactl(t, append(args, "-o", "json")...)
			if err := json.Unmarshal([]byte(r.Stdout), &doc); err != nil {
				t.Fatalf("%v: %v", err, r)
			}
			for _, rung := range doc.Rungs {
				if want := test.rungs[rung.Rung]; !strings.Contains(rung.Evidence, want) {
					t.Errorf("%s: evidence %q, want %q in it", rung.Rung, rung.Evidence, want)
				}
			}
		})
	}
	t.Run("topics", func(t *testing.T) {
		c := kafkatest.Shared(t, kafkatest.Kraft1)
		spec := clitest.SpecFile(t, 1, "  awaited.topic: {}\n")
		args := []string{"wait", "--for", "topics", "-f", spec, "-b", c.Bootstrap()}
		clitest.Kafkactl(t, append(args, "--timeout", "1s")...).Want(t, cli.ExitTimeout, `^wait +K7 .*awaited\.topic`)
		clitest.CreateByHand(t, c, "awaited.topic", 3, 1)
		clitest.Kafkactl(t, args...).Want(t, cli.ExitDone, `^ready in`)
		clitest.Kafkactl(t, "wait", "--for", "topic:awaited.topic", "-b", c.Bootstrap()).Want(t, cli.ExitDone, `^ready in`)
	})
}

// A pipeline waits for its consumers before it produces: the groups have joined, of
// both protocols, and no group is made by asking.
func TestRealWaitForGroups(t *testing.T) {
	t.Parallel() // it has its own brokers
	c := kafkatest.Start(t, kafkatest.Options{Flavour: kafkatest.Kraft1})
	clitest.CreateByHand(t, c, "grouped.topic", 3, 1)
	wait := []string{"wait", "--for", "group:classic-group,group:next-group", "-b", c.Bootstrap()}
	clitest.Kafkactl(t, append(wait, "--timeout", "1s")...).Want(t, cli.ExitTimeout, `^wait +G1  groups consume +classic-group: no such group yet; next-group: no such group yet$`)
	if internal := clitest.Apache(t, c, "kafka-topics", "--list"); strings.Contains(internal, "__consumer_offsets") {
		t.Error("asking for a group made __consumer_offsets")
	}
	_, waited := clitest.Background(t, append(wait, "--timeout", "60s", "-o", "json")...)
	for group, protocol := range map[string]kgo.Opt{"classic-group": kgo.Balancers(kgo.RangeBalancer()), "next-group": kgo.ServerSideBalancer()} {
		consumer, err := kgo.NewClient(kgo.SeedBrokers(c.Addrs()...), kgo.ConsumerGroup(group), kgo.ConsumeTopics("grouped.topic"), protocol)
		if err != nil {
			t.Fatal(err)
		}
		defer consumer.Close()
		go consumer.PollFetches(t.Context())
	}
	r := waited()
	r.Want(t, cli.ExitDone, `"rung":"G1","question":"groups consume","verdict":"pass","evidence":"classic-group: stable, 1 member; next-group: stable, 1 member"`)
}

// The data path of every broker, on a cluster where each leads one partition of the
// topic that is made for it; nothing is left of it.
func TestRealDataPath(t *testing.T) {
	for _, flavour := range []kafkatest.Flavour{kafkatest.Kraft1, kafkatest.ZK1} {
		t.Run(string(flavour), func(t *testing.T) {
			c := kafkatest.Shared(t, flavour)
			for _, command := range []string{"wait", "health"} {
				clitest.Kafkactl(t, command, "--data-path", "-b", c.Bootstrap(), "-o", "json").Want(t, cli.ExitDone,
					`"rung":"K9","question":"data path","verdict":"pass","evidence":"1 record written to and read from 1 broker"`)
			}
			if left := clitest.Apache(t, c, "kafka-topics", "--list"); strings.Contains(left, "kafkactl.") {
				t.Errorf("left behind:\n%s", left)
			}
		})
	}
}

// The imperative recipes, judged by Apache's tools.
func TestRealOneTopic(t *testing.T) {
	for _, flavour := range []kafkatest.Flavour{kafkatest.ZK1, kafkatest.Kraft1} {
		t.Run(string(flavour), func(t *testing.T) {
			c := kafkatest.Shared(t, flavour)
			on := func(args ...string) []string { return append(args, "-b", c.Bootstrap()) }
			clitest.Kafkactl(t, on("create", "one.topic", "--partitions", "2", "--replication-factor", "1", "--config", "retention.ms=2h")...).
				Want(t, cli.ExitDone, `^\+ one\.topic  created  2 partitions, replication factor 1, retention\.ms=2h$`)
			clitest.Kafkactl(t, on("create", "one.topic")...).Want(t, cli.ExitFailed)
			clitest.Kafkactl(t, on("create", "one_topic")...).WantErr(t, `INVALID_TOPIC_EXCEPTION: .*collides`)
			clitest.Kafkactl(t, on("create", "other.topic", "--replication-factor", "2")...).WantErr(t, `^kafkactl: topic "other\.topic": INVALID_REPLICATION_FACTOR: `)
			clitest.Kafkactl(t, on("alter", "one.topic", "--partitions", "4", "--config", "cleanup.policy=compact,delete", "--delete-config", "retention.ms")...).
				Want(t, cli.ExitDone, `^1 topic: 1 changed`)
			clitest.Kafkactl(t, on("alter", "one.topic", "--partitions", "4", "--config", "cleanup.policy=delete,compact")...).Want(t, cli.ExitDone, `^1 topic in sync`)
			clitest.Kafkactl(t, on("alter", "one.topic", "--partitions", "3")...).Want(t, cli.ExitFailed, `^! one\.topic  blocked  partitions 4 → 3`)
			clitest.WantShapes(t, c, map[string]string{"one.topic": "4 partitions, RF 1"})
			configs := clitest.Apache(t, c, "kafka-configs", "--describe", "--entity-type", "topics", "--entity-name", "one.topic")
			if strings.Contains(configs, "retention.ms") || !strings.Contains(configs, "cleanup.policy=compact,delete") {
				t.Errorf("kafka-configs says:\n%s", configs)
			}

			described := clitest.Kafkactl(t, on("describe", "one.topic")...)
			described.Want(t, cli.ExitDone, `^one\.topic: ok, 4 partitions, replication factor 1$`, `^cleanup\.policy +compact,delete +DYNAMIC_TOPIC_CONFIG$`)
			for p := range 4 {
				described.Want(t, cli.ExitDone, fmt.Sprintf(`^%d +%d +%[2]d +%[2]d +0 +0 +0 +0 B +ok$`, p, c.BrokerIDs()[0]))
			}
			clitest.Kafkactl(t, on("list", "-o", "name")...).Want(t, cli.ExitDone, `^one\.topic$`)
			clitest.Kafkactl(t, on("describe", "one.topics")...).Want(t, cli.ExitNotFound)

			clitest.Kafkactl(t, on("delete", "one.topic", "--yes")...).Want(t, cli.ExitDone, `^- one\.topic  deleted`)
			if shape, there := clitest.Shapes(t, c)["one.topic"]; there {
				t.Errorf("after delete kafka-topics shows %s", shape)
			}
			clitest.Kafkactl(t, on("create", "one.topic", "--partitions", "1")...).Want(t, cli.ExitDone, `created`)
		})
	}
}
