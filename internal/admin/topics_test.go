package admin

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

func TestListTopics(t *testing.T) {
	t.Parallel()
	ctx, _, c := dialFake(t, kfake.NumBrokers(3))
	desired := topics("b", "a")
	desired[0].ReplicationFactor = 3
	if _, err := c.Converge(ctx, desired); err != nil {
		t.Fatal(err)
	}
	listed, err := c.ListTopics(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for i := range listed {
		if len(listed[i].ID) != 22 {
			t.Errorf("topic id %q", listed[i].ID)
		}
		listed[i].ID = ""
	}
	want := []Topic{
		{Name: "a", Partitions: 3, ReplicationFactor: 1},
		{Name: "b", Partitions: 3, ReplicationFactor: 3},
	}
	if diff := cmp.Diff(want, listed); diff != "" {
		t.Error(diff)
	}
}

func TestDescribeTopic(t *testing.T) {
	t.Parallel()
	ctx, _, c := dialFake(t)
	desired := topics("a")
	desired[0].Partitions = 2
	desired[0].Config = topicspec.Config{"retention.ms": {Value: "1000"}}
	if _, err := c.Converge(ctx, desired); err != nil {
		t.Fatal(err)
	}
	record := &kgo.Record{Topic: "a", Partition: 1, Value: []byte("x"), Timestamp: time.UnixMilli(1_700_000_000_000)}
	producer, err := kgo.NewClient(append(kgoSeeds(c), kgo.RecordPartitioner(kgo.ManualPartitioner()))...)
	if err != nil {
		t.Fatal(err)
	}
	defer producer.Close()
	if err := producer.ProduceSync(ctx, record).FirstErr(); err != nil {
		t.Fatal(err)
	}
	detail, err := c.DescribeTopic(ctx, "a")
	if err != nil {
		t.Fatal(err)
	}
	written := time.UnixMilli(1_700_000_000_000).UTC()
	size := detail.PartitionList[1].Size // what a broker makes of a record
	if size < 60 {
		t.Errorf("a partition with a record has %d bytes", size)
	}
	want := []Partition{
		{ID: 0, Leader: 0, Replicas: []int{0}, ISR: []int{0}, MinISR: 1, SizesKnown: 1},
		{
			ID: 1, Leader: 0, Replicas: []int{0}, ISR: []int{0}, MinISR: 1, End: 1, First: written, Last: written,
			Size: size, SizesKnown: 1, LeaderSize: size,
		},
	}
	if diff := cmp.Diff(want, detail.PartitionList); diff != "" {
		t.Error(diff)
	}
	var overrides []Setting
	for _, s := range detail.Config {
		if s.Override {
			overrides = append(overrides, s)
		}
	}
	if diff := cmp.Diff([]Setting{{"retention.ms", "1000", "DYNAMIC_TOPIC_CONFIG", true}}, overrides); diff != "" {
		t.Error(diff)
	}
	if _, err := c.DescribeTopic(ctx, "ab"); !errors.As(err, new(*kafka.NotFoundError)) {
		t.Errorf("a missing topic: %v", err)
	}
}

// kgoSeeds dials where c does.
func kgoSeeds(c *Client) []kgo.Opt {
	seeds, _ := c.kafka.Kgo.OptValue(kgo.SeedBrokers).([]string)
	return []kgo.Opt{kgo.SeedBrokers(seeds...)}
}
