package composefile

import "testing"

func TestProbes(t *testing.T) {
	t.Parallel()
	const srvr = "echo srvr | nc -w 2 localhost 2181 | grep -q ^Mode"
	const tcp = `["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9092"]`
	runFaults(t, []fault{
		{
			name: "a JVM for the broker", base: zooStack,
			edits: []string{tcp, `kafka-broker-api-versions --bootstrap-server localhost:9092 || exit 1`},
			want: []string{
				"42:7 kafka [health-jvm, advice] kafka-broker-api-versions starts a JVM for every probe: a second of CPU each time, with the memory settings of the service itself",
				`fix: test: ["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9092"]`,
			},
		},
		{
			name: "a JVM by its path, with the JMX port of the broker alone", base: kraftStack,
			edits: []string{
				tcp, `["CMD", "/opt/kafka/bin/kafka-topics.sh", "--bootstrap-server", "localhost:9092", "--list"]`,
				"KAFKA_NODE_ID: 1", "KAFKA_NODE_ID: 1\n      KAFKA_JMX_PORT: 9999",
			},
			want: []string{
				"29:7 kafka [health-jvm, advice] kafka-topics starts a JVM for every probe: a second of CPU each time, with the memory settings of the service itself",
				`fix: test: ["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9092"]`,
			},
		},
		{
			name: "a JVM, without the JMX port", base: zooStack,
			edits: []string{tcp, `unset JMX_PORT && kafka-topics --bootstrap-server localhost:9092 --list`, "KAFKA_BROKER_ID: 1", "KAFKA_BROKER_ID: 1\n      JMX_PORT: 9999"},
			want: []string{
				"43:7 kafka [health-jvm, advice] kafka-topics starts a JVM for every probe: a second of CPU each time, with the memory settings of the service itself",
				`fix: test: ["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9092"]`,
			},
		},
		{
			name: "a JVM, a listener on one address", base: kraftStack,
			edits: []string{tcp, `/opt/kafka/bin/kafka-topics.sh --list --bootstrap-server kafka:9092`, "PLAINTEXT://:9092,PLAINTEXT_HOST://:29092,CONTROLLER://:9093", "CONTROLLER://:9093,PLAINTEXT://kafka:9092,PLAINTEXT_HOST://:29092"},
			want: []string{
				"28:7 kafka [health-jvm, advice] kafka-topics starts a JVM for every probe: a second of CPU each time, with the memory settings of the service itself",
				`fix: test: ["CMD", "bash", "-c", "exec 3<>/dev/tcp/kafka/9092"]`,
			},
		},
		{
			name: "a JVM for ZooKeeper", base: zooStack, edits: []string{srvr, "cub zk-ready localhost:2181 5"},
			want: []string{
				"15:7 zookeeper [health-jvm, advice] cub starts a JVM for every probe: a second of CPU each time, with the memory settings of the service itself",
				`fix: test: ["CMD-SHELL", "echo srvr | nc -w 2 localhost 2181 | grep -q ^Mode"]`,
			},
		},
	})
}

func TestRuokProbes(t *testing.T) {
	t.Parallel()
	const srvr = "echo srvr | nc -w 2 localhost 2181 | grep -q ^Mode"
	runFaults(t, []fault{
		{
			name: "ruok of the official image, another port", base: zooStack,
			edits: []string{srvr, "echo ruok | nc localhost 2181", "confluentinc/cp-zookeeper:7.9.2", "zookeeper:3.9"},
			want: []string{
				"40:9 kafka [volume-unpaired] the broker's data is kept and that of zookeeper is not: after a `down` the broker stops with InconsistentClusterIdException",
				"fix: volumes of zookeeper: - zookeeper-data:/data, - zookeeper-datalog:/datalog",
				"15:7 zookeeper [health-ruok, advice] ruok is not on ZooKeeper's default whitelist (only srvr is), so that the answer says nothing; allowed, imok is said without a quorum too",
				`fix: test: ["CMD-SHELL", "echo srvr | nc -w 2 localhost 2181 | grep -q ^Mode"]`,
			},
		},
		{
			name: "ruok that looks for imok", base: zooStack,
			edits: []string{srvr, "echo ruok | nc localhost 2181 | grep imok"},
			want: []string{
				"15:7 zookeeper [health-ruok] ruok is not on ZooKeeper's default whitelist (only srvr is), so that the answer is never imok: the check can never succeed",
				`fix: test: ["CMD-SHELL", "echo srvr | nc -w 2 localhost 2181 | grep -q ^Mode"]`,
			},
		},
		{
			name: "ruok on another port", base: zooStack,
			edits: []string{srvr, "echo ruok | nc localhost 2182", "ZOOKEEPER_CLIENT_PORT: 2181", "ZOOKEEPER_CLIENT_PORT: 2182", "CONNECT: zookeeper:2181", "CONNECT: zookeeper:2182"},
			want: []string{
				"15:7 zookeeper [health-ruok, advice] ruok is not on ZooKeeper's default whitelist (only srvr is), so that the answer says nothing; allowed, imok is said without a quorum too",
				`fix: test: ["CMD-SHELL", "echo srvr | nc -w 2 localhost 2182 | grep -q ^Mode"]`,
			},
		},
		{
			name: "ruok", base: zooStack, edits: []string{srvr, "echo ruok | nc localhost 2181"},
			want: []string{
				"15:7 zookeeper [health-ruok, advice] ruok is not on ZooKeeper's default whitelist (only srvr is), so that the answer says nothing; allowed, imok is said without a quorum too",
				`fix: test: ["CMD-SHELL", "echo srvr | nc -w 2 localhost 2181 | grep -q ^Mode"]`,
			},
		},
	})
}

func TestMissingProbes(t *testing.T) {
	t.Parallel()
	const srvr = "echo srvr | nc -w 2 localhost 2181 | grep -q ^Mode"
	const tcp = `["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9092"]`
	const zooCheck = "    healthcheck:\n      test: [\"CMD-SHELL\", \"" + srvr + "\"]\n      interval: 15s\n      start_period: 30s\n      start_interval: 1s\n"
	runFaults(t, []fault{
		{
			name: "healthy without a check", base: zooStack, edits: []string{zooCheck, ""},
			want: []string{
				"19:7 kafka [health-missing] kafka waits until zookeeper is healthy, which has no health check: `up` fails",
				`fix: in zookeeper: healthcheck: {test: ["CMD-SHELL", "echo srvr | nc -w 2 localhost 2181 | grep -q ^Mode"]}`,
			},
		},
		{
			name: "healthy with the check off", base: zooStack,
			edits: []string{zooCheck, "    healthcheck: {disable: true}\n"},
			want: []string{
				"20:7 kafka [health-missing] kafka waits until zookeeper is healthy, which has no health check: `up` fails",
				`fix: in zookeeper: healthcheck: {test: ["CMD-SHELL", "echo srvr | nc -w 2 localhost 2181 | grep -q ^Mode"]}`,
			},
		},
		{
			name: "a broker healthy without a check", base: kraftStack,
			edits: []string{"    healthcheck:\n      test: " + tcp + "\n", "", "depends_on: [kafka]", "depends_on: {kafka: {condition: service_healthy}}"},
			want: []string{
				"33:18 kafka-init [health-missing] kafka-init waits until kafka is healthy, which has no health check: `up` fails",
				`fix: in kafka: healthcheck: {test: ["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9092"]}`,
			},
		},
	})
}

func TestProbesSilent(t *testing.T) {
	t.Parallel()
	const srvr = "echo srvr | nc -w 2 localhost 2181 | grep -q ^Mode"
	const tcp = `["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9092"]`
	const zooCheck = "    healthcheck:\n      test: [\"CMD-SHELL\", \"" + srvr + "\"]\n      interval: 15s\n      start_period: 30s\n      start_interval: 1s\n"
	runFaults(t, []fault{
		{name: "ruok on the whitelist", base: zooStack, edits: []string{
			srvr, "echo ruok | nc localhost 2181", "ZOOKEEPER_TICK_TIME: 2000", "KAFKA_OPTS: -Dzookeeper.4lw.commands.whitelist=ruok",
		}},
		{name: "imok where ruok is on the whitelist", base: zooStack, edits: []string{
			srvr, "echo ruok | nc localhost 2181 | grep imok", "ZOOKEEPER_TICK_TIME: 2000", "KAFKA_OPTS: -Dzookeeper.4lw.commands.whitelist=*",
		}},
		{name: "a host that is called like a tool", base: zooStack, edits: []string{tcp, `nc -z kafka-broker 9092`}},
		{name: "a check of kafkactl", base: zooStack, edits: []string{tcp, `["CMD", "/kafkactl", "health", "--probe", "-b", "localhost:9092"]`}},
		{name: "healthy by the image's own check", base: zooStack, edits: []string{zooCheck, "", "confluentinc/cp-zookeeper:7.9.2", "example/zookeeper:1"}},
	})
}
