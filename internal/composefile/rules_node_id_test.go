package composefile

import "testing"

func TestProcessRoles(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "a role that is none", base: kraftStack,
			edits: []string{"KAFKA_PROCESS_ROLES: broker,controller", "KAFKA_PROCESS_ROLES: brokers,controller"},
			want: []string{
				`9:7 kafka [process-roles] the roles are broker and controller, each once, not "brokers": it does not start`,
				"fix: KAFKA_PROCESS_ROLES: broker,controller",
			},
		},
		{
			name: "upper case", base: kraftStack,
			edits: []string{"KAFKA_PROCESS_ROLES: broker,controller", "KAFKA_PROCESS_ROLES: Broker, Controller"},
			want: []string{
				`9:7 kafka [process-roles] the roles are broker and controller, each once, not "Broker", "Controller": it does not start`,
				"fix: KAFKA_PROCESS_ROLES: broker,controller",
			},
		},
		{
			name: "nothing that is one", base: isolatedStack,
			edits: []string{"KAFKA_PROCESS_ROLES: broker", "KAFKA_PROCESS_ROLES: kraft"},
			want: []string{
				`18:7 kafka [process-roles] the roles are broker and controller, each once, not "kraft": it does not start`,
				"fix: KAFKA_PROCESS_ROLES: broker,controller",
			},
		},
		{
			name: "twice, before 4.0", base: kraftStack,
			edits: []string{"KAFKA_PROCESS_ROLES: broker,controller", "KAFKA_PROCESS_ROLES: broker,broker,controller", "apache/kafka:4.1.1", "apache/kafka:3.9.1"},
			want: []string{
				`9:7 kafka [process-roles] the roles are broker and controller, each once, not "broker": it does not start`,
				"fix: KAFKA_PROCESS_ROLES: broker,controller",
			},
		},
		{
			name: "a broker that listens for controllers", base: quorumStack,
			edits: []string{"KAFKA_NODE_ID: 2", "KAFKA_NODE_ID: 2\n      KAFKA_PROCESS_ROLES: broker"},
			want: []string{
				"27:7 kafka-2 [process-roles] kafka-2 is a broker alone, and it listens for controllers and is among the voters: it does not start",
				"fix: KAFKA_PROCESS_ROLES: broker,controller",
			},
		},
		{
			name: "a controller, and no broker", base: kraftStack,
			edits: []string{"KAFKA_PROCESS_ROLES: broker,controller", "KAFKA_PROCESS_ROLES: controller"},
			want: []string{
				"9:7 kafka [process-roles] kafka is a controller alone, and no broker is there: no client is served",
				"fix: KAFKA_PROCESS_ROLES: broker,controller",
			},
		},
		{name: "twice, since 4.0", base: kraftStack, edits: []string{"KAFKA_PROCESS_ROLES: broker,controller", "KAFKA_PROCESS_ROLES: broker,broker,controller"}},
		{name: "blanks", base: kraftStack, edits: []string{"KAFKA_PROCESS_ROLES: broker,controller", `KAFKA_PROCESS_ROLES: " broker , controller "`}},
		{name: "roles from the shell", base: kraftStack, edits: []string{"KAFKA_PROCESS_ROLES: broker,controller", "KAFKA_PROCESS_ROLES: ${ROLES}"}},
	})
}

func TestNodeIDs(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "none", base: kraftStack,
			edits: []string{"      KAFKA_NODE_ID: 1\n", ""},
			want: []string{
				"8:7 kafka [node-id] a node of KRaft does not start without an id",
				"fix: KAFKA_NODE_ID: 1",
			},
		},
		{
			name: "none, of a broker alone", base: isolatedStack,
			edits: []string{"      KAFKA_NODE_ID: 2\n", ""},
			want: []string{
				"17:7 kafka [node-id] a node of KRaft does not start without an id",
				"fix: KAFKA_NODE_ID: 2",
			},
		},
		{
			name: "no number", base: kraftStack,
			edits: []string{"KAFKA_NODE_ID: 1", "KAFKA_NODE_ID: kafka-1"},
			want: []string{
				`8:7 kafka [node-id] the id "kafka-1" is no number: it does not start`,
				"fix: KAFKA_NODE_ID: 1",
			},
		},
		{
			name: "below 0", base: kraftStack,
			edits: []string{"KAFKA_NODE_ID: 1", "KAFKA_NODE_ID: -1"},
			want: []string{
				"8:7 kafka [quorum-voters] kafka is a controller with the id -1, which is not in KAFKA_CONTROLLER_QUORUM_VOTERS: it does not start",
				"fix: KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka:9093,kafka:9093",
				"8:7 kafka [node-id] a node of KRaft does not start with the id -1",
				"fix: KAFKA_NODE_ID: 1",
			},
		},
		{
			name: "two that differ", base: kraftStack,
			edits: []string{"KAFKA_NODE_ID: 1", "KAFKA_NODE_ID: 1\n      KAFKA_BROKER_ID: 2"},
			want: []string{
				"9:7 kafka [node-id] KAFKA_NODE_ID is 1 and KAFKA_BROKER_ID 2: they mean the same, and it does not start",
				"fix: remove KAFKA_BROKER_ID",
			},
		},
	})
}

func TestSharedNodeIDs(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "two brokers with one id, KRaft", base: quorumStack,
			edits: []string{"KAFKA_NODE_ID: 2", "KAFKA_NODE_ID: 1"},
			want: []string{
				"26:7 kafka-2 [node-id] kafka-1 and kafka-2 both have the id 1: the second to start is refused",
				"fix: KAFKA_NODE_ID: 2",
			},
		},
		{
			name: "the first has the id of the second", base: quorumStack,
			edits: []string{"KAFKA_NODE_ID: 1", "KAFKA_NODE_ID: 2"},
			want: []string{
				"17:7 kafka-1 [node-id] kafka-2 and kafka-1 both have the id 2: the second to start is refused",
				"fix: KAFKA_NODE_ID: 1",
			},
		},
		{
			name: "two brokers with one id, ZooKeeper", base: clusterStack,
			edits: []string{"KAFKA_BROKER_ID: 3", "KAFKA_BROKER_ID: 2"},
			want: []string{
				"52:7 kafka-3 [node-id] kafka-2 and kafka-3 both have the id 2: the second to start is refused",
				"fix: KAFKA_BROKER_ID: 3",
			},
		},
		{
			name: "several containers", base: kraftStack,
			edits: []string{"    restart: unless-stopped\n\n  kafka-init", "    deploy: {replicas: 3}\n    restart: unless-stopped\n\n  kafka-init"},
			want: []string{
				"29:14 kafka [node-id] 3 containers of kafka share the id 1 (KAFKA_NODE_ID): all but one are refused",
				"fix: one service for each broker, with an id, a name and ports of its own",
			},
		},
		{
			name: "several containers by scale", base: zooStack,
			edits: []string{"    restart: unless-stopped\n\n  kafka-init", "    scale: 2\n    restart: unless-stopped\n\n  kafka-init"},
			want: []string{
				"46:5 kafka [node-id] 2 containers of kafka share the id 1 (KAFKA_BROKER_ID): all but one are refused",
				"fix: one service for each broker, with an id, a name and ports of its own",
			},
		},
	})
}

func TestNodeIDsSilent(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{name: "broker.id in KRaft", base: kraftStack, edits: []string{"KAFKA_NODE_ID: 1", "KAFKA_BROKER_ID: 1"}},
		{name: "both, the same", base: kraftStack, edits: []string{"KAFKA_NODE_ID: 1", "KAFKA_NODE_ID: 1\n      KAFKA_BROKER_ID: 1"}},
		{name: "none, with ZooKeeper", base: zooStack, edits: []string{"      KAFKA_BROKER_ID: 1\n", ""}},
		{name: "several containers without an id, with ZooKeeper", base: zooStack, edits: []string{"      KAFKA_BROKER_ID: 1\n", "", "    restart: unless-stopped\n\n  kafka-init", "    scale: 2\n    restart: unless-stopped\n\n  kafka-init"}},
		{name: "one container", base: kraftStack, edits: []string{"    restart: unless-stopped\n\n  kafka-init", "    deploy: {replicas: 1}\n    restart: unless-stopped\n\n  kafka-init"}},
		{name: "ids from the shell", base: quorumStack, edits: []string{"KAFKA_NODE_ID: 2", "KAFKA_NODE_ID: ${ID}"}},
		{name: "one id in two clusters", base: clusterStack, edits: []string{"      KAFKA_BROKER_ID: 3\n", "      KAFKA_BROKER_ID: 1\n      KAFKA_ZOOKEEPER_CONNECT: zookeeper:2181/other\n      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: 1\n      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: 1\n      KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: 1\n      KAFKA_DEFAULT_REPLICATION_FACTOR: 1\n      KAFKA_MIN_INSYNC_REPLICAS: 1\n", "      KAFKA_BROKER_ID: 2\n", "      KAFKA_BROKER_ID: 2\n      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: 2\n      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: 2\n      KAFKA_DEFAULT_REPLICATION_FACTOR: 2\n", "      KAFKA_BROKER_ID: 1\n      KAFKA_LISTENERS", "      KAFKA_BROKER_ID: 1\n      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: 2\n      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: 2\n      KAFKA_DEFAULT_REPLICATION_FACTOR: 2\n      KAFKA_LISTENERS"}},
		{name: "two that are never there together", base: clusterStack, edits: []string{"  kafka-2:\n    <<: *broker\n", "  kafka-2:\n    <<: *broker\n    profiles: [a]\n", "  kafka-3:\n    <<: *broker\n", "  kafka-3:\n    <<: *broker\n    profiles: [b]\n", "KAFKA_BROKER_ID: 3", "KAFKA_BROKER_ID: 2"}},
	})
}

func TestClusterIDs(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "no UUID, before 3.7", base: kraftStack,
			edits: []string{"apache/kafka:4.1.1", "confluentinc/cp-kafka:7.4.0", "MkU3OEVBNTcwNTJENDM2Qk", "my-cluster"},
			want: []string{
				`7:7 kafka [cluster-id] the cluster id "my-cluster" is no UUID in base64 (22 signs): the disk is not formatted, and it does not start`,
				"fix: CLUSTER_ID: the output of `kafka-storage random-uuid`, the same for every node",
			},
		},
		{
			name: "no UUID", base: kraftStack,
			edits: []string{"MkU3OEVBNTcwNTJENDM2Qk", "my-cluster"},
			want: []string{
				`7:7 kafka [cluster-id, advice] the cluster id "my-cluster" is no UUID in base64 (22 signs): Kafka asks for one, and its releases before 3.7 refuse this`,
				"fix: CLUSTER_ID: the output of `kafka-storage random-uuid`, the same for every node",
			},
		},
		{
			name: "too long", base: kraftStack,
			edits: []string{"MkU3OEVBNTcwNTJENDM2Qk", "9f1f4a0e-3f5c-4b1e-9f55-0d8f5f2a7a11"},
			want: []string{
				`7:7 kafka [cluster-id, advice] the cluster id "9f1f4a0e-3f5c-4b1e-9f55-0d8f5f2a7a11" is no UUID in base64 (22 signs): Kafka asks for one, and its releases before 3.7 refuse this`,
				"fix: CLUSTER_ID: the output of `kafka-storage random-uuid`, the same for every node",
			},
		},
		{
			name: "an option", base: kraftStack,
			edits: []string{"MkU3OEVBNTcwNTJENDM2Qk", "-f_5rGTAQYmTztSSUAVNuQ"},
			want: []string{
				"7:7 kafka [cluster-id, advice] the cluster id -f_5rGTAQYmTztSSUAVNuQ begins with -: `kafka-storage format -t` takes it for an option, and fails",
				"fix: CLUSTER_ID: the output of `kafka-storage random-uuid`, the same for every node",
			},
		},
		{
			name: "two in one cluster", base: isolatedStack,
			edits: []string{"CLUSTER_ID: MkU3OEVBNTcwNTJENDM2Qk\n      KAFKA_NODE_ID: 2", "CLUSTER_ID: 4L6g3nShT-eMCtK--X86sw\n      KAFKA_NODE_ID: 2"},
			want: []string{
				"16:7 kafka [cluster-id] kafka has the cluster id 4L6g3nShT-eMCtK--X86sw, and controller in the same cluster MkU3OEVBNTcwNTJENDM2Qk: they refuse each other",
				"fix: CLUSTER_ID: MkU3OEVBNTcwNTJENDM2Qk in both",
			},
		},
		{
			name: "one, and the default of the image", base: quorumStack,
			edits: []string{"KAFKA_NODE_ID: 2", "KAFKA_NODE_ID: 2\n      CLUSTER_ID: 4L6g3nShT-eMCtK--X86sw", "  CLUSTER_ID: MkU3OEVBNTcwNTJENDM2Qk\n", ""},
			want: []string{
				"26:7 kafka-2 [cluster-id] kafka-2 has the cluster id 4L6g3nShT-eMCtK--X86sw, and kafka-1 in the same cluster 5L6g3nShT-eMCtK--X86sw: they refuse each other",
				"fix: CLUSTER_ID: 5L6g3nShT-eMCtK--X86sw in both",
			},
		},
	})
}

func TestClusterIDsSilent(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{name: "with padding", base: kraftStack, edits: []string{"MkU3OEVBNTcwNTJENDM2Qk", "MkU3OEVBNTcwNTJENDM2Qg=="}},
		{name: "dashes inside", base: kraftStack, edits: []string{"MkU3OEVBNTcwNTJENDM2Qk", "4L6g3nShT-eMCtK--X86sw"}},
		{name: "from the shell", base: kraftStack, edits: []string{"MkU3OEVBNTcwNTJENDM2Qk", "${ID}"}},
		{name: "two clusters", base: kraftStack, edits: []string{"  kafka-init:", "  other:\n    image: apache/kafka:4.1.1\n    environment: {CLUSTER_ID: 4L6g3nShT-eMCtK--X86sw, KAFKA_NODE_ID: 1, KAFKA_PROCESS_ROLES: \"broker,controller\", KAFKA_CONTROLLER_LISTENER_NAMES: CONTROLLER, KAFKA_CONTROLLER_QUORUM_VOTERS: \"1@other:9093\", KAFKA_LISTENERS: \"PLAINTEXT://:9092,CONTROLLER://:9093\", KAFKA_ADVERTISED_LISTENERS: \"PLAINTEXT://other:9092\", KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: 1, KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: 1, KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: 1, KAFKA_AUTO_CREATE_TOPICS_ENABLE: \"false\"}\n\n  kafka-init:"}},
	})
}
