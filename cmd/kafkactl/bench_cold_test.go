package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

// coldWaiter is one way to wait for a cold broker.
type coldWaiter struct {
	name   string
	rounds int
	wait   coldWait
	ours   bool // a false "ready" fails the benchmark
}

// How late each way of waiting is: from the moment a cold broker can serve the spec to
// the moment it is called ready, which may be earlier by the few ms between two looks of
// the oracle. The rounds take turns, so that each way meets the same noise.
//
// Every round ends with the first use of a topic of its own. Its creation refused is a
// false "ready". That its first record is not acknowledged counts, but does not fail: a
// broker takes up the leadership of a new topic a little later, and only apply has to
// wait for that. The oracle has asked for producer ids by then and so has woken their
// supply, for every way of waiting; BenchmarkFalseReady judges them without an oracle.
func BenchmarkColdReady(b *testing.B) {
	kafkatest.Require(b, kafkatest.Brokers)
	k := newBuilds(b)
	waiters := []coldWaiter{
		{name: "kafkactl", rounds: rounds(b, 10), wait: kafkactlCold(k.shipped, "wait"), ours: true},
		{name: "api-versions", rounds: rounds(b, 5), wait: apiVersionsLoop},
		{name: "count-nodes", rounds: rounds(b, 10), wait: countNodes},
	}
	if k.base != "" {
		waiters = slices.Insert(waiters, 1, coldWaiter{name: "kafkactl-base", rounds: rounds(b, 10), wait: kafkactlCold(k.base, "wait")})
	}
	for _, flavour := range []kafkatest.Flavour{kafkatest.Kraft1, kafkatest.ZK1} {
		b.Run(string(flavour), func(b *testing.B) {
			callOnce(b)
			tallies := make([]coldTally, len(waiters))
			for round := range waiters[0].rounds {
				for i, w := range waiters {
					if round < w.rounds {
						tallies[i].add(b, w, flavour)
					}
				}
			}
			var figures []figure
			for i, w := range waiters {
				figures = append(figures, tallies[i].figures(w.name)...)
			}
			if k.base != "" {
				figures = append(figures, figure{milliseconds(median(tallies[1].late)) / milliseconds(median(tallies[0].late)), "kafkactl-x-base"})
			}
			report(b, figures)
		})
	}
}

// apiVersionsLoop is `until kafka-broker-api-versions; do :; done`. People sleep between
// two tries; without it the loop is at its quickest.
func apiVersionsLoop(ctx context.Context, c *kafkatest.Cluster) error {
	tool := c.CLICommand("kafka-broker-api-versions", "--bootstrap-server", "{b}")
	for {
		err := exec.CommandContext(ctx, tool.Path, tool.Args[1:]...).Run()
		var exit *exec.ExitError
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case !errors.As(err, &exit): // nil, or it did not start
			return err
		}
	}
}

// countNodes is the rule of cub and jikkou: so many brokers are listed, asked every
// second. When in that second the broker comes is chance, and must stay so: here both
// start at the same moment, and a broker takes much the same time each round.
func countNodes(ctx context.Context, c *kafkatest.Cluster) error {
	time.Sleep(rand.N(time.Second))
	_, err := poll(ctx, time.Second, func() error {
		return clitest.AskSingle(ctx, c.Addrs()[0], func(ctx context.Context, at *kgo.Broker) error {
			meta, err := clitest.Metadata(ctx, at)
			if err == nil && len(meta.Brokers) < len(c.Addrs()) {
				err = fmt.Errorf("%d of %d brokers listed", len(meta.Brokers), len(c.Addrs()))
			}
			return err
		})
	})
	return err
}

// serves is the oracle: the first moment at which the one broker of c serves all that a
// client of the spec may ask of it.
func serves(ctx context.Context, c *kafkatest.Cluster) (time.Time, error) {
	return poll(ctx, 10*time.Millisecond, func() error {
		return clitest.AskSingle(ctx, c.Addrs()[0], func(ctx context.Context, at *kgo.Broker) error {
			ctx, cancel := context.WithTimeout(ctx, time.Second) // a question lost in the start is put again
			defer cancel()
			var listed, accepted, producing error
			var asking sync.WaitGroup
			asking.Go(func() { listed = listsController(ctx, at) })
			asking.Go(func() {
				_, accepted = clitest.Create(ctx, at, clitest.Creation(clitest.ReplicationFactor(c), true, clitest.StackTopics()...))
			})
			asking.Go(func() { _, producing = clitest.NewProducer(ctx, at) })
			asking.Wait()
			return errors.Join(listed, accepted, producing)
		})
	})
}

func listsController(ctx context.Context, at *kgo.Broker) error {
	meta, err := clitest.Metadata(ctx, at)
	if err == nil && (len(meta.Brokers) == 0 || meta.ControllerID < 0) {
		err = fmt.Errorf("%d brokers listed, controller %d", len(meta.Brokers), meta.ControllerID)
	}
	return err
}

// poll asks at once and then every d until it gets no error, and returns when that was.
func poll(ctx context.Context, d time.Duration, ask func() error) (time.Time, error) {
	tick := time.NewTicker(d)
	defer tick.Stop()
	for {
		err := ask()
		if err == nil {
			return time.Now(), nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return time.Time{}, fmt.Errorf("%w; at last: %w", context.Cause(ctx), err)
		}
	}
}

// firstUse is how the first use of a broker goes that was just called ready.
type firstUse struct {
	refused error // why it made no topic
	id      error // why it handed out no producer id
	produce error // why a record in the new topic was not acknowledged
}

// useNew makes a topic, asks for a producer id and writes one record, each once.
func useNew(ctx context.Context, c *kafkatest.Cluster) firstUse {
	const topic = "first.use"
	use := firstUse{produce: errors.New("produce: no topic or no producer id")}
	err := clitest.AskSingle(ctx, c.Addrs()[0], func(ctx context.Context, at *kgo.Broker) error {
		var ids map[string][16]byte
		var p clitest.Producer
		ids, use.refused = clitest.Create(ctx, at, clitest.Creation(clitest.ReplicationFactor(c), false, topic))
		p, use.id = clitest.NewProducer(ctx, at)
		if use.refused == nil && use.id == nil {
			use.produce = p.Produce(ctx, at, clitest.Partitions{topic: {ids[topic], []int32{0}}})
		}
		return nil
	})
	if err != nil {
		use.refused = err
	}
	return use
}

// coldTally is what the rounds of one way of waiting came to.
type coldTally struct {
	late                      []time.Duration
	refused, noID, notWritten int
}

// add runs a round.
func (t *coldTally) add(b *testing.B, w coldWaiter, flavour kafkatest.Flavour) {
	b.Helper()
	c, end := coldCluster(b, flavour)
	defer end()
	ctx, cancel := context.WithTimeout(b.Context(), coldTimeout)
	defer cancel()
	var served time.Time
	var servedErr error
	var oracle sync.WaitGroup
	oracle.Go(func() { served, servedErr = serves(ctx, c) })
	_, ready := coldStart(b, c, w.wait)
	use := useNew(ctx, c)
	oracle.Wait()
	if servedErr != nil {
		b.Fatalf("the broker never served the spec: %v", servedErr)
	}
	t.late = append(t.late, ready.Sub(served))
	t.count(b, c, w, use)
}

// count tallies a first use; ours must not be refused.
func (t *coldTally) count(b *testing.B, c *kafkatest.Cluster, w coldWaiter, use firstUse) {
	b.Helper()
	if w.ours {
		failures(b, c, w.name, use.refused, use.id)
	}
	if err := errors.Join(use.refused, use.id, use.produce); err != nil {
		b.Logf("right after %s: %v", w.name, err)
	}
	t.refused += failed(use.refused)
	t.noID += failed(use.id)
	t.notWritten += failed(use.produce)
}

// figures are the metrics, under the name of the way of waiting.
func (t *coldTally) figures(name string) []figure {
	return []figure{
		{milliseconds(median(t.late)), name + "-late-ms"},
		{milliseconds(slices.Max(t.late)), name + "-late-max-ms"},
		{float64(t.refused), name + "-false-ready"},
		{float64(t.noID), name + "-no-producer-id"},
		{float64(t.notWritten), name + "-first-produce-failed"},
	}
}
