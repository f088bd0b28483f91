package composefile

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kafkactl/internal/topicspec"
)

func TestCreateTopics(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "Confluent's image", base: zooStack,
			edits: []string{"KAFKA_BROKER_ID: 1", "KAFKA_BROKER_ID: 1\n      KAFKA_CREATE_TOPICS: \"orders:3:1,invoices:1:1:compact,plain\""},
			want: []string{
				"27:7 kafka [create-topics] confluentinc/cp-kafka:7.9.2 does not read KAFKA_CREATE_TOPICS: no topic is made",
				"fix: a service that runs kafkactl apply, with this topics.yaml:\nversion: 1\ntopics:\n  orders: {partitions: 3, replicationFactor: 1}\n  invoices: {partitions: 1, replicationFactor: 1, config: {cleanup.policy: compact}}\n  plain: {}",
			},
		},
		{
			name: "Apache's image, Debezium's name", base: kraftStack,
			edits: []string{"KAFKA_NODE_ID: 1", "KAFKA_NODE_ID: 1\n      CREATE_TOPICS: orders:3:1"},
			want: []string{
				"9:7 kafka [create-topics] apache/kafka:4.1.1 does not read CREATE_TOPICS: no topic is made",
				"fix: a service that runs kafkactl apply, with this topics.yaml:\nversion: 1\ntopics:\n  orders: {partitions: 3, replicationFactor: 1}",
			},
		},
		{
			name: "from the shell", base: kraftStack,
			edits: []string{"KAFKA_NODE_ID: 1", "KAFKA_NODE_ID: 1\n      KAFKA_CREATE_TOPICS: ${TOPICS}"},
			want: []string{
				"9:7 kafka [create-topics] apache/kafka:4.1.1 does not read KAFKA_CREATE_TOPICS: no topic is made",
				"fix: topics.yaml, and a service that runs kafkactl apply",
			},
		},
		{
			name: "Bitnami's image, which is not understood otherwise", base: kraftStack,
			edits: []string{"  kafka-init:", "  other:\n    image: soldevelo/kafka:4.2\n    environment: {KAFKA_CREATE_TOPICS: \"a:1:1\"}\n\n  kafka-init:"},
			want: []string{
				"33:19 other [create-topics] soldevelo/kafka:4.2 does not read KAFKA_CREATE_TOPICS: no topic is made",
				"fix: a service that runs kafkactl apply, with this topics.yaml:\nversion: 1\ntopics:\n  a: {partitions: 1, replicationFactor: 1}",
			},
		},
		{name: "a script that reads it", base: kraftStack, edits: []string{"KAFKA_NODE_ID: 1", "KAFKA_NODE_ID: 1\n      KAFKA_CREATE_TOPICS: a:1:1", "    ports:\n      - \"127.0.0.1:29092", "    command: [sh, -c, \"echo $$KAFKA_CREATE_TOPICS; /etc/kafka/docker/run\"]\n    ports:\n      - \"127.0.0.1:29092"}},
		{name: "an init with a script of its own", base: kraftStack, edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: apache/kafka:4.1.1\n    command: [/create.sh]\n    environment: {KAFKA_CREATE_TOPICS: \"a:1:1\"}\n"}},
		{name: "an image that is not known", base: zooStack, edits: []string{"confluentinc/cp-kafka:7.9.2", "example/kafka:1", "KAFKA_BROKER_ID: 1", "KAFKA_BROKER_ID: 1\n      KAFKA_CREATE_TOPICS: a:1:1"}},
		{
			name: "more replicas than brokers, and settings behind a policy", base: kraftStack,
			edits: []string{"KAFKA_NODE_ID: 1", "KAFKA_NODE_ID: 1\n      KAFKA_CREATE_TOPICS: \"Topic1:1:3,Topic2:1:1:compact --config=retention.ms=604800000, 42:2:1:delete\""},
			want: []string{
				"9:7 kafka [create-topics] apache/kafka:4.1.1 does not read KAFKA_CREATE_TOPICS: no topic is made",
				"fix: a service that runs kafkactl apply, with this topics.yaml:\nversion: 1\ntopics:\n  Topic1: {partitions: 1, replicationFactor: 1}  # 3 in the list, of 1 broker\n" +
					"  Topic2: {partitions: 1, replicationFactor: 1, config: {cleanup.policy: compact, retention.ms: 604800000}}\n  \"42\": {partitions: 2, replicationFactor: 1, config: {cleanup.policy: delete}}",
			},
		},
		{
			name: "a separator of its own", base: kraftStack,
			edits: []string{"KAFKA_NODE_ID: 1", "KAFKA_NODE_ID: 1\n      KAFKA_CREATE_TOPICS: |\n        a:1:1\n        b:1:1:compact,delete\n      KAFKA_CREATE_TOPICS_SEPARATOR: \"$$'\\n'\""},
			want: []string{
				"9:7 kafka [create-topics] apache/kafka:4.1.1 does not read KAFKA_CREATE_TOPICS: no topic is made",
				"fix: a service that runs kafkactl apply, with this topics.yaml:\nversion: 1\ntopics:\n  a: {partitions: 1, replicationFactor: 1}\n  b: {partitions: 1, replicationFactor: 1, config: {cleanup.policy: \"compact,delete\"}}",
			},
		},
		{
			name: "Bitnami's way to write it, which nobody reads", base: kraftStack,
			edits: []string{"KAFKA_NODE_ID: 1", "KAFKA_NODE_ID: 1\n      KAFKA_CFG_CREATE_TOPICS: orders"},
			want: []string{
				"9:7 kafka [create-topics] apache/kafka:4.1.1 does not read KAFKA_CFG_CREATE_TOPICS: no topic is made",
				"fix: a service that runs kafkactl apply, with this topics.yaml:\nversion: 1\ntopics:\n  orders: {}",
			},
		},
	})
}

func TestCreateTopicsByImage(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "wurstmeister's image without the S", base: zooStack,
			edits: []string{"confluentinc/cp-kafka:7.9.2", "wurstmeister/kafka:2.13-2.8.1", "KAFKA_BROKER_ID: 1", "KAFKA_BROKER_ID: 1\n      KAFKA_CREATE_TOPIC: \"orders:3:1\""},
			want: []string{
				"27:7 kafka [create-topics] wurstmeister/kafka:2.13-2.8.1 does not read KAFKA_CREATE_TOPIC: no topic is made",
				"fix: a service that runs kafkactl apply, with this topics.yaml:\nversion: 1\ntopics:\n  orders: {partitions: 3, replicationFactor: 1}",
				"22:5 kafka [dead-image, advice] wurstmeister/kafka:2.13-2.8.1 is dead: unmaintained; its last Kafka is 2.8",
				"fix: image: apache/kafka:4.1.1 or confluentinc/cp-kafka, and topics from topics.yaml instead of KAFKA_CREATE_TOPICS",
			},
		},
		{
			name: "a name that is none", base: kraftStack,
			edits: []string{"KAFKA_NODE_ID: 1", "KAFKA_NODE_ID: 1\n      KAFKA_CREATE_TOPICS: my topic:1:1"},
			want: []string{
				"9:7 kafka [create-topics] apache/kafka:4.1.1 does not read KAFKA_CREATE_TOPICS: no topic is made",
				"fix: topics.yaml, and a service that runs kafkactl apply",
			},
		},
		{
			name: "a leftover", base: kraftStack,
			edits: []string{"KAFKA_NODE_ID: 1", "KAFKA_NODE_ID: 1\n      KAFKA_CREATE_TOPICS: orders:1:1", "    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: apache/kafka:4.1.1\n    command: [/opt/kafka/bin/kafka-topics.sh, --bootstrap-server, \"kafka:9092\", --create, --if-not-exists, --topic, orders]\n"},
			want: []string{
				"9:7 kafka [create-topics, advice] apache/kafka:4.1.1 does not read KAFKA_CREATE_TOPICS: kafka-init makes the topics",
				"fix: remove KAFKA_CREATE_TOPICS",
			},
		},
		{
			name: "another topic is made", base: kraftStack,
			edits: []string{"KAFKA_NODE_ID: 1", "KAFKA_NODE_ID: 1\n      KAFKA_CREATE_TOPICS: orders:1:1", "    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: apache/kafka:4.1.1\n    command: [/opt/kafka/bin/kafka-topics.sh, --bootstrap-server, \"kafka:9092\", --create, --if-not-exists, --topic, orders-2]\n"},
			want: []string{
				"9:7 kafka [create-topics] apache/kafka:4.1.1 does not read KAFKA_CREATE_TOPICS: no topic is made",
				"fix: a service that runs kafkactl apply, with this topics.yaml:\nversion: 1\ntopics:\n  orders: {partitions: 1, replicationFactor: 1}",
			},
		},
		{
			name: "confluent-local, and Debezium's image by wurstmeister's name", base: kraftStack,
			edits: []string{"  kafka-init:", "  other:\n    image: confluentinc/confluent-local:7.9.2\n    environment: {KAFKA_CREATE_TOPICS: \"a:1:1\"}\n\n  third:\n    image: quay.io/debezium/kafka:3.1\n    environment: {KAFKA_CREATE_TOPICS: \"b:1:1\", CREATE_TOPICS: \"c:1:1\"}\n\n  kafka-init:"},
			want: []string{
				"33:19 other [create-topics] confluentinc/confluent-local:7.9.2 does not read KAFKA_CREATE_TOPICS: no topic is made",
				"fix: a service that runs kafkactl apply, with this topics.yaml:\nversion: 1\ntopics:\n  a: {partitions: 1, replicationFactor: 1}",
				"37:19 third [create-topics] quay.io/debezium/kafka:3.1 does not read KAFKA_CREATE_TOPICS: no topic is made",
				"fix: a service that runs kafkactl apply, with this topics.yaml:\nversion: 1\ntopics:\n  b: {partitions: 1, replicationFactor: 1}",
			},
		},
		{
			name: "the brokers of a cluster, once", base: clusterStack,
			edits: []string{"  KAFKA_ZOOKEEPER_CONNECT: zookeeper:2181\n", "  KAFKA_ZOOKEEPER_CONNECT: zookeeper:2181\n  KAFKA_CREATE_TOPICS: a:1:3\n"},
			want: []string{
				"10:3 kafka [create-topics] confluentinc/cp-kafka:7.9.2 does not read KAFKA_CREATE_TOPICS: no topic is made",
				"fix: a service that runs kafkactl apply, with this topics.yaml:\nversion: 1\ntopics:\n  a: {partitions: 1, replicationFactor: 3}",
			},
		},
		{name: "Bitnami's scripts of one's own", base: kraftStack, edits: []string{"  kafka-init:", "  other:\n    image: soldevelo/kafka:4.2\n    environment: {KAFKA_CREATE_TOPICS: \"a:1:1\"}\n    volumes: [\"./init:/docker-entrypoint-initdb.d\"]\n\n  kafka-init:"}},
		{name: "Bitnami's image with a command of its own", base: kraftStack, edits: []string{"  kafka-init:", "  other:\n    image: soldevelo/kafka:4.2\n    environment: {KAFKA_CREATE_TOPICS: \"a:1:1\"}\n    command: [/create.sh]\n\n  kafka-init:"}},
		{name: "clients' topics", base: kraftStack, edits: []string{"KAFKA_NODE_ID: 1", "KAFKA_NODE_ID: 1\n      KAFKA_TOPICS: a,b", "  kafka-init:", "  app:\n    image: app\n    environment: {KAFKA_TOPICS: \"a,b\"}\n\n  kafka-init:"}},
		{name: "wurstmeister's image and its own variable", base: zooStack, edits: []string{"confluentinc/cp-kafka:7.9.2", "wurstmeister/kafka:2.13-2.8.1", "KAFKA_BROKER_ID: 1", "KAFKA_BROKER_ID: 1\n      KAFKA_CREATE_TOPICS: \"orders:3:1\""}, want: []string{
			"22:5 kafka [dead-image, advice] wurstmeister/kafka:2.13-2.8.1 is dead: unmaintained; its last Kafka is 2.8",
			"fix: image: apache/kafka:4.1.1 or confluentinc/cp-kafka, and topics from topics.yaml instead of KAFKA_CREATE_TOPICS",
		}},
	})
}

// TestTopicsFileParses pins that the printed block is a topics.yaml that declares what the list says.
func TestTopicsFileParses(t *testing.T) {
	t.Parallel()
	for _, list := range []string{
		"orders:3:1:compact", "orders", "a:1:1 b:2:1 c:3:1", "a:1:1,\nb:1:1,\n", "true:1:1,no:1:1,NULL:1:1,1e3:1:1,0x1f:1:1,-a:1:1,_a:1:1,.b:1:1,1.5:1:1,2020-01-01:1:1",
		"a:1:3:delete", "a:0:-1:whatever", "a:x:y", "a:1:1,a:9:9", "a : 1 : 1", "a:1:1:compact --config=compression.type=zstd --config retention.ms=1000", "a:1:1:compact,b:1:1:delete,",
	} {
		topics := parseDeclaredTopics(list, "")
		file := topicsFile(topics, 1)
		spec, err := topicspec.Parse(strings.NewReader(file), topicspec.Source{File: "topics.yaml"})
		if err != nil {
			t.Errorf("%q: %v\n%s", list, err, file)
			continue
		}
		desired, err := spec.Desired("")
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for i, topic := range topics {
			names = append(names, topic.name)
			if topic.partitions > 0 && desired[i].Partitions != topic.partitions || desired[i].ReplicationFactor > 1 {
				t.Errorf("%q: %+v of %+v", list, desired[i], topic)
			}
		}
		if diff := cmp.Diff(names, topicspec.Names(desired)); diff != "" {
			t.Errorf("%q: names (-listed +declared):\n%s", list, diff)
		}
	}
	for _, list := range []string{"", ",", "a.b:1:1,a_b:1:1", "..:1:1", "<topic>:1:1", "a b", "a:1:1 --partitions"} {
		if file := topicsFile(parseDeclaredTopics(list, ""), 0); file != "" {
			t.Errorf("%q is a file:\n%s", list, file)
		}
	}
}
