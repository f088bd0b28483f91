package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"

	"kafkactl/internal/admin"
	"kafkactl/internal/groups"
	"kafkactl/internal/health"
	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// What the golden tables show: something is wrong with each.

func sickTopics() []admin.Topic {
	long := "analytics.events.of.the.recommendation.service.enriched.by.the.pipeline.v2"
	return []admin.Topic{
		{Name: long, ID: "aaaaaaaaaaaaaaaaaaaaaa", Partitions: 12, ReplicationFactor: 3, UnderReplicated: 2},
		{Name: "order.created", ID: "bbbbbbbbbbbbbbbbbbbbbb", Partitions: 3, ReplicationFactor: 1},
		{Name: "payment.failed", Partitions: 1, ReplicationFactor: 1, Leaderless: 1},
		{Name: "user.updated", Err: fmt.Errorf("TOPIC_AUTHORIZATION_FAILED")},
	}
}

func sickCluster() admin.Cluster {
	return admin.Cluster{
		ID: "4L6g3nShT-eMCtK--X86sw", Topics: 1234, Internal: 2, Partitions: 12345, Replicas: 37035, Leaderless: 1, UnderReplicated: 1207,
		Controller: admin.Controller{Mode: admin.KRaft, ID: 1, Epoch: 7, Voters: []int{1, 2, 3}},
		Features:   []admin.Feature{{Name: "metadata.version", Level: 25}},
		Brokers: []admin.Broker{
			{ID: 1, Host: "kafka1", Port: 9092, Rack: "eu-west-1a", Controller: true, Release: "4.1", Dirs: []admin.DataDir{
				{Path: "/var/lib/kafka/data", Replicas: 12345, Size: 1234567890123, Total: 2 << 40, Usable: 1 << 39},
			}},
			{ID: 1002, Host: "kafka2.internal.example", Port: 9092, Release: "4.1", Dirs: []admin.DataDir{{Path: "/data", Err: kerr.KafkaStorageError}}},
			{ID: 3, Host: "kafka3", Port: 9092, Err: errors.New("connection refused")},
		},
	}
}

func blockedPlan() topicspec.Plan {
	return topicspec.Plan{Topics: 11, Changes: []topicspec.Change{
		{Topic: "order.created", Field: topicspec.FieldTopic, Action: topicspec.Create, After: topicspec.Shape{Partitions: 6, ReplicationFactor: 1}},
		{Topic: "order.updated", Field: "retention.ms", Action: topicspec.Set, Before: topicspec.Text("3600000"), After: topicspec.Text("604800000")},
		{Topic: "payment.failed", Field: topicspec.FieldPartitions, Action: topicspec.Blocked, Before: topicspec.Count(6), After: topicspec.Count(3), Reason: "Kafka cannot remove partitions"},
	}}
}

func failedReport() reported {
	plan := blockedPlan()
	outcomes := []admin.Outcome{
		{Change: plan.Changes[0], Result: admin.Done},
		{Change: plan.Changes[1], Result: admin.Failed, Err: errors.New("CLUSTER_AUTHORIZATION_FAILED: not permitted to alter the topic")},
		{Change: plan.Changes[2], Result: admin.Blocked},
	}
	return reported{Report: admin.Report{Plan: plan, Outcomes: outcomes}, elapsed: 1230 * time.Millisecond}
}

func notReady() health.Readiness {
	skipped := func(rung string) health.Finding {
		return health.Finding{Rung: rung, Question: "asks ZooKeeper", Verdict: health.Skip, Evidence: "no ZooKeeper address given"}
	}
	return health.Readiness{Rungs: []health.Finding{
		{Rung: "K0", Question: "name resolves", Verdict: health.Pass, Evidence: "kafka: is 172.20.0.3", Took: 2 * time.Millisecond},
		{Rung: "K1", Question: "TCP accepts", Verdict: health.Wait, Evidence: "kafka:9092: connection refused", Hint: "is the broker started?", Took: time.Millisecond},
		{Rung: "K2", Question: "speaks Kafka", Verdict: health.Unasked, Evidence: "K1 does not hold"},
		skipped("Z1"), skipped("Z2"), skipped("Z5"),
		{Rung: "K3", Question: "enough brokers", Verdict: health.Unasked, Evidence: "K2 does not hold"},
		{Rung: "K9", Question: "data path", Verdict: health.Skip, Evidence: "not asked for"},
	}}
}

func sickGroups() []groups.GroupLag {
	at := func(topic string, partition int32) kafka.TopicPartition {
		return kafka.TopicPartition{Topic: topic, Partition: partition}
	}
	member := groups.Member{
		ID: "order-service-1-6f1f3c0a-7a5e-4b52-9a80-2f8f4f1f6f10", ClientID: "order-service-1", Host: "172.20.0.7",
		Assigned: []kafka.TopicPartition{at("order.created", 0), at("order.created", 1)},
	}
	return []groups.GroupLag{
		groups.NewGroupLag(groups.Group{
			Name: "order-service-group", State: "Stable", Protocol: "classic", Assignor: "cooperative-sticky", Coordinator: 1, Members: []groups.Member{member},
		}, []groups.PartitionLag{
			{TopicPartition: at("order.created", 0), Committed: 1200000000000, LogStart: 1100000000000, End: 1234567890123, Lag: 34567890123, Member: &member},
			{TopicPartition: at("order.created", 1), Committed: -1, LogStart: 0, End: 10, Lag: 10, Member: &member},
			{TopicPartition: at("order.created", 2), Committed: 2, LogStart: 10, End: 20, Lag: 10, Lost: 8},
		}),
		groups.NewGroupLag(groups.Group{
			Name: "analytics-of-the-recommendation-service-enriched-by-the-pipeline", State: "Empty", Protocol: "consumer", Coordinator: 2,
		}, []groups.PartitionLag{
			{TopicPartition: at("user.updated", 0), Committed: 5, LogStart: 0, End: -1, Lag: -1, Err: fmt.Errorf("NOT_LEADER_FOR_PARTITION")},
		}),
		groups.NewGroupLag(groups.Group{
			Name: "hidden", State: "Stable", Protocol: "classic", Coordinator: 3, Err: fmt.Errorf("GROUP_AUTHORIZATION_FAILED"),
		}, nil),
	}
}

func sickTopic() admin.TopicDetail {
	long := "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15:1,2,3,4,5,6,7,8,9,10,11,12,13,14,15"
	return admin.TopicDetail{
		Topic: admin.Topic{Name: "order.created", Partitions: 2, ReplicationFactor: 3, UnderReplicated: 1, Leaderless: 1},
		PartitionList: []admin.Partition{
			{ID: 0, Leader: 1, Replicas: []int{1, 2, 3}, ISR: []int{1, 3}, LogStart: 1200000000000, End: 1234567890123},
			{ID: 1, Leader: -1, Replicas: []int{2, 3, 1}, ISR: nil, LogStart: -1, End: -1},
		},
		Config: []admin.Setting{
			{Name: "follower.replication.throttled.replicas", Value: long, Source: "DYNAMIC_TOPIC_CONFIG", Override: true},
			{Name: "retention.ms", Value: "604800000", Source: "DYNAMIC_TOPIC_CONFIG", Override: true},
			{Name: "segment.bytes", Value: "1073741824", Source: "DEFAULT_CONFIG"},
		},
	}
}
