package admin

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/topicspec"
)

// leavingOut makes the cluster answer requests with key about nothing that was asked.
func leavingOut(cluster *kfake.Cluster, key kmsg.Key) {
	cluster.ControlKey(int16(key), func(req kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		return req.ResponseKind(), nil, true
	})
}

// A change that the answer does not mention was not made, and was not accepted either: it fails
// under its name.
func TestAnswersThatLeaveAChangeOut(t *testing.T) {
	t.Parallel()
	bigger := topics("a")
	bigger[0].Partitions = 5
	set := topics("a")
	set[0].Config = topicspec.Config{"retention.ms": {Value: "1000"}}
	for _, test := range []struct {
		key     kmsg.Key
		desired []topicspec.Desired
	}{
		{kmsg.CreateTopics, topics("b")},
		{kmsg.CreatePartitions, bigger},
		{kmsg.IncrementalAlterConfigs, set},
		{kmsg.DeleteTopics, nil},
	} {
		t.Run(test.key.Name(), func(t *testing.T) {
			t.Parallel()
			ctx, cluster, c := dialFake(t)
			createAside(ctx, t, c, "a", 3)
			plan, err := c.PlanDelete(ctx, []string{"a"})
			if test.desired != nil {
				var planned Planned
				planned, err = c.Plan(ctx, test.desired)
				plan = planned.Plan
			}
			if err != nil {
				t.Fatal(err)
			}
			leavingOut(cluster, test.key)
			want := []error{&LeftOutError{`topic "` + plan.Changes[0].Topic + `"`}}
			report := c.Apply(ctx, plan)
			if diff := cmp.Diff(want, []error{report.Outcomes[0].Err}); diff != "" || report.Outcomes[0].Result != Failed {
				t.Errorf("applied: %v (-want +got):\n%s", results(report), diff)
			}
			if test.key == kmsg.DeleteTopics { // which cannot be validated
				return
			}
			var refused *RefusedError
			if err := c.Validate(ctx, plan); !errors.As(err, &refused) {
				t.Fatalf("validated: %v", err)
			}
			if diff := cmp.Diff(want, refused.Refusals); diff != "" {
				t.Errorf("validated (-want +got):\n%s", diff)
			}
		})
	}
}

// Who was asked about a topic and says nothing of it has not said that it does not exist, has no
// settings or is led.
func TestAnswersThatLeaveATopicOut(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		key  kmsg.Key
		ask  func(context.Context, *Client) error
	}{
		{"observed", kmsg.Metadata, func(ctx context.Context, c *Client) error {
			_, err := c.Observe(ctx, []string{"a"})
			return err
		}},
		{"described", kmsg.Metadata, func(ctx context.Context, c *Client) error {
			_, err := c.DescribeTopic(ctx, "a")
			return err
		}},
		{"observed settings", kmsg.DescribeConfigs, func(ctx context.Context, c *Client) error {
			_, err := c.Observe(ctx, []string{"a"})
			return err
		}},
		{"described settings", kmsg.DescribeConfigs, func(ctx context.Context, c *Client) error {
			_, err := c.TopicConfig(ctx, "a")
			return err
		}},
		{"health", kmsg.DescribeConfigs, func(ctx context.Context, c *Client) error {
			_, err := c.Health(ctx)
			return err
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			ctx, cluster, c := dialFake(t)
			createAside(ctx, t, c, "a", 3)
			cluster.ControlKey(int16(test.key), func(req kmsg.Request) (kmsg.Response, error, bool) {
				cluster.KeepControl()
				if r, ok := req.(*kmsg.MetadataRequest); ok && len(r.Topics) == 0 { // about the brokers
					return nil, nil, false
				}
				return req.ResponseKind(), nil, true
			})
			var leftOut *LeftOutError
			if err := test.ask(ctx, c); !errors.As(err, &leftOut) || leftOut.Item != `topic "a"` {
				t.Errorf("got %v", err)
			}
		})
	}
}

// A leader that is asked for the offsets of all it leads and leaves a partition out does not act as
// its leader.
func TestSettleNeedsEveryPartition(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t)
	createAside(ctx, t, c, "a", 3)
	cluster.ControlKey(int16(kmsg.ListOffsets), func(req kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		resp := req.ResponseKind().(*kmsg.ListOffsetsResponse)
		for _, asked := range req.(*kmsg.ListOffsetsRequest).Topics {
			topic := kmsg.NewListOffsetsResponseTopic()
			topic.Topic = asked.Topic
			for _, p := range slices.DeleteFunc(asked.Partitions, func(p kmsg.ListOffsetsRequestTopicPartition) bool { return p.Partition == 1 }) {
				answer := kmsg.NewListOffsetsResponseTopicPartition()
				answer.Partition = p.Partition
				topic.Partitions = append(topic.Partitions, answer)
			}
			resp.Topics = append(resp.Topics, topic)
		}
		return resp, nil, true
	})
	err := c.Usable(ctx, topics("a"))
	var unsettled *UnsettledError
	if !errors.As(err, &unsettled) {
		t.Fatalf("got %v", err)
	}
	if diff := cmp.Diff(&UnsettledError{Broker: unsettled.Broker, Topic: "a", What: "the broker's answer leaves partition 1 out"}, unsettled); diff != "" {
		t.Error(diff)
	}
}
