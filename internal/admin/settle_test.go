package admin

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// A broker that does not know a topic yet keeps the command waiting: clients that
// meet it would fail.
func TestSettleWaitsForEveryBroker(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t, kfake.NumBrokers(3))
	if _, err := c.Converge(ctx, topics("a")); err != nil {
		t.Fatal(err)
	}
	late := cluster.Fault(kfake.Fault{
		Keys: []kmsg.Key{kmsg.Metadata}, Nodes: []int32{1}, Topic: "a", Err: kerr.UnknownTopicOrPartition, Count: 4,
	})
	if err := c.Settle(ctx, topics("a")); err != nil || late.Hits() != 4 {
		t.Errorf("%v after %d answers without the topic", err, late.Hits())
	}

	cluster.Fault(kfake.Fault{
		Keys: []kmsg.Key{kmsg.Metadata}, Nodes: []int32{2}, Topic: "a", Err: kerr.UnknownTopicOrPartition, Count: -1,
	})
	short, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
	defer cancel()
	wantUnsettled(t, c.Settle(short, topics("a")), UnsettledError{Broker: "broker 2", Topic: "a", What: "is not known there yet"})
}

// A leader that Metadata names and that does not act as one yet answers no produce either: it is
// waited for, also where there is nothing to change.
func TestSettleWaitsForLeadersToAct(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t, kfake.NumBrokers(3))
	desired := topics("a", "b")
	desired[1].Partitions = 1
	if _, err := c.Converge(ctx, desired); err != nil {
		t.Fatal(err)
	}
	late := cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.ListOffsets}, Topic: "b", Err: kerr.NotLeaderForPartition, Count: 4})
	plan, err := c.Plan(ctx, desired)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Planned{Plan: topicspec.Plan{ClusterID: plan.ClusterID, Topics: 2}, Seen: plan.Seen}, plan); diff != "" {
		t.Errorf("in sync, and a leader does not act (-want +got):\n%s", diff)
	}
	var told []string
	if err := c.WithProgress(func(what string) { told = append(told, what) }).Settle(ctx, desired); err != nil || late.Hits() != 4 {
		t.Errorf("%v after %d answers", err, late.Hits())
	}
	if len(told) == 0 || !strings.Contains(told[0], `topic "b": partition `) || !strings.Contains(told[0], "is not led there yet") {
		t.Errorf("told of the wait: %q", told)
	}

	cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.ListOffsets}, Topic: "b", Err: kerr.NotLeaderForPartition, Count: -1})
	short, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
	defer cancel()
	wantUnsettled(t, c.Settle(short, desired), UnsettledError{
		Topic: "b", What: "partition 0 is not led there yet (NOT_LEADER_FOR_PARTITION)",
	})
}

// wantUnsettled fails unless err is want, with the port of the broker left out; "" is whichever
// broker.
func wantUnsettled(t *testing.T, err error, want UnsettledError) {
	t.Helper()
	var unsettled *UnsettledError
	if !errors.As(err, &unsettled) {
		t.Fatalf("want %v, got %v", &want, err)
	}
	got := *unsettled
	if got.Broker, _, _ = strings.Cut(got.Broker, " ("); want.Broker == "" {
		got.Broker = ""
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Who may not ask for offsets is not kept waiting for them.
func TestSettleWithoutTheRightToOffsets(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t)
	if _, err := c.Converge(ctx, topics("a")); err != nil {
		t.Fatal(err)
	}
	cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.ListOffsets}, Topic: "a", Err: kerr.TopicAuthorizationFailed, Count: -1})
	if err := c.Usable(ctx, topics("a")); err != nil {
		t.Error(err)
	}
}

// A replica out of sync, a leader that is gone: created is not usable.
func TestSettleWaitsForLeadersAndReplicas(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		spoil func(*kmsg.MetadataResponseTopicPartition)
		want  string
	}{
		{"well", func(*kmsg.MetadataResponseTopicPartition) {}, ""},
		{"ISR", func(p *kmsg.MetadataResponseTopicPartition) { p.ISR = p.ISR[:1] }, "partition 1 has 1 of 3 replicas in sync (2)"},
		{"no leader", func(p *kmsg.MetadataResponseTopicPartition) { p.Leader = -1 }, "partition 1 has no live leader, replicas on 0, 1, 2"},
		{"dead leader", func(p *kmsg.MetadataResponseTopicPartition) { p.Leader = 7 }, "partition 1 has no live leader, replicas on 0, 1, 2"},
		{"dead replica", func(p *kmsg.MetadataResponseTopicPartition) { p.Replicas[1], p.ISR[2] = 7, 7 }, "partition 1 has 2 of 3 replicas in sync (0, 2)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			shown := showing(0, func(p []kmsg.MetadataResponseTopicPartition) { test.spoil(&p[1]) })
			if _, what := shown.Value.incomplete(); what != test.want {
				t.Errorf("got %q, want %q", what, test.want)
			}
		})
	}
}

// A broker that has just started may list no broker at all, not even itself: nobody
// was asked then, which is not the same as nobody objecting.
func TestSettleNeedsABroker(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t)
	cluster.ControlKey(int16(kmsg.Metadata), func(req kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		return req.ResponseKind(), nil, true
	})
	if err := c.Usable(ctx, topics("a")); err == nil || err.Error() != "the cluster: no broker is listed as alive" {
		t.Errorf("told %v", err)
	}
}

// The first broker that shows something else is reported, and what it shows.
func TestJudge(t *testing.T) {
	t.Parallel()
	fine := func([]kmsg.MetadataResponseTopicPartition) {}
	first, second := showing(0, fine), showing(1, fine)
	stranger := showing(2, fine)
	stranger.Value.meta.Brokers[2].NodeID = 7
	unset := topics("a")
	unset[0].ReplicationFactor = 3
	other := topics("a")
	other[0].ReplicationFactor = 3
	unset[0].Config["retention.ms"] = topicspec.Setting{Value: "1000"}
	other[0].Partitions = 5
	for _, test := range []struct {
		name    string
		seen    views
		desired []topicspec.Desired
		want    string
	}{
		{"fewer were asked than are there", views{first, second}, nil, "broker 0: knows brokers 0, 1, 2, and 2 are there"},
		{"as many, but others", views{first, second, stranger}, nil, "broker 2: knows brokers 0, 1, 7, and 3 are there"},
		{"a setting", views{first, second, showing(2, fine)}, unset, `broker 0: topic "a": retention.ms is not set there yet`},
		{"a count", views{first, second, showing(2, fine)}, other, `broker 0: topic "a": partitions is still 3 there`},
	} {
		err := test.seen.judge(func(v view) (topic, what string) { return v.unlike(test.desired) })
		if err == nil || err.Error() != test.want {
			t.Errorf("%s: told %v, want %q", test.name, err, test.want)
		}
	}
}

// What the end of ctx cuts off says less than the look before.
func TestSettleKeepsWhatItSaw(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t)
	if _, err := c.Converge(ctx, topics("a")); err != nil {
		t.Fatal(err)
	}
	more := topics("a")
	more[0].Partitions = 5
	short, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	var looks atomic.Int32
	cluster.ControlKey(int16(kmsg.DescribeConfigs), func(kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		if looks.Add(1) > 1 {
			cluster.SleepControl(func() { <-short.Done() })
		}
		return nil, nil, false
	})
	if err := c.Settle(short, more); err == nil || !strings.HasSuffix(err.Error(), `topic "a": partitions is still 3 there`) || looks.Load() < 2 {
		t.Errorf("told %v after %d looks", err, looks.Load())
	}
}

// A leader that does not say what it leads is not taken for one that acts.
func TestSettleNeedsEveryLeader(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t, kfake.NumBrokers(3))
	if _, err := c.Converge(ctx, topics("a")); err != nil {
		t.Fatal(err)
	}
	short, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	cluster.ControlKey(int16(kmsg.ListOffsets), func(req kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		for _, topic := range req.(*kmsg.ListOffsetsRequest).Topics {
			for _, p := range topic.Partitions {
				if p.CurrentLeaderEpoch < 0 {
					t.Errorf("partition %d asked for whoever leads it", p.Partition)
				}
			}
		}
		cluster.SleepControl(func() { <-ctx.Done() })
		return nil, nil, false
	})
	if err := c.Usable(short, topics("a")); err == nil || !strings.HasPrefix(err.Error(), "broker ") || !strings.Contains(err.Error(), "): list offsets: ") {
		t.Errorf("told %v", err)
	}
}

// A missing permission does not heal: it is reported at once.
func TestSettleTellsRefusalsAtOnce(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t)
	if _, err := c.Converge(ctx, topics("a")); err != nil {
		t.Fatal(err)
	}
	cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.DescribeConfigs}, Resource: "a", Err: kerr.TopicAuthorizationFailed, Count: -1})
	start := time.Now()
	if err := c.Settle(ctx, topics("a")); !kafka.Unauthorized(err) || time.Since(start) > 10*time.Second {
		t.Errorf("%v after %s", err, time.Since(start))
	}
	if _, err := c.Observe(ctx, []string{"a"}); !kafka.Unauthorized(err) {
		t.Errorf("not allowed to look, and told %v", err)
	}
}

// kgo does not heed ctx while it sets up a connection; a broker that accepts and
// says nothing must not hold a call beyond its deadline.
func TestSilentBrokerHeedsTheDeadline(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	c, err := kafka.Dial(t.Context(), kafka.Config{Brokers: []string{listener.Addr().String()}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	start := time.Now()
	if _, err := New(c).Plan(ctx, topics("a")); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("told %v", err)
	}
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("a deadline of 300ms took %s", took)
	}
}

// While partitions move, metadata lists the replicas that go as well: what counts
// is what is aimed at.
func TestReassignmentCountsItsTarget(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t, kfake.NumBrokers(3))
	desired := topics("a")
	desired[0].Partitions, desired[0].ReplicationFactor = 1, 2
	if _, err := c.Converge(ctx, desired); err != nil {
		t.Fatal(err)
	}
	var moving atomic.Bool
	moving.Store(true)
	cluster.ControlKey(int16(kmsg.ListPartitionReassignments), func(req kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		if !moving.Load() {
			return nil, nil, false
		}
		resp := req.ResponseKind().(*kmsg.ListPartitionReassignmentsResponse)
		topic := kmsg.NewListPartitionReassignmentsResponseTopic()
		topic.Topic = "a"
		p := kmsg.NewListPartitionReassignmentsResponseTopicPartition()
		p.Partition, p.Replicas, p.AddingReplicas, p.RemovingReplicas = 0, []int32{0, 1, 2}, []int32{2}, []int32{0, 1}
		topic.Partitions = append(topic.Partitions, p)
		resp.Topics = append(resp.Topics, topic)
		return resp, nil, true
	})
	observed, err := c.Observe(ctx, []string{"a"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int{1}, observed["a"].Replicas); diff != "" {
		t.Errorf("replicas aimed at (-want +got):\n%s", diff)
	}
	plan, err := c.Plan(ctx, desired)
	if err != nil {
		t.Fatal(err)
	}
	want := []topicspec.Moving{{Topic: "a", Partitions: []int{0}, Adding: []int{2}, Removing: []int{0, 1}}}
	if diff := cmp.Diff(want, plan.Moving); diff != "" {
		t.Errorf("moving (-want +got):\n%s", diff)
	}
	moving.Store(false)
	wantInSync(ctx, t, c, desired)
}

// A topic that is waited for by name needs no shape, and no right but Describe.
func TestPresent(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t)
	wantUnsettled(t, c.Present(ctx, []string{"a"}), UnsettledError{Broker: "broker 0", Topic: "a", What: "is not known there yet"})
	desired := topics("a", "b")
	desired[1].Partitions = 1
	if _, err := c.Converge(ctx, desired); err != nil {
		t.Fatal(err)
	}
	cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.DescribeConfigs}, Topic: "a", Err: kerr.TopicAuthorizationFailed, Count: -1})
	if err := c.Present(ctx, []string{"b", "a"}); err != nil {
		t.Error(err)
	}
	idle := cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.ListOffsets}, Topic: "b", Err: kerr.NotLeaderForPartition, Count: 1})
	wantUnsettled(t, c.Present(ctx, []string{"b", "a"}), UnsettledError{
		Broker: "broker 0", Topic: "b", What: "partition 0 is not led there yet (NOT_LEADER_FOR_PARTITION)",
	})
	if idle.Hits() != 1 {
		t.Errorf("%d answers", idle.Hits())
	}
	cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.Metadata}, Topic: "a", Err: kerr.TopicAuthorizationFailed, Count: -1})
	if err := c.Present(ctx, []string{"b", "a"}); !kafka.Unauthorized(err) {
		t.Errorf("not to be seen: %v", err)
	}
}

// A broker that fails inside whenever it is looked at is not looked at until time runs out.
func TestSettleGivesUpOnUnexplainedFailures(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t)
	createAside(ctx, t, c, "a", 3)
	failures := cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.DescribeConfigs}, Err: kerr.UnknownServerError, Count: -1})
	var unexplained *UnexplainedError
	if err := c.Settle(ctx, topics("a")); !errors.As(err, &unexplained) || failures.Hits() != 5 {
		t.Errorf("%v after %d looks", err, failures.Hits())
	}
}

// What apply withholds is not waited for, and what it makes is: a lower retention has no risk where there is no record.
func TestUsableWithoutWhatIsWithheld(t *testing.T) {
	t.Parallel()
	for _, used := range []bool{true, false} {
		ctx, _, c := dialFake(t)
		if _, err := c.Converge(ctx, topics("a")); err != nil {
			t.Fatal(err)
		}
		if used {
			produced(t, c, "a")
		}
		desired := topics("a")
		desired[0].Config = topicspec.Config{"retention.ms": {Value: "1000"}}
		err := c.Usable(ctx, desired)
		if used && err != nil {
			t.Errorf("withheld, and waited for: %v", err)
		}
		if !used {
			wantUnsettled(t, err, UnsettledError{Topic: "a", What: "retention.ms is not set there yet"})
		}
	}
}
