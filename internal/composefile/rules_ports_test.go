package composefile

import "testing"

func TestAdvertisedPorts(t *testing.T) {
	t.Parallel()
	const port = `- "127.0.0.1:29092:29092"`
	runFaults(t, []fault{
		{
			name: "published under another number", base: zooStack,
			edits: []string{port, `- "127.0.0.1:39092:29092"`},
			want: []string{
				"38:9 kafka [advertised-port] metadata sends clients to localhost:29092, which is not published (39092 is): they reach the broker once and then lose it",
				`fix: - "127.0.0.1:29092:29092"`,
			},
		},
		{
			name: "long form, published under another number", base: zooStack,
			edits: []string{port, `- {target: 29092, published: "39092", host_ip: 127.0.0.1}`},
			want: []string{
				"38:9 kafka [advertised-port] metadata sends clients to localhost:29092, which is not published (39092 is): they reach the broker once and then lose it",
				`fix: - "127.0.0.1:29092:29092"`,
			},
		},
		{
			name: "leads to another port", base: zooStack,
			edits: []string{port, `- "127.0.0.1:29092:9092"`},
			want: []string{
				"38:9 kafka [advertised-port] localhost:29092 leads to port 9092 of the container, but the listener PLAINTEXT_HOST binds 29092",
				`fix: - "127.0.0.1:29092:29092"`,
			},
		},
		{
			name: "leads to a port that nothing binds", base: kraftStack,
			edits: []string{port, `- "127.0.0.1:29092:29093"`},
			want: []string{
				"24:9 kafka [advertised-port] localhost:29092 leads to port 29093 of the container, but the listener PLAINTEXT_HOST binds 29092",
				`fix: - "127.0.0.1:29092:29092"`,
			},
		},
		{
			name: "not published", base: zooStack,
			edits: []string{"ports:\n      " + port + "\n    volumes:\n      - kafka", "volumes:\n      - kafka"},
			want: []string{
				"30:7 kafka [advertised-port] metadata sends clients to localhost:29092, which is not published: no client outside the container gets there",
				`fix: ports: ["127.0.0.1:29092:29092"]`,
			},
		},
		{
			name: "published on any free number", base: zooStack,
			edits: []string{port, `- "29092"`},
			want: []string{
				"38:9 kafka [advertised-port] metadata sends clients to localhost:29092, but port 29092 is published on a number that changes",
				`fix: - "127.0.0.1:29092:29092"`,
			},
		},
	})
}

func TestAdvertisedPortsOfOthers(t *testing.T) {
	t.Parallel()
	const port = `- "127.0.0.1:29092:29092"`
	runFaults(t, []fault{
		{
			name: "published by another broker", base: clusterStack,
			edits: []string{"localhost:29093", "localhost:29092", "0.0.0.0:29093", "0.0.0.0:29092"},
			want: []string{
				"45:7 kafka-2 [advertised-port] metadata sends clients of kafka-2 to localhost:29092, which is published by kafka: they ask the wrong broker",
				"fix: another port than 29092 for kafka-2: in both lists of listeners, and published",
			},
		},
		{
			name: "the second of two ports, and a variable elsewhere", base: zooStack,
			edits: []string{port, "- \"127.0.0.1:9999:29092\"\n      - \"127.0.0.1:39092:29092\"", "KAFKA_CLUSTERS_0_NAME: local", "KAFKA_CLUSTERS_0_NAME: ${NAME}"},
			want: []string{
				"39:9 kafka [advertised-port] metadata sends clients to localhost:29092, which is not published (39092 is): they reach the broker once and then lose it",
				`fix: - "127.0.0.1:29092:29092"`,
			},
		},
		{
			name: "published for another protocol", base: zooStack,
			edits: []string{port, `- "127.0.0.1:29092:29092/udp"`},
			want: []string{
				"30:7 kafka [advertised-port] metadata sends clients to localhost:29092, which is not published: no client outside the container gets there",
				`fix: ports: ["127.0.0.1:29092:29092"]`,
			},
		},
		{
			name: "listeners made from the advertised ones", base: zooStack,
			edits: []string{port, `- "127.0.0.1:39092:29092"`, "      KAFKA_LISTENERS: PLAINTEXT://0.0.0.0:9092,PLAINTEXT_HOST://0.0.0.0:29092\n", ""},
			want: []string{
				"37:9 kafka [advertised-port] metadata sends clients to localhost:29092, which is not published (39092 is): they reach the broker once and then lose it",
				`fix: - "127.0.0.1:29092:29092"`,
			},
		},
	})
}

func TestAdvertisedPortsSilent(t *testing.T) {
	t.Parallel()
	const port = `- "127.0.0.1:29092:29092"`
	runFaults(t, []fault{
		{name: "listeners of an image that is not known", base: zooStack, edits: []string{
			port, `- "127.0.0.1:39092:29092"`, "      KAFKA_LISTENERS: PLAINTEXT://0.0.0.0:9092,PLAINTEXT_HOST://0.0.0.0:29092\n", "",
			"confluentinc/cp-kafka:7.9.2", "example/kafka:1",
		}},
		{name: "a range that covers it", base: zooStack, edits: []string{port, `- "127.0.0.1:29090-29095:29090-29095"`}},
		{name: "the number of a variable with a default", base: zooStack, edits: []string{port, `- "127.0.0.1:${PORT:-29092}:29092"`}},
		{name: "the number of a variable that is not set", base: zooStack, edits: []string{port, `- "127.0.0.1:${PORT}:29092"`}},
		{name: "another number inside, for the same listener", base: zooStack, edits: []string{
			port, `- "127.0.0.1:29092:19092"`, "PLAINTEXT_HOST://0.0.0.0:29092", "PLAINTEXT_HOST://0.0.0.0:19092",
		}},
		{name: "the network of the machine", base: zooStack, edits: []string{
			"ports:\n      " + port, "network_mode: host", "zookeeper:2181\n      KAFKA_ZOO", "localhost:2181\n      KAFKA_ZOO",
		}},
		{name: "a proxy publishes it", base: zooStack, edits: []string{
			"ports:\n      " + port + "\n    volumes:\n      - kafka", "volumes:\n      - kafka",
			"\nvolumes:\n  zoo", "  toxiproxy:\n    image: shopify/toxiproxy\n    ports: [\"127.0.0.1:29092:29092\"]\n\nvolumes:\n  zoo",
		}},
		{name: "a sidecar shares the network", base: zooStack, edits: []string{
			"ports:\n      " + port + "\n    volumes:\n      - kafka", "volumes:\n      - kafka",
			"\nvolumes:\n  zoo", "  sidecar:\n    image: app\n    network_mode: service:kafka\n\nvolumes:\n  zoo",
		}},
	})
}

func TestExposedPorts(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "the UI", base: zooStack,
			edits: []string{"127.0.0.1:8081:8080", "8081:8080", "KAFKA_CLUSTERS_0_NAME: local", "DYNAMIC_CONFIG_ENABLED: 'false'"},
			want: []string{
				"69:9 kafka-ui [exposed-port, advice] the UI is published on every address of this machine, and asks nobody for a password",
				`fix: - "127.0.0.1:8081:8080"`,
			},
		},
		{
			name: "ZooKeeper on all addresses", base: zooStack,
			edits: []string{"127.0.0.1:2181:2181", "0.0.0.0:2181:2181"},
			want: []string{
				"10:9 zookeeper [exposed-port, advice] ZooKeeper is published on every address of this machine, and asks nobody for a password",
				`fix: - "127.0.0.1:2181:2181"`,
			},
		},
		{
			name: "a broker, long form", base: kraftStack,
			edits: []string{`- "127.0.0.1:29092:29092"`, `- {target: 29092, published: "29092"}`},
			want: []string{
				"24:9 kafka [exposed-port, advice] the listener PLAINTEXT_HOST is published on every address of this machine, and asks nobody for a password",
				`fix: - "127.0.0.1:29092:29092"`,
			},
		},
		{
			name: "a UI whose login is off", base: zooStack,
			edits: []string{"127.0.0.1:8081:8080", "8081:8080", "KAFKA_CLUSTERS_0_NAME: local", "AUTH_TYPE: DISABLED"},
			want: []string{
				"69:9 kafka-ui [exposed-port, advice] the UI is published on every address of this machine, and asks nobody for a password",
				`fix: - "127.0.0.1:8081:8080"`,
			},
		},
		{
			name: "a password for something else, a volume", base: zooStack,
			edits: []string{
				"127.0.0.1:8081:8080", "8081:8080", "KAFKA_CLUSTERS_0_NAME: local", "KAFKA_CLUSTERS_0_SCHEMAREGISTRYAUTH_USERNAME: me",
				"    restart: unless-stopped\n\nvolumes", "    volumes: [./data:/data]\n\nvolumes",
			},
			want: []string{
				"69:9 kafka-ui [exposed-port, advice] the UI is published on every address of this machine, and asks nobody for a password",
				`fix: - "127.0.0.1:8081:8080"`,
			},
		},
		{name: "a UI that always has a login", base: zooStack, edits: []string{
			"127.0.0.1:8081:8080", "8081:8080", "ghcr.io/kafbat/kafka-ui:v1.5.0", "conduktor/conduktor-console:1.30",
		}},
		{name: "AKHQ with security", base: zooStack, edits: []string{
			"127.0.0.1:8081:8080", "8081:8080", "ghcr.io/kafbat/kafka-ui:v1.5.0", "tchiotludo/akhq:0.25.1",
			"KAFKA_CLUSTERS_0_NAME: local", "AKHQ_CONFIGURATION: 'akhq: {security: {default-group: no-roles}}'",
		}},
		{name: "a UI with a login", base: zooStack, edits: []string{
			"127.0.0.1:8081:8080", "8081:8080", "KAFKA_CLUSTERS_0_NAME: local", "AUTH_TYPE: LOGIN_FORM",
		}},
		{name: "a UI with a file of settings", base: zooStack, edits: []string{
			"127.0.0.1:8081:8080", "8081:8080", "    restart: unless-stopped\n\nvolumes", "    volumes: [./ui.yml:/etc/kafkaui/dynamic_config.yaml]\n\nvolumes",
		}},
		{name: "a broker that asks for a password", base: zooStack, edits: []string{
			`- "127.0.0.1:29092`, `- "29092`, "PLAINTEXT_HOST:PLAINTEXT", "PLAINTEXT_HOST:SASL_SSL",
			"KAFKA_BROKER_ID: 1", "KAFKA_BROKER_ID: 1\n      KAFKA_OPTS: -Djava.security.auth.login.config=/jaas",
		}},
		{name: "a broker whose map is not known", base: zooStack, edits: []string{
			`- "127.0.0.1:29092`, `- "29092`, "PLAINTEXT:PLAINTEXT,PLAINTEXT_HOST:PLAINTEXT", "${PROTOCOLS}",
		}},
		{name: "a broker for other machines", base: zooStack, edits: []string{
			`- "127.0.0.1:29092`, `- "29092`, "PLAINTEXT_HOST://localhost", "PLAINTEXT_HOST://kafka.example.com",
		}},
		{name: "one address of the machine", base: zooStack, edits: []string{"127.0.0.1:8081:8080", "192.168.1.5:8081:8080"}},
	})
}

func TestPortsOfSeveral(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "another broker publishes it: the fix leaves that alone", base: quorumStack,
			edits: []string{"KAFKA_ADVERTISED_LISTENERS: PLAINTEXT://kafka-2:9092,HOST://localhost:29093", "KAFKA_ADVERTISED_LISTENERS: PLAINTEXT://kafka-2:9092,HOST://localhost:29092"},
			want: []string{
				"29:7 kafka-2 [advertised-port] metadata sends clients of kafka-2 to localhost:29092, which is published by kafka-1: they ask the wrong broker",
				"fix: HOST://localhost:29093 in KAFKA_ADVERTISED_LISTENERS",
			},
		},
		{
			name: "one fix for a line that is open and misleads", base: kraftStack,
			edits: []string{`      - "127.0.0.1:29092:29092"`, `      - "39092:29092"`},
			want: []string{
				"24:9 kafka [advertised-port] metadata sends clients to localhost:29092, which is not published (39092 is): they reach the broker once and then lose it",
				`fix: - "127.0.0.1:29092:29092"`,
			},
		},
		{
			name: "another broker advertises it, neither publishes it", base: quorumStack,
			edits: []string{"    ports: [\"127.0.0.1:29092:29092\"]\n", "", "    ports: [\"127.0.0.1:29093:29093\"]\n", "", "HOST://localhost:29093", "HOST://localhost:29092"},
			want: []string{
				"20:7 kafka-1 [advertised-port] metadata sends clients to localhost:29092, which is not published: no client outside the container gets there",
				`fix: ports: ["127.0.0.1:29092:29092"]`,
				"28:7 kafka-2 [advertised-port] metadata sends clients of kafka-2 to localhost:29092, which is the address of kafka-1: they ask the wrong broker",
				"fix: another port than 29092 for kafka-2: in both lists of listeners, and published",
			},
		},
	})
}

func TestInnermostListener(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{name: "the brokers' own listener of one broker", base: kraftStack, edits: []string{"KAFKA_LISTENERS: PLAINTEXT://:9092", "KAFKA_LISTENERS: PLAINTEXT://localhost:9092", "ADVERTISED_LISTENERS: PLAINTEXT://kafka:9092", "ADVERTISED_LISTENERS: PLAINTEXT://localhost:9092", `-b, "kafka:9092"`, `-b, "${KAFKA}"`, "BOOTSTRAPSERVERS=kafka:9092", "BOOTSTRAPSERVERS=${KAFKA}"}},
		{
			name: "the only listener", base: kraftStack,
			edits: []string{"KAFKA_LISTENERS: PLAINTEXT://:9092", "KAFKA_LISTENERS: PLAINTEXT://localhost:9092", "ADVERTISED_LISTENERS: PLAINTEXT://kafka:9092", "ADVERTISED_LISTENERS: PLAINTEXT://localhost:9092", `-b, "kafka:9092"`, `-b, "${KAFKA}"`, "BOOTSTRAPSERVERS=kafka:9092", "BOOTSTRAPSERVERS=${KAFKA}", ",PLAINTEXT_HOST://:29092", "", ",PLAINTEXT_HOST://localhost:29092", "", "    ports:\n      - \"127.0.0.1:29092:29092\"\n", ""},
			want: []string{
				"13:7 kafka [advertised-port] metadata sends clients to localhost:9092, which is not published: no client outside the container gets there",
				`fix: ports: ["127.0.0.1:9092:9092"]`,
			},
		},
	})
}
