package records

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

// transaction writes n records in a transaction and ends it, or leaves it open.
func transaction(f *clitest.Field, topic, prefix string, n int, end kgo.TransactionEndTry, open bool) {
	f.Helper()
	client := f.Dial(kgo.TransactionalID(topic + prefix))
	if err := client.BeginTransaction(); err != nil {
		f.Fatal(err)
	}
	f.Write(client, topic, 1, prefix, n)
	if open {
		return
	}
	if err := client.EndTransaction(f.Context(), end); err != nil {
		f.Fatal(err)
	}
	// The coordinator answers before it has written the marker into the partition.
	f.Until("the end of the transaction in "+topic, func() bool {
		stable, err := f.Adm.ListCommittedOffsets(f.Context(), topic)
		if err != nil {
			f.Fatal(err)
		}
		ends, err := f.Adm.ListEndOffsets(f.Context(), topic)
		if err != nil {
			f.Fatal(err)
		}
		return cmp.Equal(stable.Offsets(), ends.Offsets())
	})
}

// consume runs consume, which must succeed, and gives the lines it printed.
func consume(f *clitest.Field, args ...string) []string {
	f.Helper()
	r := clitest.Kafkactl(f.T, append([]string{"consume", "-b", f.Cluster.Bootstrap()}, args...)...)
	r.Want(f.T, cli.ExitDone)
	if r.Took > 5*time.Second {
		f.Errorf("consume %v took %s", args, r.Took)
	}
	return clitest.Lines(r.Stdout)
}

// Where records end is where other clients hang, or miss some: in a gap of offsets, at a
// transaction's marker, at the start of a trimmed log.
func TestRealConsumeEnds(t *testing.T) {
	t.Parallel() // it has its own brokers
	for _, flavour := range []kafkatest.Flavour{kafkatest.ZK1, kafkatest.Kraft1} {
		t.Run(string(flavour), func(t *testing.T) {
			t.Parallel()
			c := kafkatest.Start(t, kafkatest.Options{Flavour: flavour, Props: map[string]string{"log.cleaner.backoff.ms": "100"}})
			for _, tt := range []struct {
				name                          string
				fill                          func(f *clitest.Field, topic string)
				committed, uncommitted, tail3 int
			}{
				{"plain", func(f *clitest.Field, topic string) { f.Write(f.Client, f.Topic(topic, 6), 6, "r", 60) }, 60, 60, 3},
				{"empty", func(f *clitest.Field, topic string) { f.Topic(topic, 6) }, 0, 0, 0},
				{"trimmed", func(f *clitest.Field, topic string) { trim(f, topic, 60, 52) }, 8, 8, 3},
				{"trimmed-all", func(f *clitest.Field, topic string) { trim(f, topic, 60, 60) }, 0, 0, 0},
				{"compacted", func(f *clitest.Field, topic string) { compacted(f, topic) }, 11, 11, 3},
				{"committed", func(f *clitest.Field, topic string) { transaction(f, f.Topic(topic, 1), "c", 10, kgo.TryCommit, false) }, 10, 10, 3},
				{"aborted", func(f *clitest.Field, topic string) {
					f.Write(f.Client, f.Topic(topic, 1), 1, "r", 5)
					transaction(f, topic, "a", 5, kgo.TryAbort, false)
				}, 5, 10, 3},
				{"only-aborted", func(f *clitest.Field, topic string) { transaction(f, f.Topic(topic, 1), "a", 5, kgo.TryAbort, false) }, 0, 5, 0},
				{"open", func(f *clitest.Field, topic string) {
					f.Write(f.Client, f.Topic(topic, 1), 1, "r", 5)
					transaction(f, topic, "o", 5, kgo.TryAbort, true)
				}, 5, 10, 3},
			} {
				t.Run(tt.name, func(t *testing.T) {
					f := clitest.NewField(t, c)
					tt.fill(f, tt.name)
					all := consume(f, tt.name, "--from-beginning", "-o", "value")
					if len(all) != tt.committed {
						t.Errorf("%d records, want %d: %q", len(all), tt.committed, all)
					}
					raw := consume(f, tt.name, "--from-beginning", "-o", "value", "--isolation", "read_uncommitted")
					if len(raw) != tt.uncommitted {
						t.Errorf("%d records with read_uncommitted, want %d: %q", len(raw), tt.uncommitted, raw)
					}
					if got := consume(f, tt.name, "--tail", "3", "-o", "value"); len(got) != tt.tail3 {
						t.Errorf("the last 3 are %q, want %d", got, tt.tail3)
					}
					if tt.name == "open" {
						r := clitest.Kafkactl(t, "consume", "open", "-b", c.Bootstrap())
						r.WantErr(t, `note: open/0: a transaction that is still open hides 5 offsets from offset 5 on`)
					}
				})
			}
		})
	}
}

// trim fills a topic of one partition with n records and deletes those before start.
func trim(f *clitest.Field, topic string, n int, start int64) {
	f.Helper()
	f.Write(f.Client, f.Topic(topic, 1), 1, "r", n)
	var at kadm.Offsets = make(kadm.Offsets)
	at.AddOffset(topic, 0, start, -1)
	if _, err := f.Adm.DeleteRecords(f.Context(), at); err != nil {
		f.Fatal(err)
	}
}

// compacted is a topic of which compaction left 11 records of 301: the newest of each of ten keys,
// and one in the segment that is still written.
func compacted(f *clitest.Field, topic string) {
	f.Helper()
	const segment = 50 * time.Millisecond
	f.Topic(topic, 1, "cleanup.policy=compact", fmt.Sprintf("segment.ms=%d", segment.Milliseconds()), "min.cleanable.dirty.ratio=0.001", "max.compaction.lag.ms=100", "min.compaction.lag.ms=0")
	for round := range 30 {
		f.Write(f.Client, topic, 1, fmt.Sprintf("round%d-", round), 10, func(r *kgo.Record) { r.Key = r.Value[len(r.Value)-1:] })
	}
	ctx, cancel := context.WithTimeout(f.Context(), time.Minute)
	defer cancel()
	time.Sleep(2 * segment) // past it the next record begins a segment, and all before it can be compacted
	f.Write(f.Client, topic, 1, "last", 1, func(r *kgo.Record) { r.Key = []byte("last") })
	for len(read(f, topic)) != 11 {
		if ctx.Err() != nil {
			f.Fatalf("not compacted after a minute: %q", read(f, topic))
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// read returns the values a topic holds, by another reader than ours.
func read(f *clitest.Field, topic string) []string {
	f.Helper()
	records, err := kafkatest.Records(f.Context(), f.Cluster.Addrs(), topic)
	if err != nil {
		f.Fatal(err)
	}
	var values []string
	for _, r := range records {
		values = append(values, string(r.Value))
	}
	return values
}

// The last records by time, of all partitions together: other clients give so many of each, or of
// one partition alone, or the newest first, or lose the newest.
func TestRealConsumeTailOfEqualTimestamps(t *testing.T) {
	f := clitest.NewField(t, kafkatest.Shared(t, kafkatest.Kraft1))
	topic := f.Topic("consume.equal", 3, "retention.ms=-1") // its records are old
	moment := time.UnixMilli(1_790_000_000_000)
	f.Write(f.Client, topic, 3, "r", 9, func(r *kgo.Record) { r.Timestamp = moment })
	want := []string{"r2", "r5", "r8"} // all are of one time: by partition and offset then
	if got := consume(f, topic, "--tail", "3", "-o", "value"); strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("got %q, want %q", got, want)
	}
	f.Write(f.Client, topic, 1, "newest", 1, func(r *kgo.Record) { r.Timestamp = moment.Add(time.Millisecond) })
	want = []string{"r5", "r8", "newest0"}
	if got := consume(f, topic, "--tail", "3", "-o", "value"); strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Every codec, and records near the largest size that brokers take by default.
func TestRealConsumeCodecsAndLargeRecords(t *testing.T) {
	f := clitest.NewField(t, kafkatest.Shared(t, kafkatest.Kraft1))
	topic := f.Topic("consume.codecs", 1)
	want := make(map[string]int)
	for name, codec := range map[string]kgo.CompressionCodec{
		"none": kgo.NoCompression(), "gzip": kgo.GzipCompression(), "snappy": kgo.SnappyCompression(), "lz4": kgo.Lz4Compression(), "zstd": kgo.ZstdCompression(),
	} {
		client := f.Dial(kgo.ProducerBatchCompression(codec))
		f.Write(client, topic, 1, name+"-", 50)
		for i := range 50 {
			want[fmt.Sprintf("%s-%d", name, i)]++
		}
		large := strings.Repeat("x", 900_000-len(name)) + name
		f.Write(client, topic, 1, "", 1, func(r *kgo.Record) { r.Value = []byte(large) })
		want[large]++
	}
	for _, line := range consume(f, topic, "--from-beginning", "-o", "value") {
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
			f := clitest.NewField(t, kafkatest.Shared(t, flavour))
			f.Topic("consume.there", 1)
			for _, args := range [][]string{{"consume.theer"}, {"consume.theer", "-f"}, {"consume.there", "consume.theer", "--from-beginning"}} {
				r := clitest.Kafkactl(t, append([]string{"consume", "-b", f.Cluster.Bootstrap()}, args...)...)
				if r.Code != int(cli.ExitNotFound) || r.Stdout != "" || r.Took > 5*time.Second {
					t.Errorf("consume %q: %v", args, r)
				}
				r.WantErr(t, `^kafkactl: topic "consume.theer" does not exist$`, `^hint: did you mean consume.there`)
			}
			topics, err := f.Adm.ListTopics(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if topics.Has("consume.theer") {
				t.Error("the topic was made")
			}
		})
	}
}
