package stack

import (
	"context"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/cmd/kafkactl/internal/readiness"
	"kafkactl/internal/admin"
	"kafkactl/internal/kafka"
	"kafkactl/internal/kafkatest"
)

// What a script cannot arrange: a Kafka that changes while a command runs.

// Between the last look before the writes and the end of apply a broker may come that
// hands out no producer ids yet: exit 0 would promise a first produce that fails.
func TestApplyEndsOnALadderThatHolds(t *testing.T) {
	t.Parallel()
	cluster, addrs := kafkatest.Fake(t)
	var created atomic.Bool
	cluster.ControlKey(kmsg.CreateTopics.Int16(), func(req kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		created.Store(created.Load() || kafkatest.ChangesTopics(req))
		return nil, nil, false
	})
	cluster.ControlKey(kmsg.InitProducerID.Int16(), func(req kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		if !created.Load() {
			return nil, nil, false
		}
		resp := kmsg.NewPtrInitProducerIDResponse()
		resp.Version, resp.ErrorCode = req.GetVersion(), kerr.CoordinatorLoadInProgress.Code
		return resp, nil, true
	})
	r := clitest.Kafkactl(t, "apply", "-f", clitest.StackFile(), "-b", addrs[0], "--timeout", "2s")
	r.Want(t, cli.ExitTimeout, `^11 topics: 11 created`)
	r.WantErr(t, `^kafkactl: the topics are as declared, and yet not ready after \S+: K8 coordinators: broker 0 hands out no producer id`)
}

// A ladder gives a question up at its deadline; the topic of the data path is removed
// all the same before the command ends.
func TestGivenUpRoundTripRemovesItsTopic(t *testing.T) {
	t.Parallel()
	cluster, addrs := kafkatest.Fake(t)
	cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.Produce}, Count: -1, Err: kerr.NotLeaderForPartition})
	cluster.ControlKey(kmsg.DeleteTopics.Int16(), func(kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		cluster.SleepControl(func() { time.Sleep(150 * time.Millisecond) })
		return nil, nil, false
	})
	o := &readiness.LadderFlags{App: &cli.App{Streams: cli.Streams{LookupEnv: os.LookupEnv}}, DataPath: true, WaitFlags: readiness.WaitFlags{Connection: cli.Connection{Brokers: addrs}}}
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	l, err := o.NewBrokerLadder(t.Context(), readiness.Targets{})
	if err != nil {
		t.Fatal(err)
	}
	started := make(chan struct{})
	go func() {
		close(started)
		_, _ = l.DataPath(ctx)
	}()
	<-started
	<-ctx.Done()
	l.Close()
	client, err := kafka.Dial(t.Context(), kafka.Config{Brokers: addrs})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if left, err := admin.New(client).ListTopics(t.Context()); err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}

// A group of another kind never comes to consume: that is reported at once.
func TestWaitForAGroupOfAnotherKind(t *testing.T) {
	t.Parallel()
	cluster, addrs := kafkatest.Fake(t)
	cluster.ControlKey(kmsg.ListGroups.Int16(), func(req kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		resp, _ := req.ResponseKind().(*kmsg.ListGroupsResponse)
		resp.Groups = []kmsg.ListGroupsResponseGroup{{Group: "payments", GroupType: "Share", GroupState: "Stable"}}
		return resp, nil, true
	})
	clitest.Told{
		Args: []string{"wait", "--for", "group:payments", "-b", addrs[0]}, Code: cli.ExitFailed, Within: 2 * clitest.Busy,
		Stdout: []string{`^fail +G1 `},
		Stderr: []string{
			`^kafkactl: not ready after \S+: G1 groups consume: broker 0 \(\S+\): group "payments" is a share group, not a consumer group$`,
			`^hint: kafkactl list groups shows those that are$`,
		},
	}.Check(t)
}
