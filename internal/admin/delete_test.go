package admin

import (
	"context"
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// remake deletes a topic and makes it again, as another client.
func remake(ctx context.Context, t *testing.T, c *Client, name string) {
	t.Helper()
	if _, err := c.kafka.Adm.DeleteTopics(ctx, name); err != nil {
		t.Fatal(err)
	}
	createAside(ctx, t, c, name, 1)
}

// plannedDeletion makes topics, and returns the plan to delete them.
func plannedDeletion(ctx context.Context, t *testing.T, c *Client, names ...string) topicspec.Plan {
	t.Helper()
	for _, name := range names {
		createAside(ctx, t, c, name, 1)
	}
	plan, err := c.PlanDelete(ctx, names)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// A topic that was made again between the plan and its deletion is another one, and stays; the others go.
func TestDeleteSparesTheNewcomer(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t)
	plan := plannedDeletion(ctx, t, c, "gone", "kept", "old")
	remake(ctx, t, c, "kept")
	if _, err := c.kafka.Adm.DeleteTopics(ctx, "gone"); err != nil {
		t.Fatal(err)
	}
	now := topicID(cluster.TopicInfo("kept").TopicID)
	named := counted(cluster, kmsg.DeleteTopics, func(kreq kmsg.Request) bool {
		req, _ := kreq.(*kmsg.DeleteTopicsRequest)
		for _, topic := range req.Topics {
			if topic.Topic != nil {
				return true
			}
		}
		return len(req.TopicNames) > 0
	})
	report := c.Apply(ctx, plan)
	if err := c.SettleGone(ctx, &report); err != nil {
		t.Fatal(err)
	}
	replaced := "it was deleted and made again since it was looked at (id " + plan.Changes[1].TopicID + " → " + now + "): the new topic was not deleted"
	want := []string{"gone topic done", "kept topic failed: " + replaced, "old topic done"}
	if diff := cmp.Diff(want, saying(report)); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
	if cluster.TopicInfo("kept") == nil || cluster.TopicInfo("old") != nil {
		t.Error("the wrong topic is gone")
	}
	if n := named.Hits(); n != 0 {
		t.Errorf("%d requests named a topic", n)
	}
}

// An answer that was lost is asked for again: the topic is gone by then, and that is what was wanted.
func TestDeleteIsRepeatedByID(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t)
	plan := plannedDeletion(ctx, t, c, "a")
	cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.DeleteTopics}, Err: kerr.RequestTimedOut, Count: 1}) // which deletes it nevertheless
	report := c.Apply(ctx, plan)
	if diff := cmp.Diff([]string{"a topic done"}, saying(report)); diff != "" || cluster.TopicInfo("a") != nil {
		t.Error(diff)
	}
}

// Where brokers have no ids the name has to do; what is no id is not sent as a name.
func TestDeleteWithoutID(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t)
	plan := plannedDeletion(ctx, t, c, "a", "b")
	plan.Changes[0].TopicID, plan.Changes[1].TopicID = "", "b"
	report := c.Apply(ctx, plan)
	if diff := cmp.Diff([]string{"a topic done", `b topic failed: "b" is no topic id`}, saying(report)); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
	if cluster.TopicInfo("a") != nil || cluster.TopicInfo("b") == nil {
		t.Error("the wrong topic is gone")
	}
}

// offer has the brokers offer these requests up to a version, and a few others.
func offer(cluster *kfake.Cluster, versions map[kmsg.Key]int16) {
	cluster.ControlKey(int16(kmsg.ApiVersions), func(kreq kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		resp, _ := kreq.ResponseKind().(*kmsg.ApiVersionsResponse)
		all := map[kmsg.Key]int16{kmsg.CreateTopics: 5, kmsg.ApiVersions: 3, kmsg.DescribeConfigs: 4, kmsg.ListPartitionReassignments: 0}
		maps.Copy(all, versions)
		for key, most := range all {
			resp.ApiKeys = append(resp.ApiKeys, kmsg.ApiVersionsResponseApiKey{ApiKey: key.Int16(), MaxVersion: most})
		}
		return resp, nil, true
	})
}

// A controller in ZooKeeper mode only marks a topic whose replicas move. It is not given time for what it will not
// do, and the other topics are.
func TestDeleteWhileMoving(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t)
	offer(cluster, map[kmsg.Key]int16{kmsg.Metadata: 12, kmsg.DeleteTopics: 6, kmsg.UpdateMetadata: 7})
	plan := plannedDeletion(ctx, t, c, "moving", "still")
	cluster.ControlKey(int16(kmsg.ListPartitionReassignments), func(kreq kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		resp, _ := kreq.ResponseKind().(*kmsg.ListPartitionReassignmentsResponse)
		topic := kmsg.NewListPartitionReassignmentsResponseTopic()
		topic.Topic = "moving"
		topic.Partitions = append(topic.Partitions, kmsg.ListPartitionReassignmentsResponseTopicPartition{Replicas: []int32{0, 1}, AddingReplicas: []int32{1}})
		resp.Topics = append(resp.Topics, topic)
		return resp, nil, true
	})
	moving := cluster.TopicInfo("moving").TopicID
	sent := make(map[int32]int)
	cluster.ControlKey(int16(kmsg.DeleteTopics), func(kreq kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		req, _ := kreq.(*kmsg.DeleteTopicsRequest)
		sent[req.TimeoutMillis] += len(req.Topics)
		if req.Topics[0].TopicID != moving {
			return nil, nil, false
		}
		resp, _ := kreq.ResponseKind().(*kmsg.DeleteTopicsResponse)
		topic := kmsg.NewDeleteTopicsResponseTopic()
		topic.TopicID, topic.ErrorCode = moving, kerr.RequestTimedOut.Code
		resp.Topics = append(resp.Topics, topic)
		return resp, nil, true
	})
	report := c.Apply(ctx, plan)
	want := []string{
		"moving topic failed: it is only marked for deletion: brokers in ZooKeeper mode delete it once its reassignment has ended",
		"still topic done",
	}
	if diff := cmp.Diff(want, saying(report)); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[int32]int{1: 1, int32(kafka.WriteTimeout.Milliseconds()): 1}, sent); diff != "" {
		t.Errorf("topics by timeout (-want +got):\n%s", diff)
	}
}
