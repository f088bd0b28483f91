package composefile

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReplication(t *testing.T) {
	t.Parallel()
	const factors = "      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: 1\n      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: 1\n      KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: 1\n"
	runFaults(t, []fault{
		{
			name: "defaults on one broker", base: zooStack, edits: []string{factors, ""},
			want: []string{
				"25:5 kafka [replication-factor] not set: KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR (default 3), KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR (default 3); a cluster of 1 broker cannot meet that, and consumer groups and transactions wait for ever, without an error",
				"fix: KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: 1, KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: 1",
			},
		},
		{
			name: "all defaults, before 3.7", base: zooStack, edits: []string{factors, "", "cp-kafka:7.9.2", "cp-kafka:7.6.0"},
			want: []string{
				"25:5 kafka [replication-factor] not set: KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR (default 3), KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR (default 3), KAFKA_TRANSACTION_STATE_LOG_MIN_ISR (default 2); a cluster of 1 broker cannot meet that, and consumer groups and transactions wait for ever, without an error",
				"fix: KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: 1, KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: 1, KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: 1",
			},
		},
		{
			name: "the default of the groups alone", base: zooStack, edits: []string{"      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: 1\n", ""},
			want: []string{
				"25:5 kafka [replication-factor] not set: KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR (default 3); a cluster of 1 broker cannot meet that, and consumer groups wait for ever, without an error",
				"fix: KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: 1",
			},
		},
		{
			name: "more replicas than brokers", base: zooStack,
			edits: []string{"OFFSETS_TOPIC_REPLICATION_FACTOR: 1", "OFFSETS_TOPIC_REPLICATION_FACTOR: 3"},
			want: []string{
				"33:7 kafka [replication-factor] 3 replicas in a cluster of 1 broker: the topic cannot be made",
				"fix: KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: 1",
			},
		},
		{
			name: "more default replicas than brokers", base: zooStack,
			edits: []string{"KAFKA_BROKER_ID: 1", "KAFKA_BROKER_ID: 1\n      KAFKA_DEFAULT_REPLICATION_FACTOR: 2"},
			want: []string{
				"27:7 kafka [replication-factor] 2 replicas in a cluster of 1 broker: the topic cannot be made",
				"fix: KAFKA_DEFAULT_REPLICATION_FACTOR: 1",
			},
		},
		{
			name: "share groups with more replicas than brokers", base: kraftStack,
			edits: []string{"SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR: 1", "SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR: 3"},
			want: []string{
				"19:7 kafka [replication-factor, advice] 3 replicas in a cluster of 1 broker: the topic cannot be made",
				"fix: KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR: 1",
			},
		},
	})
}

func TestClusterSizes(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "controllers are no brokers", base: isolatedStack,
			edits: []string{"KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: 1", "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: 2"},
			want: []string{
				"23:7 kafka [replication-factor] 2 replicas in a cluster of 1 broker: the topic cannot be made",
				"fix: KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: 1",
			},
		},
		{
			name: "two clusters of one, each by localhost", base: kraftStack,
			edits: []string{
				"1@kafka:9093", "1@localhost:9093", "OFFSETS_TOPIC_REPLICATION_FACTOR: 1", "OFFSETS_TOPIC_REPLICATION_FACTOR: 2",
				"  kafka-init:", "  other:\n    image: apache/kafka:4.1.1\n    profiles: [other]\n    environment: {KAFKA_PROCESS_ROLES: \"broker,controller\", KAFKA_NODE_ID: 1, KAFKA_LISTENERS: \"PLAINTEXT://:9092,CONTROLLER://:9093\", KAFKA_CONTROLLER_LISTENER_NAMES: CONTROLLER, KAFKA_CONTROLLER_QUORUM_VOTERS: \"1@localhost:9093\", KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: 1, KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: 1, KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: 1, KAFKA_AUTO_CREATE_TOPICS_ENABLE: \"false\"}\n\n  kafka-init:",
			},
			want: []string{
				"16:7 kafka [replication-factor] 2 replicas in a cluster of 1 broker: the topic cannot be made",
				"fix: KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: 1",
			},
		},
		{
			name: "a cluster split by ZooKeeper's chroot", base: clusterStack,
			edits: []string{"      KAFKA_BROKER_ID: 3\n", "      KAFKA_BROKER_ID: 3\n      KAFKA_ZOOKEEPER_CONNECT: zookeeper:2181/other\n"},
			want: []string{
				"13:3 kafka [replication-factor] 3 replicas in a cluster of 2 brokers: the topic cannot be made",
				"fix: KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: 2",
				"13:3 kafka-2 [replication-factor] 3 replicas in a cluster of 2 brokers: the topic cannot be made",
				"fix: KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: 2",
				"13:3 kafka-3 [replication-factor] 3 replicas in a cluster of 1 broker: the topic cannot be made",
				"fix: KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: 1",
				"16:3 kafka [replication-factor] 3 replicas in a cluster of 2 brokers: the topic cannot be made",
				"fix: KAFKA_DEFAULT_REPLICATION_FACTOR: 2",
				"16:3 kafka-2 [replication-factor] 3 replicas in a cluster of 2 brokers: the topic cannot be made",
				"fix: KAFKA_DEFAULT_REPLICATION_FACTOR: 2",
				"16:3 kafka-3 [replication-factor] 3 replicas in a cluster of 1 broker: the topic cannot be made",
				"fix: KAFKA_DEFAULT_REPLICATION_FACTOR: 1",
				"14:3 kafka [replication-factor, advice] 3 replicas in a cluster of 2 brokers: the topic cannot be made",
				"fix: KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: 2",
				"14:3 kafka-2 [replication-factor, advice] 3 replicas in a cluster of 2 brokers: the topic cannot be made",
				"fix: KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: 2",
				"14:3 kafka-3 [replication-factor, advice] 3 replicas in a cluster of 1 broker: the topic cannot be made",
				"fix: KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: 1",
				"15:3 kafka-3 [min-isr, advice] 2 in-sync replicas are asked for in a cluster of 1 broker: Kafka asks for 1 since 3.7, before which no write with acks=all succeeds",
				"fix: KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: 1",
				"17:3 kafka-3 [min-isr, advice] 2 in-sync replicas are asked for in a cluster of 1 broker: Kafka asks for 1 since 3.7, before which no write with acks=all succeeds",
				"fix: KAFKA_MIN_INSYNC_REPLICAS: 1",
			},
		},
	})
}

// TestHostNetwork pins that localhost is one place for all containers on the machine's network: the
// brokers there that name one controller are one cluster.
func TestHostNetwork(t *testing.T) {
	t.Parallel()
	node := func(id int, roles, listener, controller string) string {
		return fmt.Sprintf("  kafka-%d:\n    image: apache/kafka:4.1.1\n    network_mode: host\n    environment: {KAFKA_NODE_ID: %d, KAFKA_PROCESS_ROLES: %q, KAFKA_CONTROLLER_LISTENER_NAMES: CONTROLLER, KAFKA_LISTENERS: %q, KAFKA_CONTROLLER_QUORUM_VOTERS: %q, KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: 3, KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: 3}\n",
			id, id, roles, listener, "1@localhost:"+controller)
	}
	stack := "services:\n" + node(1, "controller", "CONTROLLER://localhost:9093", "9093") + node(2, "broker", "PLAINTEXT://localhost:19092", "9093") +
		node(3, "broker", "PLAINTEXT://localhost:29092", "9093")
	if diff := cmp.Diff([]string(nil), diagnose(t, stack+node(4, "broker", "PLAINTEXT://localhost:39092", "9093"))); diff != "" {
		t.Errorf("three brokers, one controller (-want +got):\n%s", diff)
	}
	var rules []string
	for _, f := range load(t, stack+node(4, "broker", "PLAINTEXT://localhost:39092", "9094")).Diagnose() {
		rules = append(rules, f.Service+" "+f.Rule+" "+string(f.Level))
	}
	want := []string{
		"kafka-2 replication-factor fault", "kafka-3 replication-factor fault", "kafka-4 replication-factor fault",
		"kafka-2 replication-factor advice", "kafka-3 replication-factor advice", "kafka-4 replication-factor advice",
	}
	if diff := cmp.Diff(want, rules); diff != "" {
		t.Errorf("two of one controller, one of another (-want +got):\n%s", diff)
	}
}

func TestMinISRs(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "more in sync than replicas", base: zooStack,
			edits: []string{"TRANSACTION_STATE_LOG_MIN_ISR: 1", "TRANSACTION_STATE_LOG_MIN_ISR: 2"},
			want: []string{
				"35:7 kafka [min-isr, advice] 2 in-sync replicas are asked for and KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR is 1: Kafka asks for 1 since 3.7, before which no write with acks=all succeeds",
				"fix: KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: 1",
			},
		},
		{
			name: "more in sync than brokers", base: zooStack,
			edits: []string{"KAFKA_BROKER_ID: 1", "KAFKA_BROKER_ID: 1\n      KAFKA_MIN_INSYNC_REPLICAS: 2"},
			want: []string{
				"27:7 kafka [min-isr, advice] 2 in-sync replicas are asked for in a cluster of 1 broker: Kafka asks for 1 since 3.7, before which no write with acks=all succeeds",
				"fix: KAFKA_MIN_INSYNC_REPLICAS: 1",
			},
		},
		{
			name: "more in sync than brokers, before 3.7", base: zooStack,
			edits: []string{"cp-kafka:7.9.2", "cp-kafka:7.6.0", "KAFKA_BROKER_ID: 1", "KAFKA_BROKER_ID: 1\n      KAFKA_MIN_INSYNC_REPLICAS: 2"},
			want: []string{
				"27:7 kafka [min-isr] 2 in-sync replicas are asked for in a cluster of 1 broker: no write with acks=all succeeds",
				"fix: KAFKA_MIN_INSYNC_REPLICAS: 1",
			},
		},
		{
			name: "more in sync than default replicas, before 3.7", base: zooStack,
			edits: []string{"cp-kafka:7.9.2", "cp-kafka:7.6.0", "KAFKA_BROKER_ID: 1", "KAFKA_BROKER_ID: 1\n      KAFKA_DEFAULT_REPLICATION_FACTOR: 1\n      KAFKA_MIN_INSYNC_REPLICAS: 2"},
			want: []string{
				"28:7 kafka [min-isr] 2 in-sync replicas are asked for and KAFKA_DEFAULT_REPLICATION_FACTOR is 1: no write with acks=all succeeds",
				"fix: KAFKA_MIN_INSYNC_REPLICAS: 1",
			},
		},
	})
}

// TestTransactionFactors pins that the topic of transactions is a fault only where they are used.
func TestTransactionFactors(t *testing.T) {
	t.Parallel()
	const (
		factor  = "      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: 1\n"
		message = "not set: KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR (default 3); a cluster of 1 broker cannot meet that, and transactions wait for ever, without an error"
		fix     = "fix: KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: 1"
	)
	with := func(service string) []string {
		return []string{factor, "", "\nvolumes:\n  zoo", "  app:\n" + service + "\nvolumes:\n  zoo"}
	}
	used, unused := []string{"25:5 kafka [replication-factor] " + message, fix}, []string{"25:5 kafka [replication-factor, advice] " + message, fix}
	runFaults(t, []fault{
		{name: "nobody is seen to use them", base: zooStack, edits: []string{factor, ""}, want: unused},
		{name: "a service that names its transactions", base: zooStack, edits: with("    image: app\n    environment: {SPRING_KAFKA_PRODUCER_TRANSACTION_ID_PREFIX: tx-}\n"), want: used},
		{name: "Kafka Streams with exactly once", base: zooStack, edits: with("    image: app\n    environment: [\"PROCESSING_GUARANTEE=exactly_once_v2\"]\n"), want: used},
		{name: "Connect with exactly once", base: zooStack, edits: with("    image: connect\n    environment: {EXACTLY_ONCE_SOURCE_SUPPORT: enabled}\n"), want: used},
		{name: "Connect without it", base: zooStack, edits: with("    image: connect\n    environment: {EXACTLY_ONCE_SOURCE_SUPPORT: disabled}\n"), want: unused},
		{name: "an option of a command", base: zooStack, edits: with("    image: app\n    command: [run, --transactional-id, a]\n"), want: used},
		{name: "ksqlDB", base: zooStack, edits: with("    image: confluentinc/ksqldb-server:0.29.0\n"), want: used},
		{name: "ksqlDB of Confluent Platform", base: zooStack, edits: with("    image: confluentinc/cp-ksqldb-server:7.9.2\n"), want: used},
		{name: "ksqlDB before it used them", base: zooStack, edits: with("    image: confluentinc/ksqldb-server:0.6.0\n"), want: unused},
		{
			name: "a setting of the broker's about them", base: zooStack,
			edits: []string{factor, "", "KAFKA_BROKER_ID: 1", "KAFKA_TRANSACTIONAL_ID_EXPIRATION_MS: 1\n      KAFKA_BROKER_ID: 1"}, want: unused,
		},
		{
			name: "more replicas than brokers", base: zooStack,
			edits: []string{"STATE_LOG_REPLICATION_FACTOR: 1", "STATE_LOG_REPLICATION_FACTOR: 2"},
			want: []string{
				"34:7 kafka [replication-factor, advice] 2 replicas in a cluster of 1 broker: the topic cannot be made",
				"fix: KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: 1",
			},
		},
		{
			name: "more replicas than brokers, used", base: zooStack,
			edits: append(with("    image: confluentinc/ksqldb-server:0.29.0\n")[2:], "STATE_LOG_REPLICATION_FACTOR: 1", "STATE_LOG_REPLICATION_FACTOR: 2"),
			want: []string{
				"34:7 kafka [replication-factor] 2 replicas in a cluster of 1 broker: the topic cannot be made",
				"fix: KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: 1",
			},
		},
		{
			name: "more in sync than replicas, before 3.7", base: zooStack,
			edits: append(with("    image: confluentinc/ksqldb-server:0.29.0\n")[2:], "cp-kafka:7.9.2", "cp-kafka:7.6.0", "TRANSACTION_STATE_LOG_MIN_ISR: 1", "TRANSACTION_STATE_LOG_MIN_ISR: 2"),
			want: []string{
				"35:7 kafka [min-isr] 2 in-sync replicas are asked for and KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR is 1: no write with acks=all succeeds",
				"fix: KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: 1",
			},
		},
	})
}

func TestReplicationSilent(t *testing.T) {
	t.Parallel()
	const second = "  kafka-3:\n    <<: *broker\n"
	runFaults(t, []fault{
		{name: "defaults on three brokers", base: clusterStack, edits: []string{
			"  KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: 3\n  KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: 3\n  KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: 2\n", "",
		}},
		{name: "a third broker behind a profile", base: clusterStack, edits: []string{second, second + "    profiles: [cluster]\n"}},
		{name: "brokers elsewhere", base: zooStack, edits: []string{
			"OFFSETS_TOPIC_REPLICATION_FACTOR: 1", "OFFSETS_TOPIC_REPLICATION_FACTOR: 3", "zookeeper:2181\n      KAFKA_ZOO", "zookeeper:2181,zk.example.com:2181\n      KAFKA_ZOO",
		}},
		{name: "a default that Kafka bounds since 3.7", base: kraftStack, edits: []string{"      KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: 1\n", ""}},
		{name: "as many in sync as replicas", base: clusterStack, edits: []string{"KAFKA_MIN_INSYNC_REPLICAS: 2", "KAFKA_MIN_INSYNC_REPLICAS: 3"}},
		{name: "a factor from the shell", base: zooStack, edits: []string{
			"OFFSETS_TOPIC_REPLICATION_FACTOR: 1", "OFFSETS_TOPIC_REPLICATION_FACTOR: ${FACTOR}",
		}},
	})
}
