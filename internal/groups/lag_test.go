package groups

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/kversion"

	"kafkactl/internal/kafka"
)

// fill writes n records to each partition of a new topic.
func fill(ctx context.Context, t *testing.T, c *Client, topic string, partitions int32, n int) {
	t.Helper()
	createAside(ctx, t, c, topic, partitions)
	writer, err := c.kafka.Outliving(ctx, kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.UnknownTopicRetries(-1))
	if err != nil {
		t.Fatal(err)
	}
	defer writer.Close()
	var records []*kgo.Record
	for p := range partitions {
		for range n {
			records = append(records, &kgo.Record{Topic: topic, Partition: p, Value: []byte("x")})
		}
	}
	if err := writer.Kgo.ProduceSync(ctx, records...).FirstErr(); err != nil {
		t.Fatal(err)
	}
}

// commitFor commits offsets for a group without members, by partition.
func commitFor(ctx context.Context, t *testing.T, c *Client, group, topic string, at map[int32]int64) {
	t.Helper()
	offsets := make(kadm.Offsets)
	for p, o := range at {
		offsets.AddOffset(topic, p, o, -1)
	}
	if err := c.kafka.Adm.CommitAllOffsets(ctx, group, offsets); err != nil {
		t.Fatal(err)
	}
}

// trim deletes the records of a partition before an offset.
func trim(ctx context.Context, t *testing.T, c *Client, topic string, partition int32, to int64) {
	t.Helper()
	offsets := make(kadm.Offsets)
	offsets.AddOffset(topic, partition, to, -1)
	if _, err := c.kafka.Adm.DeleteRecords(ctx, offsets); err != nil {
		t.Fatal(err)
	}
}

// wantLag compares lags without what the brokers make up.
func wantLag(t *testing.T, want, got []GroupLag) {
	t.Helper()
	ignore := cmp.Options{
		cmpopts.IgnoreFields(Group{}, "Coordinator"), cmpopts.IgnoreFields(Member{}, "ID", "Host"), cmpopts.EquateErrors(), cmpopts.EquateEmpty(),
	}
	if diff := cmp.Diff(want, got, ignore); diff != "" {
		t.Error(diff)
	}
}

// Every way an offset can stand to its log.
func TestLag(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t, kfake.NumBrokers(3))
	searches := counted(cluster, kmsg.FindCoordinator, nil)
	if got, err := c.Lag(ctx, LagQuery{}); err != nil || len(got) > 0 {
		t.Errorf("nobody consumes, and told %v, %v", got, err)
	}
	if searches.Hits() != 0 {
		t.Error("asked for a coordinator, which makes the offsets topic")
	}
	fill(ctx, t, c, "a", 5, 10)
	fill(ctx, t, c, "gone", 1, 10)
	trim(ctx, t, c, "a", 0, 6)
	commitFor(ctx, t, c, "late", "a", map[int32]int64{0: 2, 1: 4, 2: 999, 3: 10})
	commitFor(ctx, t, c, "late", "gone", map[int32]int64{0: 3})
	commitFor(ctx, t, c, "other", "a", map[int32]int64{0: 1}) // one group's offsets are not another's
	// Brokers forget what was committed of a topic soon after it was deleted, but not at once.
	cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.Metadata}, Topic: "gone", Err: kerr.UnknownTopicOrPartition, Count: -1})
	got, err := c.Lag(ctx, LagQuery{Groups: []string{"late"}})
	if err != nil {
		t.Fatal(err)
	}
	at := func(topic string, partition int32) kafka.TopicPartition {
		return kafka.TopicPartition{Topic: topic, Partition: partition}
	}
	wantLag(t, []GroupLag{{
		Group: Group{Name: "late", State: "Empty", Protocol: "classic"},
		Partitions: []PartitionLag{
			{TopicPartition: at("a", 0), Committed: 2, LogStart: 6, End: 10, Lag: 4, Lost: 4},
			{TopicPartition: at("a", 1), Committed: 4, End: 10, Lag: 6},
			{TopicPartition: at("a", 2), Committed: 999, End: 10, Past: 989},
			{TopicPartition: at("a", 3), Committed: 10, End: 10},
			{TopicPartition: at("a", 4), Committed: -1, End: 10, Lag: 10},
			{TopicPartition: at("gone", 0), Committed: 3, LogStart: -1, End: -1, Lag: -1, TopicGone: true},
		},
		Sum:    LagSum{Known: 20, Read: 6 + 4 + 10 + 10, Lost: 4, Past: 1, Uncommitted: 1, Gone: 1},
		Topics: []string{"a", "gone"},
	}}, got)
	got, err = c.Lag(ctx, LagQuery{Topics: []string{"gone"}})
	if err != nil {
		t.Fatal(err)
	}
	wantLag(t, []GroupLag{{ // the only group that committed for that topic
		Group:      Group{Name: "late", State: "Empty", Protocol: "classic"},
		Partitions: []PartitionLag{{TopicPartition: at("gone", 0), Committed: 3, LogStart: -1, End: -1, Lag: -1, TopicGone: true}},
		Sum:        LagSum{Gone: 1},
		Topics:     []string{"gone"},
	}}, got)
}

// Both protocols: partitions that are assigned are there, though nothing is committed.
func TestLagOfMembers(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		protocol string
		opt      kgo.Opt
	}{
		{"classic", kgo.Balancers(kgo.RangeBalancer())},
		{"consumer", kgo.ServerSideBalancer()},
	} {
		t.Run(test.protocol, func(t *testing.T) {
			t.Parallel()
			ctx, _, c := dialFake(t, kfake.NumBrokers(3))
			fill(ctx, t, c, "a", 2, 0)
			consume(ctx, t, c, "a", "g", test.opt, kgo.DisableAutoCommit(), kgo.ClientID("me"))
			var got []GroupLag
			for len(got) == 0 || len(got[0].Partitions) < 2 || got[0].Partitions[0].Member == nil {
				var err error
				if got, err = c.Lag(ctx, LagQuery{}); err != nil || !kafka.Pause(ctx, kafka.PollInterval) {
					t.Fatalf("%+v, %v", got, err)
				}
			}
			first, second := kafka.TopicPartition{Topic: "a", Partition: 0}, kafka.TopicPartition{Topic: "a", Partition: 1}
			member := Member{ClientID: "me", Assigned: []kafka.TopicPartition{first, second}}
			assignor := got[0].Assignor
			if assignor == "" || got[0].Members[0].ID == "" || strings.HasPrefix(got[0].Members[0].Host, "/") {
				t.Errorf("%+v", got[0])
			}
			wantLag(t, []GroupLag{{
				Group: Group{Name: "g", State: "Stable", Protocol: test.protocol, Assignor: assignor, Members: []Member{member}},
				Partitions: []PartitionLag{
					{TopicPartition: first, Committed: -1, Member: &member},
					{TopicPartition: second, Committed: -1, Member: &member},
				},
				Sum:    LagSum{Uncommitted: 2},
				Topics: []string{"a"},
			}}, got)
		})
	}
}

// asked counts the requests that one client sends: others of the same cluster look around, too.
type asked struct{ times [256]atomic.Int64 }

func (a *asked) OnBrokerWrite(_ kgo.BrokerMetadata, key int16, _ int, _, _ time.Duration, _ error) {
	a.times[key].Add(1)
}

// The number of requests depends on the brokers, not on the groups.
func TestLagRequests(t *testing.T) {
	t.Parallel()
	ctx, _, c := dialFake(t, kfake.NumBrokers(3))
	fill(ctx, t, c, "a", 3, 1)
	for i := range 40 {
		commitFor(ctx, t, c, fmt.Sprintf("g%d", i), "a", map[int32]int64{0: 0, 1: 1})
	}
	consume(ctx, t, c, "a", "classic")
	consume(ctx, t, c, "a", "consumer", kgo.ServerSideBalancer())
	wantGroups(ctx, t, c, "classic: stable, 1 member", "consumer: stable, 1 member")

	var sent asked
	client, err := c.kafka.Outliving(ctx, kgo.WithHooks(&sent))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	got, err := New(client).Lag(ctx, LagQuery{})
	if err != nil || len(got) != 42 {
		t.Fatalf("%d groups, %v", len(got), err)
	}
	for key, most := range map[kmsg.Key]int64{
		kmsg.ListGroups: 3, kmsg.OffsetFetch: 3, kmsg.DescribeGroups: 1, kmsg.ConsumerGroupDescribe: 1, kmsg.ListOffsets: 9, kmsg.Fetch: 3 * unreadRounds,
		kmsg.Metadata: 1 + 2 + 1, // kgo's first, ours, and kfake does not name the topics of KIP-848
	} {
		if times := sent.times[key].Load(); times == 0 || times > most {
			t.Errorf("%d %s requests, want 1 to %d", times, key.Name(), most)
		}
	}
}

// Before Kafka 3.0 a coordinator is asked for one group at a time.
func TestLagOfOldBrokers(t *testing.T) {
	t.Parallel()
	ctx, _, c := dialFake(t, kfake.NumBrokers(3), kfake.MaxVersions(kversion.V2_8_0()))
	fill(ctx, t, c, "a", 2, 10)
	for i := range 40 {
		commitFor(ctx, t, c, fmt.Sprintf("g%02d", i), "a", map[int32]int64{0: int64(i % 7)})
	}
	got, err := c.Lag(ctx, LagQuery{})
	if err != nil || len(got) != 40 {
		t.Fatalf("%d groups, %v", len(got), err)
	}
	for i := range got {
		read := int64(i % 7)
		if diff := cmp.Diff(LagSum{Known: 20 - read, Read: read, Uncommitted: 1}, got[i].Sum); diff != "" {
			t.Errorf("%s: %v\n%s", got[i].Name, got[i].Err, diff)
		}
	}
}
