package records

import (
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/kafkatest"
)

// newNumbered returns a Kafka with topic t of one partition and records 0 to n-1 in it.
func newNumbered(t *testing.T, n int) (*kfake.Cluster, string) {
	t.Helper()
	cluster, addrs := kafkatest.Fake(t, kfake.SeedTopics(1, "t"))
	writeNumbered(t, addrs[0], 0, n)
	return cluster, addrs[0]
}

// writeNumbered writes records from number from up to n-1 with a client of its own.
func writeNumbered(t *testing.T, addr string, from, n int) {
	t.Helper()
	client, err := kgo.NewClient(kgo.SeedBrokers(addr), kgo.UnknownTopicRetries(-1), kgo.MetadataMinAge(10*time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	for i := from; i < n; i++ {
		if err := client.ProduceSync(t.Context(), &kgo.Record{Topic: "t", Value: fmt.Append(nil, i)}).FirstErr(); err != nil {
			t.Fatal(err)
		}
	}
}

// A broker that has not heard yet that the topic was made again tells of the old one when reading
// begins. Nothing is lost of the new one, nor read at what was committed for the old one.
func TestConsumeOfAStaleBroker(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		args []string
		note bool
	}{
		{"all", []string{"--from-beginning"}, false},
		{"the last ones", nil, false},
		{"of a group", []string{"--group", "g"}, false},
		{"expected", []string{"--expect", "3", "--timeout", "20s"}, true},
		{"the last ones, and what follows", []string{"-f", "-n", "3"}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			cluster, addr := newNumbered(t, 3)
			var refused atomic.Bool
			cluster.ControlKey(int16(kmsg.Fetch), func(kmsg.Request) (kmsg.Response, error, bool) {
				cluster.KeepControl()
				refused.Store(true)
				return nil, nil, false
			})
			stale := kmsg.NewMetadataResponseTopic()
			partition := kmsg.NewMetadataResponseTopicPartition()
			partition.Replicas, partition.ISR = []int32{0}, []int32{0}
			stale.Topic, stale.TopicID, stale.Partitions = kmsg.StringPtr("t"), [16]byte{1}, append(stale.Partitions, partition)
			cluster.ControlKey(int16(kmsg.Metadata), func(req kmsg.Request) (kmsg.Response, error, bool) {
				cluster.KeepControl()
				if refused.Load() {
					return nil, nil, false
				}
				return clitest.SaidMetadata(req, []string{addr}, stale), nil, true
			})
			r := clitest.Kafkactl(t, append([]string{"consume", "t", "-o", "value", "-b", addr}, test.args...)...)
			r.Want(t, cli.ExitDone)
			if r.Stdout != "0\n1\n2\n" || strings.Contains(r.Stderr, "made again; going on") != test.note {
				t.Error(r)
			}
		})
	}
}

// A topic that is deleted while records are expected may come again until the time is over.
func TestConsumeExpectDeleted(t *testing.T) {
	t.Parallel()
	cluster, addr := newNumbered(t, 2)
	cmd, wait := clitest.Background(t, "consume", "t", "--expect", "3", "--timeout", "4s", "-o", "json", "-b", addr)
	defer func() { _ = cmd.Process.Kill() }()
	time.Sleep(time.Second)
	if err := cluster.DeleteTopic("t"); err != nil {
		t.Fatal(err)
	}
	r := wait()
	r.Want(t, cli.ExitCondition)
	r.WantErr(t, `^{"note":"topic t was deleted; waiting 10s for it to be made again"}$`, `expected 3 records within 4s: 2 matched, 2 looked at`)
}

// What is printed of a topic that is gone is not committed for the next one of its name.
func TestConsumeGroupOfARemadeTopic(t *testing.T) {
	t.Parallel()
	cluster, addr := newNumbered(t, 9)
	p := newPausedReader(t, "consume", "t", "-f", "--group", "g", "-o", "value", "-b", addr)
	p.lines(t, 9)
	if err := cluster.DeleteTopic("t"); err != nil {
		t.Fatal(err)
	}
	if err := cluster.CreateTopic("t", 1, nil); err != nil {
		t.Fatal(err)
	}
	writeNumbered(t, addr, 0, 2)
	p.lines(t, 2)
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	p.end(t).Want(t, cli.ExitDone)
	writeNumbered(t, addr, 2, 3)
	r := clitest.Kafkactl(t, "consume", "t", "--group", "g", "-o", "value", "-b", addr)
	if r.Stdout != "2\n" {
		t.Error(r)
	}
}

func TestCommitsRewind(t *testing.T) {
	t.Parallel()
	p, group := term.NewPipeWriter(io.Discard), &fakeGroup{}
	commits := newGroupCommits(t.Context(), group, p, func(err error) { t.Error(err) })
	for _, next := range []int64{7, 9} {
		if err := printLine(t.Context(), p, "old"); err != nil {
			t.Fatal(err)
		}
		commits.mark("t", 0, next)
		commits.mark("t", 1, next)
	}
	commits.rewind("t", 0, 0)
	commits.rewind("t", 1, -1)
	if err := p.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	written := commits.written()
	if at, ok := written.Lookup("t", 0); !ok || at.At != 0 {
		t.Errorf("partition 0: %v", at)
	}
	if at, ok := written.Lookup("t", 1); ok {
		t.Errorf("partition 1: %v", at)
	}
	if err := commits.finish(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
}
