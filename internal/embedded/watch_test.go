package embedded

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/internal/kafkatest"
)

// noticed collects the notices of a cluster.
type noticed struct {
	mu   sync.Mutex
	all  []Notice
	more chan struct{}
}

func newNoticed() *noticed { return &noticed{more: make(chan struct{}, 1)} }

func (n *noticed) add(c *Cluster, notice Notice) {
	_ = c.Addrs() // may be asked for at any time
	n.mu.Lock()
	defer n.mu.Unlock()
	n.all = append(n.all, notice)
	select {
	case n.more <- struct{}{}:
	default:
	}
}

// wait waits for the next notice and returns all there are.
func (n *noticed) wait(t *testing.T) []Notice {
	t.Helper()
	select {
	case <-n.more:
	case <-time.After(20 * time.Second):
		t.Fatal("no notice")
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.all
}

// startNoticed starts a cluster with a topic "there", and a client of it called app.
func startNoticed(t *testing.T, c Config, opts ...kgo.Opt) (*Cluster, *kgo.Client, *noticed) {
	t.Helper()
	n := newNoticed()
	c.Brokers, c.Notice = 1, n.add
	cluster, err := Start(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Close)
	if err := cluster.kfake.CreateTopic("there", 1, nil); err != nil {
		t.Fatal(err)
	}
	client, err := kgo.NewClient(append([]kgo.Opt{kgo.SeedBrokers(cluster.Addrs()...), kgo.ClientID("app")}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return cluster, client, n
}

// A producer and a consumer that wait for a topic are told of by name, a topic that is there is not.
func TestNoticeAskedTopic(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string][]kgo.Opt{
		"consumer": {kgo.ConsumeTopics("there", "missing"), kgo.MetadataMinAge(100 * time.Millisecond)},
		"group":    {kgo.ConsumeTopics("there", "missing"), kgo.ConsumerGroup("g"), kgo.MetadataMinAge(100 * time.Millisecond)},
		"producer": {kgo.AllowAutoTopicCreation(), kgo.MetadataMinAge(100 * time.Millisecond)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cluster, client, n := startNoticed(t, Config{}, opts...)
			if name == "producer" {
				client.Produce(t.Context(), &kgo.Record{Topic: "there"}, nil)
				client.Produce(t.Context(), &kgo.Record{Topic: "missing"}, nil)
			}
			n.wait(t)
			client.CloseAllowingRebalance()
			cluster.Close()
			if diff := cmp.Diff([]Notice{AskedTopic{Topic: "missing", Client: "app"}}, n.all); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Records that do not reach the disk are told of with the reason, once, and the cluster serves on.
func TestNoticeWriteFailure(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		spoil func(dir string) (path string, err error)
		want  syscall.Errno
	}{
		{"full", func(dir string) (string, error) {
			segment := filepath.Join(dir, "partitions", "there-0", "0.dat")
			if err := os.MkdirAll(filepath.Dir(segment), 0o755); err != nil {
				return "", err
			}
			return segment, os.Symlink("/dev/full", segment)
		}, syscall.ENOSPC},
		{"no directory", func(dir string) (string, error) {
			partition := filepath.Join(dir, "partitions", "there-0")
			if err := os.MkdirAll(filepath.Dir(partition), 0o755); err != nil {
				return "", err
			}
			return partition, os.WriteFile(partition, nil, 0o600)
		}, syscall.ENOTDIR},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if test.want == syscall.ENOSPC {
				kafkatest.Require(t, kafkatest.Linux) // which has /dev/full
			}
			dir := t.TempDir()
			_, client, n := startNoticed(t, Config{DataDir: dir}, kgo.RecordRetries(1))
			path, err := test.spoil(dir)
			if err != nil {
				t.Fatal(err)
			}
			for range 3 {
				refused := client.ProduceSync(t.Context(), &kgo.Record{Topic: "there"}).FirstErr()
				if !errors.Is(refused, kerr.UnknownServerError) {
					t.Fatalf("got %v, want %v", refused, kerr.UnknownServerError)
				}
			}
			want := []Notice{WriteFailure{Path: path, Err: test.want}}
			if diff := cmp.Diff(want, n.wait(t)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// What cannot be written when the cluster ends is told of, too.
func TestNoticeWriteFailureClosing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cluster, _, n := startNoticed(t, Config{DataDir: dir})
	blocked := filepath.Join(dir, "meta.json.tmp")
	if err := os.Mkdir(blocked, 0o755); err != nil {
		t.Fatal(err)
	}
	cluster.Close()
	if diff := cmp.Diff([]Notice{WriteFailure{Path: blocked, Err: syscall.EISDIR, Closing: true}}, n.all); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The same cause is told of again once it was gone for a minute; another at once.
func TestWriteFailuresNew(t *testing.T) {
	t.Parallel()
	f, start := newWriteFailures(), time.Now()
	var got []bool
	for _, at := range []struct {
		err   error
		after time.Duration
	}{{syscall.ENOSPC, 0}, {syscall.ENOSPC, 50}, {syscall.EIO, 51}, {syscall.ENOSPC, 100}, {syscall.ENOSPC, 161}} {
		got = append(got, f.isNew(WriteFailure{Err: at.err}, start.Add(at.after*time.Second)))
	}
	if diff := cmp.Diff([]bool{true, false, true, false, true}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// kfake's log is read for failed writes alone, and never waits.
func TestWriteFailuresLog(t *testing.T) {
	t.Parallel()
	f := newWriteFailures()
	full := &os.PathError{Op: "write", Path: "d/0.dat", Err: syscall.ENOSPC}
	f.Logf(kfake.LogLevelWarn, "persist batch %s-%d: %v", "t", 0, full)
	f.Logf(kfake.LogLevelDebug, "client %s unable to parse request: %v", "x", full)
	f.Logf(kfake.LogLevelWarn, "txn: slow", context.Canceled, nil)
	if got, failed := f.last(); !failed || got != (WriteFailure{Path: "d/0.dat", Err: syscall.ENOSPC}) || len(f.found) > 0 {
		t.Errorf("got %+v, %v", got, failed)
	}
	for range 1000 {
		f.Logf(kfake.LogLevelWarn, "persist batch %s-%d: %v", "t", 0, full)
	}
}
