package main

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
	wait     func() runResult
}

func (f *field) follow(args ...string) *following {
	f.Helper()
	cmd, result := program(f.T, append([]string{"consume", "-f", "-b", f.cluster.Bootstrap()}, args...)...)
	w := &following{T: f.T, out: new(watched), err: new(watched)}
	cmd.Stdout, cmd.Stderr = w.out, w.err
	if err := cmd.Start(); err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = cmd.Process.Kill() })
	w.signal = func(s syscall.Signal) { _ = cmd.Process.Signal(s) }
	w.wait = func() runResult {
		r := result(cmd.Wait())
		r.stdout, r.stderr = w.out.String(), w.err.String()
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
func (w *following) interrupt() runResult {
	w.Helper()
	w.signal(syscall.SIGINT)
	r := w.wait()
	if r.code != int(exitDone) {
		w.Fatalf("an interrupted follow: %v", r)
	}
	return r
}

// Each record once and in order, while the partition's leader moves and then dies.
func TestRealFollowLeader(t *testing.T) {
	t.Parallel() // it has its own brokers, and mostly waits
	f := newField(t, kafkatest.Start(t, kafkatest.Options{Flavour: kafkatest.Kraft3}))
	topic := f.topic("follow.leader", 1)
	w := f.follow(topic, "-o", "value", "--from-beginning")
	n := 0
	write := func(count int) {
		for range count {
			f.write(f.client, topic, 1, fmt.Sprintf("r%d-", n), 1)
			n++
		}
	}
	write(20)
	w.until("r19-")
	for range 3 {
		f.moveLeader(topic)
		write(20)
	}
	w.until(fmt.Sprintf("r%d-", n-1))
	leader := f.leader(topic)
	if err := f.cluster.Kill(leader); err != nil {
		t.Fatal(err)
	}
	write(20)
	w.until(fmt.Sprintf("r%d-", n-1))
	if err := f.cluster.StartBroker(leader); err != nil {
		t.Fatal(err)
	}
	write(20)
	w.until(fmt.Sprintf("r%d-", n-1))
	got := lines(w.interrupt().stdout)
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
func (f *field) partitions(topic string) kadm.PartitionDetails {
	f.Helper()
	topics, err := f.adm.Metadata(f.Context(), topic)
	if err != nil {
		f.Fatal(err)
	}
	return topics.Topics[topic].Partitions
}

func (f *field) leader(topic string) int {
	f.Helper()
	return int(f.partitions(topic)[0].Leader)
}

// moveLeader makes the second replica of partition 0 the preferred leader, and the
// leader.
func (f *field) moveLeader(topic string) {
	f.Helper()
	replicas := f.partitions(topic)[0].Replicas
	moved := slices.Concat(replicas[1:], replicas[:1])
	var reassign kadm.AlterPartitionAssignmentsReq
	reassign.Assign(topic, 0, moved)
	if answers, err := f.adm.AlterPartitionAssignments(f.Context(), reassign); err != nil || answers.Error() != nil {
		f.Fatal(err, answers.Error())
	}
	set := kadm.TopicsSet{}
	set.Add(topic, 0)
	for start := time.Now(); f.leader(topic) != int(moved[0]); {
		if time.Since(start) > time.Minute {
			f.Fatalf("broker %d does not become the leader", moved[0])
		}
		_, _ = f.adm.ElectLeaders(f.Context(), kadm.ElectPreferredReplica, set) // until it is in sync
		time.Sleep(50 * time.Millisecond)
	}
}

// A topic that is deleted while it is followed does not exist; one that grows is read
// whole.
func TestRealFollowTopic(t *testing.T) {
	for _, flavour := range []kafkatest.Flavour{kafkatest.ZK1, kafkatest.Kraft1} {
		t.Run(string(flavour), func(t *testing.T) {
			f := newField(t, kafkatest.Shared(t, flavour))
			topic := f.topic("follow.topic", 1)
			w := f.follow(topic, "-o", "value")
			f.write(f.client, topic, 1, "before", 1)
			w.until("before0")
			if _, err := f.adm.UpdatePartitions(f.Context(), 2, topic); err != nil {
				t.Fatal(err)
			}
			for len(f.partitions(topic)) < 2 {
				time.Sleep(10 * time.Millisecond)
			}
			f.write(f.dial(), topic, 1, "grown", 1, func(r *kgo.Record) { r.Partition = 1 })
			w.until("grown0")
			if _, err := f.adm.DeleteTopics(f.Context(), topic); err != nil {
				t.Fatal(err)
			}
			r := w.wait()
			if r.code != int(exitNotFound) {
				t.Errorf("after the deletion: %v", r)
			}
			r.wantErr(t, `topic "follow.topic" was deleted while it was read`)
		})
	}
}

// With --group every record is printed once, whatever ended the run before, and a group
// that is in use is left alone.
func TestRealConsumeGroup(t *testing.T) {
	for _, flavour := range []kafkatest.Flavour{kafkatest.ZK1, kafkatest.Kraft1} {
		t.Run(string(flavour), func(t *testing.T) {
			f := newField(t, kafkatest.Shared(t, flavour))
			topic := f.topic("consume.group", 2)
			group := func(args ...string) string {
				return strings.Join(f.consume(append([]string{topic, "-p", "0", "-o", "value", "--group", "reader"}, args...)...), " ")
			}
			f.write(f.client, topic, 1, "r", 5)
			for _, want := range []string{"r0 r1", "r2 r3", "r4", ""} {
				if got := group("-n", "2"); got != want {
					t.Errorf("got %q, want %q", got, want)
				}
			}
			if got := group("--from-beginning", "-n", "1"); got != "r0" {
				t.Errorf("from the beginning: %q", got)
			}
			w := f.follow(topic, "-p", "0", "-o", "value", "--group", "reader")
			w.until("r4")
			w.interrupt()
			if got := group(); got != "" {
				t.Errorf("after an interrupted follow: %q", got)
			}
			committed, err := f.adm.FetchOffsets(f.Context(), "reader")
			if err != nil {
				t.Fatal(err)
			}
			if at, ok := committed.Lookup(topic, 0); !ok || at.At != 5 {
				t.Errorf("committed %v", at)
			}

			member := f.dial(kgo.ConsumerGroup("reader"), kgo.ConsumeTopics(topic), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
			f.write(f.client, topic, 1, "more", 1)
			member.PollFetches(t.Context())
			r := kafkactl(t, "consume", topic, "--group", "reader", "-b", f.cluster.Bootstrap())
			if r.code != int(exitFailed) || r.stdout != "" {
				t.Errorf("a group in use: %v", r)
			}
			r.wantErr(t, `reader: stable, 1 member`, `hint: .*another --group`)
		})
	}
}

// Where the leader of some partitions is frozen, the others' records come, also from a log
// whose start has passed the reader, and the end is not waited for beyond --timeout.
func TestRealConsumeFrozenLeader(t *testing.T) {
	t.Parallel() // it has its own brokers, and mostly waits
	f := newField(t, kafkatest.Start(t, kafkatest.Options{Flavour: kafkatest.Kraft3, Props: map[string]string{
		"broker.session.timeout.ms": "60000", // it must stay the leader
		"replica.lag.time.max.ms":   "2000",  // and not hold up what the others lead
	}}))
	topic := f.topic("frozen", 3)
	f.write(f.client, topic, 3, "r", 30)
	frozen := f.follower()
	w := f.follow(topic, "-o", "value", "--from-beginning")
	w.until("r29")
	f.overtake(w, topic, f.ledByOther(topic, frozen), func() {
		if err := f.cluster.Pause(frozen); err != nil {
			t.Fatal(err)
		}
	})
	defer func() { _ = f.cluster.Resume(frozen) }()
	w.until("last0")
	began := time.Now()
	r := kafkactl(t, "consume", topic, "--from-beginning", "--timeout", "3s", "-b", f.cluster.Addrs()[0])
	if took := time.Since(began); took > 10*time.Second || r.code == int(exitDone) {
		t.Errorf("a frozen leader, after %s: %v", took, r)
	}
	f.write(f.client, topic, 1, "on", 1, func(r *kgo.Record) { r.Partition = f.ledByOther(topic, frozen) })
	w.until("on0")
	w.interrupt()
}

// overtake stops a follow, has the records it is to read next deleted but one, "last0", runs
// meanwhile, and lets the follow go on. It has to ask then where the log begins.
func (f *field) overtake(w *following, topic string, partition int32, meanwhile func()) {
	f.Helper()
	w.signal(syscall.SIGSTOP)
	in := func(r *kgo.Record) { r.Partition = partition }
	f.write(f.client, topic, 1, "asked", 1, in) // may answer the question that was sent already
	f.write(f.client, topic, 1, "cut", 10, in)
	f.write(f.client, topic, 1, "last", 1, in)
	ends, err := f.adm.ListEndOffsets(f.Context(), topic)
	if err != nil {
		f.Fatal(err)
	}
	end, _ := ends.Lookup(topic, partition)
	starts := make(kadm.Offsets)
	starts.AddOffset(topic, partition, end.Offset-1, -1)
	if deleted, err := f.adm.DeleteRecords(f.Context(), starts); err != nil || deleted.Error() != nil {
		f.Fatal(err, deleted.Error())
	}
	meanwhile()
	w.signal(syscall.SIGCONT)
}

// follower is a broker that does not lead the metadata quorum: frozen, that one would
// hold up the others' in-sync replicas, for as long as their requests to it may take.
func (f *field) follower() int {
	f.Helper()
	req := kmsg.NewPtrDescribeQuorumRequest()
	topic, partition := kmsg.NewDescribeQuorumRequestTopic(), kmsg.NewDescribeQuorumRequestTopicPartition()
	topic.Topic, topic.Partitions = "__cluster_metadata", append(topic.Partitions, partition)
	req.Topics = append(req.Topics, topic)
	resp, err := req.RequestWith(f.Context(), f.client)
	if err != nil {
		f.Fatal(err)
	}
	for _, id := range f.cluster.BrokerIDs() {
		if int32(id) != resp.Topics[0].Partitions[0].LeaderID {
			return id
		}
	}
	f.Fatal("every broker leads the quorum")
	return -1
}

// ledByOther is a partition that another broker than id leads.
func (f *field) ledByOther(topic string, id int) int32 {
	f.Helper()
	for _, p := range f.partitions(topic) {
		if p.Leader != int32(id) {
			return p.Partition
		}
	}
	f.Fatal("it leads all")
	return -1
}
