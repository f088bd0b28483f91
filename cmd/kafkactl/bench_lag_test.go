package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/cmd/kafkactl/internal/groups"
	"kafkactl/internal/kafkatest"
)

const (
	benchGroups     = 1000
	benchPartitions = 10
)

// lagBench is 1,000 groups without members on a topic of 10 partitions; group i has
// committed offset i%7 in each of them, so that no two neighbours have the same lag.
func lagBench(b *testing.B, c *kafkatest.Cluster) {
	b.Helper()
	client, err := kgo.NewClient(kgo.SeedBrokers(c.Addrs()...), kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.UnknownTopicRetries(-1))
	if err != nil {
		b.Fatal(err)
	}
	defer client.Close()
	adm := kadm.NewClient(client)
	if _, err := adm.CreateTopic(b.Context(), benchPartitions, 1, nil, "bench.lag"); err != nil {
		b.Fatal(err)
	}
	var records []*kgo.Record
	for p := range int32(benchPartitions) {
		for range 10 {
			records = append(records, &kgo.Record{Topic: "bench.lag", Partition: p, Value: []byte("x")})
		}
	}
	if err := client.ProduceSync(b.Context(), records...).FirstErr(); err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(b.Context(), time.Minute)
	defer cancel()
	for i := range benchGroups {
		offsets := make(kadm.Offsets)
		for p := range int32(benchPartitions) {
			offsets.AddOffset("bench.lag", p, int64(i%7), -1)
		}
		for err = adm.CommitAllOffsets(ctx, benchGroup(i), offsets); err != nil; err = adm.CommitAllOffsets(ctx, benchGroup(i), offsets) {
			select { // the first group of a cluster waits for its coordinator
			case <-ctx.Done():
				b.Fatal(err)
			case <-time.After(100 * time.Millisecond):
			}
		}
	}
}

func benchGroup(i int) string { return fmt.Sprintf("bench-%04d", i) }

// BenchmarkLag is all groups at once, beside Apache's tool, which is run once, and kcl and
// rpk where they are installed. Ours must be right, too.
func BenchmarkLag(b *testing.B) {
	c, k := kafkatest.Shared(b, kafkatest.Kraft1), newBuilds(b)
	lagBench(b, c)
	rightLag(b, k.command("lag", "-b", c.Bootstrap(), "-o", "json"))
	rivals := map[string][]string{
		"kcl": {"sh", "-c", "kcl -B " + c.Bootstrap() + " group list | awk 'NR>1{print $2}' | xargs kcl -B " + c.Bootstrap() + " group describe"},
		"rpk": {"rpk", "group", "describe", "-r", ".*", "-X", "brokers=" + c.Bootstrap()},
	}
	var all, one, partitions pair
	theirs := make(map[string][]sample)
	for b.Loop() {
		all.time(k, "lag", "-b", c.Bootstrap())
		one.time(k, "lag", "-b", c.Bootstrap(), benchGroup(1))
		partitions.time(k, "lag", "-b", c.Bootstrap(), "--by", "partition") // with the time lag of each
		for name, args := range rivals {
			if _, err := exec.LookPath(name); err == nil {
				theirs[name] = append(theirs[name], timed(b, exec.CommandContext(b.Context(), args[0], args[1:]...)))
			}
		}
	}
	apaches := []sample{timed(b, c.CLICommand("kafka-consumer-groups", "--bootstrap-server", "{b}", "--describe", "--all-groups"))}
	beside(b, all, apaches, "kafka-consumer-groups")
	one.report(b, "one-group")
	partitions.report(b, "by-partition")
	for name := range rivals {
		if theirs[name] == nil {
			b.Logf("%s is not installed: nothing to compare with", name)
			continue
		}
		b.ReportMetric(medianMS(theirs[name]), name+"-ms")
	}
}

// rightLag fails unless every total is the truth.
func rightLag(b *testing.B, cmd *exec.Cmd) {
	b.Helper()
	out, err := cmd.Output()
	if err != nil {
		b.Fatal(err)
	}
	var doc groups.LagDoc
	if err := json.Unmarshal(out, &doc); err != nil {
		b.Fatal(err)
	}
	right := 0
	for _, g := range doc.Groups {
		var i int64
		if _, err := fmt.Sscanf(g.Group, "bench-%d", &i); err != nil || !strings.HasPrefix(g.Group, "bench-") {
			continue
		}
		if g.TotalLag != nil && *g.TotalLag == benchPartitions*(10-i%7) {
			right++
		}
	}
	if right != benchGroups {
		b.Fatalf("%d of %d totals are right", right, benchGroups)
	}
}
