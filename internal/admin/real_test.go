package admin

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
	"kafkactl/internal/kafkatest"
	"kafkactl/internal/topicspec"
)

// Tier 4: what only a real broker can judge.

// dialReal is a client of a real cluster; ctx bounds each test.
func dialReal(t *testing.T, cluster *kafkatest.Cluster) (context.Context, *Client) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	t.Cleanup(cancel)
	c, err := kafka.Dial(ctx, kafka.Config{Brokers: cluster.Addrs(), Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return ctx, New(c)
}

func TestRealRoundTrip(t *testing.T) {
	t.Parallel()
	for _, flavour := range []kafkatest.Flavour{kafkatest.ZK1, kafkatest.Kraft1} {
		t.Run(string(flavour), func(t *testing.T) {
			t.Parallel()
			cluster := kafkatest.Shared(t, flavour)
			ctx, c := dialReal(t, cluster)
			for range 2 {
				start := time.Now()
				wantRoundTrip(ctx, t, c, 3, "1 record written to and read from 1 broker")
				t.Logf("round trip in %s", time.Since(start).Round(time.Millisecond))
			}
			for _, ms := range []time.Duration{0, 2, 10, 30, 60, 100} {
				cutOff(ctx, t, c, cluster.Addrs(), ms*time.Millisecond)
			}
		})
	}
}

// cutOff makes a round trip that has so long, and fails unless it leaves nothing.
func cutOff(ctx context.Context, t *testing.T, watch *Client, addrs []string, after time.Duration) {
	t.Helper()
	ending, end := context.WithTimeout(ctx, after)
	defer end()
	c, err := kafka.Dial(ending, kafka.Config{Brokers: addrs})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	start := time.Now()
	_, err = New(c).RoundTrip(ending, 1)
	if took := time.Since(start); took > after+sweepTimeout+time.Second { // the second is for a busy machine
		t.Errorf("cut off after %s, it took %s: %v", after, took, err)
	}
	wantNoneLeft(ctx, t, watch, fmt.Sprint(err))
}

// wantNoneLeft waits until no topic of a round trip is left: the broker may need a
// moment to carry out the deletion it has answered. One that told names, because a
// busy broker did not answer in time, is deleted as told.
func wantNoneLeft(ctx context.Context, t *testing.T, c *Client, told string) {
	t.Helper()
	deadline := time.Now().Add(10 * time.Second)
	for left := dataPathTopics(ctx, t, c); left != nil; left = dataPathTopics(ctx, t, c) {
		if time.Now().After(deadline) {
			t.Fatalf("left %q, and told %s", left, told)
		}
		if strings.HasSuffix(told, "kafkactl delete "+left[0]+" --yes") {
			_, _ = c.kafka.Adm.DeleteTopic(ctx, left[0])
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// One broker of three down: what has replicas enough is degraded, and not down.
func TestRealConditionOneBrokerDown(t *testing.T) {
	t.Parallel()
	cluster := kafkatest.Start(t, kafkatest.Options{Flavour: kafkatest.Kraft3})
	ctx, c := dialReal(t, cluster)
	var desired []topicspec.Desired
	for _, minISR := range []string{"1", "2", "3"} {
		desired = append(desired, topicspec.Desired{
			Name: "min" + minISR, Partitions: 1, ReplicationFactor: 3, Config: topicspec.Config{"min.insync.replicas": {Value: minISR}},
		})
	}
	desired = append(desired, topics("single")...) // of 3 partitions: one on each broker
	if _, err := c.Converge(ctx, desired); err != nil {
		t.Fatal(err)
	}
	if got, err := c.Condition(ctx, desired); err != nil || got.Unusable != nil || got.Degraded != nil {
		t.Fatalf("all brokers up: %+v, %v", got, err)
	}
	wantRoundTrip(ctx, t, c, 3, "1 record written to and read from each of 3 brokers")
	v, err := c.observe(ctx, c.kafka.Any, []string{"single"})
	if err != nil {
		t.Fatal(err)
	}
	partition := slices.IndexFunc(v.meta.Topics[0].Partitions, func(p kmsg.MetadataResponseTopicPartition) bool { return p.Leader == 3 })
	if partition < 0 {
		t.Fatalf("broker 3 has no partition: %+v", v.meta.Topics[0].Partitions)
	}

	start := time.Now()
	if err := cluster.Kill(3); err != nil {
		t.Fatal(err)
	}
	unusable := []string{
		fmt.Sprintf("single/%d: no live leader, replicas on 3", v.meta.Topics[0].Partitions[partition].Partition),
		"min3/0: 2 of 3 replicas in sync (1, 2), min.insync.replicas 3",
	}
	degraded := []string{
		"min2/0: 2 of 3 replicas in sync (1, 2), min.insync.replicas 2",
		"min1/0: 2 of 3 replicas in sync (1, 2), min.insync.replicas 1",
	}
	var diff string
	for kafka.Pause(ctx, 100*time.Millisecond) {
		got, err := c.Condition(ctx, desired)
		diff = cmp.Diff(unusable, lines(got.Unusable)) + cmp.Diff(degraded, lines(got.Degraded))
		if err == nil && diff == "" {
			t.Logf("seen %s after the kill", time.Since(start).Round(100*time.Millisecond))
			return
		}
	}
	t.Error(diff)
}

// A disk that breaks takes its partitions away and leaves the broker alive.
func TestRealConditionBrokenDisk(t *testing.T) {
	t.Parallel()
	disks := []string{filepath.Join(t.TempDir(), "data-1"), filepath.Join(t.TempDir(), "data-2")}
	cluster := kafkatest.Start(t, kafkatest.Options{Flavour: kafkatest.ZK1, Props: map[string]string{"log.dirs": strings.Join(disks, ",")}})
	ctx, c := dialReal(t, cluster)
	desired := topics("spread")
	if _, err := c.Converge(ctx, desired); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(disks[1], disks[1]+".gone"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(disks[1], nil, 0o600); err != nil {
		t.Fatal(err)
	}
	// The broker meets the break when it next makes a partition there.
	short, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	_, _ = c.Converge(short, topics("more"))
	start := time.Now()

	want := fmt.Sprintf("broker 1: log directory %s is offline (KAFKA_STORAGE_ERROR)", disks[1])
	var seen []string
	for kafka.Pause(ctx, 100*time.Millisecond) {
		got, err := c.Condition(ctx, desired)
		if err != nil {
			t.Fatal(err)
		}
		if seen = lines(got.Unusable); slices.Contains(seen, want) {
			t.Logf("seen %s later: %q", time.Since(start).Round(100*time.Millisecond), seen)
			break
		}
	}
	if len(seen) < 2 || !strings.HasSuffix(seen[0], ": no live leader, replicas on 1") || seen[len(seen)-1] != want {
		t.Errorf("want partitions without a leader and %q, got %q", want, seen)
	}
}
