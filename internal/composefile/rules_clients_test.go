package composefile

import "testing"

func TestClients(t *testing.T) {
	t.Parallel()
	const ui = "KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS: kafka:9092"
	runFaults(t, []fault{
		{
			name: "the UI at localhost", base: zooStack, edits: []string{ui, "KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS: localhost:29092"},
			want: []string{
				"67:7 kafka-ui [client-address] inside the container localhost:29092 is kafka-ui itself, not Kafka",
				"fix: kafka:9092 in place of localhost:29092",
			},
		},
		{
			name: "the listener for the machine", base: zooStack, edits: []string{ui, "KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS: kafka:29092"},
			want: []string{
				"67:7 kafka-ui [client-address] kafka answers on 29092 with localhost:29092, which inside the container is kafka-ui itself",
				"fix: kafka:9092 in place of kafka:29092",
			},
		},
		{
			name: "the UI at nobody's name", base: zooStack, edits: []string{ui, "KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS: kafak:9092"},
			want: []string{
				"67:7 kafka-ui [client-address] no container is called kafak",
				"fix: kafka:9092 in place of kafak:9092",
			},
		},
		{
			name: "the UI at a port that is not bound", base: zooStack, edits: []string{ui, "KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS: kafka:9094"},
			want: []string{
				"67:7 kafka-ui [client-address] kafka does not listen on 9094",
				"fix: kafka:9092 in place of kafka:9094",
			},
		},
		{
			name: "the controllers' port", base: kraftStack, edits: []string{`-b, "kafka:9092"`, `-b, "kafka:9093"`},
			want: []string{
				"34:5 kafka-init [client-address] port 9093 of kafka is the controllers', which no client is served on",
				"fix: kafka:9092 in place of kafka:9093",
			},
		},
	})
}

func TestClientsOfEveryKind(t *testing.T) {
	t.Parallel()
	const ui = "KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS: kafka:9092"
	const init = "KAFKACTL_BROKERS: kafka:9092"
	const tools = "    image: confluentinc/cp-kafka:7.9.2\n    command: kafka-topics --create --topic a "
	const image = "    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply]\n"
	runFaults(t, []fault{
		{
			name: "kafkactl at localhost", base: zooStack, edits: []string{init, "KAFKACTL_BROKERS: localhost:9092"},
			want: []string{
				"55:7 kafka-init [client-address] inside the container localhost:9092 is kafka-init itself, not Kafka",
				"fix: kafka:9092 in place of localhost:9092",
			},
		},
		{
			name: "the list form, an app, a scheme", base: kraftStack,
			edits: []string{"- KAFKA_CLUSTERS_0_NAME=local", "- SPRING_KAFKA_BOOTSTRAP_SERVERS=PLAINTEXT://127.0.0.1:9092"},
			want: []string{
				"43:9 kafka-ui [client-address] inside the container 127.0.0.1:9092 is kafka-ui itself, not Kafka",
				"fix: kafka:9092 in place of 127.0.0.1:9092",
			},
		},
		{
			name: "a tool at localhost", base: zooStack, edits: []string{image, tools + "--bootstrap-server=localhost:9092\n"},
			want: []string{
				"50:5 kafka-init [client-address] inside the container localhost:9092 is kafka-init itself, not Kafka",
				"fix: kafka:9092 in place of localhost:9092",
			},
		},
		{
			name: "localhost, where the machine's listener is the first", base: zooStack,
			edits: []string{ui, "KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS: localhost:29092", "ADVERTISED_LISTENERS: PLAINTEXT://kafka:9092,PLAINTEXT_HOST://localhost:29092", "ADVERTISED_LISTENERS: PLAINTEXT_HOST://localhost:29092,PLAINTEXT://kafka:9092"},
			want: []string{
				"67:7 kafka-ui [client-address] inside the container localhost:29092 is kafka-ui itself, not Kafka",
				"fix: kafka:9092 in place of localhost:29092",
			},
		},
		{
			name: "localhost, with no listener for containers", base: isolatedStack,
			edits: []string{
				"    image: confluentinc/cp-kafka:8.0.0\n    environment:\n      CLUSTER_ID: MkU3OEVBNTcwNTJENDM2Qk\n      KAFKA_NODE_ID: 2", "    image: confluentinc/cp-kafka:8.0.0\n    ports: [\"127.0.0.1:9092:9092\"]\n    environment:\n      CLUSTER_ID: MkU3OEVBNTcwNTJENDM2Qk\n      KAFKA_NODE_ID: 2",
				"PLAINTEXT://kafka:9092\n", "PLAINTEXT://localhost:9092\n", "  controller:\n", "  app:\n    image: app\n    environment: {BOOTSTRAP_SERVERS: \"kafka:9092\"}\n  controller:\n",
			},
			want: []string{
				"6:19 app [client-address] kafka answers on 9092 with localhost:9092, which inside the container is app itself",
				"fix: a listener that is advertised by a service's name, as PLAINTEXT://kafka:9092",
			},
		},
		{
			name: "a script that calls kafkactl", base: zooStack,
			edits: []string{image, "    image: tools\n    command: [sh, -c, \"kafkactl apply -b localhost:9092 && kafkactl list -b localhost:9092\"]\n"},
			want: []string{
				"50:23 kafka-init [client-address] inside the container localhost:9092 is kafka-init itself, not Kafka",
				"fix: kafka:9092 in place of localhost:9092",
			},
		},
		{name: "another program's -b", base: zooStack, edits: []string{image, "    image: tools\n    command: [serve, -b, \"localhost:9092\"]\n"}},
		{
			name: "--zookeeper", base: zooStack, edits: []string{image, tools + "--zookeeper zookeeper:2181\n"},
			want: []string{
				"50:5 kafka-init [zookeeper-flag] kafka-topics has no --zookeeper since Kafka 3.0: the command fails",
				"fix: --bootstrap-server kafka:9092",
			},
		},
	})
}

func TestClientsSilent(t *testing.T) {
	t.Parallel()
	const ui = "KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS: kafka:9092"
	const image = "    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply]\n"
	runFaults(t, []fault{
		{name: "--zookeeper of an old release", base: zooStack, edits: []string{
			image, "    image: confluentinc/cp-kafka:6.2.0\n    command: kafka-topics --create --topic a --zookeeper zookeeper:2181\n",
		}},
		{name: "localhost on the machine's network", base: zooStack, edits: []string{
			ui, "KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS: localhost:29092", "    ports:\n      - \"127.0.0.1:8081:8080\"\n", "    network_mode: host\n",
		}},
		{name: "localhost in the broker's network", base: zooStack, edits: []string{
			ui, "KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS: localhost:9092", "    ports:\n      - \"127.0.0.1:8081:8080\"\n", "    network_mode: service:kafka\n",
		}},
		{name: "localhost with a proxy in the same network", base: zooStack, edits: []string{
			ui, "KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS: localhost:9092",
			"\nvolumes:\n  zoo", "  proxy:\n    image: proxy\n    network_mode: service:kafka-ui\n\nvolumes:\n  zoo",
		}},
		{name: "a cluster elsewhere", base: zooStack, edits: []string{ui, "KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS: kafka.example.com:9092"}},
		{name: "an address from the shell", base: zooStack, edits: []string{ui, "KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS: ${BROKERS}"}},
		{name: "a name from extra_hosts", base: zooStack, edits: []string{
			ui, "KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS: onprem:9092\n    extra_hosts: [\"onprem:10.0.0.1\"]",
		}},
	})
}

func TestClientsByTheirAddress(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "a name that says nothing", base: kraftStack,
			edits: []string{"  kafka-init:", "  app:\n    image: app\n    environment: {QUEUE: \"localhost:29092\"}\n\n  kafka-init:"},
			want: []string{
				"33:19 app [client-address] inside the container localhost:29092 is app itself, not Kafka",
				"fix: kafka:9092 in place of localhost:29092",
			},
		},
		{
			name: "a list, a scheme of the listener", base: kraftStack,
			edits: []string{"  kafka-init:", "  app:\n    image: app\n    environment: {EVENTS: \"PLAINTEXT://127.0.0.1:9092,PLAINTEXT://kafka:9092\"}\n\n  kafka-init:"},
			want: []string{
				"33:19 app [client-address] inside the container 127.0.0.1:9092 is app itself, not Kafka",
				"fix: kafka:9092 in place of 127.0.0.1:9092",
			},
		},
		{
			name: "inside a longer text", base: kraftStack,
			edits: []string{"  kafka-init:", "  app:\n    image: app\n    environment: {SPRING_APPLICATION_JSON: '{\"spring.kafka.bootstrap-servers\": \"localhost:9092\"}'}\n\n  kafka-init:"},
			want: []string{
				"33:19 app [client-address] inside the container localhost:9092 is app itself, not Kafka",
				"fix: kafka:9092 in place of localhost:9092",
			},
		},
		{
			name: "options of a JVM", base: kraftStack,
			edits: []string{"  kafka-init:", "  app:\n    image: app\n    environment: {JAVA_OPTS: \"-Dbrokers=localhost:29092 -Xmx1g\"}\n\n  kafka-init:"},
			want: []string{
				"33:19 app [client-address] inside the container localhost:29092 is app itself, not Kafka",
				"fix: kafka:9092 in place of localhost:29092",
			},
		},
		{
			name: "the broker by its name, on the listener of the machine", base: kraftStack,
			edits: []string{"  kafka-init:", "  app:\n    image: app\n    environment: {QUEUE: \"kafka:29092\"}\n\n  kafka-init:"},
			want: []string{
				"33:19 app [client-address] kafka answers on 29092 with localhost:29092, which inside the container is app itself",
				"fix: kafka:9092 in place of kafka:29092",
			},
		},
		{
			name: "a name with dots, no port of the stack", base: kraftStack,
			edits: []string{"  kafka-init:", "  app:\n    image: app\n    environment: {spring.kafka.bootstrap-servers: \"localhost:9095\"}\n\n  kafka-init:"},
			want: []string{
				"33:19 app [client-address] inside the container localhost:9095 is app itself, not Kafka",
				"fix: kafka:9092 in place of localhost:9095",
			},
		},
		{
			name: "a name in words", base: kraftStack,
			edits: []string{"  kafka-init:", "  app:\n    image: app\n    environment: {Kafka__BootstrapServers: \"localhost:9095\"}\n\n  kafka-init:"},
			want: []string{
				"33:19 app [client-address] inside the container localhost:9095 is app itself, not Kafka",
				"fix: kafka:9092 in place of localhost:9095",
			},
		},
		{
			name: "a name of one broker", base: kraftStack,
			edits: []string{"  kafka-init:", "  app:\n    image: app\n    environment: {KAFKA_BROKER_URL: \"kafak:9092\"}\n\n  kafka-init:"},
			want: []string{
				"33:19 app [client-address] no container is called kafak",
				"fix: kafka:9092 in place of kafak:9092",
			},
		},
	})
}

func TestClientsByTheirAddressSilent(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{name: "a web server of its own", base: kraftStack, edits: []string{"  kafka-init:", "  app:\n    image: app\n    environment: {SELF: \"http://localhost:9092\"}\n\n  kafka-init:"}},
		{name: "a port of its own", base: kraftStack, edits: []string{"  kafka-init:", "  app:\n    image: app\n    expose: [\"9092\"]\n    environment: {QUEUE: \"localhost:9092\"}\n\n  kafka-init:"}},
		{name: "where it listens", base: kraftStack, edits: []string{"  kafka-init:", "  app:\n    image: app\n    environment: {LISTEN_ADDRESS: \"localhost:9092\", BIND_ADDR: \"localhost:9092\"}\n\n  kafka-init:"}},
		{name: "another port", base: kraftStack, edits: []string{"  kafka-init:", "  app:\n    image: app\n    environment: {DATABASE: \"localhost:5432\"}\n\n  kafka-init:"}},
		{name: "the controllers' port of localhost", base: kraftStack, edits: []string{"  kafka-init:", "  app:\n    image: app\n    environment: {QUEUE: \"localhost:9093\"}\n\n  kafka-init:"}},
		{name: "another server of the broker's container", base: kraftStack, edits: []string{"  kafka-init:", "  app:\n    image: app\n    environment: {METRICS: \"kafka:9404\"}\n\n  kafka-init:"}},
		{name: "a user before the host", base: kraftStack, edits: []string{"  kafka-init:", "  app:\n    image: app\n    environment: {DSN: \"user:pass@localhost:9092\"}\n\n  kafka-init:"}},
		{name: "names of other servers", base: kraftStack, edits: []string{"  kafka-init:", "  app:\n    image: app\n    environment: {KAFKA_REST_URL: \"localhost:8082\", KAFKA_CONNECT_HOST: \"localhost:8083\"}\n\n  kafka-init:"}},
		{name: "in the broker's network", base: kraftStack, edits: []string{"  kafka-init:", "  app:\n    image: app\n    network_mode: service:kafka\n    environment: {QUEUE: \"localhost:9092\"}\n\n  kafka-init:"}},
	})
}

func TestWebServers(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "Schema Registry at localhost", base: kraftStack,
			edits: []string{"      - KAFKA_CLUSTERS_0_NAME=local\n", "      - KAFKA_CLUSTERS_0_NAME=local\n      - KAFKA_CLUSTERS_0_SCHEMAREGISTRY=http://localhost:8081\n", "  kafka-init:\n", "  registry:\n    image: confluentinc/cp-schema-registry:8.0.0\n    environment: {SCHEMA_REGISTRY_LISTENERS: \"http://localhost:8081\", SCHEMA_REGISTRY_KAFKASTORE_BOOTSTRAP_SERVERS: \"kafka:9092\"}\n\n  kafka-init:\n"},
			want: []string{
				"48:9 kafka-ui [client-address] inside the container localhost:8081 is kafka-ui itself, not Schema Registry",
				"fix: http://registry:8081",
			},
		},
		{
			name: "Connect at nobody's name", base: kraftStack,
			edits: []string{"      - KAFKA_CLUSTERS_0_NAME=local\n", "      - KAFKA_CLUSTERS_0_NAME=local\n      - KAFKA_CLUSTERS_0_KAFKACONNECT_0_ADDRESS=http://connect:8083\n"},
			want: []string{
				"44:9 kafka-ui [client-address] no container is called connect",
				"fix: the name of the service that runs Kafka Connect, or no such variable",
			},
		},
		{
			name: "ksqlDB at localhost", base: kraftStack,
			edits: []string{"      - KAFKA_CLUSTERS_0_NAME=local\n", "      - KAFKA_CLUSTERS_0_NAME=local\n      - KAFKA_CLUSTERS_0_KSQLDBSERVER=http://localhost:8088\n"},
			want: []string{
				"44:9 kafka-ui [client-address] inside the container localhost:8088 is kafka-ui itself, not ksqlDB",
				"fix: the name of the service that runs ksqlDB, or no such variable",
			},
		},
		{
			name: "a converter's registry", base: kraftStack,
			edits: []string{"  kafka-init:", "  app:\n    image: app\n    environment: {CONNECT_VALUE_CONVERTER_SCHEMA_REGISTRY_URL: \"http://registri:8081\"}\n\n  kafka-init:", "BOOTSTRAPSERVERS=kafka:9092\n", "BOOTSTRAPSERVERS=kafka:9092\n"},
			want: []string{
				"33:19 app [client-address] no container is called registri",
				"fix: the name of the service that runs Schema Registry, or no such variable",
			},
		},
	})
}

func TestWebServersSilent(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{name: "by its name", base: kraftStack, edits: []string{"      - KAFKA_CLUSTERS_0_NAME=local\n", "      - KAFKA_CLUSTERS_0_NAME=local\n      - KAFKA_CLUSTERS_0_SCHEMAREGISTRY=http://registry:8081\n", "  kafka-init:\n", "  registry:\n    image: confluentinc/cp-schema-registry:8.0.0\n    environment: {SCHEMA_REGISTRY_LISTENERS: \"http://localhost:8081\", SCHEMA_REGISTRY_KAFKASTORE_BOOTSTRAP_SERVERS: \"kafka:9092\"}\n\n  kafka-init:\n"}},
		{name: "elsewhere", base: kraftStack, edits: []string{"      - KAFKA_CLUSTERS_0_NAME=local\n", "      - KAFKA_CLUSTERS_0_NAME=local\n      - KAFKA_CLUSTERS_0_SCHEMAREGISTRY=https://registry.example.com\n"}},
		{name: "a UI that hands it to the browser", base: kraftStack, edits: []string{"  kafka-init:", "  registry-ui:\n    image: landoop/schema-registry-ui\n    environment: {SCHEMAREGISTRY_URL: \"http://localhost:8081\"}\n\n  kafka-init:"}},
	})
}
