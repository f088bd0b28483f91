package composefile

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestShippedSettings pins that apache/kafka without a variable has the settings of the
// file it ships, which fit one broker, and that one variable ends that.
func TestShippedSettings(t *testing.T) {
	t.Parallel()
	const image = "services:\n  kafka:\n    image: apache/kafka:4.1.1\n    ports: [\"127.0.0.1:9092:9092\"]\n"
	const volume = "    volumes: [\"data:/tmp/kraft-combined-logs\"]\n"
	for _, test := range []struct {
		name, text string
		want       []string
	}{
		{"nothing set", image + volume + "volumes: {data: }\n", nil},
		{"memory set", image + "    environment: {CLUSTER_ID: x, KAFKA_HEAP_OPTS: -Xmx1g}\n" + volume + "volumes: {data: }\n", nil},
		{"a setting set", image + "    environment: {KAFKA_NUM_PARTITIONS: 3}\n" + volume + "volumes: {data: }\n", []string{
			"5:5 kafka [required-setting] apache/kafka:4.1.1 reads no settings but these variables once there is one, and exits without KAFKA_PROCESS_ROLES",
			"fix: KAFKA_PROCESS_ROLES: broker,controller, KAFKA_NODE_ID: 1, KAFKA_LISTENERS: PLAINTEXT://:9092,CONTROLLER://:9093, KAFKA_CONTROLLER_LISTENER_NAMES: CONTROLLER, KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka:9093",
			"5:5 kafka [replication-factor] not set: KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR (default 3), KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR (default 3); a cluster of 1 broker cannot meet that, and consumer groups and transactions wait for ever, without an error",
			"fix: KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: 1, KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: 1",
			"6:15 kafka [volume-unused] the broker does not write to /tmp/kraft-combined-logs but to /tmp/kafka-logs: nothing is kept",
			"fix: KAFKA_LOG_DIRS: /tmp/kraft-combined-logs",
		}},
	} {
		if diff := cmp.Diff(test.want, diagnose(t, test.text)); diff != "" {
			t.Errorf("%s: findings (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestRolesOfApache(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "apache/kafka with settings, without a role", base: kraftStack,
			edits: []string{"      KAFKA_PROCESS_ROLES: broker,controller\n", ""},
			want: []string{
				"6:5 kafka [required-setting] apache/kafka:4.1.1 reads no settings but these variables once there is one, and exits without KAFKA_PROCESS_ROLES",
				"fix: KAFKA_PROCESS_ROLES: broker,controller",
			},
		},
		{
			name: "apache/kafka 3.9 with ZooKeeper", base: zooStack,
			edits: []string{"confluentinc/cp-kafka:7.9.2", "apache/kafka:3.9.1", "kafka-data:/var/lib/kafka/data", "kafka-data:/tmp/kafka-logs"},
			want: []string{
				"25:5 kafka [required-setting] apache/kafka:3.9.1 reads no settings but these variables once there is one, and exits without KAFKA_PROCESS_ROLES",
				"fix: KAFKA_PROCESS_ROLES: broker,controller, KAFKA_LISTENERS: PLAINTEXT://0.0.0.0:9092,PLAINTEXT_HOST://0.0.0.0:29092,CONTROLLER://:9093, KAFKA_CONTROLLER_LISTENER_NAMES: CONTROLLER, KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka:9093, KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: PLAINTEXT:PLAINTEXT,PLAINTEXT_HOST:PLAINTEXT,CONTROLLER:PLAINTEXT",
			},
		},
	})
}
