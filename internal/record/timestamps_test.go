package record

import (
	"context"
	"fmt"
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
	second := func(o int) time.Time { return moment().Add(time.Duration(o) * time.Second) }
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
		r := &kgo.Record{Topic: "t", Partition: p, Value: []byte(strings.Repeat("x", 10*timestampBytes)), Timestamp: moment()}
		if err := f.client.ProduceSync(t.Context(), r).FirstErr(); err != nil {
			t.Fatal(err)
		}
	}
	got, err := f.Timestamps(t.Context(), []At{{"t", 0, 0}, {"t", 1, 0}, {"t", 2, 0}})
	if err != nil || len(got) != 3 {
		t.Errorf("%v, %v", got, err)
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
	if err := writer.ProduceSync(t.Context(), &kgo.Record{Value: []byte("x"), Timestamp: moment()}).FirstErr(); err != nil {
		t.Fatal(err)
	}
	if err := writer.EndTransaction(t.Context(), kgo.TryCommit); err != nil {
		t.Fatal(err)
	}
	f.write(0, 7) // offset 2
	got, err := f.Timestamps(t.Context(), []At{{"t", 0, 1}})
	if at := got[At{"t", 0, 1}]; err != nil || !at.Equal(moment().Add(7*time.Second)) {
		t.Errorf("%v, %v", got, err)
	}
}

// One question for each leader, however many partitions it leads, and places there are.
func TestTimestampsRequests(t *testing.T) {
	t.Parallel()
	f := newReading(t, 20, ReaderOptions{Uncommitted: true})
	var places []At
	for p := range int32(20) {
		f.write(p, 0, 1, 2)
		for range 2 { // a thousand groups may be at the same few places
			places = append(places, At{"t", p, 2}, At{"t", p, 0}, At{"t", p, 1})
		}
	}
	fetches := f.cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.Fetch}, Count: -1, Observe: true})
	got, err := f.Timestamps(t.Context(), places)
	if err != nil || len(got) != 60 || fetches.Hits() > f.leaders20() {
		t.Errorf("%d times after %d requests, %v", len(got), fetches.Hits(), err)
	}
}

// leaders20 is how many brokers lead the 20 partitions of "t".
func (f *reading) leaders20() int {
	led := make(map[int32]bool)
	for p := range int32(20) {
		led[f.cluster.LeaderFor("t", p)] = true
	}
	return len(led)
}

// A leader that is silent takes its own places only, and no longer than ctx.
func TestTimestampsSilentLeader(t *testing.T) {
	t.Parallel()
	f := newReading(t, 12, ReaderOptions{Uncommitted: true})
	var places []At
	silent := f.cluster.LeaderFor("t", 0)
	led := 0
	for p := range int32(12) {
		f.write(p, 0)
		places = append(places, At{"t", p, 0})
		if f.cluster.LeaderFor("t", p) == silent {
			led++
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
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	start := time.Now()
	got, err := f.Timestamps(ctx, places)
	if err != nil || len(got) != 12-led || time.Since(start) > 3*time.Second {
		t.Error(fmt.Sprint(len(got), err, time.Since(start)))
	}
}
