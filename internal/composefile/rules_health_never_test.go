package composefile

import "testing"

func TestHopelessProbes(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "a port that nobody binds", base: kraftStack,
			edits: []string{`["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9092"]`, `["CMD-SHELL", "nc -z localhost 9094"]`},
			want: []string{
				"28:7 kafka [health-never] the check can never succeed: nothing listens on 9094 in kafka",
				`fix: test: ["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9092"]`,
			},
		},
		{
			name: "by /dev/tcp", base: kraftStack,
			edits: []string{`["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9092"]`, `["CMD", "bash", "-c", "exec 3<>/dev/tcp/kafka/9095"]`},
			want: []string{
				"28:7 kafka [health-never] the check can never succeed: nothing listens on 9095 in kafka",
				`fix: test: ["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9092"]`,
			},
		},
		{
			name: "by a tool", base: kraftStack,
			edits: []string{`["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9092"]`, `["CMD-SHELL", "/opt/kafka/bin/kafka-topics.sh --bootstrap-server localhost:9095 --list"]`},
			want: []string{
				"28:7 kafka [health-never] the check can never succeed: nothing listens on 9095 in kafka",
				`fix: test: ["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9092"]`,
			},
		},
		{
			name: "localhost, where the listener binds a name", base: kraftStack,
			edits: []string{`["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9092"]`, `["CMD-SHELL", "nc -z localhost 9092"]`, "LISTENERS: PLAINTEXT://:9092", "LISTENERS: PLAINTEXT://kafka:9092"},
			want: []string{
				"28:7 kafka [health-never] the check can never succeed: PLAINTEXT binds kafka, not localhost",
				`fix: test: ["CMD", "bash", "-c", "exec 3<>/dev/tcp/kafka/9092"]`,
			},
		},
		{
			name: "a tool at the controllers' port", base: kraftStack,
			edits: []string{`["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9092"]`, `["CMD-SHELL", "/opt/kafka/bin/kafka-topics.sh --bootstrap-server localhost:9093 --list"]`},
			want: []string{
				"28:7 kafka [health-never] the check can never succeed: 9093 is the controllers' port, and kafka-topics asks brokers",
				`fix: test: ["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9092"]`,
			},
		},
		{
			name: "a tool that is sent on to a port of the machine", base: kraftStack,
			edits: []string{`["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9092"]`, `["CMD-SHELL", "/opt/kafka/bin/kafka-topics.sh --bootstrap-server localhost:29092 --list"]`, "PLAINTEXT_HOST://localhost:29092", "PLAINTEXT_HOST://localhost:39092", "127.0.0.1:29092:29092", "127.0.0.1:39092:29092"},
			want: []string{
				"28:7 kafka [health-never] the check can never succeed: kafka-topics is sent on to localhost:39092, where nothing listens inside the container",
				`fix: test: ["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9092"]`,
			},
		},
	})
}

func TestUnrunnableProbes(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "CMD with a script", base: kraftStack,
			edits: []string{`["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9092"]`, `["CMD", "nc -z localhost 9092 || exit 1"]`},
			want: []string{
				`28:7 kafka [health-never] the check can never succeed: CMD takes "nc -z localhost 9092 || exit 1" for the name of a program`,
				`fix: test: ["CMD-SHELL", "nc -z localhost 9092 || exit 1"]`,
			},
		},
		{
			name: "CMD with the signs of a shell", base: kraftStack,
			edits: []string{`["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9092"]`, `["CMD", "nc", "-z", "localhost", "9092", "||", "exit", "1"]`},
			want: []string{
				"28:7 kafka [health-never] the check can never succeed: CMD starts no shell, and nc takes the signs of one for arguments",
				`fix: test: ["CMD-SHELL", "nc -z localhost 9092 || exit 1"]`,
			},
		},
		{
			name: "HTTP to a listener", base: kraftStack,
			edits: []string{`["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9092"]`, `["CMD", "curl", "-f", "http://localhost:9092"]`},
			want: []string{
				"28:7 kafka [health-never] the check can never succeed: 9092 is the listener PLAINTEXT, which speaks no HTTP",
				`fix: test: ["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9092"]`,
			},
		},
		{
			name: "CMD in a text", base: kraftStack,
			edits: []string{`["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9092"]`, "CMD nc -z localhost 9092"},
			want: []string{
				"28:7 kafka [health-never] the check can never succeed: a text is for the shell, which has no command CMD",
				`fix: test: ["CMD-SHELL", "nc -z localhost 9092"]`,
			},
		},
		{
			name: "CMD-SHELL in a text", base: kraftStack,
			edits: []string{`["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9092"]`, "CMD-SHELL nc -z localhost 9092"},
			want: []string{
				"28:7 kafka [health-never] the check can never succeed: a text is for the shell, which has no command CMD-SHELL",
				`fix: test: ["CMD-SHELL", "nc -z localhost 9092"]`,
			},
		},
	})
}

func TestHopelessTools(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "a tool of another image", base: kraftStack,
			edits: []string{`["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9092"]`, `["CMD", "/opt/bitnami/kafka/bin/kafka-topics.sh", "--list", "--bootstrap-server", "localhost:9092"]`},
			want: []string{
				"28:7 kafka [health-never] the check can never succeed: apache/kafka:4.1.1 has no /opt/bitnami/kafka/bin/kafka-topics.sh",
				`fix: test: ["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9092"]`,
			},
		},
		{
			name: ".sh in Confluent's image", base: zooStack,
			edits: []string{`["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9092"]`, "kafka-topics.sh --bootstrap-server localhost:9092 --list"},
			want: []string{
				"42:7 kafka [health-never] the check can never succeed: confluentinc/cp-kafka:7.9.2 has no kafka-topics.sh",
				`fix: test: ["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9092"]`,
			},
		},
		{
			name: "a tool in the native image", base: kraftStack,
			edits: []string{"apache/kafka:", "apache/kafka-native:", `["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9092"]`, `["CMD", "/opt/kafka/bin/kafka-topics.sh", "--list", "--bootstrap-server", "localhost:9092"]`},
			want: []string{
				"28:7 kafka [health-never] the check can never succeed: apache/kafka-native:4.1.1 has no /opt/kafka/bin/kafka-topics.sh",
				`fix: test: ["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9092"]`,
			},
		},
		{
			name: "cub, which is gone", base: kraftStack,
			edits: []string{"apache/kafka:4.1.1", "confluentinc/cp-kafka:8.1.0", `["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9092"]`, "cub kafka-ready -b localhost:9092 1 20"},
			want: []string{
				"28:7 kafka [health-never] the check can never succeed: confluentinc/cp-kafka:8.1.0 has no cub",
				`fix: test: ["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9092"]`,
			},
		},
		{
			name: "a tool without an address", base: kraftStack,
			edits: []string{`["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9092"]`, `["CMD", "/opt/kafka/bin/kafka-broker-api-versions.sh"]`},
			want: []string{
				"28:7 kafka [health-never] the check can never succeed: kafka-broker-api-versions is given no --bootstrap-server",
				`fix: test: ["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9092"]`,
			},
		},
		{
			name: "a tool that opens the JMX port", base: kraftStack,
			edits: []string{`["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9092"]`, `["CMD", "/opt/kafka/bin/kafka-topics.sh", "--list", "--bootstrap-server", "localhost:9092"]`, "KAFKA_NODE_ID: 1", "KAFKA_NODE_ID: 1\n      JMX_PORT: 9999"},
			want: []string{
				"29:7 kafka [health-never] the check can never succeed: kafka-topics opens the JMX port too, which the broker holds",
				`fix: test: ["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9092"]`,
			},
		},
		{
			name: "a tool with the broker's JMX options", base: zooStack,
			edits: []string{`["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9092"]`, "kafka-topics --bootstrap-server localhost:9092 --list", "KAFKA_BROKER_ID: 1", "KAFKA_BROKER_ID: 1\n      KAFKA_JMX_OPTS: -Dcom.sun.management.jmxremote.port=9999 -Dcom.sun.management.jmxremote.rmi.port=9999"},
			want: []string{
				"43:7 kafka [health-never] the check can never succeed: kafka-topics opens the JMX port too, which the broker holds",
				`fix: test: ["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9092"]`,
			},
		},
		{
			name: "Schema Registry at another port", base: kraftStack,
			edits: []string{"  kafka-init:", "  registry:\n    image: confluentinc/cp-schema-registry:8.0.0\n    environment: {SCHEMA_REGISTRY_KAFKASTORE_BOOTSTRAP_SERVERS: \"kafka:9092\"}\n    healthcheck: {test: curl -f http://localhost:8085/subjects}\n\n  kafka-init:"},
			want: []string{
				"34:19 registry [health-never] the check can never succeed: nothing listens on 8085 in registry",
				"fix: 8081 in place of 8085",
			},
		},
		{
			name: "ZooKeeper at another port", base: zooStack,
			edits: []string{`["CMD-SHELL", "echo srvr | nc -w 2 localhost 2181 | grep -q ^Mode"]`, `["CMD-SHELL", "echo srvr | nc -w 2 localhost 2182 | grep -q ^Mode"]`},
			want: []string{
				"15:7 zookeeper [health-never] the check can never succeed: nothing listens on 2182 in zookeeper",
				`fix: test: ["CMD-SHELL", "echo srvr | nc -w 2 localhost 2181 | grep -q ^Mode"]`,
			},
		},
	})
}

func TestHopelessProbesSilent(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{name: "any of its names, any of its listeners", base: kraftStack, edits: []string{`["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9092"]`, `["CMD-SHELL", "nc -z kafka 9092 && nc -z localhost 29092 && nc -z 127.0.0.1 9093"]`}},
		{name: "a port of an agent", base: kraftStack, edits: []string{`["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9092"]`, `["CMD-SHELL", "nc -z localhost 9404"]`, "KAFKA_NODE_ID: 1", "KAFKA_NODE_ID: 1\n      KAFKA_OPTS: -javaagent:/jmx.jar=9404:/jmx.yaml"}},
		{name: "Schema Registry at its port, and at one that it is given", base: kraftStack, edits: []string{"  kafka-init:", "  registry:\n    image: confluentinc/cp-schema-registry:8.0.0\n    environment: {SCHEMA_REGISTRY_KAFKASTORE_BOOTSTRAP_SERVERS: \"kafka:9092\"}\n    healthcheck: {test: curl -f http://localhost:8081/subjects}\n  registry-2:\n    image: confluentinc/cp-schema-registry:8.0.0\n    environment: {SCHEMA_REGISTRY_KAFKASTORE_BOOTSTRAP_SERVERS: \"kafka:9092\", SCHEMA_REGISTRY_LISTENERS: \"http://0.0.0.0:8085\"}\n    healthcheck: {test: curl -f http://localhost:8085/subjects}\n\n  kafka-init:"}},
		{name: "another container", base: kraftStack, edits: []string{`["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9092"]`, `["CMD-SHELL", "nc -z kafka-ui 8080"]`}},
		{name: "listeners that are not known", base: kraftStack, edits: []string{`["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9092"]`, `["CMD-SHELL", "nc -z localhost 9094"]`, "KAFKA_LISTENERS: PLAINTEXT://:9092,PLAINTEXT_HOST://:29092,CONTROLLER://:9093", "KAFKA_LISTENERS: ${LISTENERS}"}},
		{name: "CMD with one program", base: kraftStack, edits: []string{`["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9092"]`, `["CMD", "/probe.sh"]`}},
		{name: "the AdminServer of ZooKeeper", base: zooStack, edits: []string{`["CMD-SHELL", "echo srvr | nc -w 2 localhost 2181 | grep -q ^Mode"]`, `["CMD-SHELL", "nc -z localhost 8080"]`}},
		{name: "a port beside a JMX port", base: kraftStack, edits: []string{"KAFKA_NODE_ID: 1", "KAFKA_NODE_ID: 1\n      JMX_PORT: 9999"}},
		{name: "a tool that is brought along", base: kraftStack, edits: []string{`["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9092"]`, `["CMD", "/tools/kafka-probe.sh"]`, "    volumes:\n", "    volumes:\n      - ./tools:/tools\n"}},
		{name: "a host that is called like a tool", base: kraftStack, edits: []string{`["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9092"]`, "nc -z kafka-cluster 9092"}},
	})
}

func TestMissingTools(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: ".sh in Confluent's image", base: zooStack,
			edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply]\n", "    image: confluentinc/cp-kafka:7.9.2\n    command: kafka-topics.sh --create --topic a\n"},
			want: []string{
				"50:5 kafka-init [tool-missing] confluentinc/cp-kafka:7.9.2 has no kafka-topics.sh: the command fails",
				"fix: kafka-topics, without a directory and without .sh, and so for each tool",
			},
		},
		{
			name: "no directory in Apache's image", base: kraftStack,
			edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: apache/kafka:4.1.1\n    command: kafka-topics.sh --bootstrap-server kafka:9092 --create --topic a\n"},
			want: []string{
				"33:5 kafka-init [tool-missing] apache/kafka:4.1.1 has no kafka-topics.sh: the command fails",
				"fix: /opt/kafka/bin/kafka-topics.sh, and so for each tool",
			},
		},
		{
			name: "a script that waits with a timeout", base: kraftStack,
			edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: confluentinc/cp-kafka:8.1.0\n    command: [sh, -ec, \"timeout 20 cub kafka-ready -b kafka:9092 1 20; kafka-topics --bootstrap-server kafka:9092 --create --topic a\"]\n"},
			want: []string{
				"33:24 kafka-init [tool-missing] confluentinc/cp-kafka:8.1.0 has no cub: the command fails",
				"fix: kafkactl wait, or a service that waits for service_healthy",
			},
		},
		{name: "the tools of Confluent's image", base: kraftStack, edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: confluentinc/cp-kafka:8.1.0\n    command: [sh, -ec, \"kafka-topics --bootstrap-server kafka:9092 --create --topic a; /usr/bin/kafka-configs --bootstrap-server kafka:9092 --list\"]\n"}},
		{name: "the directory as its working directory", base: kraftStack, edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: apache/kafka:4.1.1\n    command: ./kafka-topics.sh --bootstrap-server kafka:9092 --create --topic a\n    working_dir: /opt/kafka/bin\n"}},
		{name: "an image that is not known", base: kraftStack, edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: example/kafka:1\n    command: kafka-topics --bootstrap-server kafka:9092 --create --topic a\n"}},
	})
}
