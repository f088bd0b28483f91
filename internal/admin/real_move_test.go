package admin

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafkatest"
	"kafkactl/internal/topicspec"
)

// threeBrokers are the flavours on which replicas can be moved.
var threeBrokers = []kafkatest.Flavour{kafkatest.ZK3, kafkatest.Kraft3}

// makeTopic makes a topic with so many replicas and waits until it can be used.
func makeTopic(ctx context.Context, t *testing.T, c *Client, name string, partitions, factor int, config topicspec.Config) {
	t.Helper()
	if config == nil {
		config = topicspec.Config{}
	}
	desired := []topicspec.Desired{{Name: name, Partitions: partitions, ReplicationFactor: factor, Config: config}}
	if report, err := c.Converge(ctx, desired); err != nil || !report.OK() {
		t.Fatalf("make %s: %v, %v", name, err, report.Err())
	}
	if err := c.Settle(ctx, desired); err != nil {
		t.Fatal(err)
	}
}

// fill writes records of 64 KiB, so many to each partition.
func fill(ctx context.Context, t *testing.T, cluster *kafkatest.Cluster, topic string, partitions, each int) {
	t.Helper()
	client, err := kgo.NewClient(kgo.SeedBrokers(cluster.Addrs()...), kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.ProducerBatchCompression(kgo.NoCompression()))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	value := make([]byte, 64<<10)
	for range each {
		var records []*kgo.Record
		for p := range partitions {
			records = append(records, &kgo.Record{Topic: topic, Partition: int32(p), Value: value})
		}
		if err := client.ProduceSync(ctx, records...).FirstErr(); err != nil {
			t.Fatal(err)
		}
	}
}

// placed returns what has to be reassigned for a topic to have so many replicas.
func placed(ctx context.Context, t *testing.T, c *Client, topic string, factor int) []topicspec.Placement {
	t.Helper()
	brokers, topics, err := c.Assignments(ctx, []string{topic})
	if err != nil || len(topics) != 1 {
		t.Fatalf("assignments of %s: %+v, %v", topic, topics, err)
	}
	topics[0].ReplicationFactor, topics[0].MinInSync = factor, 1
	placements := topicspec.Place(brokers, topics)
	if placements[0].Blocked != "" {
		t.Fatal(placements[0].Blocked)
	}
	return placements
}

// progressCheck fails on a progress that goes back, and keeps the last one.
type progressCheck struct {
	t      *testing.T
	last   MoveProgress
	shares []int // of 100, each once
}

func (p *progressCheck) note(now MoveProgress) {
	if now.Copied < p.last.Copied || now.Done < p.last.Done || now.Copied > now.Bytes {
		p.t.Errorf("progress went from %+v to %+v", p.last, now)
	}
	p.last = now
	if now.Bytes > 0 {
		p.shares = append(p.shares, int(100*now.Copied/now.Bytes))
		p.shares = slices.Compact(p.shares)
	}
}

// wantNoThrottle fails unless the brokers soon show no setting of a throttle on a topic or on themselves.
func wantNoThrottle(ctx context.Context, t *testing.T, c *Client, topic string) {
	t.Helper()
	wantNoRatesOn(ctx, t, c, topic, 1, 2, 3)
}

// wantNoRatesOn is wantNoThrottle for some brokers, or for the topic alone.
func wantNoRatesOn(ctx context.Context, t *testing.T, c *Client, topic string, brokers ...int32) {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	var found []string
	for next := (pace{}); ; {
		found = nil
		lists, err := c.throttledLists(ctx, []string{topic})
		if err != nil || len(lists[topic]) > 0 {
			found = append(found, fmt.Sprint(lists, err))
		}
		for _, id := range brokers {
			if rates, err := c.rates(ctx, id); err != nil || len(rates) > 0 {
				found = append(found, fmt.Sprint(id, rates, err))
			}
		}
		if found == nil {
			return
		}
		if !next.pause(ctx) {
			t.Fatalf("throttles of %s are left: %q", topic, found)
		}
	}
}

// wantDescribed fails unless Apache's tool shows so many replicas of each partition, all in sync, and
// the first one leading.
func wantDescribed(ctx context.Context, t *testing.T, cluster *kafkatest.Cluster, topic string, partitions, factor int) {
	t.Helper()
	out, err := cluster.CLI(ctx, "kafka-topics", "--bootstrap-server", "{b}", "--describe", "--topic", topic)
	if err != nil || out.Code != 0 {
		t.Fatalf("%v, %+v", err, out)
	}
	seen := 0
	for line := range strings.SplitSeq(out.Stdout, "\n") {
		if !strings.Contains(line, "Partition: ") {
			continue
		}
		seen++
		value := func(key string) string {
			_, rest, _ := strings.Cut(line, key+": ")
			found, _, _ := strings.Cut(rest, "\t")
			return strings.TrimSpace(found)
		}
		replicas, isr := strings.Split(value("Replicas"), ","), strings.Split(value("Isr"), ",")
		if len(replicas) != factor || len(isr) != factor || value("Leader") != replicas[0] {
			t.Errorf("want %d replicas in sync, the first leading: %s", factor, line)
		}
	}
	if seen != partitions {
		t.Errorf("want %d partitions:\n%s", partitions, out.Stdout)
	}
}

// Moves on a cluster that all tests of a flavour share, one after the other: rates are the brokers'.
func TestRealMove(t *testing.T) {
	t.Parallel()
	for _, flavour := range threeBrokers {
		t.Run(string(flavour), func(t *testing.T) {
			t.Parallel()
			cluster := kafkatest.Shared(t, flavour)
			for _, test := range []struct {
				name string
				run  func(ctx context.Context, t *testing.T, cluster *kafkatest.Cluster, c *Client)
			}{
				{"raise", realMoveRaises}, {"resume", realMoveResumes}, {"ended", realMoveEnded}, {"foreign", realMoveForeign}, {"cancel", realMoveCancel},
			} {
				t.Run(test.name, func(t *testing.T) {
					ctx, c := dialReal(t, cluster)
					test.run(ctx, t, cluster, c)
				})
			}
		})
	}
}

// From one replica to three while a producer writes with acks=all and tries nothing twice: it meets no
// error, and Apache's tools agree with what was done.
func realMoveRaises(ctx context.Context, t *testing.T, cluster *kafkatest.Cluster, c *Client) {
	const topic, partitions = "move.raise", 4
	makeTopic(ctx, t, c, topic, partitions, 1, topicspec.Config{minInSyncReplicas: {Value: "1"}})
	fill(ctx, t, cluster, topic, partitions, 8)
	setRate(ctx, t, c, 1, 500<<20)
	before := throttles(ctx, t, c, topic)
	stop := produceAll(ctx, t, cluster, topic)
	moves := placed(ctx, t, c, topic, 3)
	check := &progressCheck{t: t}
	start := time.Now()
	report, err := c.Move(ctx, moves, MoveOptions{Throttle: 100 << 20, Progress: check.note})
	took := time.Since(start)
	written := stop()
	if err != nil || report.Outcomes[0].Err != nil || report.Outcomes[0].Sent != partitions || report.Outcomes[0].Done != partitions || len(report.Notes) > 0 {
		t.Fatalf("%+v, %v", report, err)
	}
	t.Logf("%d partitions, %d bytes in %s, %d records written meanwhile", partitions, check.last.Bytes, took.Round(time.Millisecond), written)
	if check.last.Copied != check.last.Bytes || check.last.Bytes < partitions*8*2<<16 || check.last.Done != partitions || written == 0 {
		t.Errorf("progress %+v, %d records", check.last, written)
	}
	wantDescribed(ctx, t, cluster, topic, partitions, 3)
	wantThrottles(ctx, t, c, topic, before)
	setRate(ctx, t, c, 1, 0)
	if again := placed(ctx, t, c, topic, 3); len(again[0].Reassignments) > 0 {
		t.Errorf("placed again: %+v", again)
	}
}

// setRate gives a broker both rates of a throttle and waits until it shows them; 0 takes them away.
func setRate(ctx context.Context, t *testing.T, c *Client, id int32, rate int) {
	t.Helper()
	var changes []settingChange
	for _, key := range []string{leaderRate, followerRate} {
		change := settingChange{key: key, op: kmsg.IncrementalAlterConfigOpDelete}
		if rate > 0 {
			change.op, change.value = kmsg.IncrementalAlterConfigOpSet, strconv.Itoa(rate)
		}
		changes = append(changes, change)
	}
	if err := c.alterBroker(ctx, id, changes); err != nil {
		t.Fatal(err)
	}
	if err := c.untilRates(ctx, id, changes); err != nil {
		t.Fatal(err)
	}
}

// produceAll writes to a topic, one record after the other with acks=all and no second try, until it
// is stopped; it fails t at the first that is refused. stop returns how many were written.
func produceAll(ctx context.Context, t *testing.T, cluster *kafkatest.Cluster, topic string) (stop func() int) {
	t.Helper()
	client, err := kgo.NewClient(kgo.SeedBrokers(cluster.Addrs()...), kgo.RecordRetries(0), kgo.RequiredAcks(kgo.AllISRAcks()),
		kgo.RecordPartitioner(kgo.RoundRobinPartitioner()))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(ctx)
	written, done := 0, make(chan struct{})
	go func() {
		defer close(done)
		defer client.Close()
		for ctx.Err() == nil {
			if err := client.ProduceSync(context.WithoutCancel(ctx), &kgo.Record{Topic: topic, Value: []byte(strconv.Itoa(written))}).FirstErr(); err != nil {
				t.Errorf("record %d: %v", written, err)
				return
			}
			written++
		}
	}()
	return func() int { cancel(); <-done; return written }
}
