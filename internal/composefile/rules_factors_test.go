package composefile

import "testing"

func TestClientFactors(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "Connect's defaults", base: kraftStack,
			edits: []string{"  kafka-init:", "  connect:\n    image: confluentinc/cp-kafka-connect:8.0.0\n    environment: {CONNECT_BOOTSTRAP_SERVERS: \"kafka:9092\"}\n\n  kafka-init:"},
			want: []string{
				"33:5 connect [client-factor] not set: CONNECT_CONFIG_STORAGE_REPLICATION_FACTOR, CONNECT_OFFSET_STORAGE_REPLICATION_FACTOR, CONNECT_STATUS_STORAGE_REPLICATION_FACTOR (default 3); a cluster of 1 broker cannot meet that, and Connect ends",
				"fix: CONNECT_CONFIG_STORAGE_REPLICATION_FACTOR: 1, CONNECT_OFFSET_STORAGE_REPLICATION_FACTOR: 1, CONNECT_STATUS_STORAGE_REPLICATION_FACTOR: 1",
			},
		},
		{
			name: "one of the three missing, one too large", base: kraftStack,
			edits: []string{"  kafka-init:", "  connect:\n    image: confluentinc/cp-kafka-connect:8.0.0\n    environment: {CONNECT_BOOTSTRAP_SERVERS: \"kafka:9092\", CONNECT_CONFIG_STORAGE_REPLICATION_FACTOR: 1, CONNECT_OFFSET_STORAGE_REPLICATION_FACTOR: 2}\n\n  kafka-init:"},
			want: []string{
				"33:5 connect [client-factor] not set: CONNECT_STATUS_STORAGE_REPLICATION_FACTOR (default 3); a cluster of 1 broker cannot meet that, and Connect ends",
				"fix: CONNECT_STATUS_STORAGE_REPLICATION_FACTOR: 1",
				"33:106 connect [client-factor] 2 replicas in a cluster of 1 broker: the topic cannot be made",
				"fix: CONNECT_OFFSET_STORAGE_REPLICATION_FACTOR: 1",
			},
		},
		{
			name: "Connect with a script before it", base: kraftStack,
			edits: []string{"  kafka-init:", "  connect:\n    image: confluentinc/cp-kafka-connect:8.0.0\n    command: [bash, -c, \"confluent-hub install x && exec /etc/confluent/docker/run\"]\n    environment: {CONNECT_BOOTSTRAP_SERVERS: \"kafka:9092\"}\n\n  kafka-init:"},
			want: []string{
				"34:5 connect [client-factor] not set: CONNECT_CONFIG_STORAGE_REPLICATION_FACTOR, CONNECT_OFFSET_STORAGE_REPLICATION_FACTOR, CONNECT_STATUS_STORAGE_REPLICATION_FACTOR (default 3); a cluster of 1 broker cannot meet that, and Connect ends",
				"fix: CONNECT_CONFIG_STORAGE_REPLICATION_FACTOR: 1, CONNECT_OFFSET_STORAGE_REPLICATION_FACTOR: 1, CONNECT_STATUS_STORAGE_REPLICATION_FACTOR: 1",
			},
		},
		{
			name: "ksqlDB and Control Center", base: quorumStack,
			edits: []string{"CONNECT_GROUP_ID: connect", "KSQL_KSQL_INTERNAL_TOPIC_REPLICAS: 4\n      CONTROL_CENTER_REPLICATION_FACTOR: 5"},
			want: []string{
				"44:7 connect [client-factor] 4 replicas in a cluster of 3 brokers: the topic cannot be made",
				"fix: KSQL_KSQL_INTERNAL_TOPIC_REPLICAS: 3",
				"45:7 connect [client-factor] 5 replicas in a cluster of 3 brokers: the topic cannot be made",
				"fix: CONTROL_CENTER_REPLICATION_FACTOR: 3",
			},
		},
	})
}

func TestClientFactorsSilent(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{name: "the broker's default", base: kraftStack, edits: []string{"  kafka-init:", "  connect:\n    image: confluentinc/cp-kafka-connect:8.0.0\n    environment: {CONNECT_BOOTSTRAP_SERVERS: \"kafka:9092\", CONNECT_CONFIG_STORAGE_REPLICATION_FACTOR: -1, CONNECT_OFFSET_STORAGE_REPLICATION_FACTOR: \"-1\", CONNECT_STATUS_STORAGE_REPLICATION_FACTOR: 1}\n\n  kafka-init:"}},
		{name: "a worker on its own", base: kraftStack, edits: []string{"  kafka-init:", "  connect:\n    image: confluentinc/cp-kafka-connect:8.0.0\n    command: [connect-standalone, /worker.properties]\n    environment: {CONNECT_BOOTSTRAP_SERVERS: \"kafka:9092\"}\n\n  kafka-init:"}},
		{name: "a cluster elsewhere", base: kraftStack, edits: []string{"  kafka-init:", "  connect:\n    image: confluentinc/cp-kafka-connect:8.0.0\n    environment: {CONNECT_BOOTSTRAP_SERVERS: \"kafka.example.com:9092\"}\n\n  kafka-init:"}},
		{name: "factors from the shell", base: kraftStack, edits: []string{"  kafka-init:", "  connect:\n    image: confluentinc/cp-kafka-connect:8.0.0\n    environment: {CONNECT_BOOTSTRAP_SERVERS: \"kafka:9092\", CONNECT_CONFIG_STORAGE_REPLICATION_FACTOR: \"${F}\", CONNECT_OFFSET_STORAGE_REPLICATION_FACTOR: \"${F}\", CONNECT_STATUS_STORAGE_REPLICATION_FACTOR: \"${F}\"}\n\n  kafka-init:"}},
		{name: "Schema Registry takes what there is", base: kraftStack, edits: []string{"  kafka-init:", "  registry:\n    image: confluentinc/cp-schema-registry:8.0.0\n    environment: {SCHEMA_REGISTRY_KAFKASTORE_BOOTSTRAP_SERVERS: \"kafka:9092\", SCHEMA_REGISTRY_KAFKASTORE_TOPIC_REPLICATION_FACTOR: 3}\n\n  kafka-init:"}},
	})
}

func TestTopicFactors(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "more replicas than brokers", base: kraftStack,
			edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: apache/kafka:4.1.1\n    command: /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --topic a --replication-factor 3\n"},
			want: []string{
				"33:5 kafka-init [topic-factor] --replication-factor 3 in a cluster of 1 broker: the topic is refused",
				"fix: --replication-factor 1",
			},
		},
		{
			name: "with an equals sign, in a script", base: kraftStack,
			edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: apache/kafka:4.1.1\n    command: [bash, -ec, \"/opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --topic a --replication-factor=2\"]\n"},
			want: []string{
				"33:26 kafka-init [topic-factor] --replication-factor 2 in a cluster of 1 broker: the topic is refused",
				"fix: --replication-factor 1",
			},
		},
		{
			name: "none", base: kraftStack,
			edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: apache/kafka:4.1.1\n    command: /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --topic a --replication-factor 0\n"},
			want: []string{
				"33:5 kafka-init [topic-factor] --replication-factor 0 in a cluster of 1 broker: the topic is refused",
				"fix: --replication-factor 1",
			},
		},
		{
			name: "at an address that does not say", base: kraftStack,
			edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: apache/kafka:4.1.1\n    command: [sh, -ec, \"/opt/kafka/bin/kafka-topics.sh --bootstrap-server $$BROKERS --create --topic a  --replication-factor 2\"]\n"},
			want: []string{
				"33:24 kafka-init [topic-factor] --replication-factor 2 in a cluster of 1 broker: the topic is refused",
				"fix: --replication-factor 1",
			},
		},
		{
			name: "wurstmeister's list", base: zooStack,
			edits: []string{"confluentinc/cp-kafka:7.9.2", "wurstmeister/kafka:2.13-2.8.1", "KAFKA_BROKER_ID: 1", "KAFKA_BROKER_ID: 1\n      KAFKA_CREATE_TOPICS: \"orders:3:2\""},
			want: []string{
				"27:7 kafka [topic-factor] 2 replicas of orders in a cluster of 1 broker: the topic is refused",
				"fix: orders:3:1",
				"22:5 kafka [dead-image, advice] wurstmeister/kafka:2.13-2.8.1 is dead: unmaintained; its last Kafka is 2.8",
				"fix: image: apache/kafka:4.1.1 or confluentinc/cp-kafka, and topics from topics.yaml instead of KAFKA_CREATE_TOPICS",
			},
		},
		{
			name: "kafkactl's own", base: kraftStack,
			edits: []string{`command: [apply, -b, "kafka:9092"]`, `command: [create, a, -b, "kafka:9092", --replication-factor, "3"]`, "${KAFKACTL_IMAGE:-kafkactl:local}", "kafkactl:local"},
			want: []string{
				"34:5 kafka-init [topic-factor] --replication-factor 3 in a cluster of 1 broker: the topic is refused",
				"fix: --replication-factor 1",
			},
		},
		{name: "as many as brokers", base: kraftStack, edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: apache/kafka:4.1.1\n    command: /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --topic a --replication-factor 1\n"}},
		{name: "the broker's default", base: kraftStack, edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: apache/kafka:4.1.1\n    command: /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --topic a --replication-factor -1\n"}},
		{name: "a number of the shell", base: kraftStack, edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: apache/kafka:4.1.1\n    command: [sh, -ec, \"/opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --topic a  --replication-factor $$FACTOR\"]\n"}},
		{name: "another tool's", base: kraftStack, edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: apache/kafka:4.1.1\n    command: [sh, -ec, \"echo --replication-factor 3\"]\n"}},
		{name: "a cluster elsewhere", base: kraftStack, edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: apache/kafka:4.1.1\n    command: /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka.example.com:9092 --create --topic a --replication-factor 3\n"}},
	})
}
