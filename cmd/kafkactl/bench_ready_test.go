package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

// Benchmarks of readiness. Each round is a new cluster, started at the same moment as
// what waits for it. They judge no time, but a "ready" that is not true fails them.
//
// The number of rounds is fixed, 10 for nearly everything and whatever -benchtime says,
// because "0 of 10" needs its 10. All of them take a quarter of an hour;
// BENCH_ROUNDS=2 in the environment makes each of them 2.

// coldTimeout bounds one cold start; the slowest, three brokers on a busy machine, takes 20 s.
const coldTimeout = 2 * time.Minute

// rounds is how many rounds to run where usual is enough.
func rounds(b *testing.B, usual int) int {
	b.Helper()
	asked := os.Getenv("BENCH_ROUNDS")
	if asked == "" {
		return usual
	}
	n, err := strconv.Atoi(asked)
	if err != nil || n < 1 {
		b.Fatalf("BENCH_ROUNDS must be a count of at least 1, got %q", asked)
	}
	return n
}

// callOnce has the benchmark called once: without b.Loop it would be called for b.N 1
// and again for -benchtime. It clears metrics, so it comes first.
func callOnce(b *testing.B) {
	b.Helper()
	for b.Loop() {
	}
	b.ReportMetric(0, "ns/op")
}

// coldCluster is a cluster for one round, which end ends.
func coldCluster(b *testing.B, flavour kafkatest.Flavour) (c *kafkatest.Cluster, end func()) {
	b.Helper()
	c = kafkatest.Prepare(b, kafkatest.Options{Flavour: flavour})
	return c, func() { _ = c.Close() } // Prepare's own end comes too late: 10 clusters at once
}

// coldStart starts the cluster at the same moment as wait, which must end well, and
// returns when that was.
func coldStart(b *testing.B, c *kafkatest.Cluster, wait coldWait) (began, ready time.Time) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Context(), coldTimeout)
	defer cancel()
	ended := make(chan error, 1)
	began = time.Now()
	go func() { ended <- wait(ctx, c) }()
	if err := c.Launch(); err != nil {
		b.Fatal(err)
	}
	err := <-ended
	ready = time.Now()
	if err != nil {
		b.Fatalf("a cold start: %v", err)
	}
	return began, ready
}

// coldWait returns nil once it takes the cluster for ready.
type coldWait func(context.Context, *kafkatest.Cluster) error

// kafkactlCold runs one command of kafkactl for the stack's topics, with the profile
// production on three brokers.
func kafkactlCold(binary, command string) coldWait {
	return func(ctx context.Context, c *kafkatest.Cluster) error {
		cmd := exec.CommandContext(ctx, binary, command, "-f", clitest.StackFile(), "-b", c.Bootstrap())
		if clitest.ReplicationFactor(c) == 3 {
			cmd.Args = append(cmd.Args, "--profile", "production")
		}
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("kafkactl %s: %w\n%s", command, err, out)
		}
		return nil
	}
}

// When `kafkactl wait` ends, the brokers make the whole spec at the first request and
// each hands out a producer id; when `kafkactl apply` ends, the first use of every
// topic succeeds at each broker.
func BenchmarkFalseReady(b *testing.B) {
	kafkatest.Require(b, kafkatest.Brokers)
	binary := shipped(b)
	for _, flavour := range []kafkatest.Flavour{kafkatest.ZK1, kafkatest.ZK3, kafkatest.Kraft1, kafkatest.Kraft3} {
		b.Run(string(flavour), func(b *testing.B) {
			callOnce(b)
			waits := coldWaits(b, binary, flavour, rounds(b, 10))
			report(b, append(waits, coldApplies(b, binary, flavour, rounds(b, 10))...))
		})
	}
}

// `kafkactl apply` started with the broker, more often.
func BenchmarkColdApply(b *testing.B) {
	kafkatest.Require(b, kafkatest.Brokers)
	binary := shipped(b)
	for _, flavour := range []kafkatest.Flavour{kafkatest.ZK1, kafkatest.Kraft1} {
		b.Run(string(flavour), func(b *testing.B) {
			callOnce(b)
			report(b, coldApplies(b, binary, flavour, rounds(b, 30)))
		})
	}
}

// figure is one metric.
type figure struct {
	value float64
	unit  string
}

// report comes last: a benchmark that failed prints no metrics, so they are logged.
func report(b *testing.B, figures []figure) {
	b.Helper()
	for _, f := range figures {
		b.ReportMetric(f.value, f.unit)
		if b.Failed() {
			b.Logf("%g %s", f.value, f.unit)
		}
	}
}

// coldWaits counts how often the end of `kafkactl wait` was a false "ready", and the
// brokers that had no producer id then.
func coldWaits(b *testing.B, binary string, flavour kafkatest.Flavour, rounds int) []figure {
	b.Helper()
	falseReady, noID := 0, 0
	round := func() {
		c, end := coldCluster(b, flavour)
		defer end()
		coldStart(b, c, kafkactlCold(binary, "wait"))
		ids, refused := useReady(b.Context(), c)
		falseReady += failures(b, c, "wait", refused)
		noID += failures(b, c, "wait", ids...)
	}
	for range rounds {
		round()
	}
	return []figure{{float64(falseReady), "wait-false-ready"}, {float64(noID), "wait-no-producer-id"}}
}

// useReady makes the whole spec by one request, and at the same moment asks each broker
// for a producer id: why there was none, by broker, and why the spec was refused.
func useReady(ctx context.Context, c *kafkatest.Cluster) (ids []error, refused error) {
	ids = make([]error, len(c.Addrs()))
	var using sync.WaitGroup
	using.Go(func() { refused = clitest.CreateStack(ctx, c) })
	for i, addr := range c.Addrs() {
		using.Go(func() {
			ids[i] = clitest.AskSingle(ctx, addr, func(ctx context.Context, at *kgo.Broker) error {
				if _, err := clitest.NewProducer(ctx, at); err != nil {
					return fmt.Errorf("%s: %w", addr, err)
				}
				return nil
			})
		})
	}
	using.Wait()
	return ids, refused
}

// coldApplies counts the brokers that could not be used, and how, when `kafkactl apply` ended.
func coldApplies(b *testing.B, binary string, flavour kafkatest.Flavour, rounds int) []figure {
	b.Helper()
	var took []time.Duration
	ignorant, noID, unwritten := 0, 0, 0
	round := func() {
		c, end := coldCluster(b, flavour)
		defer end()
		began, ready := coldStart(b, c, kafkactlCold(binary, "apply"))
		for _, use := range clitest.UseStack(b.Context(), c) {
			failures(b, c, "apply", use.Err())
			ignorant += min(len(use.Unknown), 1)
			noID += failed(use.Id)
			unwritten += failed(use.Produce)
		}
		took = append(took, ready.Sub(began))
	}
	for range rounds {
		round()
	}
	return []figure{
		{float64(ignorant), "ignorant-brokers"},
		{float64(noID), "no-producer-id"},
		{float64(unwritten), "first-produce-failed"},
		{milliseconds(median(took)), "boot+apply-ms"},
	}
}

// failures counts what a round found wrong and fails the benchmark for each. The logs
// of the brokers are kept the first time.
func failures(b *testing.B, c *kafkatest.Cluster, after string, found ...error) int {
	b.Helper()
	n := 0
	for _, err := range found {
		if err == nil {
			continue
		}
		if !b.Failed() {
			c.KeepLogs()
			b.Logf("logs kept in %s", c.Dir())
		}
		n++
		b.Errorf("right after %s: %v", after, err)
	}
	return n
}

// failed is 1 for an error.
func failed(err error) int {
	if err != nil {
		return 1
	}
	return 0
}

// median is the middle one, the upper of two.
func median(all []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[len(sorted)/2]
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
