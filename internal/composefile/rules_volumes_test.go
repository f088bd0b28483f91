package composefile

import "testing"

func TestVolumes(t *testing.T) {
	t.Parallel()
	const zoo = "      - zookeeper-data:/var/lib/zookeeper/data\n      - zookeeper-log:/var/lib/zookeeper/log\n"
	const data = "      - kafka-data:/var/lib/kafka/data\n"
	runFaults(t, []fault{
		{
			name: "ZooKeeper's log is not kept", base: zooStack,
			edits: []string{"      - zookeeper-log:/var/lib/zookeeper/log\n", ""},
			want: []string{
				"11:5 zookeeper [volume-unpaired] /var/lib/zookeeper/log is in an anonymous volume and the rest of ZooKeeper's state is kept: after a `down` they are of different generations",
				"fix: - zookeeper-log:/var/lib/zookeeper/log",
			},
		},
		{
			name: "ZooKeeper is not kept", base: zooStack, edits: []string{"    volumes:\n" + zoo, ""},
			want: []string{
				"37:9 kafka [volume-unpaired] the broker's data is kept and that of zookeeper is not: after a `down` the broker stops with InconsistentClusterIdException",
				"fix: volumes of zookeeper: - zookeeper-data:/var/lib/zookeeper/data, - zookeeper-log:/var/lib/zookeeper/log",
			},
		},
		{
			name: "ZooKeeper is not kept, before the broker knew its cluster", base: zooStack, edits: []string{"    volumes:\n" + zoo, "", "cp-kafka:7.9.2", "cp-kafka:5.3.1"},
			want: []string{
				"37:9 kafka [volume-unpaired] the broker's data is kept and that of zookeeper is not: after a `down` the records are there and their topics gone",
				"fix: volumes of zookeeper: - zookeeper-data:/var/lib/zookeeper/data, - zookeeper-log:/var/lib/zookeeper/log",
			},
		},
		{
			name: "the broker is not kept", base: zooStack, edits: []string{"    volumes:\n" + data, ""},
			want: []string{
				"21:3 kafka [volume-unpaired] the data of zookeeper is kept and the broker's is not: after a `down` the topics are there and their records gone",
				"fix: volumes of kafka: - kafka-data:/var/lib/kafka/data",
			},
		},
		{
			name: "a volume above the image's own", base: zooStack,
			edits: []string{"kafka-data:/var/lib/kafka/data", "kafka-data:/var/lib/kafka"},
			want: []string{
				"40:9 kafka [volume-unused] the image declares a volume at /var/lib/kafka/data, which hides this one at /var/lib/kafka: nothing is kept",
				"fix: /var/lib/kafka/data as the target in place of /var/lib/kafka",
			},
		},
		{
			name: "two brokers in one volume", base: clusterStack,
			edits: []string{"kafka-2-data:/var/lib/kafka/data", "kafka-data:/var/lib/kafka/data"},
			want: []string{
				"47:15 kafka-2 [volume-shared] kafka and kafka-2 keep their data in the same volume: the second cannot lock it and stops",
				"fix: - kafka-2-data:/var/lib/kafka/data",
			},
		},
		{
			name: "a volume that apache/kafka does not write to", base: kraftStack,
			edits: []string{"      KAFKA_LOG_DIRS: /var/lib/kafka/data\n", ""},
			want: []string{
				"25:9 kafka [volume-unused] the broker does not write to /var/lib/kafka/data but to /tmp/kafka-logs: nothing is kept",
				"fix: KAFKA_LOG_DIRS: /var/lib/kafka/data",
			},
		},
		{
			name: "a volume at another image's place", base: zooStack,
			edits: []string{"kafka-data:/var/lib/kafka/data", "kafka-data:/bitnami/kafka"},
			want: []string{
				"40:9 kafka [volume-unused] the broker does not write to /bitnami/kafka but to /var/lib/kafka/data: nothing is kept",
				"fix: /var/lib/kafka/data as the target in place of /bitnami/kafka",
			},
		},
		{
			name: "the official ZooKeeper's log is not kept", base: zooStack,
			edits: []string{
				"confluentinc/cp-zookeeper:7.9.2", "zookeeper:3.9", "zookeeper-data:/var/lib/zookeeper/data", "zookeeper-data:/data",
				"      - zookeeper-log:/var/lib/zookeeper/log\n", "",
			},
			want: []string{
				"11:5 zookeeper [volume-unpaired] /datalog is in an anonymous volume and the rest of ZooKeeper's state is kept: after a `down` they are of different generations",
				"fix: - zookeeper-datalog:/datalog",
			},
		},
	})
}

func TestVolumesSilent(t *testing.T) {
	t.Parallel()
	const zoo = "      - zookeeper-data:/var/lib/zookeeper/data\n      - zookeeper-log:/var/lib/zookeeper/log\n"
	const data = "      - kafka-data:/var/lib/kafka/data\n"
	runFaults(t, []fault{
		{name: "ZooKeeper's data is elsewhere", base: zooStack, edits: []string{
			"      - zookeeper-log:/var/lib/zookeeper/log\n", "", "ZOOKEEPER_TICK_TIME: 2000", "ZOOKEEPER_DATA_LOG_DIR: /var/lib/zookeeper/data/log",
		}},
		{name: "brokers that take turns in a volume", base: clusterStack, edits: []string{
			"kafka-2-data:/var/lib/kafka/data", "kafka-data:/var/lib/kafka/data",
			"  kafka:\n    <<: *broker", "  kafka:\n    <<: *broker\n    profiles: [a]", "  kafka-2:\n    <<: *broker", "  kafka-2:\n    <<: *broker\n    profiles: [b]",
			"    command: [apply, --profile, production]", "    command: [apply, --profile, production]\n    profiles: [a]", "  kafka-ui:\n", "  kafka-ui:\n    profiles: [a]\n",
		}},
		{name: "a backup that is only read", base: kraftStack, edits: []string{
			"kafka-data:/var/lib/kafka/data", "kafka-data:/kafka:ro", "KAFKA_LOG_DIRS: /var/lib/kafka/data", "KAFKA_LOG_DIRS: /var/kafka",
		}},
		{name: "nothing is kept", base: zooStack, edits: []string{"    volumes:\n" + zoo, "", "    volumes:\n" + data, ""}},
		{name: "directories of the machine", base: zooStack, edits: []string{
			"- zookeeper-data:", "- ./zoo/data:", "- zookeeper-log:", "- ./zoo/log:", "- kafka-data:", "- ./kafka:",
		}},
		{name: "the long form", base: zooStack, edits: []string{
			"- kafka-data:/var/lib/kafka/data", "- {type: volume, source: kafka-data, target: /var/lib/kafka/data}",
		}},
		{name: "two directories in one volume", base: clusterStack, edits: []string{
			`volumes: ["kafka-2-data:/var/lib/kafka/data"]`, "volumes: [\"kafka-data:/kafka\"]", "      KAFKA_BROKER_ID: 2\n", "      KAFKA_BROKER_ID: 2\n      KAFKA_LOG_DIRS: /kafka/2\n",
		}},
		{name: "a volume of nothing kept beside", base: kraftStack, edits: []string{"      - kafka-data:/var/lib/kafka/data\n", "      - kafka-data:/etc/kafka/secrets\n"}},
	})
}
