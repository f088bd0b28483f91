package main

import (
	"fmt"
	"testing"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kversion"

	"kafkactl/internal/kafkatest"
)

// manyTopics is an in-process Kafka with 10,000 topics of 3 partitions. Two cores do not
// hold so many in a real one beside the benchmark: see BenchmarkList5000 for half of the
// topics, with one partition each.
func manyTopics(b *testing.B) string {
	b.Helper()
	// As of 3.6: of DescribeTopicPartitions, which is later, Apache's tool does not take the
	// in-process Kafka's answers.
	seeds := []kfake.Opt{kfake.MaxVersions(kversion.V3_6_0())}
	for batch := range 10 {
		names := make([]string, 1000)
		for i := range names {
			names[i] = fmt.Sprintf("many.t%05d", batch*1000+i)
		}
		seeds = append(seeds, kfake.SeedTopics(3, names...))
	}
	_, addrs := kafkatest.Fake(b, seeds...)
	return addrs[0]
}

// BenchmarkList10000 lists 10,000 topics.
func BenchmarkList10000(b *testing.B) {
	c, k, addr := kafkatest.Shared(b, kafkatest.Kraft1), newBuilds(b), manyTopics(b)
	var ours pair
	var theirs []sample
	for b.Loop() {
		ours.time(k, "list", "-b", addr)
		theirs = append(theirs, timed(b, c.CLICommand("kafka-topics", "--bootstrap-server", addr, "--list")))
	}
	beside(b, ours, theirs, "kafka-topics")
}

// BenchmarkDescribe10000 describes one topic among 10,000.
func BenchmarkDescribe10000(b *testing.B) {
	c, k, addr := kafkatest.Shared(b, kafkatest.Kraft1), newBuilds(b), manyTopics(b)
	var ours pair
	var theirs []sample
	for b.Loop() {
		ours.time(k, "describe", "many.t04711", "-b", addr)
		theirs = append(theirs, timed(b, c.CLICommand("kafka-topics", "--bootstrap-server", addr, "--describe", "--topic", "many.t04711")))
	}
	beside(b, ours, theirs, "kafka-topics")
}

// BenchmarkSick10000 looks for sick partitions in all of 10,000 topics.
func BenchmarkSick10000(b *testing.B) {
	c, k, addr := kafkatest.Shared(b, kafkatest.Kraft1), newBuilds(b), manyTopics(b)
	var ours pair
	var theirs []sample
	for b.Loop() {
		ours.time(k, "describe", "--under-replicated", "-b", addr)
		theirs = append(theirs, timed(b, c.CLICommand("kafka-topics", "--bootstrap-server", addr, "--describe", "--under-replicated-partitions")))
	}
	beside(b, ours, theirs, "kafka-topics")
}
