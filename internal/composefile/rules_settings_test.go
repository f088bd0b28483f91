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
				"9:7 kafka [removed-setting, advice] KAFKA_ADVERTISED_HOST_NAME does nothing since Kafka 3.0",
				"fix: remove KAFKA_ADVERTISED_HOST_NAME",
			},
		},
		{
			name: "names of hosts on cp-kafka, a port on apache/kafka", base: zooStack,
			edits: []string{
				"KAFKA_BROKER_ID: 1", "KAFKA_BROKER_ID: 1\n      KAFKA_HOST_NAME: kafka",
				"\nvolumes:\n  zoo", "  other:\n    image: apache/kafka:3.9.1\n    environment: {KAFKA_PORT: 9092}\n\nvolumes:\n  zoo",
			},
			want: []string{
				"76:5 other [required-setting] apache/kafka:3.9.1 reads no settings but these variables once there is one, and exits without KAFKA_PROCESS_ROLES",
				"fix: KAFKA_PROCESS_ROLES: broker,controller, KAFKA_NODE_ID: 2, KAFKA_LISTENERS: PLAINTEXT://:9092,CONTROLLER://:9093, KAFKA_CONTROLLER_LISTENER_NAMES: CONTROLLER, KAFKA_CONTROLLER_QUORUM_VOTERS: 2@other:9093",
				"76:19 other [removed-setting] KAFKA_PORT does nothing since Kafka 3.0",
				"fix: KAFKA_ADVERTISED_LISTENERS in its place",
				"27:7 kafka [removed-setting, advice] KAFKA_HOST_NAME does nothing since Kafka 3.0",
				"fix: remove KAFKA_HOST_NAME",
				"76:5 other [auto-create, advice] a client that touches a topic before kafka-init has made it leaves one with 1 partition: auto.create.topics.enable is on by default",
				`fix: KAFKA_AUTO_CREATE_TOPICS_ENABLE: "false"`,
			},
		},
	})
}

func TestAutoCreate(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "auto-creation by default", base: zooStack,
			edits: []string{"      KAFKA_AUTO_CREATE_TOPICS_ENABLE: \"false\"\n", ""},
			want: []string{
				"25:5 kafka [auto-create, advice] a client that touches a topic before kafka-init has made it leaves one with 1 partition: auto.create.topics.enable is on by default",
				`fix: KAFKA_AUTO_CREATE_TOPICS_ENABLE: "false"`,
			},
		},
		{
			name: "auto-creation asked for", base: kraftStack,
			edits: []string{"KAFKA_AUTO_CREATE_TOPICS_ENABLE: \"false\"", "KAFKA_AUTO_CREATE_TOPICS_ENABLE: \"true\""},
			want: []string{
				"21:7 kafka [auto-create, advice] a client that touches a topic before kafka-init has made it leaves one with 1 partition: auto.create.topics.enable is on",
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
		{name: "an old setting of an image that is not known", base: zooStack, edits: []string{
			"KAFKA_BROKER_ID: 1", "KAFKA_PORT: 9092", "confluentinc/cp-kafka:7.9.2", "example/kafka:1",
		}},
		{name: "a release that makes its own id", base: isolatedStack, edits: []string{
			"confluentinc/cp-kafka:8.0.0", "confluentinc/cp-kafka:7.3.0", "      CLUSTER_ID: MkU3OEVBNTcwNTJENDM2Qk\n", "",
		}},
		{name: "an init with the broker's settings", base: zooStack, edits: []string{
			"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply]\n",
			"    image: confluentinc/cp-kafka:7.9.2\n    command: kafka-topics --bootstrap-server kafka:9092 --create --topic a\n",
			"      KAFKACTL_BROKERS: kafka:9092\n", "      KAFKA_ADVERTISED_LISTENERS: PLAINTEXT://elsewhere:9092\n",
		}},
		{name: "an image from the shell", base: zooStack, edits: []string{
			"confluentinc/cp-kafka:7.9.2", "${REGISTRY}wurstmeister/kafka", "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: 1", "KAFKA_NUM_PARTITIONS: 3",
		}},
		{name: "settings from a config", base: kraftStack, edits: []string{
			"      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: 1\n", "", "    ports:\n", "    configs: [{source: server, target: /mnt/shared/config/server.properties}]\n    ports:\n",
			"\nvolumes:\n", "\nconfigs:\n  server: {file: server.properties}\nvolumes:\n",
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
