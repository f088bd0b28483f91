package record

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// lead makes a node the leader of a partition.
func (f *reading) lead(partition, node int32) {
	f.Helper()
	if err := f.cluster.MoveTopicPartition("t", partition, node); err != nil {
		f.Fatal(err)
	}
}

// freeze makes a node accept requests and answer none until the test ends, as a process
// that was stopped with SIGSTOP.
func (f *reading) freeze(node int32) {
	end := f.Context()
	f.cluster.Control(func(kmsg.Request) (kmsg.Response, error, bool) {
		f.cluster.KeepControl()
		if f.cluster.CurrentNode() == node {
			f.cluster.SleepControl(func() { <-end.Done() })
		}
		return nil, nil, false
	})
}

// freezeLookups makes the node that is asked first for metadata answer no such request until
// the test ends.
func (f *reading) freezeLookups() {
	var first sync.Once
	frozen, end := int32(-1), f.Context()
	f.cluster.ControlKey(int16(kmsg.Metadata), func(kmsg.Request) (kmsg.Response, error, bool) {
		f.cluster.KeepControl()
		first.Do(func() { frozen = f.cluster.CurrentNode() })
		if f.cluster.CurrentNode() == frozen {
			f.cluster.SleepControl(func() { <-end.Done() })
		}
		return nil, nil, false
	})
}

// until follows the spans up to the record with this value.
func (f *reading) until(last string, spans ...Span) (values []string, err error) {
	err = f.Read(f.Context(), spans, func(b Batch) error {
		for _, r := range b.Records {
			values = append(values, string(r.Value))
			if string(r.Value) == last {
				return Enough()
			}
		}
		return nil
	})
	return values, err
}

// A trimmed log is asked where it begins now. That question went to the leaders of all the
// topic's partitions, and reading stood still until the frozen one's timeout, each time.
func TestReadTrimmedBesideFrozenLeader(t *testing.T) {
	t.Parallel()
	f := newReading(t, 2, ReaderOptions{Patience: 15 * time.Second}, kfake.NumBrokers(3))
	f.lead(0, 0)
	f.lead(1, 1)
	f.write(0, 0)
	f.write(1, 0, 1, 2, 3, 4)
	f.trim(1, 3)
	f.spans(Selection{}) // the reader knows the brokers
	f.freeze(0)
	got, err := f.until("1@4", Span{Topic: "t", Partition: 0, End: NoEnd}, Span{Topic: "t", Partition: 1, End: NoEnd})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"1@3", "1@4"}, got); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"t/1: offsets 0 to 2 were deleted before they were read"}, f.notes); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
}

// Any broker may be asked who leads the partitions. A frozen one held up that question,
// and with it partitions that it never led.
func TestReadLeaderLookupFrozen(t *testing.T) {
	t.Parallel()
	f := newReading(t, 1, ReaderOptions{Patience: 4 * time.Second}, kfake.NumBrokers(3)) // kgo gives up after 5 s
	f.write(0, 0)
	spans := f.spans(Selection{})
	f.freezeLookups()
	got, err := f.all(spans)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"0@0"}, got); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
}

// An offset that is refused though the log holds it was asked for again as fast as the
// broker could refuse it, for ever.
func TestReadRefusedInsideTheLog(t *testing.T) {
	t.Parallel()
	f := newReading(t, 1, ReaderOptions{Patience: time.Second})
	f.write(0, 0, 1, 2)
	spans := f.spans(Selection{})
	refusals := f.cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.Fetch}, Topic: "t", Err: kerr.OffsetOutOfRange, Count: -1})
	_, err := f.all(spans)
	var silent *SilentError
	if !errors.As(err, &silent) || !errors.Is(err, kerr.OffsetOutOfRange) {
		t.Fatalf("got %v", err)
	}
	want := "nothing came from t/0 for 1s: read t/0: offset 0 is refused though the log goes from 0 to 3: "
	if !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %q, want %q…", err, want)
	}
	if n := refusals.Hits(); n > 6 { // after 0, 0, 100, 200, 400 and 800 ms
		t.Errorf("asked %d times within a second", n)
	}
}

// Refusals that pass cost no record. A follow, whose patience has no end, says once what it
// waits for.
func TestFollowRefusedInsideTheLog(t *testing.T) {
	t.Parallel()
	f := newReading(t, 2, ReaderOptions{})
	f.write(0, 0, 1, 2)
	f.write(1, 0)
	f.cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.Fetch}, Topic: "t", Partitions: []int32{0}, Err: kerr.OffsetOutOfRange, Count: 4})
	got, err := f.until("0@2", Span{Topic: "t", End: NoEnd})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"0@0", "0@1", "0@2"}, got); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
	want := []string{"read t/0: offset 0 is refused though the log goes from 0 to 3: " + kerr.OffsetOutOfRange.Error() + "; still trying"}
	if diff := cmp.Diff(want, f.notes); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
}
