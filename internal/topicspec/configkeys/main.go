// Command configkeys writes the topic settings that Kafka knows, and how it judges their values, as
// Go for package topicspec.
//
//	configkeys OUTPUT.go
//
// It reads what Kafka itself prints for its documentation: the classes of the settings of topics
// and of brokers, in the jars of Apache Kafka 3.9 and 4, list their ConfigDef as HTML. No broker is
// started, but it needs java and mvn.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"time"

	"kafkactl/internal/kafkatest"
)

// timeout is mostly for Maven, which fetches the jars at the first run.
const timeout = 10 * time.Minute

func main() { os.Exit(run(os.Args[1:])) }

func run(args []string) int {
	if len(args) != 1 {
		fmt.Fprintln(os.Stderr, "usage: configkeys OUTPUT.go")
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if err := generate(ctx, args[0]); err != nil {
		fmt.Fprintln(os.Stderr, "configkeys:", err)
		return 1
	}
	return 0
}

func generate(ctx context.Context, output string) error {
	older, err := readRelease(ctx, kafkatest.ZK1)
	if err != nil {
		return err
	}
	newer, err := readRelease(ctx, kafkatest.Kraft1)
	if err != nil {
		return err
	}
	settings, err := merge(older, newer)
	if err != nil {
		return err
	}
	source, err := render(settings, brokerNames(older, newer), older, newer)
	if err != nil {
		return fmt.Errorf("render: %w", err)
	}
	return os.WriteFile(output, source, 0o644)
}
