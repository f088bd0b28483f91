package topics

import (
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/admin"
	"kafkactl/internal/kafka"
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

// doubtfulClient may have another name, and is not told all of its rights.
func doubtfulClient() whoAmIView {
	denied := kafka.CodeError(kmsg.Metadata, "user.updated", kerr.TopicAuthorizationFailed.Code, nil)
	return whoAmIView{
		dialled:  "kafka1.internal.example:9093",
		security: kafka.Security{Protocol: "SSL"},
		groups:   []kafka.Permitted{{Name: "order-service-group", Operations: []string{}}, {Name: "later", Err: errors.New("no broker coordinates it")}},
		WhoAmI: admin.WhoAmI{
			ClusterID: "4L6g3nShT-eMCtK--X86sw", Broker: admin.Broker{ID: 1}, Authorizer: true,
			Principal:   kafka.Principal{Name: "User:CN=app,OU=Shop", Reason: "the subject of the client certificate", Doubt: "ssl.principal.mapping.rules"},
			SettingsErr: kafka.CodeError(kmsg.DescribeConfigs, "", kerr.ClusterAuthorizationFailed.Code, nil),
			ClusterErr:  kafka.CodeError(kmsg.DescribeCluster, "", kerr.ClusterAuthorizationFailed.Code, nil),
			Topics: []kafka.Permitted{
				{Name: "order.created", Operations: []string{"ALTER", "ALTER_CONFIGS", "CREATE", "DELETE", "DESCRIBE", "DESCRIBE_CONFIGS", "READ", "WRITE"}},
				{Name: "user.updated", Err: denied},
			},
		},
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
