package admin

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafkatest"
	"kafkactl/internal/topicspec"
)

// review makes a plan for desired as plan --out saves it, and takes it up again.
func review(ctx context.Context, t *testing.T, c *Client, desired []topicspec.Desired) (topicspec.Reviewed, Planned) {
	t.Helper()
	plan, err := c.Plan(ctx, desired)
	if err != nil {
		t.Fatal(err)
	}
	reviewed := topicspec.Reviewed{Plan: plan.Plan, Desired: desired, Seen: plan.Seen}
	left, err := c.PlanReviewed(ctx, reviewed)
	if err != nil {
		t.Fatal(err)
	}
	return reviewed, left
}

// What a plan is made from: ids, the replicas of each partition, and the managed settings alone.
func TestPlanSeen(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t, kfake.NumBrokers(2))
	desired := topics("a", "b")
	desired[0].Config = topicspec.Config{"retention.ms": {Value: "1000"}}
	if _, err := c.Converge(ctx, desired[:1]); err != nil {
		t.Fatal(err)
	}
	plan, err := c.Plan(ctx, desired)
	if err != nil {
		t.Fatal(err)
	}
	info := cluster.TopicInfo("a")
	shown, err := c.kafka.Adm.ListTopics(ctx, "a")
	if err != nil {
		t.Fatal(err)
	}
	var replicas [][]int
	for _, p := range shown["a"].Partitions.Sorted() {
		replicas = append(replicas, toInts(p.Replicas))
	}
	want := []topicspec.Seen{
		{Name: "a", Exists: true, ID: topicID(info.TopicID), Replicas: replicas, Config: map[string]topicspec.ObservedSetting{
			"retention.ms": {Value: "1000", Override: true},
		}},
		{Name: "b"},
	}
	if diff := cmp.Diff(want, plan.Seen); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(replicas) != 3 || len(plan.Seen[0].ID) != 22 {
		t.Errorf("seen: %+v", plan.Seen[0])
	}
}

// A partition that is being reassigned is seen with the replicas that it will have.
func TestSeenOfAReassignment(t *testing.T) {
	t.Parallel()
	v := view{moving: reassignments{"a": {0: {replicas: []int{3, 4, 1, 2}, adding: []int{3, 4}, removing: []int{1, 2}}}}}
	shown := kmsg.MetadataResponseTopic{Partitions: []kmsg.MetadataResponseTopicPartition{
		{Partition: 1, Replicas: []int32{2, 1}}, {Partition: 0, Replicas: []int32{3, 4, 1, 2}},
	}}
	if diff := cmp.Diff([][]int{{3, 4}, {2, 1}}, v.seenTopic(topicspec.Desired{Name: "a"}, shown).Replicas); diff != "" {
		t.Error(diff)
	}
}

// One look that differs is a broker that is behind; two alike are a stale plan. No request of it is sent, not even
// to validate.
func TestPlanReviewedLooksTwice(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t)
	createAside(ctx, t, c, "a", 1)
	desired := topics("a")
	reviewed, _ := review(ctx, t, c, desired)
	behind := cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.Metadata}, Topic: "a", Err: kerr.UnknownTopicOrPartition, Count: 1})
	if _, err := c.PlanReviewed(ctx, reviewed); err != nil || behind.Hits() != 1 {
		t.Errorf("a broker was behind once: %v", err)
	}
	sent := counted(cluster, kmsg.CreatePartitions, nil)
	if _, err := c.kafka.Adm.UpdatePartitions(ctx, 4, "a"); err != nil {
		t.Fatal(err)
	}
	before := sent.Hits()
	_, err := c.PlanReviewed(ctx, reviewed)
	stale, found := errors.AsType[*StaleError](err)
	if !found || len(stale.Stale) != 1 || stale.Stale[0].Text() != "partitions: planned from 1, now 4" || sent.Hits() != before {
		t.Errorf("%v, %d requests", err, sent.Hits()-before)
	}
}

// Between the last look and the write another client may be there: what it made just so is done, what it made
// otherwise is stale, and the others go on. A plan is never made anew.
func TestConvergeReviewedMeetsAnother(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t)
	createAside(ctx, t, c, "grown", 1)
	createAside(ctx, t, c, "grown.on", 1)
	desired := topics("grown", "made", "grown.on", "made.small", "mine")
	reviewed, plan := review(ctx, t, c, desired)
	createAside(ctx, t, c, "made", 3)
	createAside(ctx, t, c, "made.small", 1)
	if _, err := c.kafka.Adm.UpdatePartitions(ctx, 3, "grown"); err != nil {
		t.Fatal(err)
	}
	if _, err := c.kafka.Adm.UpdatePartitions(ctx, 7, "grown.on"); err != nil {
		t.Fatal(err)
	}
	writes := counted(cluster, kmsg.CreatePartitions, kafkatest.ChangesTopics)
	cluster.Fault(kfake.Fault{ // as Kafka answers a growth to the count that is there
		Keys: []kmsg.Key{kmsg.CreatePartitions}, Topic: "grown", Err: kerr.InvalidPartitions, Count: -1, When: kafkatest.ChangesTopics,
	})
	report, err := c.ConvergeReviewed(ctx, reviewed, plan)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"grown partitions doneAlready", "made topic doneAlready", "grown.on partitions stale", "made.small topic stale", "mine topic done"}
	if diff := cmp.Diff(want, results(report)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if report.OK() || !strings.Contains(report.Err().Error(), "partitions: planned from 1, now 7") {
		t.Errorf("the report says %v", report.Err())
	}
	if writes.Hits() != 1 {
		t.Errorf("%d growths were sent, want the one of the plan", writes.Hits())
	}
}

// A topic that is deleted and made again right before the write is not the one of the plan: requests know only its
// name, so that what was sent reached it, and the report says so. Nobody waits for what it lacks.
func TestConvergeReviewedMeetsANewcomer(t *testing.T) {
	t.Parallel()
	ctx, _, c := dialFake(t)
	createAside(ctx, t, c, "a", 1)
	desired := topics("a", "b")
	desired[0].Partitions = 2
	reviewed, plan := review(ctx, t, c, desired)
	if _, err := c.kafka.Adm.DeleteTopics(ctx, "a"); err != nil {
		t.Fatal(err)
	}
	createAside(ctx, t, c, "a", 1)
	report, err := c.ConvergeReviewed(ctx, reviewed, plan)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a partitions stale", "b topic done"}, results(report)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// With ZooKeeper a topic that is being deleted is in the way of its successor though no broker shows it: the creation
// is sent again.
func TestConvergeReviewedWaitsForADeletion(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t)
	reviewed, plan := review(ctx, t, c, topics("a"))
	cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.CreateTopics}, Topic: "a", Err: kerr.TopicAlreadyExists, Count: 3})
	report, err := c.ConvergeReviewed(ctx, reviewed, plan)
	if diff := cmp.Diff([]string{"a topic done"}, results(report)); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

// A race whose end no broker shows ends with the time, as raced.
func TestConvergeReviewedRacedToTheEnd(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t)
	desired := topics("a")
	reviewed, plan := review(ctx, t, c, desired)
	cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.CreateTopics}, Topic: "a", Err: kerr.TopicAlreadyExists, Count: -1})
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	report, err := c.ConvergeReviewed(ctx, reviewed, plan)
	if diff := cmp.Diff([]string{"a topic raced"}, results(report)); diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

// A plan of another cluster is refused whatever its topics are like.
func TestPlanReviewedOfAnotherCluster(t *testing.T) {
	t.Parallel()
	ctx, _, c := dialFake(t)
	reviewed, _ := review(ctx, t, c, topics("a"))
	reviewed.ClusterID = "other"
	_, err := c.PlanReviewed(ctx, reviewed)
	if other, found := errors.AsType[*OtherClusterError](err); !found || other.Planned != "other" {
		t.Errorf("%v", err)
	}
}
