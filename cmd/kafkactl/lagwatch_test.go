package main

import (
	"bytes"
	"context"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/internal/groups"
	"kafkactl/internal/kafkatest"
)

// refreshes counts looks as they are written, and is told of each.
type refreshes struct {
	n    int
	each func(n int)
}

func (r *refreshes) Write(p []byte) (int, error) {
	if bytes.Contains(p, []byte(`"Lag"`)) {
		r.n++
		r.each(r.n)
	}
	return len(p), nil
}

// A watch that runs for days keeps no goroutine and no memory of its looks.
func TestWatchLeaksNothing(t *testing.T) {
	cluster, addrs := kafkatest.Fake(t)
	if err := cluster.CreateTopic("orders", 3, nil); err != nil {
		t.Fatal(err)
	}
	client, err := kgo.NewClient(kgo.SeedBrokers(addrs...))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if err := client.ProduceSync(t.Context(), &kgo.Record{Topic: "orders", Value: []byte("x")}).FirstErr(); err != nil {
		t.Fatal(err)
	}
	offsets := make(kadm.Offsets)
	for p := range int32(3) {
		offsets.AddOffset("orders", p, 0, -1)
	}
	if err := kadm.NewClient(client).CommitAllOffsets(t.Context(), "g", offsets); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	type use struct {
		goroutines int
		heap       uint64
	}
	used := func() use {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return use{runtime.NumGoroutine(), m.HeapAlloc}
	}
	const warm, last = 20, 120
	var before, after use
	out := &refreshes{each: func(n int) {
		switch n {
		case warm:
			before = used()
		case last:
			after = used()
			cancel()
		}
	}}
	a := &app{streams: streams{in: strings.NewReader(""), out: out, err: io.Discard, lookupEnv: func(string) (string, bool) { return "", false }}}
	code := a.execute(ctx, []string{"lag", "--by", "partition", "--watch=1ms", "-o", "json", "-b", addrs[0]})
	if code != exitDone || out.n < last {
		t.Fatalf("exit %d after %d refreshes", code, out.n)
	}
	if grown := after.goroutines - before.goroutines; grown > 20 {
		t.Errorf("%d more goroutines after 100 refreshes", grown)
	}
	if after.heap > before.heap+2<<20 {
		t.Errorf("%d bytes more after 100 refreshes", after.heap-before.heap)
	}
}

// The clock of a pace is that of its looks.
func TestLagPace(t *testing.T) {
	t.Parallel()
	track, now := make(lagTrack), time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	see := func(after time.Duration, partitions ...groups.PartitionLag) []string {
		now = now.Add(after)
		look := lagLook{LagView: groups.NewLagView(now, []groups.GroupLag{groups.NewGroupLag(groups.Group{Name: "g"}, partitions)})}
		return track.next(look, []lagTable{groupTable(look.Groups)})["g"].cells()
	}
	at := func(committed, end int64) groups.PartitionLag {
		return groups.PartitionLag{Committed: committed, End: end, Lag: end - committed}
	}
	for _, step := range []struct {
		name string
		got  []string
		want []string
	}{
		{"the first look", see(0, at(100, 1000)), []string{"-", "-", "-"}},
		{"falling", see(2*time.Second, at(300, 1000)), []string{"-200", "100", "7s"}},
		{"read as fast as written", see(2*time.Second, at(500, 1200)), []string{"0", "100", "14s"}},
		{"unknown", see(2*time.Second, groups.PartitionLag{Lag: -1, End: -1}), []string{"-", "-", "-"}},
		{"known again: nothing to compare with", see(2*time.Second, at(500, 1200)), []string{"-", "-", "-"}},
		{"growing", see(time.Second, at(500, 1300)), []string{"+100", "0", "-"}},
		{"drained", see(time.Second, at(1300, 1300)), []string{"-800", "400", "0s"}},
	} {
		if diff := cmp.Diff(step.want, step.got); diff != "" {
			t.Errorf("%s: %s", step.name, diff)
		}
	}
	for range 3 * paceSamples {
		see(time.Second, at(1300, 1300))
	}
	if len(track["g"]) != paceSamples {
		t.Errorf("%d samples kept", len(track["g"]))
	}
	if look := (lagLook{LagView: groups.LagView{At: now}}); len(track.next(look, nil)) != 0 || len(track) != 0 {
		t.Error("a group that is gone is kept")
	}
}

func TestShortDuration(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		0: "0s", 12 * time.Millisecond: "12ms", 1234 * time.Millisecond: "1.2s", 42*time.Second + 400*time.Millisecond: "42s",
		3*time.Minute + 12*time.Second: "3m12s", 5*time.Hour + 3*time.Minute: "5h3m", 292*time.Hour + time.Minute: "12d4h",
	} {
		if got := shortDuration(d); got != want {
			t.Errorf("%d: %s, want %s", d, got, want)
		}
	}
}
