package records

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

// remadeRounds is how often TestRealFollowRemade makes its topic anew. 20 and more hold, too, and take
// longer.
const remadeRounds = 3

// remake deletes a topic and makes it again as soon as the brokers let it.
func remake(f *clitest.Field, topic string, partitions int32) {
	f.Helper()
	if _, err := f.Adm.DeleteTopics(f.Context(), topic); err != nil {
		f.Fatal(err)
	}
	f.Until(topic+" is made again", func() bool {
		made, err := f.Adm.CreateTopic(f.Context(), partitions, int16(len(f.Cluster.Addrs())), nil, topic)
		if err = errors.Join(err, made.Err); err != nil && !errors.Is(err, kerr.TopicAlreadyExists) { // marked for deletion, in ZooKeeper mode
			f.Fatal(err)
		}
		return err == nil
	})
}

// A topic that is deleted and made again under a follow is read from its start, each record once,
// however many records it has: the old offset may lie in front of its end, at it, or behind it.
func TestRealFollowRemade(t *testing.T) {
	for _, flavour := range []kafkatest.Flavour{kafkatest.ZK1, kafkatest.Kraft1} {
		t.Run(string(flavour), func(t *testing.T) {
			f := clitest.NewField(t, kafkatest.Shared(t, flavour))
			topic := f.Topic("follow.remade", 1)
			w := follow(f, topic, "-o", "value", "--group", "remade")
			var want []string
			for round := range 1 + remadeRounds {
				partitions := int32(1 + round%2)
				if round > 0 {
					remake(f, topic, partitions)
				}
				n := []int{8, 3, 8, 20}[round%4]
				f.Write(f.Dial(), topic, partitions, fmt.Sprintf("round%d-", round), n)
				for i := range n {
					want = append(want, fmt.Sprintf("round%d-%d", round, i))
				}
				w.untilLines(len(want))
			}
			r := w.interrupt()
			got := clitest.Lines(r.Stdout)
			slices.Sort(got)
			slices.Sort(want)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("records (-want +got):\n%s", diff)
			}
			if n := strings.Count(r.Stderr, "note: topic follow.remade was deleted and made again; going on at its start\n"); n != remadeRounds {
				t.Errorf("%d notes, want %d:\n%s", n, remadeRounds, r.Stderr)
			}
			if got := consume(f, topic, "--group", "remade", "-o", "value"); len(got) > 0 {
				t.Errorf("committed for another topic: %q comes again", got)
			}
		})
	}
}

// untilLines waits for so many lines in the output.
func (w *following) untilLines(n int) {
	w.Helper()
	for start := time.Now(); strings.Count(w.out.String(), "\n") < n; time.Sleep(10 * time.Millisecond) {
		if time.Since(start) > time.Minute {
			w.Fatalf("%d lines, want %d; stdout:\n%.2000s\nstderr:\n%s", strings.Count(w.out.String(), "\n"), n, w.out, w.err)
		}
	}
}

// An --expect goes on with the new topic, and a read with an end is of one topic.
func TestRealExpectRemade(t *testing.T) {
	f := clitest.NewField(t, kafkatest.Shared(t, kafkatest.Kraft1))
	topic := f.Topic("expect.remade", 1)
	f.Write(f.Client, topic, 1, "old", 2)
	cmd, wait := clitest.Background(t, "consume", topic, "--expect", "4", "--timeout", "60s", "-o", "value", "-b", f.Cluster.Bootstrap())
	defer func() { _ = cmd.Process.Kill() }()
	time.Sleep(500 * time.Millisecond) // it has read the old ones, or it is not too late for them
	remake(f, topic, 1)
	f.Write(f.Dial(), topic, 1, "new", 4)
	r := wait()
	r.Want(t, cli.ExitDone, `^new0$`, `^new1$`)
	r.WantErr(t, `^note: topic expect.remade was deleted and made again; going on at its start$`)

	committed := make(kadm.Offsets)
	committed.AddOffset(topic, 0, 99, -1) // as a consumer that has not heard of the new topic does
	if err := f.Adm.CommitAllOffsets(t.Context(), "expect.stale", committed); err != nil {
		t.Fatal(err)
	}
	r = clitest.Kafkactl(t, "consume", topic, "--group", "expect.stale", "-o", "value", "-b", f.Cluster.Bootstrap())
	r.Want(t, cli.ExitDone, `^new0$`, `^new3$`)
	r.WantErr(t, `^note: expect.remade/0: the group committed offset 99, and the log ends at 4: it lost records or was made again; reading begins at its start, 0$`)
}

// A replica that lacks the last records becomes the leader (unclean.leader.election.enable), and
// other records take their offsets: a follow goes back to where the logs part, and says so.
func TestRealFollowUncleanElection(t *testing.T) {
	t.Parallel() // it has its own brokers, and mostly waits
	f := clitest.NewField(t, kafkatest.Start(t, kafkatest.Options{Flavour: kafkatest.Kraft3, Props: map[string]string{
		"replica.lag.time.max.ms": "2000", "unclean.leader.election.enable": "true", "offsets.topic.replication.factor": "3",
	}}))
	topic, lagging := "unclean", follower(f)
	leading := f.Cluster.BrokerIDs()[0]
	if leading == lagging {
		leading = f.Cluster.BrokerIDs()[1]
	}
	assign(f, topic, int32(leading), int32(lagging))
	w := follow(f, topic, "-o", "value")
	f.Write(f.Client, topic, 1, "both", 10)
	w.until("both9")
	if err := f.Cluster.Pause(lagging); err != nil {
		t.Fatal(err)
	}
	f.Until("the paused replica is out of sync", func() bool { return len(partitions(f, topic)[0].ISR) == 1 })
	f.Write(f.Client, topic, 1, "lost", 5)
	w.until("lost4")
	w.signal(syscall.SIGSTOP)
	if err := errors.Join(f.Cluster.Kill(leading), f.Cluster.Resume(lagging)); err != nil {
		t.Fatal(err)
	}
	f.Until("the lagging replica leads", func() bool { return leader(f, topic) == lagging })
	f.Write(f.Dial(), topic, 1, "other", 20) // past the offset of the follow
	w.signal(syscall.SIGCONT)
	w.until("other19")
	r := w.interrupt()
	var want []string
	for _, some := range []struct {
		prefix string
		n      int
	}{{"both", 10}, {"lost", 5}, {"other", 20}} {
		for i := range some.n {
			want = append(want, fmt.Sprintf("%s%d", some.prefix, i))
		}
	}
	if diff := cmp.Diff(want, clitest.Lines(r.Stdout)); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
	r.WantErr(t, `^note: unclean/0: the log lost its offsets 10 to 14; going on at 10 with what stands there now$`)
}

// assign makes a topic of one partition on these brokers, the leader first.
func assign(f *clitest.Field, topic string, brokers ...int32) {
	f.Helper()
	t := kmsg.NewCreateTopicsRequestTopic()
	t.Topic, t.NumPartitions, t.ReplicationFactor = topic, -1, -1
	of := kmsg.NewCreateTopicsRequestTopicReplicaAssignment()
	of.Replicas = brokers
	t.ReplicaAssignment = append(t.ReplicaAssignment, of)
	req := kmsg.NewPtrCreateTopicsRequest()
	req.Topics = append(req.Topics, t)
	resp, err := req.RequestWith(f.Context(), f.Client)
	if err == nil {
		err = kerr.ErrorForCode(resp.Topics[0].ErrorCode)
	}
	if err != nil {
		f.Fatal(err)
	}
	f.Until(topic+" is in sync", func() bool {
		topics, err := f.Adm.Metadata(f.Context(), topic)
		return err == nil && len(topics.Topics[topic].Partitions[0].ISR) == len(brokers)
	})
}
