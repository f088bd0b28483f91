package groups

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// The log goes from 10 up to 20.
func TestOffsetMoveAim(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		reset   Reset
		from    int64
		named   bool
		found   int64 // by time
		to      int64
		outcome MoveOutcome
		clamped bool
		reason  string
	}{
		{"beginning", Reset{To: ToBeginning}, 15, false, 0, 10, MovePlanned, false, ""},
		{"there already", Reset{To: ToBeginning}, 10, false, 0, 10, MoveUnchanged, false, ""},
		{"nothing committed", Reset{To: ToEnd}, -1, false, 0, 20, MovePlanned, false, ""},
		{"time", Reset{To: ToTime, Time: time.UnixMilli(4)}, 15, false, 12, 12, MovePlanned, false, ""},
		{"time of a record that came since the end was asked for", Reset{To: ToTime, Time: time.UnixMilli(4)}, 15, false, 21, 21, MovePlanned, false, ""},
		{"a time before 1970", Reset{To: ToTime, Time: time.UnixMilli(-1)}, 15, false, 10, 10, MovePlanned, false, "a time before 1970: the log start"},
		{"no record that late", Reset{To: ToTime, Time: time.UnixMilli(4)}, 15, false, -1, 20, MovePlanned, false, "no record is that late: the end"},
		{"offset", Reset{To: ToOffset, Offset: 11}, 15, false, 0, 11, MovePlanned, false, ""},
		{"the end is an offset", Reset{To: ToOffset, Offset: 20}, 15, false, 0, 20, MovePlanned, false, ""},
		{"offset past the end", Reset{To: ToOffset, Offset: 21}, 15, false, 0, 20, MovePlanned, true, "21 is past the end, 20"},
		{"offset of deleted records", Reset{To: ToOffset}, 15, false, 0, 10, MovePlanned, true, "0 is before the log start, 10"},
		{"on", Reset{To: ToShift, Offset: 3}, 15, false, 0, 18, MovePlanned, false, ""},
		{"back", Reset{To: ToShift, Offset: -3}, 15, false, 0, 12, MovePlanned, false, ""},
		{"back too far", Reset{To: ToShift, Offset: -16}, 15, false, 0, 10, MovePlanned, true, "-1 is before the log start, 10"},
		{"on from deleted records", Reset{To: ToShift, Offset: 1}, 2, false, 0, 10, MovePlanned, true, "3 is before the log start, 10"},
		{"on from behind the end", Reset{To: ToShift, Offset: 1}, 999, false, 0, 20, MovePlanned, true, "1000 is past the end, 20"},
		{"further than numbers go", Reset{To: ToShift, Offset: math.MaxInt64}, 1, false, 0, 20, MovePlanned, true, "past the end, 20"},
		{"back further than numbers go", Reset{To: ToShift, Offset: math.MinInt64}, 0, false, 0, 10, MovePlanned, true, fmt.Sprintf("%d is before the log start, 10", math.MinInt64)},
		{"from nothing", Reset{To: ToShift, Offset: 1}, -1, false, 0, -1, MoveSkipped, false, "nothing is committed that could be shifted"},
		{"from nothing, named", Reset{To: ToShift, Offset: 1}, -1, true, 0, -1, MoveBlocked, false, "nothing is committed that could be shifted"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			m := OffsetMove{From: test.from, To: -1, LogStart: 10, End: 20, Named: test.named}
			m.setTarget(test.reset, test.found)
			want := OffsetMove{
				From: test.from, To: test.to, LogStart: 10, End: 20, Named: test.named,
				Clamped: test.clamped, Reason: test.reason, Outcome: test.outcome,
			}
			if diff := cmp.Diff(want, m); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestInUseError(t *testing.T) {
	t.Parallel()
	members := []Member{{ID: "id-1", ClientID: "orders", Host: "10.0.0.1", Assigned: make([]kafka.TopicPartition, 1)}, {ID: "id-2", InstanceID: "orders-2", ClientID: "orders", Host: "10.0.0.2"}}
	err := OffsetPlan{Group: "g", State: "Stable", Members: members}.InUse()
	if want := `group "g" is in use (Stable, 2 members), and only its members may commit: orders on 10.0.0.1 (1 partition), orders-2 on 10.0.0.2 (0 partitions)`; err.Error() != want {
		t.Errorf("\n got %s\nwant %s", err, want)
	}
	err = OffsetPlan{Group: "g", State: "Stable", Members: make([]Member, 100)}.InUse()
	if text := err.Error(); !strings.HasSuffix(text, " and 95 more") {
		t.Errorf("100 members: %s", text)
	}
}

// fillTimed writes n records a partition, the i-th of time i (ms).
func fillTimed(ctx context.Context, t *testing.T, c *Client, topic string, partitions, n int32) {
	t.Helper()
	client, err := c.kafka.Outliving(ctx, kgo.RecordPartitioner(kgo.ManualPartitioner()))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	for p := range partitions {
		for i := range n {
			r := &kgo.Record{Topic: topic, Partition: p, Timestamp: time.UnixMilli(int64(i)), Value: []byte("x")}
			if err := client.Kgo.ProduceSync(ctx, r).FirstErr(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// moves returns a plan as "topic/partition from→to outcome", in order.
func moves(p OffsetPlan) []string {
	var lines []string
	for _, m := range p.Moves {
		lines = append(lines, fmt.Sprintf("%s/%d %d→%d %s", m.Topic, m.Partition, m.From, m.To, m.Outcome))
	}
	return lines
}

// wantMoves fails unless the plan is so.
func wantMoves(t *testing.T, p OffsetPlan, err error, want ...string) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, moves(p)); diff != "" {
		t.Error(diff)
	}
}

// Three brokers: each leads some partitions, and is asked once for them all.
func TestResetOffsets(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t, kfake.NumBrokers(3), kfake.SeedTopics(3, "a", "b"))
	fillTimed(ctx, t, c, "a", 3, 10)
	searches := counted(cluster, kmsg.FindCoordinator, nil)
	commits := counted(cluster, kmsg.OffsetCommit, nil)
	asked := counted(cluster, kmsg.ListOffsets, nil)
	reset := Reset{Group: "g", Topics: []ResetTopic{{Topic: "a"}}, To: ToTime, Time: time.UnixMilli(4)}
	plan, err := c.PlanReset(ctx, reset)
	wantMoves(t, plan, err, "a/0 -1→4 planned", "a/1 -1→4 planned", "a/2 -1→4 planned")
	if !plan.New() || searches.Hits()+commits.Hits() != 0 || asked.Hits() > 9 {
		t.Errorf("new %v; a look took %d searches for a coordinator, %d commits, %d questions to leaders", plan.New(), searches.Hits(), commits.Hits(), asked.Hits())
	}
	plan, err = c.ResetOffsets(ctx, plan)
	wantMoves(t, plan, err, "a/0 -1→4 moved", "a/1 -1→4 moved", "a/2 -1→4 moved")

	trim(ctx, t, c, "a", 1, 7)
	plan, err = c.PlanReset(ctx, Reset{Group: "g", To: ToShift, Offset: 1})
	wantMoves(t, plan, err, "a/0 4→5 planned", "a/1 4→7 planned", "a/2 4→5 planned")
	plan, err = c.PlanReset(ctx, Reset{Group: "g", Topics: []ResetTopic{{Topic: "b"}, {Topic: "a", Partitions: []int32{2, 0}}}, To: ToEnd})
	wantMoves(t, plan, err, "a/0 4→10 planned", "a/2 4→10 planned", "b/0 -1→0 planned", "b/1 -1→0 planned", "b/2 -1→0 planned")
}

func TestPlanResetMissing(t *testing.T) {
	t.Parallel()
	ctx, _, c := dialFake(t, kfake.SeedTopics(2, "a"))
	_, err := c.PlanReset(ctx, Reset{Group: "g", Topics: []ResetTopic{{Topic: "b"}}, To: ToEnd})
	if missing := new(kafka.NotFoundError); !errors.As(err, &missing) || missing.Name != "b" {
		t.Errorf("topic: %v", err)
	}
	_, err = c.PlanReset(ctx, Reset{Group: "g", Topics: []ResetTopic{{"a", []int32{1, 2}}}, To: ToEnd})
	var partition *kafka.MissingPartitionError
	if !errors.As(err, &partition) || *partition != (kafka.MissingPartitionError{Topic: "a", Partition: 2, Count: 2}) {
		t.Errorf("partition: %v", err)
	}
	_, err = c.PlanReset(ctx, Reset{Group: "g", To: ToEnd})
	if missing := new(kafka.NotFoundError); !errors.As(err, &missing) || missing.Name != "g" || !errors.Is(err, kerr.GroupIDNotFound) {
		t.Errorf("group: %v", err)
	}
}

// Members that come between the look and the commit are not overwritten, and reported.
func TestResetOffsetsMeetsMembers(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t, kfake.SeedTopics(1, "a"))
	plan, err := c.PlanReset(ctx, Reset{Group: "g", Topics: []ResetTopic{{Topic: "a"}}, To: ToOffset})
	wantMoves(t, plan, err, "a/0 -1→0 planned")
	consume(ctx, t, c, "a", "g")
	wantGroups(ctx, t, c, "g: stable, 1 member")
	commits := counted(cluster, kmsg.OffsetCommit, func(req kmsg.Request) bool { return req.(*kmsg.OffsetCommitRequest).Generation < 0 })
	plan, err = c.ResetOffsets(ctx, plan)
	wantMoves(t, plan, err, "a/0 -1→0 failed")
	if text := plan.Moves[0].Err.Error(); !strings.HasPrefix(text, "the group has members now, and only they may commit: ") || commits.Hits() != 1 {
		t.Errorf("%d commits, %s", commits.Hits(), text)
	}
	plan, err = c.PlanReset(ctx, Reset{Group: "g", Topics: []ResetTopic{{Topic: "a"}}, To: ToOffset})
	if err != nil || len(plan.Members) != 1 {
		t.Fatalf("%+v, %v", plan, err)
	}
	var used *InUseError
	if _, err := c.ResetOffsets(ctx, plan); !errors.As(err, &used) || commits.Hits() != 1 {
		t.Errorf("a group in use: %v, %d commits", err, commits.Hits())
	}
}

// The first group of a cluster makes __consumer_offsets: coordinators come and go then.
func TestResetOffsetsWaitsForACoordinator(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t, kfake.SeedTopics(1, "a"))
	plan, err := c.PlanReset(ctx, Reset{Group: "g", Topics: []ResetTopic{{Topic: "a"}}, To: ToOffset})
	if err != nil {
		t.Fatal(err)
	}
	cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.OffsetCommit}, Err: kerr.CoordinatorLoadInProgress, Count: 3})
	plan, err = c.ResetOffsets(ctx, plan)
	wantMoves(t, plan, err, "a/0 -1→0 moved")
	cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.OffsetCommit}, Err: kerr.CoordinatorNotAvailable, Count: -1})
	short, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
	defer cancel()
	plan.Moves[0].Outcome = MovePlanned
	if _, err := c.ResetOffsets(short, plan); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("for ever: %v", err)
	}
}

// A coordinator that says yes and stores something else is found out.
func TestResetOffsetsReadsBack(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t, kfake.SeedTopics(1, "a"))
	plan, err := c.PlanReset(ctx, Reset{Group: "g", Topics: []ResetTopic{{Topic: "a"}}, To: ToOffset})
	if err != nil {
		t.Fatal(err)
	}
	cluster.ControlKey(int16(kmsg.OffsetCommit), func(req kmsg.Request) (kmsg.Response, error, bool) {
		resp := req.ResponseKind().(*kmsg.OffsetCommitResponse)
		for _, asked := range req.(*kmsg.OffsetCommitRequest).Topics {
			topic := kmsg.NewOffsetCommitResponseTopic()
			topic.Topic, topic.TopicID = asked.Topic, asked.TopicID
			topic.Partitions = append(topic.Partitions, kmsg.NewOffsetCommitResponseTopicPartition())
			resp.Topics = append(resp.Topics, topic)
		}
		return resp, nil, true
	})
	plan, err = c.ResetOffsets(ctx, plan)
	wantMoves(t, plan, err, "a/0 -1→0 failed")
	if text := plan.Moves[0].Err.Error(); !strings.HasPrefix(text, "committed, and ") {
		t.Error(text)
	}
}

// One frozen leader is named for its partitions, and holds nothing up for long.
func TestPlanResetFrozenLeader(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t, kfake.NumBrokers(3), kfake.SeedTopics(3, "a"))
	frozen := cluster.LeaderFor("a", 1)
	cluster.ControlKey(int16(kmsg.ListOffsets), func(kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		if cluster.CurrentNode() == frozen {
			cluster.SleepControl(func() { <-ctx.Done() })
		}
		return nil, nil, false
	})
	start := time.Now()
	plan, err := c.PlanReset(ctx, Reset{Group: "g", Topics: []ResetTopic{{Topic: "a"}}, To: ToEnd})
	if err != nil || plan.Count(MoveFailed) == 0 || time.Since(start) > 3*kafka.AskTimeout {
		t.Fatalf("%+v, %v after %s", plan, err, time.Since(start))
	}
	for _, m := range plan.Moves {
		if failed := m.Outcome == MoveFailed; failed != (cluster.LeaderFor("a", m.Partition) == frozen) {
			t.Errorf("%s/%d: %s, %v", m.Topic, m.Partition, m.Outcome, m.Err)
		}
	}
}

// What a group committed of a topic that is gone is left alone: coordinators forget it only some
// time after the topic. So is a partition that a topic made anew has not.
func TestPlanResetOfGoneTopics(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t, kfake.SeedTopics(3, "gone", "there"))
	commitFor(ctx, t, c, "g", "gone", map[int32]int64{0: 0, 2: 0})
	commitFor(ctx, t, c, "g", "there", map[int32]int64{0: 0})
	cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.Metadata}, Topic: "gone", Err: kerr.UnknownTopicOrPartition, Count: -1})
	plan, err := c.PlanReset(ctx, Reset{Group: "g", To: ToEnd})
	wantMoves(t, plan, err, "gone/0 0→-1 skipped", "gone/2 0→-1 skipped", "there/0 0→0 unchanged", "there/1 -1→0 planned", "there/2 -1→0 planned")
	at := func(p int32) kafka.TopicPartition { return kafka.TopicPartition{Topic: "a", Partition: p} }
	got := goneMoves(map[kafka.TopicPartition]int64{at(0): 5, at(7): 6}, []OffsetMove{{TopicPartition: at(0)}})
	want := []OffsetMove{{
		TopicPartition: at(7), From: 6, To: -1, LogStart: -1, End: -1, Outcome: MoveSkipped, Reason: "it does not exist any more",
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
