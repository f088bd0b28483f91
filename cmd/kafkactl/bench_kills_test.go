package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"kafkactl/internal/kafkatest"
)

const killLines = 2_000_000

// BenchmarkProduceUnderKills sends two million numbered lines, time and again, while the brokers of a
// cluster of three are killed and started in turn. What Apache's consumer reads afterwards must be
// every line, once. BENCH_ROUNDS says how many rounds, 3 by default.
func BenchmarkProduceUnderKills(b *testing.B) {
	kafkatest.Require(b, kafkatest.Brokers)
	callOnce(b)
	binary := shipped(b)
	c := kafkatest.Start(b, kafkatest.Options{Flavour: kafkatest.Kraft3})
	input := filepath.Join(b.TempDir(), "lines.txt")
	writeNumbers(b, input)
	var kills, wrong int
	for round := range rounds(b, 3) {
		topic := fmt.Sprintf("kills.%d", round)
		create := exec.CommandContext(b.Context(), binary, "create", topic, "--partitions", "6", "--replication-factor", "3", "--config", "min.insync.replicas=2", "-b", c.Bootstrap())
		if out, err := create.CombinedOutput(); err != nil {
			b.Fatalf("%v\n%s", err, out)
		}
		produce := exec.CommandContext(b.Context(), binary, "produce", topic, "--file", input, "-b", c.Bootstrap())
		var out strings.Builder
		produce.Stdout, produce.Stderr = &out, &out
		if err := produce.Start(); err != nil {
			b.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- produce.Wait() }()
		killed, err := killInTurn(b, c, binary, ended)
		if err != nil {
			b.Errorf("round %d: %v\n%s", round, err, out.String())
		}
		kills += killed
		missing, twice := readNumbers(b, c, topic)
		if missing+twice > 0 {
			wrong++
			b.Errorf("round %d: %d lines are missing, %d are there more than once\n%s", round, missing, twice, out.String())
		}
	}
	report(b, []figure{{float64(kills), "kills"}, {float64(wrong), "rounds-not-exact"}})
}

func writeNumbers(b *testing.B, name string) {
	b.Helper()
	var text bytes.Buffer
	for i := range killLines {
		fmt.Fprintf(&text, "%d %s\n", i, "some words that make it longer")
	}
	if err := os.WriteFile(name, text.Bytes(), 0o644); err != nil {
		b.Fatal(err)
	}
}

// killInTurn kills one broker after another, and starts each again, until the command has ended. It
// returns how many were killed, and the command's error.
func killInTurn(b *testing.B, c *kafkatest.Cluster, binary string, ended <-chan error) (kills int, err error) {
	b.Helper()
	for {
		select {
		case err = <-ended:
			return kills, err
		case <-time.After(time.Duration(200+rand.IntN(600)) * time.Millisecond):
		}
		victim := c.BrokerIDs()[kills%len(c.BrokerIDs())]
		if err := c.Kill(victim); err != nil {
			b.Fatal(err)
		}
		kills++
		if err := c.StartBroker(victim); err != nil {
			b.Fatal(err)
		}
		waitInSync(b, c, binary)
	}
}

// waitInSync waits until every replica is in sync again: a second kill before that leaves partitions
// with fewer than they need, and then no producer can go on.
func waitInSync(b *testing.B, c *kafkatest.Cluster, binary string) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Context(), 2*time.Minute)
	defer cancel()
	if err := c.WaitReady(ctx); err != nil {
		b.Fatal(err)
	}
	for {
		out, err := exec.CommandContext(ctx, binary, "describe", "--check", "-b", c.Bootstrap()).CombinedOutput()
		if err == nil {
			return
		}
		if ctx.Err() != nil {
			b.Fatalf("%v\n%s", err, out)
		}
	}
}

// readNumbers reads a topic with Apache's consumer until nothing comes any more.
func readNumbers(b *testing.B, c *kafkatest.Cluster, topic string) (missing, twice int) {
	b.Helper()
	cmd := c.CLICommand("kafka-console-consumer", "--bootstrap-server", "{b}", "--topic", topic, "--from-beginning", "--timeout-ms", "15000")
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	seen := make([]int, killLines)
	for lines := bufio.NewScanner(out); lines.Scan(); {
		text, _, _ := strings.Cut(lines.Text(), " ")
		n, err := strconv.Atoi(text)
		if err != nil {
			b.Fatalf("read %q", lines.Text())
		}
		seen[n]++
	}
	_ = cmd.Wait() // it ends by its timeout, with 0 or 1
	for _, times := range seen {
		switch {
		case times == 0:
			missing++
		case times > 1:
			twice++
		}
	}
	return missing, twice
}
