package root

import (
	"bytes"
	"context"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/cmd/kafkactl/internal/cli"
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
	a := &cli.App{Streams: cli.Streams{In: strings.NewReader(""), Out: out, Err: io.Discard, LookupEnv: func(string) (string, bool) { return "", false }}}
	code := execute(ctx, a, []string{"lag", "--by", "partition", "--watch=1ms", "-o", "json", "-b", addrs[0]})
	if code != cli.ExitDone || out.n < last {
		t.Fatalf("exit %d after %d refreshes", code, out.n)
	}
	if grown := after.goroutines - before.goroutines; grown > 20 {
		t.Errorf("%d more goroutines after 100 refreshes", grown)
	}
	if after.heap > before.heap+2<<20 {
		t.Errorf("%d bytes more after 100 refreshes", after.heap-before.heap)
	}
}
