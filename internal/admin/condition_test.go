package admin

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// wellPartition is a partition led by broker 0, with all of three replicas in sync.
func wellPartition() kmsg.MetadataResponseTopicPartition {
	p := kmsg.NewMetadataResponseTopicPartition()
	p.Replicas, p.ISR = []int32{0, 1, 2}, []int32{2, 0, 1}
	return p
}

// lines are issues as people see them, with the ports of fake brokers left out.
func lines(issues []Issue) []string {
	var all []string
	for _, s := range issues {
		if name, _, found := strings.Cut(s.Broker, " ("); found {
			s.Broker = name
		}
		all = append(all, s.String())
	}
	return all
}

// showing is a broker that shows topic a, of three partitions, spoilt.
func showing(id int32, spoil func([]kmsg.MetadataResponseTopicPartition)) kafka.Answer[view] {
	meta := kmsg.NewPtrMetadataResponse()
	for b := range int32(3) {
		listed := kmsg.NewMetadataResponseBroker()
		listed.NodeID = b
		meta.Brokers = append(meta.Brokers, listed)
	}
	shown := kmsg.NewMetadataResponseTopic()
	shown.Topic = new("a")
	for i := range int32(3) {
		shown.Partitions = append(shown.Partitions, wellPartition())
		shown.Partitions[i].Partition = i
	}
	spoil(shown.Partitions)
	meta.Topics = append(meta.Topics, shown)
	return kafka.Answer[view]{Broker: kafka.Broker{ID: id, Name: fmt.Sprintf("broker %d", id)}, Value: view{meta: meta, topics: map[string]topicspec.Observed{
		"a": {Replicas: []int{3, 3, 3}, Config: map[string]topicspec.ObservedSetting{"min.insync.replicas": {Value: "2"}}},
	}}}
}

// Worst first, and each thing once: of what brokers show differently, the worst.
func TestConditionOfDifferingViews(t *testing.T) {
	t.Parallel()
	fine := func([]kmsg.MetadataResponseTopicPartition) {}
	spoilt := showing(1, func(p []kmsg.MetadataResponseTopicPartition) {
		p[0].ISR = []int32{0, 1}
		p[1].ISR = []int32{0}
		p[2].Leader = -1
	})
	worse := showing(2, func(p []kmsg.MetadataResponseTopicPartition) {
		p[0].ISR = []int32{0}
		p[1].ISR = []int32{0, 1}
		p[2].ISR = []int32{0, 1}
	})
	short := showing(2, func(p []kmsg.MetadataResponseTopicPartition) { p[0].ISR = []int32{0, 1} })
	desired := topics("a", "b")
	desired[0].ReplicationFactor = 3
	other := showing(2, fine)
	other.Value.meta.Brokers = other.Value.meta.Brokers[:2]
	unknown := showing(2, fine)
	delete(unknown.Value.topics, "a")
	for _, test := range []struct {
		name     string
		seen     views
		unusable []string
		degraded []string
	}{
		{"fine", views{showing(0, fine), showing(1, fine), showing(2, fine)}, nil, nil},
		{
			"the worst of each",
			views{showing(0, fine), spoilt, worse},
			[]string{
				"a/2: no live leader, replicas on 0, 1, 2",
				"a/0: 1 of 3 replicas in sync (0), min.insync.replicas 2", "a/1: 1 of 3 replicas in sync (0), min.insync.replicas 2",
			},
			nil,
		},
		{
			"degraded",
			views{showing(0, fine), showing(1, fine), short},
			nil,
			[]string{"a/0: 2 of 3 replicas in sync (0, 1), min.insync.replicas 2"},
		},
		{
			"unlike the others",
			views{{Broker: kafka.Broker{ID: 0, Name: "broker 0"}, Err: context.DeadlineExceeded}, showing(1, fine), other},
			[]string{"broker 0: context deadline exceeded", "broker 2: knows brokers 0, 1, and 3 are there"},
			[]string{ // to broker 2, the third replica is on a dead one
				"a/0: 2 of 3 replicas in sync (0, 1), min.insync.replicas 2", "a/1: 2 of 3 replicas in sync (0, 1), min.insync.replicas 2",
				"a/2: 2 of 3 replicas in sync (0, 1), min.insync.replicas 2",
			},
		},
		{
			"the same to all that answered",
			views{{Broker: kafka.Broker{ID: 0, Name: "broker 0"}, Err: context.DeadlineExceeded}, unknown},
			[]string{"broker 0: context deadline exceeded", "broker 2: knows brokers 0, 1, 2, and 2 are there", "a: does not exist"},
			nil,
		},
		{"known to some", views{showing(0, fine), showing(1, fine), unknown}, []string{"broker 2: a: does not exist"}, nil},
	} {
		got := condition(test.seen.issues(desired[:1]))
		if diff := cmp.Diff(test.unusable, lines(got.Unusable)); diff != "" {
			t.Errorf("%s, unusable:\n%s", test.name, diff)
		}
		if diff := cmp.Diff(test.degraded, lines(got.Degraded)); diff != "" {
			t.Errorf("%s, degraded:\n%s", test.name, diff)
		}
	}
	everywhere := views{showing(0, fine), showing(1, fine), showing(2, fine)}
	if diff := cmp.Diff([]string{"b: does not exist"}, lines(condition(everywhere.issues(desired)).Unusable)); diff != "" {
		t.Errorf("missing on every broker:\n%s", diff)
	}
}

func TestCondition(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t, kfake.NumBrokers(3))
	desired := topics("a", "b", "c")
	if _, err := c.Converge(ctx, desired[:2]); err != nil {
		t.Fatal(err)
	}
	desired[0].Config["retention.ms"] = topicspec.Setting{Value: "1000"}
	desired[1].Partitions = 5
	cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.Metadata}, Nodes: []int32{2}, Topic: "b", Err: kerr.UnknownTopicOrPartition, Count: -1})
	got, err := c.Condition(ctx, desired)
	want := []string{
		"a: retention.ms is not set, declared 1000",
		"broker 2: b: does not exist",
		"broker 0: b: partitions is 3, declared 5", "broker 1: b: partitions is 3, declared 5",
		"c: does not exist",
	}
	slices.Sort(want)
	seen := lines(got.Unusable)
	slices.Sort(seen)
	if diff := cmp.Diff(want, seen); err != nil || diff != "" || got.Degraded != nil {
		t.Errorf("%v, degraded %v\n%s", err, got.Degraded, diff)
	}

	cluster.Fault(kfake.Fault{
		Keys: []kmsg.Key{kmsg.DescribeConfigs}, Nodes: []int32{1}, Resource: "a", Err: kerr.TopicAuthorizationFailed, Count: -1,
	})
	if got, err := c.Condition(ctx, desired); !kafka.Unauthorized(err) {
		t.Errorf("not allowed to look, and told %v, %v", got, err)
	}
}

// Nobody could be asked: that is no condition of the topics.
func TestConditionNeedsAnAnswer(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t, kfake.NumBrokers(3))
	if _, err := c.Converge(ctx, topics("a")); err != nil {
		t.Fatal(err)
	}
	cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.DescribeConfigs}, Err: kerr.UnknownServerError, Count: -1})
	got, err := c.Condition(ctx, topics("a"))
	var unsettled *UnsettledError
	if !errors.As(err, &unsettled) || got.Unusable != nil {
		t.Errorf("told %v, %v", got, err)
	}
}

// Where leaders are missing, the brokers are asked for broken disks; elsewhere not.
func TestConditionLooksForBrokenDisks(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t, kfake.NumBrokers(3))
	if _, err := c.Converge(ctx, topics("a")); err != nil {
		t.Fatal(err)
	}
	var asked atomic.Int32
	cluster.ControlKey(int16(kmsg.DescribeLogDirs), func(req kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		asked.Add(1)
		resp := req.ResponseKind().(*kmsg.DescribeLogDirsResponse)
		switch cluster.CurrentNode() {
		case 0:
			for dir, code := range map[string]int16{"/data-1": 0, "/data-2": kerr.KafkaStorageError.Code} {
				d := kmsg.NewDescribeLogDirsResponseDir()
				d.Dir, d.ErrorCode = dir, code
				resp.Dirs = append(resp.Dirs, d)
			}
		case 1:
			resp.ErrorCode = kerr.ClusterAuthorizationFailed.Code
		}
		return resp, nil, true
	})
	if got, err := c.Condition(ctx, topics("a")); err != nil || got.Unusable != nil || asked.Load() != 0 {
		t.Fatalf("%v, %v after %d questions for directories", got, err, asked.Load())
	}

	issues := []Issue{{Leaderless, "", "a", 0, "no live leader"}, {UnderMinISR, "", "a", 1, "too few"}}
	all := []kafka.Broker{{ID: 0, Name: "broker 0"}, {ID: 1, Name: "broker 1"}, {ID: 2, Name: "broker 2"}}
	want := []string{
		"broker 0: log directory /data-2 is offline (KAFKA_STORAGE_ERROR)",
		"broker 1: not permitted: Describe on cluster (CLUSTER_AUTHORIZATION_FAILED)",
	}
	if diff := cmp.Diff(want, lines(condition(c.offlineDirs(ctx, all, issues)).Unusable)); diff != "" {
		t.Error(diff)
	}
}
