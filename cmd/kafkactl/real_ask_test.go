package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/internal/kafkatest"
)

// The ladder tells ZooKeeper and KRaft apart: Z1 and Z2 hold on the one and do not
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
			kafkactl(t, args...).want(t, exitDone, test.ready)
			var doc readinessDoc
			r := kafkactl(t, append(args, "-o", "json")...)
			if err := json.Unmarshal([]byte(r.stdout), &doc); err != nil {
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
		spec := specFile(t, 1, "  awaited.topic: {}\n")
		args := []string{"wait", "--for", "topics", "-f", spec, "-b", c.Bootstrap()}
		kafkactl(t, append(args, "--timeout", "1s")...).want(t, exitTimeout, `^wait +K7 .*awaited\.topic`)
		createByHand(t, c, "awaited.topic", 3, 1)
		kafkactl(t, args...).want(t, exitDone, `^ready in`)
		kafkactl(t, "wait", "--for", "topic:awaited.topic", "-b", c.Bootstrap()).want(t, exitDone, `^ready in`)
	})
}

// A pipeline waits for its consumers before it produces: the groups have joined, of
// both protocols, and no group is made by asking.
func TestRealWaitForGroups(t *testing.T) {
	t.Parallel() // it has its own brokers
	c := kafkatest.Start(t, kafkatest.Options{Flavour: kafkatest.Kraft1})
	createByHand(t, c, "grouped.topic", 3, 1)
	wait := []string{"wait", "--for", "group:classic-group,group:next-group", "-b", c.Bootstrap()}
	kafkactl(t, append(wait, "--timeout", "1s")...).want(t, exitTimeout, `^wait +G1  groups consume +classic-group: no such group yet; next-group: no such group yet$`)
	if internal := apache(t, c, "kafka-topics", "--list"); strings.Contains(internal, "__consumer_offsets") {
		t.Error("asking for a group made __consumer_offsets")
	}
	_, waited := background(t, append(wait, "--timeout", "60s", "-o", "json")...)
	for group, protocol := range map[string]kgo.Opt{"classic-group": kgo.Balancers(kgo.RangeBalancer()), "next-group": kgo.ServerSideBalancer()} {
		consumer, err := kgo.NewClient(kgo.SeedBrokers(c.Addrs()...), kgo.ConsumerGroup(group), kgo.ConsumeTopics("grouped.topic"), protocol)
		if err != nil {
			t.Fatal(err)
		}
		defer consumer.Close()
		go consumer.PollFetches(t.Context())
	}
	r := waited()
	r.want(t, exitDone, `"rung":"G1","question":"groups consume","verdict":"pass","evidence":"classic-group: stable, 1 member; next-group: stable, 1 member"`)
}

// The data path of every broker, on a cluster where each leads one partition of the
// topic that is made for it; nothing is left of it.
func TestRealDataPath(t *testing.T) {
	for _, flavour := range []kafkatest.Flavour{kafkatest.Kraft1, kafkatest.ZK1} {
		t.Run(string(flavour), func(t *testing.T) {
			c := kafkatest.Shared(t, flavour)
			for _, command := range []string{"wait", "health"} {
				kafkactl(t, command, "--data-path", "-b", c.Bootstrap(), "-o", "json").want(t, exitDone,
					`"rung":"K9","question":"data path","verdict":"pass","evidence":"1 record written to and read from 1 broker"`)
			}
			if left := apache(t, c, "kafka-topics", "--list"); strings.Contains(left, "kafkactl.") {
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
			kafkactl(t, on("create", "one.topic", "--partitions", "2", "--replication-factor", "1", "--config", "retention.ms=2h")...).
				want(t, exitDone, `^\+ one\.topic  created  2 partitions, replication factor 1, retention\.ms=2h$`)
			kafkactl(t, on("create", "one.topic")...).want(t, exitFailed)
			kafkactl(t, on("create", "one_topic")...).wantErr(t, `INVALID_TOPIC_EXCEPTION: .*collides`)
			kafkactl(t, on("create", "other.topic", "--replication-factor", "2")...).wantErr(t, `^kafkactl: topic "other\.topic": INVALID_REPLICATION_FACTOR: `)
			kafkactl(t, on("alter", "one.topic", "--partitions", "4", "--config", "cleanup.policy=compact,delete", "--delete-config", "retention.ms")...).
				want(t, exitDone, `^1 topic: 1 changed`)
			kafkactl(t, on("alter", "one.topic", "--partitions", "4", "--config", "cleanup.policy=delete,compact")...).want(t, exitDone, `^1 topic in sync`)
			kafkactl(t, on("alter", "one.topic", "--partitions", "3")...).want(t, exitFailed, `^! one\.topic  blocked  partitions 4 → 3`)
			wantShapes(t, c, map[string]string{"one.topic": "4 partitions, RF 1"})
			configs := apache(t, c, "kafka-configs", "--describe", "--entity-type", "topics", "--entity-name", "one.topic")
			if strings.Contains(configs, "retention.ms") || !strings.Contains(configs, "cleanup.policy=compact,delete") {
				t.Errorf("kafka-configs says:\n%s", configs)
			}

			described := kafkactl(t, on("describe", "one.topic")...)
			described.want(t, exitDone, `^one\.topic: ok, 4 partitions, replication factor 1$`, `^cleanup\.policy +compact,delete +DYNAMIC_TOPIC_CONFIG$`)
			for p := range 4 {
				described.want(t, exitDone, fmt.Sprintf(`^%d +%d +%[2]d +%[2]d +0 +0 +0 +0 B +ok$`, p, c.BrokerIDs()[0]))
			}
			kafkactl(t, on("list", "-o", "name")...).want(t, exitDone, `^one\.topic$`)
			kafkactl(t, on("describe", "one.topics")...).want(t, exitNotFound)

			kafkactl(t, on("delete", "one.topic", "--yes")...).want(t, exitDone, `^- one\.topic  deleted`)
			if shape, there := shapes(t, c)["one.topic"]; there {
				t.Errorf("after delete kafka-topics shows %s", shape)
			}
			kafkactl(t, on("create", "one.topic", "--partitions", "1")...).want(t, exitDone, `created`)
		})
	}
}
