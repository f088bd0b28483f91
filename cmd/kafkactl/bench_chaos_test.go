package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

const chaosTopics = 20

// BenchmarkChaos applies a file of 20 topics with three replicas, time and again: each round somebody
// has changed and deleted some by Apache's tools, and at a random moment of the apply a broker is
// killed, frozen or restarted. An exit 0 that a reader of every broker does not confirm fails it, and
// so does a second apply, once the broker is back, that does not end well. BENCH_ROUNDS says how
// many rounds, 30 by default.
func BenchmarkChaos(b *testing.B) {
	kafkatest.Require(b, kafkatest.Brokers)
	binary := shipped(b)
	for _, flavour := range []kafkatest.Flavour{kafkatest.Kraft3, kafkatest.ZK3} {
		b.Run(string(flavour), func(b *testing.B) {
			callOnce(b)
			c := &chaos{b: b, Cluster: kafkatest.Start(b, kafkatest.Options{Flavour: flavour}), binary: binary, ends: map[int]int{}}
			c.spec = c.writeSpec()
			for round := range rounds(b, 30) {
				c.round(round)
			}
			report(b, []figure{
				{float64(c.ends[0]), "exit-0"},
				{float64(c.ends[1]), "exit-1"},
				{float64(c.ends[5]), "exit-5"},
				{float64(c.falseReady), "false-exit-0"},
				{float64(c.unhealed), "reruns-not-0"},
			})
		})
	}
}

// chaos is one cluster, and what became of its rounds.
type chaos struct {
	b *testing.B
	*kafkatest.Cluster
	binary, spec         string
	ends                 map[int]int // exit codes of the applies that were disturbed
	falseReady, unhealed int
}

func chaosTopic(i int) string { return fmt.Sprintf("chaos.t%02d", i) }

func (c *chaos) writeSpec() string {
	var text strings.Builder
	text.WriteString("version: 1\ndefaults: {partitions: 3, replicationFactor: 3, config: {min.insync.replicas: 2, retention.ms: 7d}}\ntopics:\n")
	for i := range chaosTopics {
		fmt.Fprintf(&text, "  %s: {}\n", chaosTopic(i))
	}
	file := filepath.Join(c.b.TempDir(), "chaos.yaml")
	if err := os.WriteFile(file, []byte(text.String()), 0o644); err != nil {
		c.b.Fatal(err)
	}
	return file
}

// round disturbs one apply, heals the cluster, and applies again.
func (c *chaos) round(n int) {
	c.changeByHand(n)
	victim := c.BrokerIDs()[rand.IntN(len(c.BrokerIDs()))]
	apply := exec.CommandContext(c.b.Context(), c.binary, "apply", "-f", c.spec, "-b", c.Bootstrap(), "--timeout", "20s")
	var out strings.Builder
	apply.Stdout, apply.Stderr = &out, &out
	if err := apply.Start(); err != nil {
		c.b.Fatal(err)
	}
	time.Sleep(time.Duration(rand.IntN(700)) * time.Millisecond)
	fault := []string{"kill", "freeze", "restart"}[n%3]
	heal := c.disturb(fault, victim)
	code := exitCode(c.b, apply.Wait())
	c.ends[code]++
	if code == 1 {
		c.b.Logf("round %d, %s of broker %d: exit 1\n%s", n, fault, victim, out.String())
	}
	if code == 0 {
		others := slices.DeleteFunc(slices.Clone(c.BrokerIDs()), func(id int) bool { return id == victim }) // it may not be back yet
		if err := c.read(others); err != nil {
			c.falseReady++
			c.b.Errorf("round %d, %s of broker %d: exit 0, and yet %v\n%s", n, fault, victim, err, out.String())
		}
	}
	heal()
	ctx, cancel := context.WithTimeout(c.b.Context(), 2*time.Minute)
	defer cancel()
	if err := c.WaitReady(ctx); err != nil {
		c.b.Fatal(err)
	}
	again, err := exec.CommandContext(ctx, c.binary, "apply", "-f", c.spec, "-b", c.Bootstrap()).CombinedOutput()
	if err == nil {
		err = c.read(c.BrokerIDs())
	}
	if err != nil {
		c.unhealed++
		c.b.Errorf("round %d, after %s of broker %d, which ended with %d: %v\n%s", n, fault, victim, code, err, again)
	}
}

// changeByHand deletes one topic and changes another, by Apache's tools. The first round finds none.
func (c *chaos) changeByHand(n int) {
	if n == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(c.b.Context(), time.Minute)
	defer cancel()
	for _, args := range [][]string{
		{"kafka-topics", "--delete", "--topic", chaosTopic(n % chaosTopics)},
		{"kafka-configs", "--alter", "--entity-type", "topics", "--entity-name", chaosTopic((n + 7) % chaosTopics), "--delete-config", "min.insync.replicas"},
	} {
		if out, err := c.CLI(ctx, args[0], append(args[1:], "--bootstrap-server", c.Bootstrap())...); err != nil {
			c.b.Fatalf("%v: %v %v", args, err, out)
		}
	}
}

// disturb does a fault to a broker; heal takes it back.
func (c *chaos) disturb(fault string, id int) (heal func()) {
	must := func(err error) {
		if err != nil {
			c.b.Fatalf("%s broker %d: %v", fault, id, err)
		}
	}
	switch fault {
	case "freeze":
		must(c.Pause(id))
		return func() { must(c.Resume(id)) }
	case "restart":
		must(c.Stop(id))
		must(c.StartBroker(id))
		return func() {}
	default:
		must(c.Kill(id))
		return func() { must(c.StartBroker(id)) }
	}
}

func exitCode(b *testing.B, err error) int {
	b.Helper()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		b.Fatal(err)
	}
	if exit != nil {
		return exit.ExitCode()
	}
	return 0
}

// read asks each of the brokers by itself whether it shows every topic as it is declared.
func (c *chaos) read(ids []int) error {
	var errs []error
	for i, id := range c.BrokerIDs() {
		if slices.Contains(ids, id) {
			errs = append(errs, clitest.AskSingle(c.b.Context(), c.Addrs()[i], func(ctx context.Context, at *kgo.Broker) error {
				if err := readChaos(ctx, at); err != nil {
					return fmt.Errorf("broker %d: %w", id, err)
				}
				return nil
			}))
		}
	}
	return errors.Join(errs...)
}

func readChaos(ctx context.Context, at *kgo.Broker) error {
	var names []string
	configs := kmsg.NewPtrDescribeConfigsRequest()
	for i := range chaosTopics {
		names = append(names, chaosTopic(i))
		resource := kmsg.NewDescribeConfigsRequestResource()
		resource.ResourceType, resource.ResourceName = kmsg.ConfigResourceTypeTopic, chaosTopic(i)
		configs.Resources = append(configs.Resources, resource)
	}
	meta, err := clitest.Metadata(ctx, at, names...)
	if err != nil {
		return err
	}
	for _, t := range meta.Topics {
		if err := kerr.ErrorForCode(t.ErrorCode); err != nil || len(t.Partitions) != 3 || len(t.Partitions[0].Replicas) != 3 {
			return fmt.Errorf("shows %s with %d partitions, %w", *t.Topic, len(t.Partitions), err)
		}
	}
	resp, err := configs.RequestWith(ctx, at)
	if err != nil {
		return err
	}
	for _, r := range resp.Resources {
		shown := map[string]string{}
		for _, s := range r.Configs {
			if s.Value != nil {
				shown[s.Name] = *s.Value
			}
		}
		if shown["min.insync.replicas"] != "2" || shown["retention.ms"] != "604800000" {
			return fmt.Errorf("shows %s with min.insync.replicas=%s, retention.ms=%s", r.ResourceName, shown["min.insync.replicas"], shown["retention.ms"])
		}
	}
	return nil
}
