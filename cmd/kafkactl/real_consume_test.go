package main

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/internal/kafkatest"
)

// field is a real cluster with a client of the tests' own on it.
type field struct {
	*testing.T
	cluster *kafkatest.Cluster
	client  *kgo.Client
	adm     *kadm.Client
}

func newField(t *testing.T, c *kafkatest.Cluster) *field {
	t.Helper()
	f := &field{T: t, cluster: c}
	f.client = f.dial()
	f.adm = kadm.NewClient(f.client)
	return f
}

// dial is another client; records go to the partition they name.
func (f *field) dial(opts ...kgo.Opt) *kgo.Client {
	f.Helper()
	client, err := kgo.NewClient(append([]kgo.Opt{
		kgo.SeedBrokers(f.cluster.Addrs()...), kgo.RecordPartitioner(kgo.ManualPartitioner()),
		kgo.UnknownTopicRetries(-1), kgo.MetadataMinAge(10 * time.Millisecond),
	}, opts...)...)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(client.Close)
	return client
}

// topic makes a topic; settings are key=value.
func (f *field) topic(name string, partitions int32, settings ...string) string {
	f.Helper()
	configs := make(map[string]*string)
	for _, s := range settings {
		key, value, _ := strings.Cut(s, "=")
		configs[key] = &value
	}
	if _, err := f.adm.CreateTopic(f.Context(), partitions, int16(len(f.cluster.Addrs())), configs, name); err != nil {
		f.Fatal(err)
	}
	return name
}

// write puts n records, value prefix0 and so on, into the partitions in turn.
func (f *field) write(client *kgo.Client, topic string, partitions int32, prefix string, n int, more ...func(*kgo.Record)) {
	f.Helper()
	var records []*kgo.Record
	for i := range n {
		r := &kgo.Record{Topic: topic, Partition: int32(i) % partitions, Value: fmt.Appendf(nil, "%s%d", prefix, i)}
		for _, change := range more {
			change(r)
		}
		records = append(records, r)
	}
	if err := client.ProduceSync(f.Context(), records...).FirstErr(); err != nil {
		f.Fatal(err)
	}
}

// transaction writes n records in a transaction and ends it, or leaves it open.
func (f *field) transaction(topic, prefix string, n int, end kgo.TransactionEndTry, open bool) {
	f.Helper()
	client := f.dial(kgo.TransactionalID(topic + prefix))
	if err := client.BeginTransaction(); err != nil {
		f.Fatal(err)
	}
	f.write(client, topic, 1, prefix, n)
	if open {
		return
	}
	if err := client.EndTransaction(f.Context(), end); err != nil {
		f.Fatal(err)
	}
}

// consume runs consume, which must succeed, and gives the lines it printed.
func (f *field) consume(args ...string) []string {
	f.Helper()
	r := kafkactl(f.T, append([]string{"consume", "-b", f.cluster.Bootstrap()}, args...)...)
	r.want(f.T, exitDone)
	if r.took > 5*time.Second {
		f.Errorf("consume %v took %s", args, r.took)
	}
	return lines(r.stdout)
}

func lines(text string) []string {
	return strings.Split(strings.TrimSuffix(text, "\n"), "\n")[:strings.Count(text, "\n")]
}

// Where records end is where other clients hang, or miss some: in a gap of offsets, at
// a transaction's marker, at the start of a trimmed log.
func TestRealConsumeEnds(t *testing.T) {
	t.Parallel() // it has its own brokers
	for _, flavour := range []kafkatest.Flavour{kafkatest.ZK1, kafkatest.Kraft1} {
		t.Run(string(flavour), func(t *testing.T) {
			t.Parallel()
			c := kafkatest.Start(t, kafkatest.Options{Flavour: flavour, Props: map[string]string{"log.cleaner.backoff.ms": "100"}})
			for _, tt := range []struct {
				name                          string
				fill                          func(f *field, topic string)
				committed, uncommitted, tail3 int
			}{
				{"plain", func(f *field, topic string) { f.write(f.client, f.topic(topic, 6), 6, "r", 60) }, 60, 60, 3},
				{"empty", func(f *field, topic string) { f.topic(topic, 6) }, 0, 0, 0},
				{"trimmed", func(f *field, topic string) { f.trim(topic, 60, 52) }, 8, 8, 3},
				{"trimmed-all", func(f *field, topic string) { f.trim(topic, 60, 60) }, 0, 0, 0},
				{"compacted", func(f *field, topic string) { f.compacted(topic) }, 11, 11, 3},
				{"committed", func(f *field, topic string) { f.transaction(f.topic(topic, 1), "c", 10, kgo.TryCommit, false) }, 10, 10, 3},
				{"aborted", func(f *field, topic string) {
					f.write(f.client, f.topic(topic, 1), 1, "r", 5)
					f.transaction(topic, "a", 5, kgo.TryAbort, false)
				}, 5, 10, 3},
				{"only-aborted", func(f *field, topic string) { f.transaction(f.topic(topic, 1), "a", 5, kgo.TryAbort, false) }, 0, 5, 0},
				{"open", func(f *field, topic string) {
					f.write(f.client, f.topic(topic, 1), 1, "r", 5)
					f.transaction(topic, "o", 5, kgo.TryAbort, true)
				}, 5, 10, 3},
			} {
				t.Run(tt.name, func(t *testing.T) {
					f := newField(t, c)
					tt.fill(f, tt.name)
					all := f.consume(tt.name, "--from-beginning", "-o", "value")
					if len(all) != tt.committed {
						t.Errorf("%d records, want %d: %q", len(all), tt.committed, all)
					}
					raw := f.consume(tt.name, "--from-beginning", "-o", "value", "--isolation", "read_uncommitted")
					if len(raw) != tt.uncommitted {
						t.Errorf("%d records with read_uncommitted, want %d: %q", len(raw), tt.uncommitted, raw)
					}
					if got := f.consume(tt.name, "--tail", "3", "-o", "value"); len(got) != tt.tail3 {
						t.Errorf("the last 3 are %q, want %d", got, tt.tail3)
					}
					if tt.name == "open" {
						r := kafkactl(t, "consume", "open", "-b", c.Bootstrap())
						r.wantErr(t, `note: open/0: a transaction that is still open hides 5 offsets from offset 5 on`)
					}
				})
			}
		})
	}
}

// trim fills a topic of one partition with n records and deletes those before start.
func (f *field) trim(topic string, n int, start int64) {
	f.Helper()
	f.write(f.client, f.topic(topic, 1), 1, "r", n)
	var at kadm.Offsets = make(kadm.Offsets)
	at.AddOffset(topic, 0, start, -1)
	if _, err := f.adm.DeleteRecords(f.Context(), at); err != nil {
		f.Fatal(err)
	}
}

// compacted is a topic of which compaction left 11 records of 301: the newest of each
// of ten keys, and one in the segment that is still written.
func (f *field) compacted(topic string) {
	f.Helper()
	const segment = 50 * time.Millisecond
	f.topic(topic, 1, "cleanup.policy=compact", fmt.Sprintf("segment.ms=%d", segment.Milliseconds()), "min.cleanable.dirty.ratio=0.001", "max.compaction.lag.ms=100", "min.compaction.lag.ms=0")
	for round := range 30 {
		f.write(f.client, topic, 1, fmt.Sprintf("round%d-", round), 10, func(r *kgo.Record) { r.Key = r.Value[len(r.Value)-1:] })
	}
	ctx, cancel := context.WithTimeout(f.Context(), time.Minute)
	defer cancel()
	time.Sleep(2 * segment) // past it the next record begins a segment, and all before it can be compacted
	f.write(f.client, topic, 1, "last", 1, func(r *kgo.Record) { r.Key = []byte("last") })
	for len(f.read(topic)) != 11 {
		if ctx.Err() != nil {
			f.Fatalf("not compacted after a minute: %q", f.read(topic))
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// read is the values a topic holds, by another reader than ours.
func (f *field) read(topic string) []string {
	f.Helper()
	records, err := kafkatest.Records(f.Context(), f.cluster.Addrs(), topic)
	if err != nil {
		f.Fatal(err)
	}
	var values []string
	for _, r := range records {
		values = append(values, string(r.Value))
	}
	return values
}

// The last records by time, of all partitions together: other clients give so many of
// each, or of one partition alone, or the newest first, or lose the newest.
func TestRealConsumeTailOfEqualTimestamps(t *testing.T) {
	f := newField(t, kafkatest.Shared(t, kafkatest.Kraft1))
	topic := f.topic("consume.equal", 3, "retention.ms=-1") // its records are old
	moment := time.UnixMilli(1_790_000_000_000)
	f.write(f.client, topic, 3, "r", 9, func(r *kgo.Record) { r.Timestamp = moment })
	want := []string{"r2", "r5", "r8"} // all are of one time: by partition and offset then
	if got := f.consume(topic, "--tail", "3", "-o", "value"); strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("got %q, want %q", got, want)
	}
	f.write(f.client, topic, 1, "newest", 1, func(r *kgo.Record) { r.Timestamp = moment.Add(time.Millisecond) })
	want = []string{"r5", "r8", "newest0"}
	if got := f.consume(topic, "--tail", "3", "-o", "value"); strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Every codec, and records near the largest size that brokers take by default.
func TestRealConsumeCodecsAndLargeRecords(t *testing.T) {
	f := newField(t, kafkatest.Shared(t, kafkatest.Kraft1))
	topic := f.topic("consume.codecs", 1)
	want := make(map[string]int)
	for name, codec := range map[string]kgo.CompressionCodec{
		"none": kgo.NoCompression(), "gzip": kgo.GzipCompression(), "snappy": kgo.SnappyCompression(), "lz4": kgo.Lz4Compression(), "zstd": kgo.ZstdCompression(),
	} {
		client := f.dial(kgo.ProducerBatchCompression(codec))
		f.write(client, topic, 1, name+"-", 50)
		for i := range 50 {
			want[fmt.Sprintf("%s-%d", name, i)]++
		}
		large := strings.Repeat("x", 900_000-len(name)) + name
		f.write(client, topic, 1, "", 1, func(r *kgo.Record) { r.Value = []byte(large) })
		want[large]++
	}
	for _, line := range f.consume(topic, "--from-beginning", "-o", "value") {
		want[line]--
	}
	for value, missing := range want {
		if missing != 0 {
			t.Errorf("%d of %.20q (%d bytes) missing", missing, value, len(value))
		}
	}
}

// Reading makes no topic, though these brokers make every one that a client asks for.
func TestRealConsumeMissing(t *testing.T) {
	for _, flavour := range []kafkatest.Flavour{kafkatest.ZK1, kafkatest.Kraft1} {
		t.Run(string(flavour), func(t *testing.T) {
			f := newField(t, kafkatest.Shared(t, flavour))
			f.topic("consume.there", 1)
			for _, args := range [][]string{{"consume.theer"}, {"consume.theer", "-f"}, {"consume.there", "consume.theer", "--from-beginning"}} {
				r := kafkactl(t, append([]string{"consume", "-b", f.cluster.Bootstrap()}, args...)...)
				if r.code != int(exitNotFound) || r.stdout != "" || r.took > 5*time.Second {
					t.Errorf("consume %q: %v", args, r)
				}
				r.wantErr(t, `^kafkactl: topic "consume.theer" does not exist$`, `^hint: did you mean consume.there`)
			}
			topics, err := f.adm.ListTopics(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if topics.Has("consume.theer") {
				t.Error("the topic was made")
			}
		})
	}
}
