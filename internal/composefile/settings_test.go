package composefile

import "testing"

func TestSettings(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "cp-kafka without advertised listeners", base: zooStack,
			edits: []string{"      KAFKA_ADVERTISED_LISTENERS: PLAINTEXT://kafka:9092,PLAINTEXT_HOST://localhost:29092\n", ""},
			want: []string{
				"25:5 kafka [required-setting] cp-kafka exits at its start without KAFKA_ADVERTISED_LISTENERS",
				"fix: KAFKA_ADVERTISED_LISTENERS: PLAINTEXT://kafka:9092,PLAINTEXT_HOST://localhost:29092",
			},
		},
		{
			name: "cp-kafka without ZooKeeper or KRaft", base: zooStack,
			edits: []string{"      KAFKA_ZOOKEEPER_CONNECT: zookeeper:2181\n", ""},
			want: []string{
				"25:5 kafka [required-setting] cp-kafka exits at its start without KAFKA_ZOOKEEPER_CONNECT",
				"fix: KAFKA_ZOOKEEPER_CONNECT: zookeeper:2181",
			},
		},
		{
			name: "cp-kafka in KRaft without an id", base: kraftStack,
			edits: []string{"apache/kafka:4.1.1", "confluentinc/cp-kafka:8.0.0", "      CLUSTER_ID: MkU3OEVBNTcwNTJENDM2Qk\n", ""},
			want: []string{
				"6:5 kafka [required-setting] cp-kafka exits at its start without CLUSTER_ID",
				"fix: CLUSTER_ID: the output of `kafka-storage random-uuid`, written down once",
			},
		},
		{
			name: "cp-kafka 8 without roles", base: kraftStack,
			edits: []string{"apache/kafka:4.1.1", "confluentinc/cp-kafka:8.0.0", "      KAFKA_PROCESS_ROLES: broker,controller\n", ""},
			want: []string{
				"6:5 kafka [required-setting] cp-kafka exits at its start without KAFKA_PROCESS_ROLES",
				"fix: KAFKA_PROCESS_ROLES: broker,controller",
			},
		},
		{
			name: "a setting that cp-kafka refuses", base: zooStack,
			edits: []string{"KAFKA_BROKER_ID: 1", "KAFKA_BROKER_ID: 1\n      KAFKA_ADVERTISED_PORT: 9092"},
			want: []string{
				"27:7 kafka [removed-setting] cp-kafka exits at its start when KAFKA_ADVERTISED_PORT is set",
				"fix: KAFKA_ADVERTISED_LISTENERS in its place",
			},
		},
		{
			name: "a setting that is gone", base: kraftStack,
			edits: []string{"KAFKA_NODE_ID: 1", "KAFKA_NODE_ID: 1\n      KAFKA_ADVERTISED_HOST_NAME: kafka"},
			want: []string{
				"9:7 kafka [removed-setting] KAFKA_ADVERTISED_HOST_NAME does nothing since Kafka 3.0",
				"fix: KAFKA_ADVERTISED_LISTENERS in its place",
			},
		},
		{
			name: "auto-creation by default", base: zooStack,
			edits: []string{"      KAFKA_AUTO_CREATE_TOPICS_ENABLE: \"false\"\n", ""},
			want: []string{
				"25:5 kafka [auto-create] a client that touches a topic before kafka-init has made it leaves one with 1 partition: auto.create.topics.enable is on by default",
				`fix: KAFKA_AUTO_CREATE_TOPICS_ENABLE: "false"`,
			},
		},
		{
			name: "auto-creation asked for", base: kraftStack,
			edits: []string{"KAFKA_AUTO_CREATE_TOPICS_ENABLE: \"false\"", "KAFKA_AUTO_CREATE_TOPICS_ENABLE: \"true\""},
			want: []string{
				"21:7 kafka [auto-create] a client that touches a topic before kafka-init has made it leaves one with 1 partition: auto.create.topics.enable is on",
				`fix: KAFKA_AUTO_CREATE_TOPICS_ENABLE: "false"`,
			},
		},
	})
}

func TestSettingsSilent(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{name: "auto-creation where nobody makes topics", base: zooStack, edits: []string{
			"      KAFKA_AUTO_CREATE_TOPICS_ENABLE: \"false\"\n", "", "command: [apply]", "command: [plan, --check]",
		}},
		{name: "settings from a mounted file", base: kraftStack, edits: []string{
			"      KAFKA_AUTO_CREATE_TOPICS_ENABLE: \"false\"\n", "", "      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: 1\n", "",
			"      - kafka-data:/var/lib/kafka/data\n", "      - kafka-data:/var/lib/kafka/data\n      - ./config:/mnt/shared/config:ro\n",
		}},
		{name: "settings that the command makes", base: zooStack, edits: []string{
			"      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: 1\n", "",
			"image: confluentinc/cp-kafka:7.9.2", "image: confluentinc/cp-kafka:7.9.2\n    command: bash -c 'export KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR=1 && exec /etc/confluent/docker/run'",
		}},
		{name: "a broker's image as a box of tools", base: zooStack, edits: []string{
			"\nvolumes:\n  zoo", "  tools:\n    image: confluentinc/cp-kafka:7.9.2\n    command: sleep infinity\n\nvolumes:\n  zoo",
		}},
	})
}

func TestReplication(t *testing.T) {
	t.Parallel()
	const factors = "      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: 1\n      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: 1\n      KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: 1\n"
	runFaults(t, []fault{
		{
			name: "defaults on one broker", base: zooStack, edits: []string{factors, ""},
			want: []string{
				"25:5 kafka [replication-factor] not set: KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR (default 3), KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR (default 3), KAFKA_TRANSACTION_STATE_LOG_MIN_ISR (default 2); a cluster of 1 broker cannot meet that, and consumer groups or transactions wait for ever, without an error",
				"fix: KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: 1, KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: 1, KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: 1",
			},
		},
		{
			name: "a default on apache/kafka", base: kraftStack, edits: []string{"      KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: 1\n", ""},
			want: []string{
				"6:5 kafka [replication-factor] not set: KAFKA_TRANSACTION_STATE_LOG_MIN_ISR (default 2); a cluster of 1 broker cannot meet that, and consumer groups or transactions wait for ever, without an error",
				"fix: KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: 1",
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
				"19:7 kafka [replication-factor] 3 replicas in a cluster of 1 broker: the topic cannot be made",
				"fix: KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR: 1",
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
				"14:3 kafka [replication-factor] 3 replicas in a cluster of 2 brokers: the topic cannot be made",
				"fix: KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: 2",
				"14:3 kafka-2 [replication-factor] 3 replicas in a cluster of 2 brokers: the topic cannot be made",
				"fix: KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: 2",
				"14:3 kafka-3 [replication-factor] 3 replicas in a cluster of 1 broker: the topic cannot be made",
				"fix: KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: 1",
				"15:3 kafka-3 [min-isr] 2 in-sync replicas are asked for in a cluster of 1 broker: no write with acks=all succeeds",
				"fix: KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: 1",
				"16:3 kafka [replication-factor] 3 replicas in a cluster of 2 brokers: the topic cannot be made",
				"fix: KAFKA_DEFAULT_REPLICATION_FACTOR: 2",
				"16:3 kafka-2 [replication-factor] 3 replicas in a cluster of 2 brokers: the topic cannot be made",
				"fix: KAFKA_DEFAULT_REPLICATION_FACTOR: 2",
				"16:3 kafka-3 [replication-factor] 3 replicas in a cluster of 1 broker: the topic cannot be made",
				"fix: KAFKA_DEFAULT_REPLICATION_FACTOR: 1",
				"17:3 kafka-3 [min-isr] 2 in-sync replicas are asked for in a cluster of 1 broker: no write with acks=all succeeds",
				"fix: KAFKA_MIN_INSYNC_REPLICAS: 1",
			},
		},
	})
}

func TestMinISRs(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "more in sync than replicas", base: zooStack,
			edits: []string{"TRANSACTION_STATE_LOG_MIN_ISR: 1", "TRANSACTION_STATE_LOG_MIN_ISR: 2"},
			want: []string{
				"35:7 kafka [min-isr] 2 in-sync replicas are asked for and KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR is 1: no write with acks=all succeeds",
				"fix: KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: 1",
			},
		},
		{
			name: "more in sync than brokers", base: zooStack,
			edits: []string{"KAFKA_BROKER_ID: 1", "KAFKA_BROKER_ID: 1\n      KAFKA_MIN_INSYNC_REPLICAS: 2"},
			want: []string{
				"27:7 kafka [min-isr] 2 in-sync replicas are asked for in a cluster of 1 broker: no write with acks=all succeeds",
				"fix: KAFKA_MIN_INSYNC_REPLICAS: 1",
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
		{name: "a factor from the shell", base: zooStack, edits: []string{
			"OFFSETS_TOPIC_REPLICATION_FACTOR: 1", "OFFSETS_TOPIC_REPLICATION_FACTOR: ${FACTOR}",
		}},
		{name: "the file that apache/kafka ships", base: kraftStack, edits: []string{
			"  kafka-init:", "  other:\n    image: apache/kafka:4.1.1\n    environment: {CLUSTER_ID: abc, KAFKA_HEAP_OPTS: -Xmx256m}\n\n  kafka-init:",
			"command: [apply, -b", "command: [list, -b",
		}},
	})
}
