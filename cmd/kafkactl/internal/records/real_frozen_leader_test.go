package records

import (
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

// Where the leader of some partitions is frozen, the others' records come, also from a log whose
// start has passed the reader, and the end is not waited for beyond --timeout.
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

// follower is a broker that does not lead the metadata quorum: frozen, that one would hold up the
// others' in-sync replicas, for as long as their requests to it may take.
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
