package admin

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"kafkactl/internal/kafkatest"
	"kafkactl/internal/kafkatest/docpage"
	"kafkactl/internal/topicspec"
)

// A target that is registered and away is never sent; one that is frozen or killed while it takes bytes
// is named, and is no success; once it is back, the same call ends well. In KRaft mode the program is held to it.
func TestRealMoveFaults(t *testing.T) {
	t.Parallel()
	for _, flavour := range []kafkatest.Flavour{kafkatest.ZK3} {
		t.Run(string(flavour), func(t *testing.T) {
			t.Parallel()
			cluster := kafkatest.Start(t, kafkatest.Options{Flavour: flavour})
			ctx, c := dialReal(t, cluster)
			for _, fault := range []struct {
				name        string
				begin, heal func(id int) error
				seen        string
				stall       time.Duration
			}{
				{"frozen", cluster.Pause, cluster.Resume, " does not answer", 3 * time.Second},
				{"killed", cluster.Kill, cluster.StartBroker, "", 3 * time.Second},
			} {
				realMoveFault(ctx, t, cluster, c, "move."+fault.name, fault.begin, fault.heal, fault.seen, fault.stall)
			}
			wantDeadTargetRefused(ctx, t, cluster)
		})
	}
}

// realMoveFault moves a topic from broker to broker 3, which fails while it takes bytes.
func realMoveFault(ctx context.Context, t *testing.T, cluster *kafkatest.Cluster, c *Client, topic string, begin, heal func(int) error, seen string, stall time.Duration) {
	t.Helper()
	moves := toBroker3(ctx, t, cluster, c, topic)
	failed := false
	var failure error
	o := MoveOptions{Throttle: 1 << 20, Stall: stall, Progress: func(p MoveProgress) {
		if p.Copied > 0 && !failed {
			failed, failure = true, begin(3)
		}
	}}
	start := time.Now()
	report, err := c.Move(ctx, moves, o)
	var stalled *MoveStalledError
	if failure != nil || !errors.As(err, &stalled) || report.Outcomes[0].Done != 0 || !strings.Contains(err.Error(), "broker 3") || !strings.Contains(err.Error(), seen) {
		t.Fatalf("%s: %+v, %v, %v", topic, report, err, failure)
	}
	docpage.Want(t, "move-stalled", stalled.Error()+"\nhint: "+stalled.Hint(), docpage.NoExit)
	t.Logf("after %s: %v; %s", time.Since(start).Round(100*time.Millisecond), err, stalled.Hint())
	if err := heal(3); err != nil {
		t.Fatal(err)
	}
	if err := cluster.WaitReady(ctx); err != nil {
		t.Fatal(err)
	}
	o = MoveOptions{Throttle: 1 << 20}
	// The brokers may have ended it before, once broker 3 was back: then there was nothing to adopt.
	if report, err = c.Move(ctx, moves, o); err != nil || report.Outcomes[0].Done != 1 || report.Outcomes[0].Sent != 0 {
		t.Errorf("again: %+v, %v", report, err)
	}
	wantNoThrottle(ctx, t, c, topic)
}

// toBroker3 makes a topic of 8 MiB on broker 1 or 2, and returns its move to both that and broker 3.
func toBroker3(ctx context.Context, t *testing.T, cluster *kafkatest.Cluster, c *Client, topic string) []topicspec.Placement {
	t.Helper()
	makeTopic(ctx, t, c, topic, 1, 1, nil)
	home := []topicspec.Placement{{Topic: topic, Reassignments: []topicspec.Reassignment{{From: replicasOf(ctx, t, c, topic), To: []int{1}}}}}
	if report, err := c.Move(ctx, home, MoveOptions{}); err != nil || report.Outcomes[0].Err != nil {
		t.Fatalf("%+v, %v", report, err)
	}
	fill(ctx, t, cluster, topic, 1, 96)
	return []topicspec.Placement{{Topic: topic, Reassignments: []topicspec.Reassignment{{From: []int{1}, To: []int{1, 3}}}}}
}

func replicasOf(ctx context.Context, t *testing.T, c *Client, topic string) []int {
	t.Helper()
	_, topics, err := c.Assignments(ctx, []string{topic})
	if err != nil {
		t.Fatal(err)
	}
	return topics[0].Partitions[0].Replicas
}

// wantDeadTargetRefused stops broker 3: it is no choice any more, and nothing is sent to it.
func wantDeadTargetRefused(ctx context.Context, t *testing.T, cluster *kafkatest.Cluster) {
	t.Helper()
	again, written := counting(ctx, t, cluster)
	makeTopic(ctx, t, again, "move.dead", 1, 1, nil)
	on := replicasOf(ctx, t, again, "move.dead")
	if on[0] == 3 {
		home := []topicspec.Placement{{Topic: "move.dead", Reassignments: []topicspec.Reassignment{{From: on, To: []int{1}}}}}
		if report, err := again.Move(ctx, home, MoveOptions{}); err != nil || report.Outcomes[0].Err != nil {
			t.Fatalf("%+v, %v", report, err)
		}
		on = []int{1}
	}
	if err := cluster.Stop(3); err != nil {
		t.Fatal(err)
	}
	before := written.count.Load()
	dead := []topicspec.Placement{{Topic: "move.dead", Reassignments: []topicspec.Reassignment{{From: on, To: []int{on[0], 3}}}}}
	report, err := again.Move(ctx, dead, MoveOptions{})
	if err != nil || report.Outcomes[0].Err == nil || !strings.Contains(report.Outcomes[0].Err.Error(), "broker 3 does not answer") || written.count.Load() != before {
		t.Errorf("%+v, %v, %d sent", report, err, written.count.Load()-before)
	}
	brokers, _, err := again.Assignments(ctx, []string{"move.dead"})
	if err != nil || len(brokers) != 2 {
		t.Errorf("brokers that answered: %+v, %v", brokers, err)
	}
}
