// Package golang is the test of a service that TestRealDevRunners runs.
package golang

import (
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"
)

func say(t *testing.T, line string) {
	t.Helper()
	log, err := os.OpenFile(os.Getenv("LOG"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	if _, err := log.WriteString(line + "\n"); err != nil {
		t.Fatal(err)
	}
}

func TestService(t *testing.T) {
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	client, err := kgo.NewClient(kgo.SeedBrokers(strings.Split(os.Getenv("KAFKA_BOOTSTRAP_SERVERS"), ",")...),
		kgo.ConsumerGroup("service"), kgo.ConsumeTopics("orders"), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		client.Close() // leaves the group
		say(t, "left")
	}()
	if err := client.ProduceSync(t.Context(), &kgo.Record{Topic: "orders", Value: []byte("one")}).FirstErr(); err != nil {
		t.Fatal(err)
	}
	if fetches := client.PollFetches(t.Context()); fetches.Err() != nil || fetches.NumRecords() != 1 {
		t.Fatal(fetches.NumRecords(), fetches.Err())
	}
	say(t, "ready")
	then := os.Getenv("THEN")
	for then == "hang" || then == "deaf" {
		<-signals
		say(t, "signal")
		if then == "hang" {
			t.Fatal("ended by a signal")
		}
	}
	if then == "fail" {
		t.Fatal("fails as asked")
	}
}
