package composefile

import "testing"

func TestZooKeeper(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "a tag that never was", base: zooStack,
			edits: []string{"cp-zookeeper:7.9.2", "cp-zookeeper:8.0.0"},
			want: []string{
				"5:5 zookeeper [zookeeper-tag] confluentinc/cp-zookeeper:8.0.0 does not exist: Confluent Platform 8 has no ZooKeeper",
				"fix: image: confluentinc/cp-zookeeper:7.9.2 and the same tag for cp-kafka; or KRaft: no ZooKeeper, KAFKA_PROCESS_ROLES on the brokers",
			},
		},
		{
			name: "a broker without ZooKeeper mode", base: zooStack,
			edits: []string{"confluentinc/cp-kafka:7.9.2", "confluentinc/cp-kafka:8.0.0"},
			want: []string{
				"27:7 kafka [zookeeper-gone] confluentinc/cp-kafka:8.0.0 has no ZooKeeper mode: only KRaft is left",
				"fix: image: confluentinc/cp-kafka:7.9.2, or KAFKA_PROCESS_ROLES: broker,controller in its place, with KAFKA_NODE_ID, KAFKA_CONTROLLER_QUORUM_VOTERS and KAFKA_CONTROLLER_LISTENER_NAMES",
			},
		},
		{
			name: "latest has none either", base: zooStack,
			edits: []string{"confluentinc/cp-kafka:7.9.2", "apache/kafka"},
			want: []string{
				"27:7 kafka [zookeeper-gone] apache/kafka is Kafka 4 or later, which has no ZooKeeper mode: only KRaft is left",
				"fix: KAFKA_PROCESS_ROLES: broker,controller in its place, with KAFKA_NODE_ID, KAFKA_CONTROLLER_QUORUM_VOTERS and KAFKA_CONTROLLER_LISTENER_NAMES",
				"40:9 kafka [volume-unused] the broker does not write to /var/lib/kafka/data but to /tmp/kafka-logs: nothing is kept",
				"fix: KAFKA_LOG_DIRS: /var/lib/kafka/data",
			},
		},
		{
			name: "a leftover in KRaft", base: kraftStack,
			edits: []string{"KAFKA_NODE_ID: 1", "KAFKA_NODE_ID: 1\n      KAFKA_ZOOKEEPER_CONNECT: zookeeper:2181"},
			want: []string{
				"9:7 kafka [zookeeper-gone, advice] apache/kafka:4.1.1 has no ZooKeeper mode: only KRaft is left",
				"fix: remove KAFKA_ZOOKEEPER_CONNECT",
			},
		},
	})
}

func TestZooKeeperAddresses(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "no such service", base: zooStack,
			edits: []string{"KAFKA_ZOOKEEPER_CONNECT: zookeeper:2181", "KAFKA_ZOOKEEPER_CONNECT: zookeper:2181/kafka"},
			want: []string{
				"27:7 kafka [zookeeper-connect] no container is called zookeper: the broker gives up after 40 s",
				"fix: KAFKA_ZOOKEEPER_CONNECT: zookeeper:2181",
			},
		},
		{
			name: "another port", base: zooStack,
			edits: []string{"KAFKA_ZOOKEEPER_CONNECT: zookeeper:2181", "KAFKA_ZOOKEEPER_CONNECT: zookeeper:32181"},
			want: []string{
				"27:7 kafka [zookeeper-connect] zookeeper listens on 2181, not on 32181: the broker gives up after 40 s",
				"fix: KAFKA_ZOOKEEPER_CONNECT: zookeeper:2181",
			},
		},
		{
			name: "localhost", base: zooStack,
			edits: []string{"KAFKA_ZOOKEEPER_CONNECT: zookeeper:2181", "KAFKA_ZOOKEEPER_CONNECT: localhost:2181"},
			want: []string{
				"27:7 kafka [zookeeper-connect] inside the container localhost:2181 is the broker itself, not ZooKeeper",
				"fix: KAFKA_ZOOKEEPER_CONNECT: zookeeper:2181",
			},
		},
		{
			name: "another port of the official image", base: zooStack,
			edits: []string{
				"confluentinc/cp-zookeeper:7.9.2", "zookeeper:3.9", "      - zookeeper-data:/var/lib/zookeeper/data\n      - zookeeper-log:/var/lib/zookeeper/log\n", "",
				"    volumes:\n    healthcheck", "    healthcheck", "    volumes:\n      - kafka-data:/var/lib/kafka/data\n", "",
				"KAFKA_ZOOKEEPER_CONNECT: zookeeper:2181", "KAFKA_ZOOKEEPER_CONNECT: zookeeper:2182",
			},
			want: []string{
				"24:7 kafka [zookeeper-connect] zookeeper listens on 2181, not on 2182: the broker gives up after 40 s",
				"fix: KAFKA_ZOOKEEPER_CONNECT: zookeeper:2181",
			},
		},
		{
			name: "a whitelist that nobody reads", base: zooStack,
			edits: []string{"ZOOKEEPER_TICK_TIME: 2000", "ZOOKEEPER_4LW_COMMANDS_WHITELIST: ruok,mntr"},
			want: []string{
				"8:7 zookeeper [zookeeper-whitelist, advice] cp-zookeeper ignores ZOOKEEPER_4LW_COMMANDS_WHITELIST",
				"fix: KAFKA_OPTS: -Dzookeeper.4lw.commands.whitelist=ruok,mntr, or none: srvr needs no whitelist",
			},
		},
	})
}

func TestZooKeeperSessions(t *testing.T) {
	t.Parallel()
	const timeout = "      KAFKA_ZOOKEEPER_SESSION_TIMEOUT_MS: \"6000\"\n"
	const restart = "      start_interval: 1s\n    restart: unless-stopped\n\n  kafka-init"
	runFaults(t, []fault{
		{
			name: "a long session by default", base: zooStack, edits: []string{timeout, ""},
			want: []string{
				"25:5 kafka [zookeeper-session, advice] a broker that was killed and starts again at once finds its own registration in ZooKeeper (for 18 s) and exits",
				`fix: KAFKA_ZOOKEEPER_SESSION_TIMEOUT_MS: "6000"`,
			},
		},
		{
			name: "a long session asked for", base: zooStack, edits: []string{`TIMEOUT_MS: "6000"`, `TIMEOUT_MS: "30000"`},
			want: []string{
				"28:7 kafka [zookeeper-session, advice] a broker that was killed and starts again at once finds its own registration in ZooKeeper (for 30000 ms) and exits",
				`fix: KAFKA_ZOOKEEPER_SESSION_TIMEOUT_MS: "6000"`,
			},
		},
		{
			name: "no restart", base: zooStack, edits: []string{restart, "      start_interval: 1s\n\n  kafka-init"},
			want: []string{
				"28:7 kafka [zookeeper-session, advice] a broker that was killed and starts again at once finds its own registration in ZooKeeper (for 6000 ms) and exits; nothing starts it again",
				"fix: restart: unless-stopped",
			},
		},
	})
}

func TestZooKeeperSilent(t *testing.T) {
	t.Parallel()
	const timeout = "      KAFKA_ZOOKEEPER_SESSION_TIMEOUT_MS: \"6000\"\n"
	const restart = "      start_interval: 1s\n    restart: unless-stopped\n\n  kafka-init"
	runFaults(t, []fault{
		{name: "another image's tags", base: zooStack, edits: []string{"confluentinc/cp-zookeeper:7.9.2", "example/zookeeper:8.0.0"}},
		{name: "ZooKeeper's image as a box of tools", base: zooStack, edits: []string{
			"\nvolumes:\n  zoo", "  tools:\n    image: confluentinc/cp-zookeeper:7.9.2\n    command: sleep infinity\n    ports: [\"2182:2181\"]\n\nvolumes:\n  zoo",
		}},
		{name: "localhost in ZooKeeper's network", base: zooStack, edits: []string{
			"KAFKA_ZOOKEEPER_CONNECT: zookeeper:2181", "KAFKA_ZOOKEEPER_CONNECT: localhost:2181", "\nvolumes:\n  zoo",
			"  sidecar:\n    image: zookeeper-proxy\n    network_mode: service:kafka\n\nvolumes:\n  zoo",
		}},
		{name: "restart in deploy", base: zooStack, edits: []string{
			restart, "      start_interval: 1s\n    deploy: {restart_policy: {condition: any}}\n\n  kafka-init",
		}},
		{name: "the session of an old release", base: zooStack, edits: []string{timeout, "", "cp-kafka:7.9.2", "cp-kafka:5.4.0"}},
		{name: "a session from the shell", base: zooStack, edits: []string{`TIMEOUT_MS: "6000"`, `TIMEOUT_MS: ${TIMEOUT}`}},
		{name: "ZooKeeper elsewhere", base: zooStack, edits: []string{
			"KAFKA_ZOOKEEPER_CONNECT: zookeeper:2181", "KAFKA_ZOOKEEPER_CONNECT: zk.example.com:2181",
		}},
		{name: "a whitelist that is read", base: zooStack, edits: []string{
			"ZOOKEEPER_TICK_TIME: 2000", "KAFKA_OPTS: -Dzookeeper.4lw.commands.whitelist=ruok,mntr",
		}},
		{name: "a registry before the image", base: zooStack, edits: []string{"confluentinc/cp-kafka", "registry.example.com:5000/confluentinc/cp-kafka"}},
	})
}

func TestZooKeeperPaths(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "a path after each host", base: zooStack,
			edits: []string{"KAFKA_ZOOKEEPER_CONNECT: zookeeper:2181", "KAFKA_ZOOKEEPER_CONNECT: zookeeper:2181/kafka,zk.example.com:2181/kafka"},
			want: []string{
				"27:7 kafka [zookeeper-connect] what follows the first / is one path for all hosts: the broker asks the first host alone, and under /kafka,zk.example.com:2181/kafka",
				"fix: KAFKA_ZOOKEEPER_CONNECT: zookeeper:2181,zk.example.com:2181/kafka",
			},
		},
		{
			name: "a path after the first host", base: zooStack,
			edits: []string{"KAFKA_ZOOKEEPER_CONNECT: zookeeper:2181", "KAFKA_ZOOKEEPER_CONNECT: zookeeper:2181/kafka,zookeeper:2181"},
			want: []string{
				"27:7 kafka [zookeeper-connect] what follows the first / is one path for all hosts: the broker asks the first host alone, and under /kafka,zookeeper:2181",
				"fix: KAFKA_ZOOKEEPER_CONNECT: zookeeper:2181,zookeeper:2181/kafka",
			},
		},
		{name: "one path", base: zooStack, edits: []string{"KAFKA_ZOOKEEPER_CONNECT: zookeeper:2181", "KAFKA_ZOOKEEPER_CONNECT: zookeeper:2181,zookeeper:2181/kafka/a"}},
	})
}
