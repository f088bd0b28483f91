package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafkatest"
)

// How long a throttled move takes, beside the bytes each broker copies by the rate: BENCH_MOVE_MB says how many
// megabytes each of the three topics has, 1024 without it.

const (
	moveTopics    = 3
	moveThrottle  = 50 << 20
	moveTargetRFs = 2
)

// benchMoveBytes is how much each topic has.
func benchMoveBytes(b *testing.B) int {
	b.Helper()
	megabytes := 1024
	if text := os.Getenv("BENCH_MOVE_MB"); text != "" {
		if _, err := fmt.Sscan(text, &megabytes); err != nil {
			b.Fatalf("BENCH_MOVE_MB=%s: %v", text, err)
		}
	}
	return megabytes << 20
}

// fillMoved makes a topic of one replica on a broker of its own, so that each copies as much as the others.
func fillMoved(b *testing.B, c *kafkatest.Cluster, topic string, broker int32, bytes int) {
	b.Helper()
	client, err := kgo.NewClient(kgo.SeedBrokers(c.Addrs()...), kgo.ProducerBatchCompression(kgo.NoCompression()), kgo.UnknownTopicRetries(-1))
	if err != nil {
		b.Fatal(err)
	}
	defer client.Close()
	req, t, at := kmsg.NewPtrCreateTopicsRequest(), kmsg.NewCreateTopicsRequestTopic(), kmsg.NewCreateTopicsRequestTopicReplicaAssignment()
	at.Replicas = []int32{broker}
	t.Topic, t.NumPartitions, t.ReplicationFactor = topic, -1, -1
	t.ReplicaAssignment = append(t.ReplicaAssignment, at)
	req.Topics = append(req.Topics, t)
	resp, err := req.RequestWith(b.Context(), client)
	if err == nil {
		err = kerr.ErrorForCode(resp.Topics[0].ErrorCode)
	}
	if err != nil {
		b.Fatal(err)
	}
	const size = 256 << 10
	value := make([]byte, size)
	for range bytes / size {
		client.Produce(b.Context(), &kgo.Record{Topic: topic, Value: value}, func(_ *kgo.Record, err error) {
			if err != nil {
				b.Errorf("write: %v", err)
			}
		})
	}
	if err := client.Flush(b.Context()); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkMove adds a replica to each of three topics, of which each of three brokers has one.
func BenchmarkMove(b *testing.B) {
	k, bytes := newBuilds(b), benchMoveBytes(b)
	for b.Loop() {
		c := kafkatest.Start(b, kafkatest.Options{Flavour: kafkatest.Kraft3})
		spec := "version: 1\ndefaults: {partitions: 1, replicationFactor: 2}\ntopics:\n"
		for i := range moveTopics {
			topic := fmt.Sprintf("moved.%d", i)
			fillMoved(b, c, topic, int32(i+1), bytes)
			spec += "  " + topic + ": {}\n"
		}
		file := filepath.Join(b.TempDir(), "topics.yaml")
		if err := os.WriteFile(file, []byte(spec), 0o600); err != nil {
			b.Fatal(err)
		}
		var stderr strings.Builder
		cmd := k.command("apply", "--accept", "move", "--throttle", "50MiB", "-o", "json", "-f", file, "-b", c.Bootstrap())
		cmd.Stderr = &stderr
		start := time.Now()
		if err := cmd.Run(); err != nil {
			b.Fatalf("%v\n%s", err, stderr.String())
		}
		took := time.Since(start)
		// Each broker copies (2-1) topics' worth: what it takes at the rate.
		expected := time.Duration(float64(bytes) * (moveTargetRFs - 1) / moveThrottle * float64(time.Second))
		steps, last := moveSteps(b, stderr.String())
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(took.Seconds(), "took-s")
		b.ReportMetric(expected.Seconds(), "size/rate-s")
		b.ReportMetric(math.Round((took.Seconds()/expected.Seconds()-1)*1000)/10, "off-%")
		b.ReportMetric(float64(steps), "progress-lines")
		b.ReportMetric(last, "last-%")
	}
}

// moveSteps counts the lines of progress, which must never go back, and returns the share of the last one in percent.
func moveSteps(b *testing.B, stderr string) (steps int, last float64) {
	b.Helper()
	before := int64(-1)
	for line := range strings.Lines(stderr) {
		var doc struct{ Bytes, BytesCopied int64 }
		if json.Unmarshal([]byte(line), &doc) != nil || doc.Bytes == 0 {
			continue
		}
		if doc.BytesCopied < before {
			b.Errorf("progress went from %d back to %d bytes", before, doc.BytesCopied)
		}
		before = doc.BytesCopied
		steps, last = steps+1, float64(doc.BytesCopied)*100/float64(doc.Bytes)
	}
	return steps, last
}
