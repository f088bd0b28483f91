package records

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

// watched is output that can be looked at while it is written.
type watched struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (w *watched) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.Write(p)
}

func (w *watched) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

// following is a consume -f under way.
type following struct {
	*testing.T
	out, err *watched
	signal   func(syscall.Signal)
	wait     func() clitest.RunResult
}

func follow(f *clitest.Field, args ...string) *following {
	f.Helper()
	cmd, result := clitest.Program(f.T, append([]string{"consume", "-f", "-b", f.Cluster.Bootstrap()}, args...)...)
	w := &following{T: f.T, out: new(watched), err: new(watched)}
	cmd.Stdout, cmd.Stderr = w.out, w.err
	if err := cmd.Start(); err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = cmd.Process.Kill() })
	w.signal = func(s syscall.Signal) { _ = cmd.Process.Signal(s) }
	w.wait = func() clitest.RunResult {
		r := result(cmd.Wait())
		r.Stdout, r.Stderr = w.out.String(), w.err.String()
		return r
	}
	return w
}

// until waits for a text in the output.
func (w *following) until(text string) {
	w.Helper()
	for start := time.Now(); !strings.Contains(w.out.String(), text); {
		if time.Since(start) > time.Minute {
			w.Fatalf("%q does not come; stdout:\n%.2000s\nstderr:\n%s", text, w.out, w.err)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// interrupt ends it as a person does.
func (w *following) interrupt() clitest.RunResult {
	w.Helper()
	w.signal(syscall.SIGINT)
	r := w.wait()
	if r.Code != int(cli.ExitDone) {
		w.Fatalf("an interrupted follow: %v", r)
	}
	return r
}

// Each record once and in order, while the partition's leader moves and then dies.
func TestRealFollowLeader(t *testing.T) {
	t.Parallel() // it has its own brokers, and mostly waits
	f := clitest.NewField(t, kafkatest.Start(t, kafkatest.Options{Flavour: kafkatest.Kraft3}))
	topic := f.Topic("follow.leader", 1)
	w := follow(f, topic, "-o", "value", "--from-beginning")
	n := 0
	write := func(count int) {
		for range count {
			f.Write(f.Client, topic, 1, fmt.Sprintf("r%d-", n), 1)
			n++
		}
	}
	write(20)
	w.until("r19-")
	for range 3 {
		moveLeader(f, topic)
		write(20)
	}
	w.until(fmt.Sprintf("r%d-", n-1))
	leader := leader(f, topic)
	if err := f.Cluster.Kill(leader); err != nil {
		t.Fatal(err)
	}
	write(20)
	w.until(fmt.Sprintf("r%d-", n-1))
	if err := f.Cluster.StartBroker(leader); err != nil {
		t.Fatal(err)
	}
	write(20)
	w.until(fmt.Sprintf("r%d-", n-1))
	got := clitest.Lines(w.interrupt().Stdout)
	if len(got) != n {
		t.Errorf("%d records, want %d", len(got), n)
	}
	for i, line := range got {
		if want := fmt.Sprintf("r%d-0", i); line != want {
			t.Fatalf("record %d is %q, want %q", i, line, want)
		}
	}
}

// partitions are a topic's, as the brokers know them.
func partitions(f *clitest.Field, topic string) kadm.PartitionDetails {
	f.Helper()
	topics, err := f.Adm.Metadata(f.Context(), topic)
	if err != nil {
		f.Fatal(err)
	}
	return topics.Topics[topic].Partitions
}

func leader(f *clitest.Field, topic string) int {
	f.Helper()
	return int(partitions(f, topic)[0].Leader)
}

// moveLeader makes the second replica of partition 0 the preferred leader, and the leader.
func moveLeader(f *clitest.Field, topic string) {
	f.Helper()
	replicas := partitions(f, topic)[0].Replicas
	moved := slices.Concat(replicas[1:], replicas[:1])
	var reassign kadm.AlterPartitionAssignmentsReq
	reassign.Assign(topic, 0, moved)
	if answers, err := f.Adm.AlterPartitionAssignments(f.Context(), reassign); err != nil || answers.Error() != nil {
		f.Fatal(err, answers.Error())
	}
	set := kadm.TopicsSet{}
	set.Add(topic, 0)
	for start := time.Now(); leader(f, topic) != int(moved[0]); {
		if time.Since(start) > time.Minute {
			f.Fatalf("broker %d does not become the leader", moved[0])
		}
		_, _ = f.Adm.ElectLeaders(f.Context(), kadm.ElectPreferredReplica, set) // until it is in sync
		time.Sleep(50 * time.Millisecond)
	}
}

// A topic that is deleted while it is followed does not exist; one that grows is read whole.
func TestRealFollowTopic(t *testing.T) {
	for _, flavour := range []kafkatest.Flavour{kafkatest.ZK1, kafkatest.Kraft1} {
		t.Run(string(flavour), func(t *testing.T) {
			f := clitest.NewField(t, kafkatest.Shared(t, flavour))
			topic := f.Topic("follow.topic", 1)
			w := follow(f, topic, "-o", "value")
			f.Write(f.Client, topic, 1, "before", 1)
			w.until("before0")
			if _, err := f.Adm.UpdatePartitions(f.Context(), 2, topic); err != nil {
				t.Fatal(err)
			}
			for len(partitions(f, topic)) < 2 {
				time.Sleep(10 * time.Millisecond)
			}
			f.Write(f.Dial(), topic, 1, "grown", 1, func(r *kgo.Record) { r.Partition = 1 })
			w.until("grown0")
			if _, err := f.Adm.DeleteTopics(f.Context(), topic); err != nil {
				t.Fatal(err)
			}
			r := w.wait()
			if r.Code != int(cli.ExitNotFound) {
				t.Errorf("after the deletion: %v", r)
			}
			r.WantErr(t, `topic "follow.topic" was deleted while it was read`)
		})
	}
}

// With --group every record is printed once, whatever ended the run before, and a group that is in
// use is left alone.
func TestRealConsumeGroup(t *testing.T) {
	for _, flavour := range []kafkatest.Flavour{kafkatest.ZK1, kafkatest.Kraft1} {
		t.Run(string(flavour), func(t *testing.T) {
			f := clitest.NewField(t, kafkatest.Shared(t, flavour))
			topic := f.Topic("consume.group", 2)
			group := func(args ...string) string {
				return strings.Join(consume(f, append([]string{topic, "-p", "0", "-o", "value", "--group", "reader"}, args...)...), " ")
			}
			f.Write(f.Client, topic, 1, "r", 5)
			for _, want := range []string{"r0 r1", "r2 r3", "r4", ""} {
				if got := group("-n", "2"); got != want {
					t.Errorf("got %q, want %q", got, want)
				}
			}
			if got := group("--from-beginning", "-n", "1"); got != "r0" {
				t.Errorf("from the beginning: %q", got)
			}
			w := follow(f, topic, "-p", "0", "-o", "value", "--group", "reader")
			w.until("r4")
			w.interrupt()
			if got := group(); got != "" {
				t.Errorf("after an interrupted follow: %q", got)
			}
			committed, err := f.Adm.FetchOffsets(f.Context(), "reader")
			if err != nil {
				t.Fatal(err)
			}
			if at, ok := committed.Lookup(topic, 0); !ok || at.At != 5 {
				t.Errorf("committed %v", at)
			}

			member := f.Dial(kgo.ConsumerGroup("reader"), kgo.ConsumeTopics(topic), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
			f.Write(f.Client, topic, 1, "more", 1)
			member.PollFetches(t.Context())
			r := clitest.Kafkactl(t, "consume", topic, "--group", "reader", "-b", f.Cluster.Bootstrap())
			if r.Code != int(cli.ExitFailed) || r.Stdout != "" {
				t.Errorf("a group in use: %v", r)
			}
			r.WantErr(t, `reader: stable, 1 member`, `hint: .*another --group`)
		})
	}
}
