package groups

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// transact writes n records to partition 0 of a topic in a transaction, and returns what ends it.
func transact(ctx context.Context, t *testing.T, c *Client, topic, id string, n int) (end func(kgo.TransactionEndTry)) {
	t.Helper()
	writer, err := c.kafka.Outliving(ctx, kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.UnknownTopicRetries(-1), kgo.TransactionalID(id))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(writer.Close)
	if err := writer.Kgo.BeginTransaction(); err != nil {
		t.Fatal(err)
	}
	for range n {
		if err := writer.Kgo.ProduceSync(ctx, &kgo.Record{Topic: topic, Value: []byte(strings.Repeat("x", 200))}).FirstErr(); err != nil {
			t.Fatal(err)
		}
	}
	return func(try kgo.TransactionEndTry) {
		t.Helper()
		if err := writer.Kgo.EndTransaction(ctx, try); err != nil {
			t.Fatal(err)
		}
	}
}

// lagOf returns what is told of partition 0 of a topic, without what the cases below do not differ
// in.
func lagOf(ctx context.Context, t *testing.T, c *Client, group string) PartitionLag {
	t.Helper()
	got, err := c.Lag(ctx, LagQuery{Groups: []string{group}})
	if err != nil {
		t.Fatal(err)
	}
	lag := got[0].Partitions[0]
	for i := range lag.Open {
		if lag.Open[i].Since.IsZero() || time.Since(lag.Open[i].Since) > time.Hour {
			t.Errorf("open since %v", lag.Open[i].Since)
		}
	}
	return lag
}

// unread is what of a partition's lag these tests are about.
type unread struct {
	Lag, Markers, Aborted, Hidden int64
	Open                          []kafka.OpenTransaction
	Unlooked                      string
}

func unreadOf(p PartitionLag) unread {
	u := unread{Lag: p.Lag, Markers: p.Markers, Aborted: p.Aborted, Hidden: p.Hidden, Open: p.Open}
	if p.Unlooked != nil {
		u.Unlooked = p.Unlooked.Error()
	}
	return u
}

func wantUnread(t *testing.T, what string, want, got unread) {
	t.Helper()
	ignore := cmp.Options{cmpopts.IgnoreFields(kafka.OpenTransaction{}, "ProducerID", "Since"), cmpopts.EquateEmpty()}
	if diff := cmp.Diff(want, got, ignore); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// What a group that has read every record of transactions has not committed is no record: KafkaJS
// commits the offset of the last record, plus one, and was said to lag for ever.
func TestLagOfMarkers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name      string
		write     func(ctx context.Context, t *testing.T, c *Client)
		committed int64
		want      unread
	}{
		{"a marker", func(ctx context.Context, t *testing.T, c *Client) { transact(ctx, t, c, "a", "x", 3)(kgo.TryCommit) }, 3, unread{Markers: 1}},
		{"read behind it", func(ctx context.Context, t *testing.T, c *Client) { transact(ctx, t, c, "a", "x", 3)(kgo.TryCommit) }, 4, unread{}},
		{"a record and a marker", func(ctx context.Context, t *testing.T, c *Client) { transact(ctx, t, c, "a", "x", 3)(kgo.TryCommit) }, 2, unread{Lag: 2}},
		{"a marker, and records behind it", func(ctx context.Context, t *testing.T, c *Client) {
			transact(ctx, t, c, "a", "x", 3)(kgo.TryCommit)
			transact(ctx, t, c, "a", "x", 1)(kgo.TryCommit)
		}, 3, unread{Lag: 3}},
		{"aborted records", func(ctx context.Context, t *testing.T, c *Client) {
			transact(ctx, t, c, "a", "x", 2)(kgo.TryCommit)
			transact(ctx, t, c, "a", "x", 5)(kgo.TryAbort)
		}, 2, unread{Markers: 2, Aborted: 5}},
		{"some of the aborted records", func(ctx context.Context, t *testing.T, c *Client) { transact(ctx, t, c, "a", "x", 5)(kgo.TryAbort) }, 3, unread{Markers: 1, Aborted: 2}},
		{"more aborted records than one answer has", func(ctx context.Context, t *testing.T, c *Client) {
			transact(ctx, t, c, "a", "x", 2*markerBytes/200)(kgo.TryAbort)
		}, 0, unread{Markers: 1, Aborted: 2 * markerBytes / 200}},
		{"nothing was ever committed", func(ctx context.Context, t *testing.T, c *Client) { transact(ctx, t, c, "a", "x", 2)(kgo.TryAbort) }, -1, unread{Markers: 1, Aborted: 2}},
		{"an open transaction", func(ctx context.Context, t *testing.T, c *Client) {
			transact(ctx, t, c, "a", "x", 2)(kgo.TryCommit)
			transact(ctx, t, c, "a", "pay", 4)
		}, 2, unread{Lag: 5, Hidden: 4, Open: []kafka.OpenTransaction{{ID: "pay", FirstOffset: 3}}}},
		{"two open transactions", func(ctx context.Context, t *testing.T, c *Client) {
			transact(ctx, t, c, "a", "pay", 1)
			transact(ctx, t, c, "a", "ship", 1)
		}, 1, unread{Lag: 1, Hidden: 1, Open: []kafka.OpenTransaction{{ID: "pay", FirstOffset: 0}, {ID: "ship", FirstOffset: 1}}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ctx, _, c := dialFake(t, kfake.NumBrokers(2))
			createAside(ctx, t, c, "a", 2)
			tt.write(ctx, t, c)
			committed := map[int32]int64{0: tt.committed}
			if tt.committed < 0 {
				committed = map[int32]int64{1: 0}
			}
			commitFor(ctx, t, c, "g", "a", committed)
			wantUnread(t, "lag", tt.want, unreadOf(lagOf(ctx, t, c, "g")))
		})
	}
}

// Groups that are at several places of one partition: each is told its own.
func TestLagOfMarkersOfSeveralGroups(t *testing.T) {
	t.Parallel()
	ctx, _, c := dialFake(t)
	createAside(ctx, t, c, "a", 1)
	transact(ctx, t, c, "a", "x", 2)(kgo.TryCommit) // 0 and 1, its marker 2
	transact(ctx, t, c, "a", "x", 3)(kgo.TryAbort)  // 3 to 5, its marker 6
	for group, want := range map[int64]unread{
		0: {Lag: 7}, 1: {Lag: 6}, 2: {Markers: 2, Aborted: 3}, 3: {Markers: 1, Aborted: 3}, 5: {Markers: 1, Aborted: 1}, 6: {Markers: 1}, 7: {},
	} {
		name := fmt.Sprintf("g%d", group)
		commitFor(ctx, t, c, name, "a", map[int32]int64{0: group})
		t.Run(name, func(t *testing.T) { wantUnread(t, "alone", want, unreadOf(lagOf(ctx, t, c, name))) })
	}
	got, err := c.Lag(ctx, LagQuery{})
	if err != nil {
		t.Fatal(err)
	}
	lags := make(map[string]int64)
	for _, g := range got {
		lags[g.Name] = g.Sum.Known
	}
	if diff := cmp.Diff(map[string]int64{"g0": 7, "g1": 6, "g2": 0, "g3": 0, "g5": 0, "g6": 0, "g7": 0}, lags); diff != "" {
		t.Errorf("together (-want +got):\n%s", diff)
	}
}

// What cannot be known, or not cheaply, is said, and the lag stays what the offsets say.
func TestLagOfMarkersUnlooked(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		fault kfake.Fault
		want  unread
	}{
		{"the records may not be read", kfake.Fault{Keys: []kmsg.Key{kmsg.Fetch}, Topic: "a", Err: kerr.TopicAuthorizationFailed}, unread{
			Lag: 1, Unlooked: `not permitted: Read on topic "a" (TOPIC_AUTHORIZATION_FAILED)`,
		}},
		{"a leader that moves", kfake.Fault{Keys: []kmsg.Key{kmsg.Fetch}, Topic: "a", Err: kerr.NotLeaderForPartition}, unread{
			Lag: 1, Unlooked: "NOT_LEADER_FOR_PARTITION: " + kerr.NotLeaderForPartition.Description,
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ctx, cluster, c := dialFake(t)
			createAside(ctx, t, c, "a", 1)
			transact(ctx, t, c, "a", "x", 3)(kgo.TryCommit)
			commitFor(ctx, t, c, "g", "a", map[int32]int64{0: 3})
			tt.fault.Count = -1
			cluster.Fault(tt.fault)
			wantUnread(t, "lag", tt.want, unreadOf(lagOf(ctx, t, c, "g")))
		})
	}
}

// A lag that is not small is not looked at, and neither are batches that are larger than markers.
func TestLagOfMarkersBounds(t *testing.T) {
	t.Parallel()
	t.Run("a lag that is not small", func(t *testing.T) {
		t.Parallel()
		ctx, cluster, c := dialFake(t)
		fill(ctx, t, c, "a", 1, smallLag+1)
		commitFor(ctx, t, c, "g", "a", map[int32]int64{0: 0})
		fetches := counted(cluster, kmsg.Fetch, nil)
		wantUnread(t, "lag", unread{Lag: smallLag + 1}, unreadOf(lagOf(ctx, t, c, "g")))
		if fetches.Hits() > 0 {
			t.Errorf("%d fetches", fetches.Hits())
		}
	})
	t.Run("batches that are larger than what is looked at", func(t *testing.T) {
		t.Parallel()
		ctx, cluster, c := dialFake(t)
		createAside(ctx, t, c, "a", 1)
		transact(ctx, t, c, "a", "x", 3)(kgo.TryAbort)
		commitFor(ctx, t, c, "g", "a", map[int32]int64{0: 3})
		fetches := 0
		cluster.ControlKey(int16(kmsg.Fetch), func(kreq kmsg.Request) (kmsg.Response, error, bool) { // no room for it, ever
			cluster.KeepControl()
			fetches++
			req := kreq.(*kmsg.FetchRequest)
			resp := req.ResponseKind().(*kmsg.FetchResponse)
			topic, p := kmsg.NewFetchResponseTopic(), kmsg.NewFetchResponseTopicPartition()
			topic.Topic, topic.TopicID, p.HighWatermark, p.LastStableOffset, p.RecordBatches = req.Topics[0].Topic, req.Topics[0].TopicID, 4, 4, []byte{}
			topic.Partitions = append(topic.Partitions, p)
			resp.Topics = append(resp.Topics, topic)
			return resp, nil, true
		})
		wantUnread(t, "lag", unread{Lag: 1}, unreadOf(lagOf(ctx, t, c, "g")))
		if fetches != unreadRounds {
			t.Errorf("%d fetches, want %d", fetches, unreadRounds)
		}
	})
	t.Run("too much to look at", func(t *testing.T) {
		t.Parallel()
		ctx, _, c := dialFake(t)
		const partitions = unreadRounds + 1 // each needs an answer of its own
		createAside(ctx, t, c, "a", partitions)
		createAside(ctx, t, c, "b", 1) // behind the others in each question
		writer, err := c.kafka.Outliving(ctx, kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.UnknownTopicRetries(-1), kgo.ProducerBatchCompression(kgo.NoCompression()))
		if err != nil {
			t.Fatal(err)
		}
		defer writer.Close()
		large := make([]byte, 900_000)
		for p := range int32(partitions) {
			if err := writer.Kgo.ProduceSync(ctx, &kgo.Record{Topic: "a", Partition: p, Value: large}).FirstErr(); err != nil {
				t.Fatal(err)
			}
			commitFor(ctx, t, c, "g", "a", map[int32]int64{p: 0})
		}
		transact(ctx, t, c, "b", "x", 3)(kgo.TryCommit)
		commitFor(ctx, t, c, "g", "b", map[int32]int64{0: 3})
		got, err := c.Lag(ctx, LagQuery{})
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range got[0].Partitions {
			want := unread{Lag: 1}
			if i >= unreadRounds { // one answer for each of the others
				want.Unlooked = errTooMuch.Error()
			}
			wantUnread(t, p.String(), want, unreadOf(p))
		}
	})
}
