package groups

import (
	"context"
	"errors"
	"fmt"
	"strings"
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

// The number of requests depends on the brokers, not on the groups.
func TestLagRequests(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t, kfake.NumBrokers(3))
	fill(ctx, t, c, "a", 3, 1)
	for i := range 40 {
		commitFor(ctx, t, c, fmt.Sprintf("g%d", i), "a", map[int32]int64{0: 0, 1: 1})
	}
	consume(ctx, t, c, "a", "classic")
	consume(ctx, t, c, "a", "consumer", kgo.ServerSideBalancer())
	wantGroups(ctx, t, c, "classic: stable, 1 member", "consumer: stable, 1 member")
	handles := make(map[kmsg.Key]*kfake.FaultHandle)
	for _, key := range []kmsg.Key{kmsg.ListGroups, kmsg.OffsetFetch, kmsg.DescribeGroups, kmsg.ConsumerGroupDescribe, kmsg.ListOffsets, kmsg.Metadata} {
		handles[key] = counted(cluster, key, nil)
	}
	got, err := c.Lag(ctx, LagQuery{})
	if err != nil || len(got) != 42 {
		t.Fatalf("%d groups, %v", len(got), err)
	}
	for key, most := range map[kmsg.Key]int{kmsg.ListGroups: 3, kmsg.OffsetFetch: 3, kmsg.DescribeGroups: 1, kmsg.ConsumerGroupDescribe: 1, kmsg.ListOffsets: 6, kmsg.Metadata: 2 + 1} /* kfake does not name the topics of KIP-848 */ {
		if hits := handles[key].Hits(); hits > most {
			t.Errorf("%d %s requests, want at most %d", hits, key.Name(), most)
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

// A group that does not exist is not found; one that may not be seen is refused.
func TestLagAbsent(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t, kfake.NumBrokers(3))
	fill(ctx, t, c, "a", 1, 1)
	commitFor(ctx, t, c, "payment-group", "a", map[int32]int64{0: 0})
	got, err := c.Lag(ctx, LagQuery{Groups: []string{"payment-grp", "payment-group"}})
	var missing *kafka.NotFoundError
	if !errors.As(err, &missing) || !errors.Is(err, kerr.GroupIDNotFound) || len(got) != 1 {
		t.Fatalf("%+v, %v", got, err)
	}
	if diff := cmp.Diff(&kafka.NotFoundError{Resource: kafka.ResourceGroup, Name: "payment-grp", Near: []string{"payment-group"}}, missing); diff != "" {
		t.Error(diff)
	}
	cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.DescribeGroups}, Group: "hidden", Err: kerr.GroupAuthorizationFailed, Count: -1})
	if _, err = c.Lag(ctx, LagQuery{Groups: []string{"hidden"}}); !kafka.Unauthorized(err) {
		t.Errorf("a group that may not be seen: %v", err)
	}
}

// While the coordinator of a group moves, no broker lists the group: that is not taken for a group
// that does not exist. Once a broker says that it is the coordinator, it is.
func TestLagOfAMovingCoordinator(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t, kfake.NumBrokers(3), kfake.SeedTopics(3, offsetsTopic))
	moving := cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.DescribeGroups}, Group: "g", Err: kerr.NotCoordinator, Count: -1})
	_, err := c.Lag(ctx, LagQuery{Groups: []string{"g"}})
	want := &UnlistedError{Groups: []string{"g"}, Reasons: []string{"its coordinator is moving"}}
	var unlisted *UnlistedError
	if errors.As(err, &unlisted); !cmp.Equal(want, unlisted) {
		t.Errorf("while it moves: %v", err)
	}
	moving.Remove()
	if _, err = c.Lag(ctx, LagQuery{Groups: []string{"g"}}); !errors.As(err, new(*kafka.NotFoundError)) {
		t.Errorf("once it has moved: %v", err)
	}
}

// A group of the consumer protocol is dead for DescribeGroups. One that its coordinator has loaded
// between the two questions is not taken for a group that does not exist.
func TestLagOfALoadedConsumerGroup(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t, kfake.NumBrokers(1), kfake.SeedTopics(1, offsetsTopic))
	fill(ctx, t, c, "a", 1, 1)
	commitFor(ctx, t, c, "g", "a", map[int32]int64{0: 0})
	cluster.ControlKey(int16(kmsg.ListGroups), func(req kmsg.Request) (kmsg.Response, error, bool) {
		return req.ResponseKind(), nil, true // once: the coordinator loads
	})
	cluster.ControlKey(int16(kmsg.DescribeGroups), func(req kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		resp := req.ResponseKind().(*kmsg.DescribeGroupsResponse)
		resp.Groups = []kmsg.DescribeGroupsResponseGroup{{Group: "g", State: stateDead}}
		return resp, nil, true
	})
	_, err := c.Lag(ctx, LagQuery{Groups: []string{"g"}})
	if !errors.As(err, new(*UnlistedError)) {
		t.Errorf("while it is loaded: %v", err)
	}
}

// A frozen broker holds nobody up, and its groups are not reported as absent.
func TestLagFrozenBroker(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t, kfake.NumBrokers(3))
	fill(ctx, t, c, "a", 12, 1)
	for i := range 12 {
		commitFor(ctx, t, c, fmt.Sprintf("g%d", i), "a", map[int32]int64{0: 0})
	}
	whole, err := c.Lag(ctx, LagQuery{})
	if err != nil || len(whole) != 12 {
		t.Fatalf("%+v, %v", whole, err)
	}
	cluster.ControlKey(-1, func(kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		if cluster.CurrentNode() == 1 {
			cluster.SleepControl(func() { <-ctx.Done() })
		}
		return nil, nil, false
	})
	start := time.Now()
	got, err := c.Lag(ctx, LagQuery{})
	var unlisted *UnlistedError
	if !errors.As(err, &unlisted) || !strings.Contains(err.Error(), "broker 1 (") || len(got) == 0 || len(got) == 12 || time.Since(start) > 5*time.Second {
		t.Fatalf("after %s: %d groups, %v", time.Since(start), len(got), err)
	}
	led := 0 // by the broker that is frozen
	for p := range int32(12) {
		if cluster.LeaderFor("a", p) == 1 {
			led++
		}
	}
	if led == 0 {
		t.Fatal("the frozen broker leads nothing")
	}
	got[0].Sum.Uncommitted = 0 // 11, less those that the frozen broker leads: which ones, is chance
	if diff := cmp.Diff(LagSum{Known: int64(12 - led), Unknown: led}, got[0].Sum); diff != "" {
		t.Error(diff)
	}
	if _, err = c.Lag(ctx, LagQuery{Groups: []string{got[0].Name}}); err != nil {
		t.Errorf("that one is another's: %v", err)
	}
	_, err = c.Lag(ctx, LagQuery{Groups: []string{"nope"}})
	if !errors.As(err, &unlisted) || !strings.HasPrefix(err.Error(), `cannot tell whether group "nope" exists: broker 1 (`) {
		t.Errorf("it may be there: %v", err)
	}
}
