package admin

import (
	"context"
	"errors"
	"testing"
	"time"

	"kafkactl/internal/kafka"
	"kafkactl/internal/kafkatest"
	"kafkactl/internal/topicspec"
)

// Deletion, where only a real broker shows what a request does: by id, on brokers that make topics by themselves.
func TestRealDelete(t *testing.T) {
	t.Parallel() // it has its own brokers
	for _, flavour := range []kafkatest.Flavour{kafkatest.ZK1, kafkatest.Kraft1} {
		t.Run(string(flavour), func(t *testing.T) {
			t.Parallel()
			cluster := kafkatest.Start(t, kafkatest.Options{Flavour: flavour, LogDirs: 2, Props: map[string]string{
				"auto.create.topics.enable": "true",
			}})
			ctx, c := dialReal(t, cluster)
			t.Run("spares the newcomer", func(t *testing.T) { realNewcomer(ctx, t, c) })
			t.Run("comes back", func(t *testing.T) { realComesBack(ctx, t, c, cluster) })
			t.Run("stays gone", func(t *testing.T) { realStaysGone(ctx, t, c) })
			t.Run("marked", func(t *testing.T) { realMarked(ctx, t, c, cluster) })
		})
	}
}

// realTopic makes a topic, and returns the plan to delete it.
func realTopic(ctx context.Context, t *testing.T, c *Client, name string) topicspec.Plan {
	t.Helper()
	if report, err := c.Converge(ctx, []topicspec.Desired{{Name: name, Partitions: 4, ReplicationFactor: 1}}); err != nil || !report.OK() {
		t.Fatal(err, report.Err())
	}
	plan, err := c.PlanDelete(ctx, []string{name})
	if err != nil || plan.Changes[0].TopicID == "" {
		t.Fatal(err, plan.Changes)
	}
	return plan
}

// realNewcomer deletes with a plan for a topic that was made again under its name.
func realNewcomer(ctx context.Context, t *testing.T, c *Client) {
	before := realTopic(ctx, t, c, "newcomer")
	report := c.Apply(ctx, before)
	if err := c.SettleGone(ctx, &report); err != nil || !report.OK() {
		t.Fatal(err, report.Err())
	}
	again := c.Apply(ctx, before)
	if !again.OK() {
		t.Errorf("gone already: %v", again.Err())
	}
	now := realTopic(ctx, t, c, "newcomer")
	report = c.Apply(ctx, before)
	var replaced *ReplacedError
	if !errors.As(report.Err(), &replaced) || replaced.Now != now.Changes[0].TopicID || replaced.Planned != before.Changes[0].TopicID {
		t.Errorf("deleted the newcomer? %v", report.Err())
	}
	if err := c.Usable(ctx, []topicspec.Desired{{Name: "newcomer", Partitions: 4}}); err != nil {
		t.Error(err)
	}
}

// realComesBack deletes a topic that a client uses a moment later.
func realComesBack(ctx context.Context, t *testing.T, c *Client, cluster *kafkatest.Cluster) {
	plan := realTopic(ctx, t, c, "comes.back")
	watch := *c
	watch.pause = func(ctx context.Context, d time.Duration) bool {
		if err := kafkatest.Touch(ctx, cluster.Addrs(), "comes.back", 1); err != nil {
			t.Error(err)
		}
		return d == comeBackTime
	}
	report := watch.Apply(ctx, plan)
	if err := watch.StayGone(ctx, &report); err != nil {
		t.Fatal(err)
	}
	v, err := c.observeShapes(ctx, c.kafka.Any, []string{"comes.back"})
	var back *CameBackError
	if err != nil || !errors.As(report.Err(), &back) || back.ID == "" || back.ID != v.topics["comes.back"].ID {
		t.Errorf("%v; there is %q, %v", report.Err(), v.topics["comes.back"].ID, err)
	}
}

// realStaysGone waits out the time in which a topic may come back.
func realStaysGone(ctx context.Context, t *testing.T, c *Client) {
	report := c.Apply(ctx, realTopic(ctx, t, c, "stays.gone"))
	start := time.Now()
	if err := c.StayGone(ctx, &report); err != nil || !report.OK() {
		t.Fatal(err, report.Err())
	}
	if took := time.Since(start); took < comeBackTime {
		t.Errorf("looked again after %s", took)
	} else {
		t.Logf("gone for good after %s", took.Round(time.Millisecond))
	}
}

// realMarked deletes a topic of which a replica cannot be reached. In ZooKeeper mode the controller puts that off,
// and says so at once; in KRaft mode it is gone.
func realMarked(ctx context.Context, t *testing.T, c *Client, cluster *kafkatest.Cluster) {
	plan := realTopic(ctx, t, c, "marked")
	if err := cluster.BreakLogDir(1, 1); err != nil {
		t.Fatal(err)
	}
	broken := func() bool {
		v, err := c.observeShapes(ctx, c.kafka.Any, []string{"marked"})
		return err == nil && len(offlineReplicas(v.meta, v.meta.Topics[0])) > 0
	}
	for next := (pace{}); !broken(); {
		if !next.pause(ctx) {
			t.Fatal("the broker does not notice its broken directory")
		}
	}
	start := time.Now()
	report := c.Apply(ctx, plan)
	err := c.SettleGone(ctx, &report)
	took := time.Since(start)
	t.Logf("%s: %v, %v", took.Round(time.Millisecond), err, report.Err())
	if cluster.ZooKeeper() == "" {
		if err != nil || !report.OK() {
			t.Errorf("%v, %v", err, report.Err())
		}
		return
	}
	if !errors.As(report.Err(), new(*MarkedError)) || err != nil || took > kafka.WriteTimeout/2 {
		t.Errorf("after %s: %v, %v", took, err, report.Err())
	}
}
