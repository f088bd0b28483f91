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
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

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
	var refused *PartitionError
	if !errors.As(err, &refused) {
		t.Fatalf("got %v", err)
	}
	if diff := cmp.Diff(PartitionError{Topic: "t", Err: kerr.TopicAuthorizationFailed}, *refused, cmpopts.EquateErrors()); diff != "" {
		t.Errorf("error (-want +got):\n%s", diff)
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
	if diff := cmp.Diff("read t/0: the log ends at offset 2 now, and ended at 9 before: it lost records", fmt.Sprint(err)); diff != "" {
		t.Errorf("error (-want +got):\n%s", diff)
	}

	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	err = f.Read(ctx, []Span{{Topic: "t", Start: 5, End: NoEnd}}, func(b Batch) error {
		if len(b.Records) == 2 {
			return Enough()
		}
		return nil
	})
	if err != nil {
		t.Fatalf("followed: %v", err)
	}
	want := []string{"t/0: the log ends at offset 2 now, before 5: it lost records or was made anew; reading on from its start"}
	if diff := cmp.Diff(want, f.notes); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
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
	if !errors.As(err, &silent) {
		t.Fatalf("got %v", err)
	}
	if diff := cmp.Diff(&SilentError{After: 300 * time.Millisecond, Stuck: []string{"t/1"}}, silent); diff != "" {
		t.Errorf("error (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff("nothing came from t/1 for 300ms", err.Error()); diff != "" {
		t.Errorf("its text (-want +got):\n%s", diff)
	}
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Error("it is no timeout")
	}
	if diff := cmp.Diff([]string{"0@0"}, got); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}

	f.cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.Fetch}, Topic: "t", Err: kerr.NotLeaderForPartition, Count: -1})
	_, err = f.all(spans)
	if !errors.Is(err, kerr.NotLeaderForPartition) {
		t.Errorf("the cause is lost: %v", err)
	}
}

// The time that who takes the records needs, as with a full pipe, is not the brokers'.
func TestReadSlowTaker(t *testing.T) {
	t.Parallel()
	f := newReading(t, 2, ReaderOptions{Patience: 200 * time.Millisecond})
	f.write(0, 0)
	f.write(1, 0)
	var got []string
	err := f.Read(t.Context(), f.spans(Selection{}), func(b Batch) error {
		got = append(got, string(b.Records[0].Value))
		time.Sleep(500 * time.Millisecond)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(got)
	if diff := cmp.Diff([]string{"0@0", "1@0"}, got); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
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
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != partitions*each {
		t.Errorf("%d records, want %d", len(got), partitions*each)
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
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"0", "1", "2", "3"}, got); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
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
	if !errors.As(err, &gone) {
		t.Fatalf("got %v", err)
	}
	if diff := cmp.Diff(&GoneError{Topic: "t"}, gone); diff != "" {
		t.Errorf("error (-want +got):\n%s", diff)
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
	first, second := Batch{Topic: "t", Next: 2}, Batch{Topic: "t", Partition: 1, Next: 1}
	answer := reply{question: asked, parts: []partReply{{Batch: first}, {Batch: second, i: 1}}}
	for _, want := range [][]Batch{{first, second}, nil} {
		batches, err := l.advance(t.Context(), answer)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, batches); diff != "" {
			t.Errorf("batches (-want +got):\n%s", diff)
		}
	}
	once := newLoop(f.Reader, []Span{{Topic: "t", Partition: 0, End: 9}, {Topic: "t", Partition: 1, End: 9}})
	asked = question{}
	asked.add(once.cursors[0])
	if _, err := once.advance(t.Context(), reply{question: asked}); err != nil {
		t.Fatal(err)
	}
	if first := once.cursors[0].Partition; first != 1 {
		t.Errorf("partition %d is asked first again", first)
	}
}
