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
	"github.com/twmb/franz-go/pkg/kmsg"

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

// moveLeader makes the second replica of partition 0 the preferred leader, and the
// leader.
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

// A topic that is deleted while it is followed does not exist; one that grows is read
// whole.
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

// With --group every record is printed once, whatever ended the run before, and a group
// that is in use is left alone.
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

// Where the leader of some partitions is frozen, the others' records come, also from a log
// whose start has passed the reader, and the end is not waited for beyond --timeout.
func TestRealConsumeFrozenLeader(t *testing.T) {
	t.Parallel() // it has its own brokers, and mostly waits
	f := clitest.NewField(t, kafkatest.Start(t, kafkatest.Options{Flavour: kafkatest.Kraft3, Props: map[string]string{
		"broker.session.timeout.ms": "60000", // it must stay the leader
		"replica.lag.time.max.ms":   "2000",  // and not hold up what the others lead
	}}))
	topic := f.Topic("frozen", 3)
	f.Write(f.Client, topic, 3, "r", 30)
	frozen := follower(f)
	w := follow(f, topic, "-o", "value", "--from-beginning")
	w.until("r29")
	overtake(f, w, topic, ledByOther(f, topic, frozen), func() {
		if err := f.Cluster.Pause(frozen); err != nil {
			t.Fatal(err)
		}
	})
	defer func() { _ = f.Cluster.Resume(frozen) }()
	w.until("last0")
	began := time.Now()
	r := clitest.Kafkactl(t, "consume", topic, "--from-beginning", "--timeout", "3s", "-b", f.Cluster.Addrs()[0])
	if took := time.Since(began); took > 10*time.Second || r.Code == int(cli.ExitDone) {
		t.Errorf("a frozen leader, after %s: %v", took, r)
	}
	f.Write(f.Client, topic, 1, "on", 1, func(r *kgo.Record) { r.Partition = ledByOther(f, topic, frozen) })
	w.until("on0")
	w.interrupt()
}

// overtake stops a follow, has the records it is to read next deleted but one, "last0", runs
// meanwhile, and lets the follow go on. It has to ask then where the log begins.
func overtake(f *clitest.Field, w *following, topic string, partition int32, meanwhile func()) {
	f.Helper()
	w.signal(syscall.SIGSTOP)
	in := func(r *kgo.Record) { r.Partition = partition }
	f.Write(f.Client, topic, 1, "asked", 1, in) // may answer the question that was sent already
	f.Write(f.Client, topic, 1, "cut", 10, in)
	f.Write(f.Client, topic, 1, "last", 1, in)
	ends, err := f.Adm.ListEndOffsets(f.Context(), topic)
	if err != nil {
		f.Fatal(err)
	}
	end, _ := ends.Lookup(topic, partition)
	starts := make(kadm.Offsets)
	starts.AddOffset(topic, partition, end.Offset-1, -1)
	if deleted, err := f.Adm.DeleteRecords(f.Context(), starts); err != nil || deleted.Error() != nil {
		f.Fatal(err, deleted.Error())
	}
	meanwhile()
	w.signal(syscall.SIGCONT)
}

// follower is a broker that does not lead the metadata quorum: frozen, that one would
// hold up the others' in-sync replicas, for as long as their requests to it may take.
func follower(f *clitest.Field) int {
	f.Helper()
	req := kmsg.NewPtrDescribeQuorumRequest()
	topic, partition := kmsg.NewDescribeQuorumRequestTopic(), kmsg.NewDescribeQuorumRequestTopicPartition()
	topic.Topic, topic.Partitions = "__cluster_metadata", append(topic.Partitions, partition)
	req.Topics = append(req.Topics, topic)
	resp, err := req.RequestWith(f.Context(), f.Client)
	if err != nil {
		f.Fatal(err)
	}
	for _, id := range f.Cluster.BrokerIDs() {
		if int32(id) != resp.Topics[0].Partitions[0].LeaderID {
			return id
		}
	}
	f.Fatal("every broker leads the quorum")
	return -1
}

// ledByOther is a partition that another broker than id leads.
func ledByOther(f *clitest.Field, topic string, id int) int32 {
	f.Helper()
	for _, p := range partitions(f, topic) {
		if p.Leader != int32(id) {
			return p.Partition
		}
	}
	f.Fatal("it leads all")
	return -1
}
