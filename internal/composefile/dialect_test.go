package composefile

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestNotUnderstood pins which brokers are said to be not understood: those whose settings no rule
// reads. None is silently taken for a good one.
func TestNotUnderstood(t *testing.T) {
	t.Parallel()
	const bitnami, command = bitnamiDialect, commandDialect
	for _, test := range []struct {
		name, service string
		want          string // the reason, "" for a broker that is read and for what is no broker
	}{
		{"Redpanda", "{image: \"docker.redpanda.com/redpandadata/redpanda:v24.1.1\", command: [redpanda, start, --kafka-addr, \"internal://0.0.0.0:9092\"]}", "Redpanda's flags and redpanda.yaml are not read"},
		{"Redpanda by its old name", "{image: \"vectorized/redpanda\"}", "Redpanda's flags and redpanda.yaml are not read"},
		{"Debezium", "{image: \"quay.io/debezium/kafka:2.7\", environment: {KAFKA_LISTENERS: \"PLAINTEXT://:9092\"}}", "the variables of Debezium's image (ADVERTISED_HOST_NAME, NODE_ROLE, CREATE_TOPICS) are not read"},
		{"a tag that is not set", "{image: \"quay.io/debezium/kafka:${VERSION}\"}", "the variables of Debezium's image (ADVERTISED_HOST_NAME, NODE_ROLE, CREATE_TOPICS) are not read"},
		{"a registry that is not set", "{image: \"${REGISTRY}/bitnamilegacy/kafka:3.9\"}", bitnami},
		{"soldevelo", "{image: \"soldevelo/kafka:4.2\", environment: [KAFKA_CFG_NODE_ID=1]}", bitnami},
		{"bitnamisecure", "{image: \"bitnamisecure/kafka:latest\"}", bitnami},
		{"Bitnami's variables in an image that is not known", "{image: \"example/broker:1\", environment: [KAFKA_CFG_LISTENERS=PLAINTEXT://:9092]}", bitnami},
		{"Strimzi", "{image: \"quay.io/strimzi/kafka:latest-kafka-4.1.0\", command: [sh, -c, \"bin/kafka-server-start.sh config/server.properties\"]}", command},
		{"fast-data-dev", "{image: \"lensesio/fast-data-dev\", environment: {ADV_HOST: 127.0.0.1}}", "the variables of this image (ADV_HOST, BROKER_PORT) are not read"},
		{"spotify/kafka", "{image: \"spotify/kafka\"}", "the variables of this image (ADVERTISED_HOST, ADVERTISED_PORT) are not read"},
		{"a Kafka of somebody", "{image: \"example/kafka-kraft:1\"}", unknownDialect},
		{"a Kafka that is built", "{build: {context: .}}", unknownDialect},
		{"settings in a file", "{image: \"apache/kafka:4.1.1\", volumes: [\"./config:/mnt/shared/config\"]}", fileDialect},

		{"settings in a file and in variables", "{image: \"apache/kafka:4.1.1\", volumes: [\"./config:/mnt/shared/config\"], environment: {KAFKA_NODE_ID: 1}}", ""},
		{"Apache's image as it is", "{image: \"apache/kafka:4.1.1\"}", ""},
		{"Confluent's names in an image that is not known", "{image: \"example/kafka:1\", environment: {KAFKA_ADVERTISED_LISTENERS: \"PLAINTEXT://kafka:9092\"}}", ""},
		{"Redpanda's tool", "{image: \"redpandadata/redpanda\", command: [topic, create, a], entrypoint: [rpk, topic, create, a]}", ""},
		{"the tools in Bitnami's image", "{image: \"bitnamilegacy/kafka:3.9\", command: [kafka-topics.sh, --create, --topic, a]}", ""},
		{"Connect in Strimzi's image", "{image: \"quay.io/strimzi/kafka:latest-kafka-4.1.0\", command: [bin/connect-distributed.sh, connect.properties]}", ""},
		{"Flink with Kafka in its name", "{image: \"example/flink-kafka:1\"}", ""},
		{"an app in which Kafka is called so", "{image: \"example/app:1\"}", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			stack := load(t, "services:\n  kafka: "+test.service+"\n")
			reason := ""
			for _, unread := range stack.NotUnderstood() {
				reason = unread.Reason
			}
			if diff := cmp.Diff(test.want, reason); diff != "" {
				t.Errorf("reason (-want +got):\n%s", diff)
			}
		})
	}
}

// TestBesideNotUnderstood pins that the rest of such a project is looked at, and that a broker that
// may belong to the same cluster makes its size unknown.
func TestBesideNotUnderstood(t *testing.T) {
	t.Parallel()
	const redpanda = "services:\n  redpanda:\n    image: redpandadata/redpanda\n"
	stack := load(t, redpanda+"  app:\n    image: app\n    environment: {KAFKA_BROKERS: \"localhost:9092\"}\n")
	if !stack.HasKafka() {
		t.Error("no Kafka in it")
	}
	want := []Unread{{stack.Files()[0], 3, 5, "redpanda", "redpandadata/redpanda", "Redpanda's flags and redpanda.yaml are not read"}}
	if diff := cmp.Diff(want, stack.NotUnderstood()); diff != "" {
		t.Errorf("not understood (-want +got):\n%s", diff)
	}
	var rules []string
	for _, f := range stack.Diagnose() {
		rules = append(rules, f.Service+" "+f.Rule)
	}
	if diff := cmp.Diff([]string{"app client-address"}, rules); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	runFaults(t, []fault{{
		name: "a cluster that may be larger", base: kraftStack,
		edits: []string{"OFFSETS_TOPIC_REPLICATION_FACTOR: 1", "OFFSETS_TOPIC_REPLICATION_FACTOR: 3", "  kafka-init:", "  other:\n    image: soldevelo/kafka:4.2\n\n  kafka-init:"},
	}})
}
