package record

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

func TestTimestamps(t *testing.T) {
	t.Parallel()
	f := newReading(t, 4, ReaderOptions{Uncommitted: true})
	f.write(0, 0, 1, 2, 3, 4)
	f.write(1, 0, 1)
	second := func(o int) time.Time { return written().Add(time.Duration(o) * time.Second) }
	offsets := make(kadm.Offsets)
	offsets.AddOffset("t", 1, 1, -1)
	if _, err := kadm.NewClient(f.client).DeleteRecords(t.Context(), offsets); err != nil {
		t.Fatal(err)
	}
	got, err := f.Timestamps(t.Context(), []At{
		{"t", 0, 3},
		{"t", 0, 1}, // several groups are in one partition
		{"t", 1, 1},
		{"t", 1, 0},       // deleted
		{"t", 0, 5},       // the end
		{"t", 0, 99},      // behind it
		{"t", 2, 0},       // empty
		{"t", 9, 0},       // no such partition
		{"nope", 0, 0},    // no such topic
		{"t", 0, 3},       // asked for twice
		{"t", 3, 1 << 40}, // behind an empty log
	})
	if err != nil {
		t.Fatal(err)
	}
	want := map[At]time.Time{{"t", 0, 3}: second(3), {"t", 0, 1}: second(1), {"t", 1, 1}: second(1)}
	if diff := cmp.Diff(want, got, cmp.Comparer(time.Time.Equal)); diff != "" {
		t.Error(diff)
	}
}

// A batch may be larger than what is asked for: no broker splits one.
func TestTimestampsOfLargeBatches(t *testing.T) {
	t.Parallel()
	f := newReading(t, 3, ReaderOptions{Uncommitted: true})
	for p := range int32(3) {
		r := &kgo.Record{Topic: "t", Partition: p, Value: []byte(strings.Repeat("x", 10*timestampBytes)), Timestamp: written()}
		if err := f.client.ProduceSync(t.Context(), r).FirstErr(); err != nil {
			t.Fatal(err)
		}
	}
	got, err := f.Timestamps(t.Context(), []At{{"t", 0, 0}, {"t", 1, 0}, {"t", 2, 0}})
	if err != nil {
		t.Fatal(err)
	}
	want := map[At]time.Time{{"t", 0, 0}: written(), {"t", 1, 0}: written(), {"t", 2, 0}: written()}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("times (-want +got):\n%s", diff)
	}
}

// A gap at the place: the time of the next record behind a transaction's marker.
func TestTimestampsBehindMarker(t *testing.T) {
	t.Parallel()
	f := newReading(t, 1, ReaderOptions{Uncommitted: true})
	writer, err := kgo.NewClient(kgo.SeedBrokers(f.cluster.ListenAddrs()...), kgo.TransactionalID("tx"), kgo.DefaultProduceTopic("t"))
	if err != nil {
		t.Fatal(err)
	}
	defer writer.Close()
	if err := writer.BeginTransaction(); err != nil {
		t.Fatal(err)
	}
	if err := writer.ProduceSync(t.Context(), &kgo.Record{Value: []byte("x"), Timestamp: written()}).FirstErr(); err != nil {
		t.Fatal(err)
	}
	if err := writer.EndTransaction(t.Context(), kgo.TryCommit); err != nil {
		t.Fatal(err)
	}
	f.write(0, 7) // offset 2
	got, err := f.Timestamps(t.Context(), []At{{"t", 0, 1}})
	if err != nil {
		t.Fatal(err)
	}
	want := map[At]time.Time{{"t", 0, 1}: written().Add(7 * time.Second)}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("times (-want +got):\n%s", diff)
	}
}

// One question for each leader, however many partitions it leads, and places there are.
func TestTimestampsRequests(t *testing.T) {
	t.Parallel()
	const brokers = 3
	f := newReading(t, 20, ReaderOptions{Uncommitted: true}, kfake.NumBrokers(brokers))
	for p := range int32(20) {
		f.lead(p, p%brokers)
	}
	var places []At
	for p := range int32(20) {
		f.write(p, 0, 1, 2)
		for range 2 { // a thousand groups may be at the same few places
			places = append(places, At{"t", p, 2}, At{"t", p, 0}, At{"t", p, 1})
		}
	}
	fetches := f.cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.Fetch}, Count: -1, Observe: true})
	got, err := f.Timestamps(t.Context(), places)
	if err != nil {
		t.Fatal(err)
	}
	want := make(map[At]time.Time)
	for _, at := range places {
		want[at] = written().Add(time.Duration(at.Offset) * time.Second)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("times (-want +got):\n%s", diff)
	}
	if n := fetches.Hits(); n != brokers {
		t.Errorf("%d requests for partitions of %d leaders", n, brokers)
	}
}

// A leader that is silent takes its own places only, and no longer than ctx.
func TestTimestampsSilentLeader(t *testing.T) {
	t.Parallel()
	const silent, brokers = 0, 3
	f := newReading(t, 12, ReaderOptions{Uncommitted: true}, kfake.NumBrokers(brokers))
	var places []At
	want := make(map[At]time.Time)
	for p := range int32(12) {
		f.lead(p, p%brokers)
		f.write(p, 0)
		places = append(places, At{"t", p, 0})
		if p%brokers != silent {
			want[At{"t", p, 0}] = written()
		}
	}
	end := t.Context()
	f.cluster.ControlKey(int16(kmsg.Fetch), func(kmsg.Request) (kmsg.Response, error, bool) {
		f.cluster.KeepControl()
		if f.cluster.CurrentNode() == silent {
			f.cluster.SleepControl(func() { <-end.Done() })
		}
		return nil, nil, false
	})
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	got, err := f.Timestamps(ctx, places)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("times (-want +got):\n%s", diff)
	}
	if ctx.Err() == nil {
		t.Error("it ended before the silent leader could be given up on")
	}
}

// The broker that is asked who leads the partitions may be the silent one: that cost all
// timestamps, also those of other leaders.
func TestTimestampsLeaderLookupFrozen(t *testing.T) {
	t.Parallel()
	f := newReading(t, 1, ReaderOptions{Uncommitted: true}, kfake.NumBrokers(3))
	f.write(0, 0)
	f.freezeLookups()
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second) // kgo gives up after 5 s
	defer cancel()
	got, err := f.Timestamps(ctx, []At{{"t", 0, 0}})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[At]time.Time{{"t", 0, 0}: written()}, got); diff != "" {
		t.Errorf("times (-want +got):\n%s", diff)
	}
}
