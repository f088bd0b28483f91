// Command configkeys asks real brokers which settings a topic has and writes them as Go, for
// package topicspec.
//
//	configkeys OUTPUT.go
//
// It starts Apache Kafka 3.9 and 4, so it needs java and mvn.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"time"

	"kafkactl/internal/kafkatest"
)

const timeout = 3 * time.Minute

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
	older, err := askFlavour(ctx, kafkatest.ZK1)
	if err != nil {
		return err
	}
	newer, err := askFlavour(ctx, kafkatest.Kraft1)
	if err != nil {
		return err
	}
	settings, err := merge(older, newer)
	if err != nil {
		return err
	}
	source, err := render(settings)
	if err != nil {
		return fmt.Errorf("render: %w", err)
	}
	return os.WriteFile(output, source, 0o644)
}

// askFlavour boots a cluster, asks it, and ends it.
func askFlavour(ctx context.Context, f kafkatest.Flavour) (kinds map[string]string, err error) {
	c, err := kafkatest.New(kafkatest.Options{Flavour: f})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	if err := c.Launch(); err != nil {
		return nil, err
	}
	if err := c.WaitReady(ctx); err != nil {
		return nil, err
	}
	kinds, err = topicSettings(ctx, c.Addrs())
	if err != nil {
		return nil, fmt.Errorf("ask Kafka %s: %w", f.Version(), err)
	}
	return kinds, nil
}
