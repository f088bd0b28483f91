package admin

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/kversion"

	"kafkactl/internal/kafka"
	"kafkactl/internal/kafkatest/docpage"
	"kafkactl/internal/topicspec"
)

// onePlacement moves partition 0 of a topic, which a fake has on one broker, to one more.
func onePlacement(ctx context.Context, t *testing.T, c *Client, topic string) topicspec.Placement {
	t.Helper()
	_, assigned, err := c.Assignments(ctx, []string{topic})
	if err != nil || len(assigned) != 1 {
		t.Fatalf("%+v, %v", assigned, err)
	}
	from := assigned[0].Partitions[0].Replicas
	return topicspec.Placement{Topic: topic, Reassignments: []topicspec.Reassignment{{From: from, To: []int{from[0], (from[0] + 1) % 3}}}}
}

// writeSome writes records to a topic: a throttle is for what is copied, and looked at where there is something.
func writeSome(ctx context.Context, t *testing.T, c *Client, topic string) {
	t.Helper()
	var records []*kgo.Record
	for i := range 30 {
		records = append(records, &kgo.Record{Topic: topic, Key: []byte{byte(i)}, Value: []byte("x")})
	}
	if err := c.kafka.Kgo.ProduceSync(ctx, records...).FirstErr(); err != nil {
		t.Fatal(err)
	}
}

// A broker's refusal of a partition is its topic's error, and nothing else fails with it: what every
// broker shows as it shall be is done.
func TestMoveRefusedPartition(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t, kfake.NumBrokers(3))
	if _, err := c.Converge(ctx, topics("a", "b")); err != nil {
		t.Fatal(err)
	}
	sent := cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.AlterPartitionAssignments}, Topic: "a", Err: kerr.InvalidReplicaAssignment, Count: -1})
	there := onePlacement(ctx, t, c, "b")
	there.Reassignments[0].To = there.Reassignments[0].From
	report, err := c.Move(ctx, []topicspec.Placement{there, onePlacement(ctx, t, c, "a")}, MoveOptions{})
	if err != nil || sent.Hits() != 1 {
		t.Fatalf("%+v, %v, %d sent", report, err, sent.Hits())
	}
	a, b := report.Outcomes[0], report.Outcomes[1]
	if !errors.Is(a.Err, kerr.InvalidReplicaAssignment) || a.Sent != 0 || a.Done != 0 || b.Err != nil || b.Sent != 0 || b.Done != 1 {
		t.Errorf("a: %+v, b: %+v", a, b)
	}
}

// What somebody else moves fails its topic alone, and is not sent; a placement that is blocked is not
// either.
func TestMoveForeign(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t, kfake.NumBrokers(3))
	if _, err := c.Converge(ctx, topics("a")); err != nil {
		t.Fatal(err)
	}
	ours := onePlacement(ctx, t, c, "a")
	sent := counted(cluster, kmsg.AlterPartitionAssignments, nil)
	cluster.ControlKey(int16(kmsg.ListPartitionReassignments), func(req kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		resp := req.ResponseKind().(*kmsg.ListPartitionReassignmentsResponse)
		p := kmsg.NewListPartitionReassignmentsResponseTopicPartition()
		p.AddingReplicas = []int32{int32(3 - ours.Reassignments[0].To[0] - ours.Reassignments[0].To[1])}
		p.Replicas = []int32{int32(ours.Reassignments[0].From[0]), p.AddingReplicas[0]}
		resp.Topics = []kmsg.ListPartitionReassignmentsResponseTopic{{Topic: "a", Partitions: []kmsg.ListPartitionReassignmentsResponseTopicPartition{p}}}
		return resp, nil, true
	})
	report, err := c.Move(ctx, []topicspec.Placement{ours, {Topic: "b", Blocked: "no room"}}, MoveOptions{})
	var foreign *ForeignMoveError
	if err != nil || !errors.As(report.Outcomes[0].Err, &foreign) || report.Outcomes[1].Err == nil || sent.Hits() != 0 {
		t.Fatalf("%+v, %v, %d sent", report, err, sent.Hits())
	}
	docpage.Want(t, "move-of-somebody-else", foreign.Error()+"\nhint: "+foreign.Hint(), docpage.NoExit)
}

// Interrupted, it returns at once, also while a request hangs.
func TestMoveInterruptedWhileRequestsHang(t *testing.T) {
	t.Parallel()
	for _, key := range []kmsg.Key{kmsg.ListPartitionReassignments, kmsg.AlterPartitionAssignments, kmsg.DescribeLogDirs, kmsg.DescribeConfigs} {
		t.Run(key.Name(), func(t *testing.T) {
			t.Parallel()
			ctx, cluster, c := dialFake(t, kfake.NumBrokers(3))
			if _, err := c.Converge(ctx, topics("a")); err != nil {
				t.Fatal(err)
			}
			writeSome(ctx, t, c, "a")
			var o MoveOptions
			if key == kmsg.DescribeConfigs {
				o.Throttle = 1 << 20
			}
			move := onePlacement(ctx, t, c, "a")
			silent, asked := make(chan struct{}), make(chan struct{}, 100)
			t.Cleanup(func() { close(silent) })
			cluster.ControlKey(int16(key), func(kmsg.Request) (kmsg.Response, error, bool) {
				cluster.KeepControl()
				asked <- struct{}{}
				cluster.SleepControl(func() { <-silent })
				return nil, nil, false
			})
			ctx, cancel := context.WithCancel(ctx)
			defer cancel()
			ended := make(chan error, 1)
			go func() {
				_, err := c.Move(ctx, []topicspec.Placement{move}, o)
				ended <- err
			}()
			select {
			case <-asked:
			case err := <-ended:
				t.Fatalf("ended by itself: %v", err)
			}
			start := time.Now()
			cancel()
			err := <-ended
			var interrupted *MoveInterruptedError
			if took := time.Since(start); !errors.As(err, &interrupted) || !errors.Is(err, context.Canceled) || took > time.Second {
				t.Errorf("after %s: %v", took, err)
			}
			if sent := key == kmsg.AlterPartitionAssignments; sent != (interrupted.Partitions == 1) {
				t.Errorf("what may have been sent goes on: %v", err)
			}
		})
	}
}

// Brokers that do not offer the request are told apart from those that forbid it.
func TestMoveNotOffered(t *testing.T) {
	t.Parallel()
	versions := kversion.Stable()
	versions.SetMaxKeyVersion(int16(kmsg.AlterPartitionAssignments), -1)
	versions.SetMaxKeyVersion(int16(kmsg.ListPartitionReassignments), -1)
	ctx, _, c := dialFake(t, kfake.NumBrokers(3), kfake.MaxVersions(versions))
	if _, err := c.Converge(ctx, topics("a")); err != nil {
		t.Fatalf("without reassignments topics are made all the same: %v", err)
	}
	move := topicspec.Placement{Topic: "a", Reassignments: []topicspec.Reassignment{{From: []int{0}, To: []int{0, 1}}}}
	var refused *NoReassignmentError
	if _, err := c.Move(ctx, []topicspec.Placement{move}, MoveOptions{}); !errors.As(err, &refused) {
		t.Fatalf("not offered: %v", err)
	}
	docpage.Want(t, "moves-not-offered", refused.Error()+"\nhint: "+refused.Hint(), docpage.NoExit)
	if _, err := c.CancelMove(ctx, "a", nil); !errors.As(err, new(*NoReassignmentError)) {
		t.Errorf("cancel: not offered: %v", err)
	}
}

func TestMoveDenied(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t, kfake.NumBrokers(3))
	if _, err := c.Converge(ctx, topics("a")); err != nil {
		t.Fatal(err)
	}
	move := onePlacement(ctx, t, c, "a")
	cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.AlterPartitionAssignments}, Err: kerr.ClusterAuthorizationFailed, Count: -1})
	_, err := c.Move(ctx, []topicspec.Placement{move}, MoveOptions{})
	var denied *kafka.DeniedError
	if !errors.As(err, &denied) || denied.Operation != "Alter" || denied.Resource != "cluster" {
		t.Errorf("denied: %v", err)
	}
}

// A topic whose lists would be longer than Kafka takes goes in several parts, in order, none of them
// with a list that is too long.
func TestMoveBatches(t *testing.T) {
	t.Parallel()
	const count = 9000
	placement := topicspec.Placement{Topic: "long"}
	for p := range count {
		placement.Reassignments = append(placement.Reassignments, topicspec.Reassignment{Partition: p, From: []int{101}, To: []int{101, 102, 103}})
	}
	short := topicspec.Placement{Topic: "short", Reassignments: []topicspec.Reassignment{{From: []int{1}, To: []int{1, 2}}}}
	m := &mover{c: &Client{}, topics: make(map[string]*movingTopic), tracker: newMoveTracker(time.Second)}
	m.add([]topicspec.Placement{short, placement})
	if parts := m.batches(); len(parts) != 1 || len(parts[0]) != count+1 {
		t.Errorf("without a throttle: %d parts", len(parts))
	}
	m.throttle = &moveThrottle{rate: 1, before: map[string]throttledLists{"long": {followerThrottled: strings.Repeat("1:1,", 1000)}}}
	parts, moved := m.batches(), 0
	for i, part := range parts {
		lists := make(map[string]int)
		for _, p := range part {
			moved++
			for key, own := range p.ownEntries() {
				lists[p.topic+key] += len(strings.Join(own, ",")) + 1
			}
		}
		lists["long"+followerThrottled] += 4000
		for key, length := range lists {
			if length > longestSetting+1 {
				t.Errorf("part %d: %s has %d bytes", i, key, length)
			}
		}
	}
	if moved != count+1 || len(parts) < 6 || len(parts) > 8 {
		t.Errorf("%d reassignments in %d parts", moved, len(parts))
	}
}

func TestThrottledLists(t *testing.T) {
	t.Parallel()
	type lists struct {
		Lacking []string
		Has     bool
	}
	for _, test := range []struct {
		list string
		own  []string
		want lists
	}{
		{"", []string{"0:1"}, lists{[]string{"0:1"}, false}},
		{"0:1, 1:2", []string{"1:2", "1:3"}, lists{[]string{"1:3"}, true}},
		{"*", []string{"0:1"}, lists{nil, false}},
		{"0:11", []string{"0:1"}, lists{[]string{"0:1"}, false}},
	} {
		if diff := cmp.Diff(test.want, lists{lackingThrottled(test.list, test.own), hasThrottled(test.list, test.own)}); diff != "" {
			t.Errorf("%q and %v (-want +got):\n%s", test.list, test.own, diff)
		}
	}
}

// trackedLook is a look in which a leader on broker 1 has so many bytes, and the new replica on broker 2.
func trackedLook(leader, follower int64) moveLook {
	name := partitionName{"a", 0}
	of := func(id int32, size int64) kafka.Answer[movingView] {
		return kafka.Answer[movingView]{Broker: kafka.Broker{ID: id, Name: fmt.Sprintf("broker %d", id)}, Value: movingView{
			partitions: map[partitionName]shownPartition{name: {true, []int{1, 2}, []int{1}, 1}},
			sizes:      map[partitionName]int64{name: size}, sizesKnown: true,
		}}
	}
	return moveLook{
		listed:  reassignments{"a": {0: {replicas: []int{1, 2}, adding: []int{2}}}},
		brokers: []kafka.Answer[movingView]{of(1, leader), of(2, follower)},
	}
}

// What is shown does not go back when the leader's log grows or shrinks, and ends with all of it. A
// replica that takes bytes and comes no closer is held up by the throttle, one that takes none by itself.
func TestMoveTracker(t *testing.T) {
	t.Parallel()
	p := &movingPartition{
		topic: "a", state: moveRunning, Reassignment: topicspec.Reassignment{From: []int{1}, To: []int{1, 2}},
		seen: shownPartition{true, []int{1, 2}, []int{1}, 1},
	}
	tracker := newMoveTracker(1)
	m := &mover{partitions: []*movingPartition{p}, topics: map[string]*movingTopic{"a": {}}, tracker: tracker}
	see := func(leader, follower int64) [2]int64 {
		tracker.note(trackedLook(leader, follower), nil, m.partitions)
		return [2]int64{tracker.progress().Copied, tracker.progress().Bytes}
	}
	got := [][2]int64{see(100, 0), see(110, 40), see(300, 30), see(310, 200)}
	stalled := tracker.stalled()
	reasonThrottled := m.stallError(m.partitions).Error()
	closer := see(310, 250)
	if tracker.stalled() {
		t.Error("stalled, and closer than before")
	}
	see(310, 250)
	reasonDead := m.stallError(m.partitions).Error()
	p.state = moveDone
	got = append(got, closer, see(400, 400))
	if diff := cmp.Diff([][2]int64{{0, 100}, {40, 100}, {40, 100}, {100, 100}, {100, 100}, {100, 100}}, got); diff != "" {
		t.Errorf("copied and bytes (-want +got):\n%s", diff)
	}
	if !stalled || !strings.Contains(reasonThrottled, "broker 2 takes bytes, and no more than producers write: the throttle is too low") {
		t.Errorf("stalled %v: %s", stalled, reasonThrottled)
	}
	if !strings.Contains(reasonDead, "broker 2 takes no bytes") {
		t.Error(reasonDead)
	}
	if tracker.progress().Done != 1 || tracker.progress().Left != 0 {
		t.Errorf("%+v", tracker.progress())
	}
}
