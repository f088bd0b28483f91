package record

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/admin"
	"kafkactl/internal/kafkatest"
)

// reading is a reader at an embedded Kafka with a topic "t".
type reading struct {
	*testing.T
	*Reader
	cluster *kfake.Cluster
	client  *kgo.Client // the test's own
	cfg     admin.Config
	notes   []string
}

// moment is when the record of offset 0 was written; each is a second later than the
// one before it in its partition.
func moment() time.Time { return time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC) }

func newReading(t *testing.T, partitions int32, opts ReaderOptions, fake ...kfake.Opt) *reading {
	t.Helper()
	cluster, addrs := kafkatest.Fake(t, fake...)
	f := &reading{T: t, cluster: cluster, cfg: admin.Config{Brokers: addrs}}
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
		r := &kgo.Record{Topic: "t", Partition: partition, Value: fmt.Appendf(nil, "%d@%d", partition, o), Timestamp: moment().Add(time.Duration(o) * time.Second)}
		if err := f.client.ProduceSync(f.Context(), r).FirstErr(); err != nil {
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

func positions(t *testing.T, text string) Positions {
	t.Helper()
	ps, err := ParsePositions(text)
	if err != nil {
		t.Fatal(err)
	}
	return ps
}

func TestSpans(t *testing.T) {
	t.Parallel()
	f := newReading(t, 3, ReaderOptions{})
	f.write(0, 0, 1, 2, 3, 4, 5)
	f.write(1, 0, 1, 2)
	f.trim(0, 2)
	committed := make(kadm.Offsets)
	committed.AddOffset("t", 0, 1, -1) // was deleted since
	committed.AddOffset("t", 1, 2, -1)
	for _, tt := range []struct {
		name string
		sel  Selection
		want string
	}{
		{"all of it", Selection{}, "t/0 2-6, t/1 0-3, t/2 0-0"},
		{"some partitions, in order", Selection{Partitions: []int32{1, 0, 1}}, "t/0 2-6, t/1 0-3"},
		{"before the end", Selection{Positions: positions(t, "-2")}, "t/0 4-6, t/1 1-3, t/2 0-0"},
		{"only the partitions with a position", Selection{Positions: positions(t, "0:5,1:+1")}, "t/0 5-6, t/1 1-3"},
		{"since", Selection{Since: moment().Add(2 * time.Second)}, "t/0 2-6, t/1 2-3, t/2 0-0"},
		{"until, and what may be late", Selection{Until: moment().Add(4*time.Second - lateness)}, "t/0 2-4, t/1 0-3, t/2 0-0"},
		{"what a group committed", Selection{Committed: committed}, "t/0 2-6, t/1 2-3, t/2 0-0"},
		{"without end", Selection{Follow: true, Partitions: []int32{0}}, "t/0 2-∞"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, s := range f.spans(tt.sel) {
				end := fmt.Sprint(s.End)
				if s.End == NoEnd {
					end = "∞"
				}
				got = append(got, fmt.Sprintf("%s %d-%s", s, s.Start, end))
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, ", ")); diff != "" {
				t.Errorf("spans (-want +got):\n%s", diff)
			}
		})
	}
	for _, sel := range []Selection{{Partitions: []int32{3}}, {Positions: positions(t, "3:0")}} {
		sel.Topics = []string{"t"}
		var missing *admin.MissingPartitionError
		if _, err := f.Spans(t.Context(), sel); !errors.As(err, &missing) || missing.Partition != 3 || missing.Count != 3 {
			t.Errorf("partition 3 of 3: %v", err)
		}
	}
}

// What one of the two says of a partition must not be dropped in silence for the other.
func TestSelectionCheck(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, positions string
		partitions      []int32
		want            string
	}{
		{"all partitions", "0:0,1:end", nil, ""},
		{"the same ones", "1:end,0:0", []int32{0, 1, 1}, ""},
		{"no position at all", "", []int32{0, 1}, ""},
		{"a position for all", "end", []int32{0, 1}, ""},
		{"a position for all others", "end,1:0", []int32{0, 1}, ""},
		{"a position that is not selected", "0:0,1:end", []int32{0}, `position "1:end": partition 1 is not selected`},
		{"the same beside one for all", "start,1:-5", []int32{0}, `position "1:-5": partition 1 is not selected`},
		{"a selected one without a position", "0:0", []int32{0, 2}, "partition 2 is selected and has no position: add 2:start, or start for all that are not named"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			sel := Selection{Partitions: tt.partitions}
			if tt.positions != "" {
				sel.Positions = positions(t, tt.positions)
			}
			got := ""
			if err := sel.Check(); err != nil {
				got = err.Error()
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}
}

// A topic that is named twice made two cursors for each partition, of which an answer moves
// one: the other was waited for until Patience ended.
func TestSpansOfTopicNamedTwice(t *testing.T) {
	t.Parallel()
	f := newReading(t, 1, ReaderOptions{})
	f.write(0, 0)
	got, err := f.Spans(t.Context(), Selection{Topics: []string{"t", "t"}})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Span{{Topic: "t", End: 1, Grows: true}}, got); diff != "" {
		t.Errorf("spans (-want +got):\n%s", diff)
	}
}

// A leader that was just elected refuses for a moment, in some clusters and not in
// others; neither that nor a restart loses a record or gives one twice.
func TestReadThroughFaults(t *testing.T) {
	t.Parallel()
	for _, fault := range []*kerr.Error{
		kerr.NotLeaderForPartition, kerr.FencedLeaderEpoch, kerr.LeaderNotAvailable, kerr.UnknownTopicOrPartition, kerr.ReplicaNotAvailable, kerr.KafkaStorageError,
	} {
		t.Run(fault.Message, func(t *testing.T) {
			t.Parallel()
			f := newReading(t, 2, ReaderOptions{Patience: 20 * time.Second})
			f.write(0, 0, 1, 2)
			f.write(1, 0, 1)
			spans := f.spans(Selection{})
			handle := f.cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.Fetch}, Topic: "t", Err: fault, Count: 3})
			got, err := f.all(spans)
			if err != nil {
				t.Fatal(err)
			}
			if handle.Hits() < 3 {
				t.Fatalf("met the fault %d times", handle.Hits())
			}
			slices.Sort(got)
			if diff := cmp.Diff([]string{"0@0", "0@1", "0@2", "1@0", "1@1"}, got); diff != "" {
				t.Errorf("records (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadRefused(t *testing.T) {
	t.Parallel()
	f := newReading(t, 1, ReaderOptions{Patience: 20 * time.Second})
	f.write(0, 0)
	spans := f.spans(Selection{})
	f.cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.Fetch}, Topic: "t", Err: kerr.TopicAuthorizationFailed, Count: -1})
	_, err := f.all(spans)
	var part *PartitionError
	if !errors.As(err, &part) || part.Topic != "t" || !errors.Is(err, kerr.TopicAuthorizationFailed) {
		t.Errorf("got %v", err)
	}
}

// Records that are deleted between the look-up of the offsets and the reading are noted. They
// are not waited for.
func TestReadTrimmedMeanwhile(t *testing.T) {
	t.Parallel()
	f := newReading(t, 1, ReaderOptions{Patience: 20 * time.Second})
	f.write(0, 0, 1, 2, 3, 4)
	spans := f.spans(Selection{})
	f.trim(0, 3)
	got, err := f.all(spans)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"0@3", "0@4"}, got); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"t/0: offsets 0 to 2 were deleted before they were read"}, f.notes); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
}

// A log that ends before where it ended: reading to the old end would wait for ever.
func TestReadShortened(t *testing.T) {
	t.Parallel()
	f := newReading(t, 1, ReaderOptions{Patience: 20 * time.Second})
	f.write(0, 0, 1)
	_, err := f.all([]Span{{Topic: "t", Start: 5, End: 9}})
	if err == nil || !strings.Contains(err.Error(), "read t/0: the log ends at offset 2 now, and ended at 9 before") {
		t.Errorf("got %v", err)
	}

	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	err = f.Read(ctx, []Span{{Topic: "t", Start: 5, End: NoEnd}}, func(b Batch) error {
		if len(b.Records) == 2 {
			return Enough()
		}
		return nil
	})
	if err != nil || len(f.notes) != 1 || !strings.Contains(f.notes[0], "t/0: the log ends at offset 2 now, before 5") {
		t.Errorf("followed: %v, notes %q", err, f.notes)
	}
}

// Nothing comes: a broker that answers with nothing, for ever.
func TestReadSilent(t *testing.T) {
	t.Parallel()
	f := newReading(t, 2, ReaderOptions{Patience: 300 * time.Millisecond})
	f.write(0, 0)
	spans := []Span{{Topic: "t", Partition: 0, End: 1}, {Topic: "t", Partition: 1, End: 1}} // partition 1 is empty
	got, err := f.all(spans)
	var silent *SilentError
	if !errors.As(err, &silent) || !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %v", err)
	}
	if diff := cmp.Diff("nothing came from t/1 for 300ms", err.Error()); diff != "" {
		t.Error(diff)
	}
	if len(got) != 1 {
		t.Errorf("read %q", got)
	}

	f.cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.Fetch}, Topic: "t", Err: kerr.NotLeaderForPartition, Count: -1})
	_, err = f.all(spans)
	if !errors.Is(err, kerr.NotLeaderForPartition) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the cause is lost: %v", err)
	}
}

// The time that who takes the records needs, as with a full pipe, is not the brokers'.
func TestReadSlowTaker(t *testing.T) {
	t.Parallel()
	f := newReading(t, 2, ReaderOptions{Patience: 200 * time.Millisecond})
	f.write(0, 0)
	f.write(1, 0)
	batches := 0
	err := f.Read(t.Context(), f.spans(Selection{}), func(Batch) error {
		batches++
		time.Sleep(500 * time.Millisecond)
		return nil
	})
	if err != nil || batches != 2 {
		t.Errorf("%d batches, %v", batches, err)
	}
}

func TestReadInterrupted(t *testing.T) {
	t.Parallel()
	f := newReading(t, 1, ReaderOptions{})
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("enough of it")
	time.AfterFunc(50*time.Millisecond, func() { cancel(why) })
	err := f.Read(ctx, []Span{{Topic: "t", End: NoEnd}}, func(Batch) error { return nil })
	if !errors.Is(err, why) {
		t.Errorf("got %v", err)
	}
}

// Many partitions share an answer that holds few: each has its turn.
func TestReadManyPartitions(t *testing.T) {
	t.Parallel()
	const partitions, each = 12, 3
	f := newReading(t, partitions, ReaderOptions{Patience: 20 * time.Second})
	large := strings.Repeat("x", partitionBytes/2)
	for p := range int32(partitions) {
		for range each {
			if err := f.client.ProduceSync(t.Context(), &kgo.Record{Topic: "t", Partition: p, Value: []byte(large)}).FirstErr(); err != nil {
				t.Fatal(err)
			}
		}
	}
	got, err := f.all(f.spans(Selection{}))
	if err != nil || len(got) != partitions*each {
		t.Errorf("%d records, %v", len(got), err)
	}
}

// A batch is more than what is wanted of it.
func TestReadPartOfABatch(t *testing.T) {
	t.Parallel()
	f := newReading(t, 1, ReaderOptions{Patience: 20 * time.Second})
	var batch []*kgo.Record
	for i := range 10 {
		batch = append(batch, &kgo.Record{Topic: "t", Value: fmt.Appendf(nil, "%d", i)})
	}
	if err := f.client.ProduceSync(t.Context(), batch...).FirstErr(); err != nil {
		t.Fatal(err)
	}
	var got []string
	err := f.Read(t.Context(), []Span{{Topic: "t", Start: 3, End: 6}}, func(b Batch) error {
		for _, r := range b.Records {
			got = append(got, string(r.Value))
		}
		got = append(got, fmt.Sprintf("next %d", b.Next))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"3", "4", "5", "next 6"}, got); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
}

// Patience is for silence: what comes now and then is no silence.
func TestReadTrickle(t *testing.T) {
	t.Parallel()
	f := newReading(t, 1, ReaderOptions{Patience: 2 * time.Second})
	go func() {
		for i := range 4 {
			time.Sleep(700 * time.Millisecond)
			f.client.Produce(t.Context(), &kgo.Record{Topic: "t", Value: fmt.Appendf(nil, "%d", i)}, nil)
		}
	}()
	got, err := f.all([]Span{{Topic: "t", End: 4}})
	if err != nil || len(got) != 4 {
		t.Errorf("read %q, %v", got, err)
	}
}

func TestReadDeletedTopic(t *testing.T) {
	t.Parallel()
	f := newReading(t, 1, ReaderOptions{})
	f.write(0, 0)
	var gone *GoneError
	err := f.Read(t.Context(), []Span{{Topic: "t", End: NoEnd}}, func(Batch) error {
		_, err := kadm.NewClient(f.client).DeleteTopics(t.Context(), "t")
		return err
	})
	if !errors.As(err, &gone) || gone.Topic != "t" {
		t.Errorf("got %v", err)
	}
}

// A leader that was asked before the partition moved may answer after the new one has:
// what it says is known already. And partitions take turns at the head of a question.
func TestAdvance(t *testing.T) {
	t.Parallel()
	f := newReading(t, 2, ReaderOptions{Patience: 20 * time.Second})
	l := newLoop(f.Reader, []Span{{Topic: "t", Partition: 0, End: 9}, {Topic: "t", Partition: 1, End: 9}})
	var asked question
	asked.add(l.cursors[0])
	asked.add(l.cursors[1])
	answer := reply{question: asked, parts: []partReply{{Batch: Batch{Topic: "t", Next: 2}}, {Batch: Batch{Topic: "t", Partition: 1, Next: 1}, i: 1}}}
	for want := 2; want >= 0; want -= 2 {
		batches, err := l.advance(t.Context(), answer)
		if err != nil || len(batches) != want {
			t.Errorf("%d batches, want %d: %v", len(batches), want, err)
		}
	}
	once := newLoop(f.Reader, []Span{{Topic: "t", Partition: 0, End: 9}, {Topic: "t", Partition: 1, End: 9}})
	asked = question{}
	asked.add(once.cursors[0])
	if _, err := once.advance(t.Context(), reply{question: asked}); err != nil || once.cursors[0].Partition != 1 {
		t.Errorf("partition %d is asked first again, %v", once.cursors[0].Partition, err)
	}
}
