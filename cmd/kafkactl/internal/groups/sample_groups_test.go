package groups

import (
	"fmt"

	"kafkactl/internal/groups"
	"kafkactl/internal/kafka"
)

// sampleGroups returns groups of every kind that a table has to show.
func sampleGroups() []groups.GroupLag {
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
