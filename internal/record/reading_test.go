package record

import (
	"fmt"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/internal/kafka"
	"kafkactl/internal/kafkatest"
)

// reading is a reader at an embedded Kafka with a topic "t".
type reading struct {
	*testing.T
	*Reader
	cluster *kfake.Cluster
	client  *kgo.Client // the test's own
	cfg     kafka.Config
	notes   []string
}

// written is when the record of offset 0 was written; each is a second later than the
// one before it in its partition.
func written() time.Time { return time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC) }

func newReading(t *testing.T, partitions int32, opts ReaderOptions, fake ...kfake.Opt) *reading {
	t.Helper()
	cluster, addrs := kafkatest.Fake(t, fake...)
	f := &reading{T: t, cluster: cluster, cfg: kafka.Config{Brokers: addrs}}
	f.create("t", partitions)
	opts.Note = func(text string) { f.notes = append(f.notes, text) }
	var err error
	if f.Reader, err = NewReader(t.Context(), f.cfg, opts); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Reader.Close)
	f.client, err = kgo.NewClient(kgo.SeedBrokers(addrs...), kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.UnknownTopicRetries(-1), kgo.MetadataMinAge(10*time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.client.Close)
	return f
}

func (f *reading) create(topic string, partitions int32) {
	f.Helper()
	if err := f.cluster.CreateTopic(topic, partitions, nil); err != nil {
		f.Fatal(err)
	}
}

// write puts records into a partition, value "p@o".
func (f *reading) write(partition int32, offsets ...int) {
	f.Helper()
	for _, o := range offsets {
		r := &kgo.Record{Topic: "t", Partition: partition, Value: fmt.Appendf(nil, "%d@%d", partition, o), Timestamp: written().Add(time.Duration(o) * time.Second)}
		if err := f.client.ProduceSync(f.Context(), r).FirstErr(); err != nil {
			f.Fatal(err)
		}
	}
}

// transaction writes n records to partition 0 in a transaction, and returns what ends it.
func (f *reading) transaction(id string, n int) (end func(kgo.TransactionEndTry)) {
	f.Helper()
	client, err := kgo.NewClient(kgo.SeedBrokers(f.cfg.Brokers...), kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.TransactionalID(id))
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(client.Close)
	if err := client.BeginTransaction(); err != nil {
		f.Fatal(err)
	}
	for i := range n {
		if err := client.ProduceSync(f.Context(), &kgo.Record{Topic: "t", Value: fmt.Appendf(nil, "%s%d", id, i)}).FirstErr(); err != nil {
			f.Fatal(err)
		}
	}
	return func(try kgo.TransactionEndTry) {
		f.Helper()
		if err := client.EndTransaction(f.Context(), try); err != nil {
			f.Fatal(err)
		}
	}
}

// all reads spans to their ends.
func (f *reading) all(spans []Span) (values []string, err error) {
	err = f.Read(f.Context(), spans, func(b Batch) error {
		for _, r := range b.Records {
			values = append(values, string(r.Value))
		}
		return nil
	})
	return values, err
}

func (f *reading) spans(sel Selection) []Span {
	f.Helper()
	sel.Topics = []string{"t"}
	spans, err := f.Spans(f.Context(), sel)
	if err != nil {
		f.Fatal(err)
	}
	return spans
}

func (f *reading) trim(partition int32, start int64) {
	f.Helper()
	offsets := make(kadm.Offsets)
	offsets.AddOffset("t", partition, start, -1)
	if _, err := kadm.NewClient(f.client).DeleteRecords(f.Context(), offsets); err != nil {
		f.Fatal(err)
	}
}
