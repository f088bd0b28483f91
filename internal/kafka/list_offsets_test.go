package kafka

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafkatest"
)

// dialFake returns a client of a fake cluster; ctx bounds each test.
func dialFake(t *testing.T, opts ...kfake.Opt) (context.Context, *kfake.Cluster, *Client) {
	t.Helper()
	cluster, addrs := kafkatest.Fake(t, opts...)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	client, err := Dial(ctx, Config{Brokers: addrs, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return ctx, cluster, client
}

// answerOffsets answers ListOffsets by partition: 0 is known, 1 is refused, and all others are left
// out.
func answerOffsets(cluster *kfake.Cluster) {
	cluster.ControlKey(int16(kmsg.ListOffsets), func(req kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		resp := req.ResponseKind().(*kmsg.ListOffsetsResponse)
		for _, t := range req.(*kmsg.ListOffsetsRequest).Topics {
			topic := kmsg.NewListOffsetsResponseTopic()
			topic.Topic = t.Topic
			for _, p := range t.Partitions {
				partition := kmsg.NewListOffsetsResponseTopicPartition()
				partition.Partition, partition.Offset = p.Partition, 7
				switch p.Partition {
				case 0:
					topic.Partitions = append(topic.Partitions, partition)
				case 1:
					partition.ErrorCode, partition.Offset = kerr.NotLeaderForPartition.Code, -1
					topic.Partitions = append(topic.Partitions, partition)
				}
			}
			resp.Topics = append(resp.Topics, topic)
		}
		return resp, nil, true
	})
}

// Every partition has an answer, whatever its leader does; where there is no leader, nobody is
// asked.
func TestOffsetsAt(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t, kfake.NumBrokers(3), kfake.SeedTopics(4, "a"))
	answerOffsets(cluster)
	meta, err := c.Metadata(ctx, c.Any, []string{"a"})
	if err != nil {
		t.Fatal(err)
	}
	for i := range meta.Topics[0].Partitions {
		if p := &meta.Topics[0].Partitions[i]; p.Partition == 3 {
			p.Leader = -1
		}
	}
	got := make(map[TopicPartition]string)
	for at, listed := range c.OffsetsAt(ctx, meta, LogEnd) {
		got[at] = "7"
		if listed.Err != nil {
			got[at] = listed.Err.Error()
		} else if listed.Offset != 7 {
			t.Errorf("%s: offset %d", at, listed.Offset)
		}
	}
	want := map[TopicPartition]string{
		{"a", 0}: "7",
		{"a", 1}: "NOT_LEADER_FOR_PARTITION: " + kerr.NotLeaderForPartition.Description,
		{"a", 2}: "its leader says nothing of it",
		{"a", 3}: "no broker leads it",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	span := c.Offsets(ctx, "a")
	for partition, want := range []int64{7, -1, -1, -1, -1} { // there is no partition 4
		if start, end := span("a", partition); start != want || end != want {
			t.Errorf("partition %d: %d to %d, want %d", partition, start, end, want)
		}
	}
}

// A leader that could not be asked is named in the error of each of its partitions.
func TestListedBy(t *testing.T) {
	t.Parallel()
	at := TopicPartition{"a", 0}
	leader := Broker{ID: 2, Name: "broker 2"}
	answer := func(listed map[TopicPartition]ListedOffset, err error) Answer[map[TopicPartition]ListedOffset] {
		return Answer[map[TopicPartition]ListedOffset]{leader, listed, err}
	}
	known := ListedOffset{Offset: 5, Timestamp: 9}
	if diff := cmp.Diff(known, answerFor(answer(map[TopicPartition]ListedOffset{at: known}, nil), at)); diff != "" {
		t.Error(diff)
	}
	got := answerFor(answer(nil, context.DeadlineExceeded), at)
	want := ListedOffset{Offset: -1, Timestamp: -1, Err: context.DeadlineExceeded}
	if diff := cmp.Diff(want, got, cmpopts.EquateErrors()); diff != "" || got.Err.Error() != "broker 2: context deadline exceeded" {
		t.Errorf("%v: %s", got.Err, diff)
	}
}

// Bounds that one of the two answers lacks are not known, and neither are the times of a log
// without records.
func TestLogBoundsOn(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t, kfake.NumBrokers(1), kfake.SeedTopics(3, "a"))
	answerOffsets(cluster)
	got, err := c.LogBoundsOn(ctx, 0, "a", []int32{0, 1, 2})
	if err != nil {
		t.Fatal(err)
	}
	refused := "NOT_LEADER_FOR_PARTITION: " + kerr.NotLeaderForPartition.Description
	leftOut := "the answer leaves partition 2 out"
	errs := make(map[int32]string)
	for p, bounds := range got {
		if bounds.Err != nil {
			errs[p], bounds.Err = bounds.Err.Error(), nil
			got[p] = bounds
		}
	}
	if diff := cmp.Diff(map[int32]string{1: refused + "\n" + refused, 2: leftOut + "\n" + leftOut}, errs); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[int32]LogBounds{0: {Start: 7, End: 7, Stable: 7}, 1: {Start: -1, End: -1, Stable: -1}, 2: {Start: -1, End: -1, Stable: -1}}, got); diff != "" {
		t.Error(diff)
	}
}
