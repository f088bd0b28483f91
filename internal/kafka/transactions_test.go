package kafka

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// What is open in a partition is named by its coordinator, whichever broker that is; where nobody
// tells, what is known is there all the same.
func TestOpenTransactions(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t, kfake.NumBrokers(3), kfake.SeedTopics(2, "a"))
	for _, id := range []string{"pay", "ship", "done"} {
		client, err := c.Outliving(ctx, kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.TransactionalID(id))
		if err != nil {
			t.Fatal(err)
		}
		defer client.Close()
		if err := client.Kgo.BeginTransaction(); err != nil {
			t.Fatal(err)
		}
		if err := client.Kgo.ProduceSync(ctx, &kgo.Record{Topic: "a", Partition: 1, Value: []byte("x")}).FirstErr(); err != nil {
			t.Fatal(err)
		}
		if id == "done" {
			if err := client.Kgo.EndTransaction(ctx, kgo.TryCommit); err != nil {
				t.Fatal(err)
			}
		}
	}
	led := make(map[int32][]TopicPartition)
	for p := range int32(2) {
		leader := cluster.LeaderFor("a", p)
		led[leader] = append(led[leader], TopicPartition{"a", p})
	}
	began := time.Now().Add(-time.Minute)
	open := func() []OpenTransaction {
		found := c.OpenTransactions(ctx, led)
		if len(found[TopicPartition{"a", 0}]) > 0 {
			t.Errorf("nothing was written there: %v", found)
		}
		for _, one := range found[TopicPartition{"a", 1}] {
			if one.ProducerID <= 0 || one.Since.Before(began) {
				t.Errorf("%+v", one)
			}
		}
		return found[TopicPartition{"a", 1}]
	}
	ignore := cmpopts.IgnoreFields(OpenTransaction{}, "ProducerID", "Since")
	if diff := cmp.Diff([]OpenTransaction{{ID: "pay", FirstOffset: 0}, {ID: "ship", FirstOffset: 1}}, open(), ignore); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, key := range []kmsg.Key{kmsg.DescribeTransactions, kmsg.ListTransactions} {
		fault := cluster.Fault(kfake.Fault{Keys: []kmsg.Key{key}, Err: kerr.CoordinatorLoadInProgress, Count: -1})
		want := []OpenTransaction{{ID: "pay", FirstOffset: 0}, {ID: "ship", FirstOffset: 1}}
		if key == kmsg.ListTransactions {
			want[0].ID, want[1].ID = "", ""
		}
		if diff := cmp.Diff(want, open(), ignore); diff != "" {
			t.Errorf("without %s (-want +got):\n%s", key.Name(), diff)
		}
		fault.Remove()
	}
}

func TestOpenTransactionString(t *testing.T) {
	t.Parallel()
	since := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	known := map[int64]coordinated{7: {"pay", since}, 8: {"ship", time.Time{}}}
	young, old := time.Now().Add(-time.Minute), time.Now().Add(-2*longestTransaction)
	for _, tt := range []struct {
		name     string
		t        OpenTransaction
		complete bool
		want     string
	}{
		{"named", OpenTransaction{ProducerID: 7, Since: young}, true, `transaction "pay", open since 2026-11-22T10:00:00Z`},
		{"since its last record", OpenTransaction{ProducerID: 8, Since: since}, true, `transaction "ship", open since 2026-11-22T10:00:00Z`},
		{"since when is not known", OpenTransaction{ProducerID: 8}, true, `transaction "ship"`},
		{"of an unknown one", OpenTransaction{ProducerID: 9}, true, "a transaction of producer 9"},
		{"one that has ended meanwhile, perhaps", OpenTransaction{ProducerID: 9, Since: young}, true, "a transaction of producer 9, open since " + young.Format(time.RFC3339)},
		{"not every coordinator answered", OpenTransaction{ProducerID: 9, Since: since}, false, "a transaction of producer 9, open since 2026-11-22T10:00:00Z"},
		{
			"one that hangs",
			OpenTransaction{ProducerID: 9, Since: old},
			true,
			"a transaction of producer 9, open since " + old.Format(time.RFC3339) + ", which no coordinator lists (kafka-transactions find-hanging tells whether it hangs)",
		},
	} {
		tt.t.identify(known, tt.complete)
		if diff := cmp.Diff(tt.want, tt.t.String()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
	if got := NameOpen([]OpenTransaction{{ID: "a"}, {ID: "b"}, {ID: "c"}}); got != `transaction "a"; and 2 more` {
		t.Error(got)
	}
}
