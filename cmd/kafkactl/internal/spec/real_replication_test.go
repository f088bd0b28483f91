package spec

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

// threeBrokers are the ways to run three brokers, whose controllers judge reassignments each in their own way.
func threeBrokers() []kafkatest.Flavour {
	return []kafkatest.Flavour{kafkatest.ZK3, kafkatest.Kraft3, kafkatest.Kraft3Before4}
}

// writing is a producer with acks=all that tries nothing twice, and writes to topics until it is ended.
type writing struct {
	end     context.CancelFunc
	ended   chan struct{}
	written atomic.Int64
	failed  atomic.Pointer[error] // the first failure
}

// write begins to write to the partitions of topics.
func write(f *clitest.Field, partitions int32, topics ...string) *writing {
	f.Helper()
	client := f.Dial(kgo.RequiredAcks(kgo.AllISRAcks()), kgo.DisableIdempotentWrite(), kgo.RecordRetries(0), kgo.ProducerLinger(0))
	ctx, cancel := context.WithCancel(f.Context())
	w := &writing{end: cancel, ended: make(chan struct{})}
	go func() {
		defer close(w.ended)
		for n := int32(0); ctx.Err() == nil; n++ {
			record := &kgo.Record{Topic: topics[int(n)%len(topics)], Partition: n % partitions, Value: []byte("written meanwhile")}
			if err := client.ProduceSync(context.WithoutCancel(ctx), record).FirstErr(); err != nil {
				w.failed.CompareAndSwap(nil, &err)
			}
			w.written.Add(1)
		}
	}()
	f.Cleanup(w.stop)
	return w
}

// stop ends it, and returns once the last record is answered.
func (w *writing) stop() {
	w.end()
	<-w.ended
}

// wantNoFailure ends it, and fails the test unless every record was written.
func (w *writing) wantNoFailure(t *testing.T) {
	t.Helper()
	w.stop()
	if err := w.failed.Load(); err != nil {
		t.Errorf("of %d records one failed: %v", w.written.Load(), *err)
	}
	if w.written.Load() == 0 {
		t.Error("nothing was written")
	}
}

// wantNoThrottle fails the test where a setting of a throttle is left.
func wantNoThrottle(t *testing.T, c *kafkatest.Cluster, topics ...string) {
	t.Helper()
	described := clitest.Apache(t, c, "kafka-configs", "--describe", "--entity-type", "brokers", "--all")
	for _, topic := range topics {
		described += clitest.Apache(t, c, "kafka-configs", "--describe", "--entity-type", "topics", "--entity-name", topic)
	}
	for _, line := range strings.Split(described, "\n") {
		rate := strings.Contains(line, "replication.throttled.rate") && strings.Contains(line, "DYNAMIC_BROKER_CONFIG")
		if rate || strings.Contains(line, "throttled.replicas=") {
			t.Errorf("left behind: %s", line)
		}
	}
}

// replicated is the profile of production: three replicas, two of them in sync.
func replicated(t *testing.T, topics ...string) string {
	t.Helper()
	text := ""
	for _, topic := range topics {
		text += "  " + topic + ": {config: {min.insync.replicas: 2}}\n"
	}
	return clitest.SpecFile(t, 3, text)
}

// From one replica to three, with min.insync.replicas 2 in the same run or set beforehand, while a producer writes
// that is told of every refused write. A plain apply copies nothing.
func TestRealReplicationFactor(t *testing.T) {
	for _, flavour := range threeBrokers() {
		t.Run(string(flavour), func(t *testing.T) {
			c := kafkatest.Start(t, kafkatest.Options{Flavour: flavour})
			f := clitest.NewField(t, c)
			topics := []string{"rf.plain", "rf.pinned"}
			for _, topic := range topics {
				clitest.CreateByHand(t, c, topic, 3, 1)
				f.Write(f.Client, topic, 3, strings.Repeat("x", 10_000), 900)
			}
			clitest.Apache(t, c, "kafka-configs", "--alter", "--entity-type", "topics", "--entity-name", "rf.pinned", "--add-config", "min.insync.replicas=2")
			spec := replicated(t, topics...)
			run := func(args ...string) clitest.RunResult {
				return clitest.Kafkactl(t, append(args, "-f", spec, "-b", c.Bootstrap())...)
			}
			before := clitest.Shapes(t, c)
			r := run("apply")
			r.Want(t, cli.ExitFailed, `rf\.plain +blocked +replicationFactor 1 → 3: .*--accept move`)
			clitest.WantShapes(t, c, before)

			w := write(f, 3, topics...)
			r = run("apply", "--accept", "move", "--throttle", "none")
			r.Want(t, cli.ExitDone, `rf\.plain +changed +replicationFactor 1 → 3`, `rf\.pinned +changed +min\.insync\.replicas 2 → 1`)
			w.wantNoFailure(t)
			for _, topic := range topics {
				described := clitest.Apache(t, c, "kafka-topics", "--describe", "--topic", topic)
				if n := strings.Count(described, "min.insync.replicas=2"); n != 1 || !strings.Contains(described, "ReplicationFactor: 3") {
					t.Errorf("Apache's tool says:\n%s", described)
				}
				wantInSync(t, described)
			}
			wantNoThrottle(t, c, topics...)
			run("plan", "--check", "--accept", "move").Want(t, cli.ExitDone, `2 topics in sync`)
			run("apply").Want(t, cli.ExitDone, `2 topics in sync`)
		})
	}
}

// wantInSync fails the test unless Apache's tool shows three replicas in sync of each partition.
func wantInSync(t *testing.T, described string) {
	t.Helper()
	for _, line := range strings.Split(described, "\n") {
		_, list, found := strings.Cut(line, "Isr: ")
		if !found {
			continue
		}
		list, _, _ = strings.Cut(list, "\t")
		ids := strings.Split(strings.TrimSpace(list), ",")
		slices.Sort(ids)
		if got := fmt.Sprint(ids); got != "[1 2 3]" {
			t.Errorf("in sync are %s: %s", got, line)
		}
	}
}
