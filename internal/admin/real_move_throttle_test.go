package admin

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
	"kafkactl/internal/kafkatest"
	"kafkactl/internal/topicspec"
)

// writtenRequests counts the requests with a key that a client has written.
type writtenRequests struct {
	key   kmsg.Key
	count atomic.Int32
}

// OnBrokerWrite is kgo's hook.
func (w *writtenRequests) OnBrokerWrite(_ kgo.BrokerMetadata, key int16, _ int, _, _ time.Duration, _ error) {
	if key == int16(w.key) {
		w.count.Add(1)
	}
}

// counting is a client of its own, and how many reassignments it has sent.
func counting(ctx context.Context, t *testing.T, cluster *kafkatest.Cluster) (*Client, *writtenRequests) {
	t.Helper()
	written := &writtenRequests{key: kmsg.AlterPartitionAssignments}
	client, err := kafka.Dial(ctx, kafka.Config{Brokers: cluster.Addrs(), Version: "test"}, kgo.WithHooks(written))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return New(client), written
}

// interruptOnce moves with a throttle until enough says so of the progress, and fails unless it ends within
// a second of being cancelled and says what goes on. A broker that was idle lets a burst of some ten seconds
// through at once: it ends no move that is to be interrupted if there is more to copy.
func interruptOnce(ctx context.Context, t *testing.T, c *Client, moves []topicspec.Placement, o MoveOptions, enough func(MoveProgress) bool) {
	t.Helper()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var cancelled time.Time
	o.Progress = func(p MoveProgress) {
		if enough(p) && cancelled.IsZero() {
			cancelled = time.Now()
			cancel()
		}
	}
	report, err := c.Move(ctx, moves, o)
	took := time.Since(cancelled)
	var interrupted *MoveInterruptedError
	if !errors.As(err, &interrupted) || !errors.Is(err, context.Canceled) || interrupted.Partitions == 0 || report.Outcomes[0].Err == nil {
		t.Fatalf("interrupted: %+v, %v", report, err)
	}
	if cancelled.IsZero() || took > time.Second {
		t.Errorf("ended %s after the cancellation", took)
	}
	if o.Throttle > 0 && !strings.Contains(err.Error(), fmt.Sprintf("the throttle of %s a second on brokers ", rateText(o.Throttle))) {
		t.Errorf("it does not say what throttle stays: %v", err)
	}
	t.Logf("%v; %s", err, interrupted.Hint())
}

func atOnce(MoveProgress) bool       { return true }
func someCopied(p MoveProgress) bool { return p.Copied > 0 }

// A throttled move takes the time that its bytes do, is interrupted, and is adopted by the same call
// without being sent again; no throttle is left.
func realMoveResumes(ctx context.Context, t *testing.T, cluster *kafkatest.Cluster, c *Client) {
	const topic, partitions, rate = "move.resume", 1, 512 << 10
	makeTopic(ctx, t, c, topic, partitions, 1, nil)
	fill(ctx, t, cluster, topic, partitions, 96)
	moves := placed(ctx, t, c, topic, 2)
	interruptOnce(ctx, t, c, moves, MoveOptions{Throttle: rate}, someCopied)

	again, written := counting(ctx, t, cluster)
	check := &progressCheck{t: t}
	moves = placed(ctx, t, again, topic, 2)
	report, err := again.Move(ctx, moves, MoveOptions{Throttle: rate, Progress: check.note})
	if err != nil || report.Outcomes[0].Err != nil || report.Outcomes[0].Adopted != partitions || report.Outcomes[0].Sent != 0 || len(report.Notes) > 0 {
		t.Fatalf("again: %+v, %v", report, err)
	}
	if sent := written.count.Load(); sent != 0 {
		t.Errorf("%d reassignments were sent again", sent)
	}
	t.Logf("%d bytes at %d a second, shown at %v %%", check.last.Bytes, rate, check.shares)
	if check.last.Copied != check.last.Bytes || len(check.shares) < 2 {
		t.Errorf("progress %+v, at %v %%", check.last, check.shares)
	}
	wantNoThrottle(ctx, t, c, topic)
	wantDescribed(ctx, t, cluster, topic, partitions, 2)
	wantVerified(ctx, t, cluster, moves)
}

// An interrupted move whose copies end before it is resumed leaves its throttle, and nothing to adopt: the
// same call takes it away.
func realMoveEnded(ctx context.Context, t *testing.T, cluster *kafkatest.Cluster, c *Client) {
	const topic, rate = "move.ended", 1 << 20
	makeTopic(ctx, t, c, topic, 1, 1, nil)
	fill(ctx, t, cluster, topic, 1, 192)
	planned := placed(ctx, t, c, topic, 2)
	interruptOnce(ctx, t, c, planned, MoveOptions{Throttle: rate}, atOnce)
	for next := (pace{}); ; {
		moving, err := c.listReassignments(ctx, c.kafka.Any, nil)
		if err == nil && len(moving) == 0 {
			break
		}
		if !next.pause(ctx) {
			t.Fatalf("still moving: %v, %v", moving, err)
		}
	}
	var moves []topicspec.Placement
	for next := (pace{}); moves == nil || len(moves[0].Reassignments) > 0; {
		if moves = placed(ctx, t, c, topic, 2); !next.pause(ctx) {
			t.Fatalf("%+v", moves)
		}
	}
	if len(cluster.ZooKeepers()) > 0 { // as one does who has planned before the copies ended
		moves = planned
	}
	report, err := c.Move(ctx, moves, MoveOptions{Throttle: rate})
	if err != nil || report.Outcomes[0].Err != nil || len(report.Notes) == 0 {
		t.Errorf("%+v, %v", report, err)
	}
	t.Logf("notes: %q", report.Notes)
	wantNoThrottle(ctx, t, c, topic)
}

// wantVerified fails unless kafka-reassign-partitions says that the moves are complete.
func wantVerified(ctx context.Context, t *testing.T, cluster *kafkatest.Cluster, moves []topicspec.Placement) {
	t.Helper()
	var partitions []string
	for _, r := range moves[0].Reassignments {
		to := strings.ReplaceAll(strings.Trim(fmt.Sprint(r.To), "[]"), " ", ",")
		partitions = append(partitions, fmt.Sprintf(`{"topic":%q,"partition":%d,"replicas":[%s]}`, moves[0].Topic, r.Partition, to))
	}
	file := filepath.Join(t.TempDir(), "reassignment.json")
	if err := os.WriteFile(file, []byte(`{"version":1,"partitions":[`+strings.Join(partitions, ",")+`]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := cluster.CLI(ctx, "kafka-reassign-partitions", "--bootstrap-server", "{b}", "--verify", "--preserve-throttles", "--reassignment-json-file", file)
	if err != nil || out.Code != 0 || strings.Count(out.Stdout, "is completed") != len(partitions) {
		t.Errorf("%v, %+v", err, out)
	}
}

// startSlowly begins somebody else's move of a topic, throttled so that it does not end by itself.
func startSlowly(ctx context.Context, t *testing.T, c *Client, moves []topicspec.Placement) {
	t.Helper()
	interruptOnce(ctx, t, c, moves, MoveOptions{Throttle: slowRate}, atOnce)
}

// slowRate copies a partition of some megabytes in a minute.
const slowRate = 64 << 10

// What somebody else moves is left alone, and so is their throttle, also where this move goes over the
// same brokers.
func realMoveForeign(ctx context.Context, t *testing.T, cluster *kafkatest.Cluster, c *Client) {
	const theirs, ours = "move.theirs", "move.ours"
	makeTopic(ctx, t, c, theirs, 1, 1, nil)
	fill(ctx, t, cluster, theirs, 1, 480)
	makeTopic(ctx, t, c, ours, 1, 1, nil)
	fill(ctx, t, cluster, ours, 1, 4)
	first := placed(ctx, t, c, theirs, 2)
	interruptOnce(ctx, t, c, first, MoveOptions{Throttle: 1 << 20}, atOnce)
	for _, id := range first[0].Reassignments[0].To {
		setRate(ctx, t, c, int32(id), 1<<20) // as Apache's tool does: both on each
	}
	before := throttles(ctx, t, c, theirs)

	other := placedElsewhere(first)
	again, written := counting(ctx, t, cluster)
	report, err := again.Move(ctx, other, MoveOptions{})
	var foreign *ForeignMoveError
	if err != nil || !errors.As(report.Outcomes[0].Err, &foreign) || !sameMembers(foreign.Target, first[0].Reassignments[0].To) || written.count.Load() != 0 {
		t.Errorf("foreign: %+v, %v, %d sent", report, err, written.count.Load())
	}
	report, err = c.Move(ctx, placed(ctx, t, c, ours, 3), MoveOptions{Throttle: 100 << 20, Timeout: 60 * time.Second})
	if err != nil || report.Outcomes[0].Err != nil || !strings.Contains(strings.Join(report.Notes, "\n"), "stays 1048576: somebody else is moving replicas") {
		t.Errorf("ours: %+v, %v", report, err)
	}
	t.Logf("notes: %q", report.Notes)
	wantThrottles(ctx, t, c, theirs, before)
	wantNoRatesOn(ctx, t, c, ours)
	if left, err := c.ThrottlesLeft(ctx); err != nil || left != nil {
		t.Errorf("while something is being moved no throttle is left over: %v, %v", left, err)
	}
	report, err = c.Move(ctx, first, MoveOptions{Throttle: 1 << 20, Timeout: time.Millisecond})
	if !errors.As(err, new(*MoveInterruptedError)) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("out of time: %+v, %v", report, err)
	}
	clearMove(ctx, t, c, theirs, nil)
}

// placedElsewhere is the same move to the broker that it does not use.
func placedElsewhere(moves []topicspec.Placement) []topicspec.Placement {
	r := moves[0].Reassignments[0]
	for id := 1; id <= 3; id++ {
		if id != r.To[0] && id != r.To[1] {
			r.To = []int{r.From[0], id}
			break
		}
	}
	return []topicspec.Placement{{Topic: moves[0].Topic, Reassignments: []topicspec.Reassignment{r}}}
}

// wantThrottles fails unless the brokers soon show the throttles of before.
func wantThrottles(ctx context.Context, t *testing.T, c *Client, topic, before string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	for next := (pace{}); ; {
		after := throttles(ctx, t, c, topic)
		if after == before {
			return
		}
		if !next.pause(ctx) {
			t.Fatalf("the throttle was %s and is %s", before, after)
		}
	}
}

// throttles is everything that is throttled of a topic and on brokers, as text.
func throttles(ctx context.Context, t *testing.T, c *Client, topic string) string {
	t.Helper()
	lists, err := c.throttledLists(ctx, []string{topic})
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprint(lists)
	for id := range int32(3) {
		rates, err := c.rates(ctx, id+1)
		if err != nil {
			t.Fatal(err)
		}
		text += fmt.Sprintf(" %d: %v", id+1, rates)
	}
	return text
}

// clearMove cancels a move and takes the rates of all brokers away, as the leftovers say.
func clearMove(ctx context.Context, t *testing.T, c *Client, topic string, before map[int][]int) MoveCancelled {
	t.Helper()
	cancelled, err := c.CancelMove(ctx, topic, before)
	if err != nil || len(cancelled.Partitions) == 0 {
		t.Errorf("cancel: %+v, %v", cancelled, err)
	}
	t.Logf("%+v", cancelled)
	left, err := c.ThrottlesLeft(ctx)
	if err != nil || len(left) == 0 {
		t.Errorf("rates left: %v, %v", left, err)
	}
	for _, one := range left {
		if one.Topic != "" {
			t.Errorf("left: %s", one)
			continue
		}
		var changes []settingChange
		for _, key := range one.Settings {
			changes = append(changes, settingChange{key: key, op: kmsg.IncrementalAlterConfigOpDelete})
		}
		if err := c.alterBroker(ctx, int32(one.Broker), changes); err != nil {
			t.Error(err)
		}
	}
	wantNoThrottle(ctx, t, c, topic)
	return cancelled
}

// Cancelled, the replicas are where they were and in their order, no list is left, and there is nothing
// to cancel the second time.
func realMoveCancel(ctx context.Context, t *testing.T, cluster *kafkatest.Cluster, c *Client) {
	const topic = "move.cancel"
	makeTopic(ctx, t, c, topic, 1, 2, nil)
	fill(ctx, t, cluster, topic, 1, 64)
	_, topics, err := c.Assignments(ctx, []string{topic})
	if err != nil {
		t.Fatal(err)
	}
	before := topics[0].Partitions[0]
	third := 6 - before.Replicas[0] - before.Replicas[1]
	moves := []topicspec.Placement{{Topic: topic, Reassignments: []topicspec.Reassignment{
		{Partition: 0, From: before.Replicas, To: []int{third, before.Replicas[1]}, Bytes: before.Size},
	}}}
	startSlowly(ctx, t, c, moves)
	cancelled := clearMove(ctx, t, c, topic, map[int][]int{0: before.Replicas})
	if fmt.Sprint(cancelled.Partitions[0].To) != fmt.Sprint(before.Replicas) || len(cancelled.Unthrottled) != 2 {
		t.Errorf("cancelled: %+v; before %v", cancelled, before.Replicas)
	}
	if again, err := c.CancelMove(ctx, topic, nil); err != nil || len(again.Partitions) > 0 {
		t.Errorf("again: %+v, %v", again, err)
	}
	startSlowly(ctx, t, c, moves)
	clearMove(ctx, t, c, topic, nil)
	if _, err := c.CancelMove(ctx, "move.none", nil); !errors.As(err, new(*kafka.NotFoundError)) {
		t.Errorf("no such topic: %v", err)
	}
}
