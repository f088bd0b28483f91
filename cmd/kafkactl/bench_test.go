package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

// Benchmarks of whole processes: the binary as it ships beside what people use today and, with
// `make bench BASE=…`, beside another build of kafkactl (bench_pair_test.go). They take turns
// within one run, because only ratios survive a noisy machine. Nothing here fails for being slow.

// shipped builds the binary as `make build` does.
func shipped(b *testing.B) string {
	b.Helper()
	binary := filepath.Join(b.TempDir(), "kafkactl")
	cmd := exec.CommandContext(b.Context(), "go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w", "-o", binary, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("build: %v\n%s", err, out)
	}
	return binary
}

// sample is what one process took. Only [recordField.move] knows the peak memory: what the kernel
// reports of a child that has ended includes this process's own memory before the exec.
type sample struct {
	wall   time.Duration
	peakMB float64
}

// timed runs a command that must succeed.
func timed(b *testing.B, cmd *exec.Cmd) sample {
	b.Helper()
	var stderr strings.Builder
	cmd.Stdout, cmd.Stderr = io.Discard, &stderr
	start := time.Now()
	if err := cmd.Run(); err != nil {
		b.Fatalf("%v: %v\n%s", cmd.Args, err, stderr.String())
	}
	return sample{wall: time.Since(start)}
}

// medianMS is the middle wall time in milliseconds.
func medianMS(samples []sample) float64 {
	walls := make([]time.Duration, len(samples))
	for i, s := range samples {
		walls[i] = s.wall
	}
	return milliseconds(median(walls))
}

// beside reports two ways to do the same thing, and how many times faster the
// first one is.
func beside(b *testing.B, ours pair, theirs []sample, name string) {
	b.Helper()
	ours.report(b, "kafkactl")
	b.ReportMetric(medianMS(theirs), name+"-ms")
	b.ReportMetric(medianMS(theirs)/medianMS(ours.ours), "x-faster")
}

// apacheLoop is the classic init container: one JVM a topic.
func apacheLoop(b *testing.B, c *kafkatest.Cluster, topics []string) sample {
	b.Helper()
	var total sample
	for _, topic := range topics {
		total.wall += timed(b, c.CLICommand("kafka-topics", "--bootstrap-server", "{b}", "--create", "--if-not-exists",
			"--topic", topic, "--partitions", "3", "--replication-factor", "1")).wall
	}
	return total
}

func BenchmarkApplyFresh(b *testing.B) {
	c, k := kafkatest.Shared(b, kafkatest.Kraft1), newBuilds(b)
	remove := func() {
		timed(b, k.command(append([]string{"delete", "--yes", "-b", c.Bootstrap()}, clitest.StackTopics()...)...))
	}
	var ours pair
	var theirs []sample
	for b.Loop() {
		ours.inTurn(k, func(binary string) sample {
			defer remove()
			return timed(b, exec.CommandContext(b.Context(), binary, "apply", "-f", clitest.StackFile(), "-b", c.Bootstrap()))
		})
		theirs = append(theirs, apacheLoop(b, c, clitest.StackTopics()))
		remove()
	}
	beside(b, ours, theirs, "apache-loop")
}

func BenchmarkApplyInSync(b *testing.B) {
	c, k := kafkatest.Shared(b, kafkatest.Kraft1), newBuilds(b)
	timed(b, k.command("apply", "-f", clitest.StackFile(), "-b", c.Bootstrap()))
	var ours pair
	var theirs []sample
	for b.Loop() {
		ours.time(k, "apply", "-f", clitest.StackFile(), "-b", c.Bootstrap())
		theirs = append(theirs, apacheLoop(b, c, clitest.StackTopics()))
	}
	beside(b, ours, theirs, "apache-loop")
}

// BenchmarkTopicctl needs topicctl on the PATH.
func BenchmarkTopicctl(b *testing.B) {
	rival, err := exec.LookPath("topicctl")
	if err != nil {
		b.Skip("topicctl is not installed: nothing to compare with")
	}
	c, k := kafkatest.Shared(b, kafkatest.Kraft1), newBuilds(b)
	cluster, topics := topicctlFiles(b, c)
	theirCommand := func() *exec.Cmd {
		return exec.CommandContext(b.Context(), rival, append([]string{"apply", "--skip-confirm", "--cluster-config", cluster}, topics...)...)
	}
	remove := k.command(append([]string{"delete", "--yes", "-b", c.Bootstrap()}, clitest.StackTopics()...)...)
	_ = remove.Run() // some benchmark before may have left them
	fresh := timed(b, theirCommand())
	var ours pair
	var theirs []sample
	for b.Loop() {
		ours.time(k, "apply", "-f", clitest.StackFile(), "-b", c.Bootstrap())
		theirs = append(theirs, timed(b, theirCommand()))
	}
	beside(b, ours, theirs, "topicctl-again")
	b.ReportMetric(float64(fresh.wall.Milliseconds()), "topicctl-fresh-ms")
}

// topicctlFiles writes the same 11 topics as topicctl wants them.
func topicctlFiles(b *testing.B, c *kafkatest.Cluster) (cluster string, topics []string) {
	b.Helper()
	dir := b.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			b.Fatal(err)
		}
		return file
	}
	cluster = write("cluster.yaml", fmt.Sprintf("meta: {name: bench, environment: local, region: none}\nspec: {bootstrapAddrs: [%q]}\n", c.Addrs()[0]))
	for _, name := range clitest.StackTopics() {
		topics = append(topics, write(name+".yaml", fmt.Sprintf(
			"meta: {name: %s, cluster: bench, environment: local, region: none}\nspec: {partitions: 3, replicationFactor: 1, placement: {strategy: any}}\n", name)))
	}
	return cluster, topics
}

func BenchmarkList5000(b *testing.B) {
	c, k := kafkatest.Shared(b, kafkatest.Kraft1), newBuilds(b)
	var spec strings.Builder
	spec.WriteString("version: 1\ndefaults: {partitions: 1, replicationFactor: 1}\ntopics:\n")
	for i := range 5000 {
		fmt.Fprintf(&spec, "  many.t%d: {}\n", i)
	}
	file := filepath.Join(b.TempDir(), "topics.yaml")
	if err := os.WriteFile(file, []byte(spec.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	created := timed(b, k.command("apply", "--timeout", "5m", "-f", file, "-b", c.Bootstrap()))
	var ours pair
	var theirs []sample
	for b.Loop() {
		ours.time(k, "list", "-b", c.Bootstrap())
		theirs = append(theirs, timed(b, c.CLICommand("kafka-topics", "--bootstrap-server", "{b}", "--list")))
	}
	beside(b, ours, theirs, "kafka-topics")
	b.ReportMetric(created.wall.Seconds(), "create-5000-s")
}

func BenchmarkVersion(b *testing.B) {
	k := newBuilds(b)
	info, err := os.Stat(k.shipped)
	if err != nil {
		b.Fatal(err)
	}
	var ours pair
	for b.Loop() {
		ours.time(k, "version")
	}
	ours.report(b, "kafkactl")
	b.ReportMetric(float64(info.Size())/1e6, "binary-MB")
}
