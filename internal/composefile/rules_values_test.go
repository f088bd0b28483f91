package composefile

import "testing"

func TestListenerSyntax(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "no name", base: kraftStack,
			edits: []string{"KAFKA_ADVERTISED_LISTENERS: PLAINTEXT://kafka:9092,PLAINTEXT_HOST://localhost:29092", "KAFKA_ADVERTISED_LISTENERS: kafka:9092,PLAINTEXT_HOST://localhost:29092"},
			want: []string{
				`13:7 kafka [listener-syntax] "kafka:9092" is not NAME://HOST:PORT: the broker does not start`,
				"fix: KAFKA_ADVERTISED_LISTENERS: PLAINTEXT://kafka:9092,PLAINTEXT_HOST://localhost:29092",
			},
		},
		{
			name: "a blank in it", base: kraftStack,
			edits: []string{"KAFKA_ADVERTISED_LISTENERS: PLAINTEXT://kafka:9092,PLAINTEXT_HOST://localhost:29092", "KAFKA_ADVERTISED_LISTENERS: PLAINTEXT:// kafka:9092,PLAINTEXT_HOST://localhost:29092"},
			want: []string{
				`13:7 kafka [listener-syntax] "PLAINTEXT:// kafka:9092" is not NAME://HOST:PORT: the broker does not start`,
				"fix: KAFKA_ADVERTISED_LISTENERS: PLAINTEXT://kafka:9092,PLAINTEXT_HOST://localhost:29092",
			},
		},
		{
			name: "one slash, and a slash behind", base: kraftStack,
			edits: []string{"KAFKA_ADVERTISED_LISTENERS: PLAINTEXT://kafka:9092,PLAINTEXT_HOST://localhost:29092", "KAFKA_ADVERTISED_LISTENERS: PLAINTEXT:/kafka:9092,PLAINTEXT_HOST://localhost:29092/"},
			want: []string{
				`13:7 kafka [listener-syntax] "PLAINTEXT:/kafka:9092", "PLAINTEXT_HOST://localhost:29092/" is not NAME://HOST:PORT: the broker does not start`,
				"fix: KAFKA_ADVERTISED_LISTENERS: PLAINTEXT://kafka:9092,PLAINTEXT_HOST://localhost:29092",
			},
		},
		{
			name: "a colon too many", base: kraftStack,
			edits: []string{"KAFKA_ADVERTISED_LISTENERS: PLAINTEXT://kafka:9092,PLAINTEXT_HOST://localhost:29092", "KAFKA_ADVERTISED_LISTENERS: PLAINTEXT:://kafka:9092,PLAINTEXT_HOST://localhost:29092"},
			want: []string{
				`13:7 kafka [listener-syntax] "PLAINTEXT:://kafka:9092" is not NAME://HOST:PORT: the broker does not start`,
				"fix: KAFKA_ADVERTISED_LISTENERS: PLAINTEXT://kafka:9092,PLAINTEXT_HOST://localhost:29092",
			},
		},
		{
			name: "a host alone", base: kraftStack,
			edits: []string{"KAFKA_ADVERTISED_LISTENERS: PLAINTEXT://kafka:9092,PLAINTEXT_HOST://localhost:29092", "KAFKA_ADVERTISED_LISTENERS: kafka"},
			want: []string{
				`13:7 kafka [listener-syntax] "kafka" is not NAME://HOST:PORT: the broker does not start`,
				"fix: KAFKA_ADVERTISED_LISTENERS: PLAINTEXT://kafka:9092",
			},
		},
		{
			name: "no port", base: kraftStack,
			edits: []string{"KAFKA_ADVERTISED_LISTENERS: PLAINTEXT://kafka:9092,PLAINTEXT_HOST://localhost:29092", "KAFKA_ADVERTISED_LISTENERS: PLAINTEXT://kafka,PLAINTEXT_HOST://localhost:29092"},
			want: []string{
				`13:7 kafka [listener-syntax] "PLAINTEXT://kafka" is not NAME://HOST:PORT: the broker does not start`,
				"fix: KAFKA_ADVERTISED_LISTENERS: PLAINTEXT://kafka:9092,PLAINTEXT_HOST://localhost:29092",
			},
		},
		{
			name: "a port that is none", base: kraftStack,
			edits: []string{"KAFKA_ADVERTISED_LISTENERS: PLAINTEXT://kafka:9092,PLAINTEXT_HOST://localhost:29092", "KAFKA_ADVERTISED_LISTENERS: PLAINTEXT://kafka:9092,PLAINTEXT_HOST://localhost:290920"},
			want: []string{
				`13:7 kafka [listener-syntax] "PLAINTEXT_HOST://localhost:290920" is not NAME://HOST:PORT: the broker does not start`,
				"fix: KAFKA_ADVERTISED_LISTENERS: NAME://HOST:PORT, and a comma before the next",
			},
		},
	})
}

func TestListenerLists(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "a semicolon between two", base: kraftStack,
			edits: []string{"KAFKA_ADVERTISED_LISTENERS: PLAINTEXT://kafka:9092,PLAINTEXT_HOST://localhost:29092", "KAFKA_ADVERTISED_LISTENERS: PLAINTEXT://kafka:9092;PLAINTEXT_HOST://localhost:29092"},
			want: []string{
				`13:7 kafka [listener-syntax] "PLAINTEXT://kafka:9092;PLAINTEXT_HOST://localhost:29092" is not NAME://HOST:PORT: the broker does not start`,
				"fix: KAFKA_ADVERTISED_LISTENERS: PLAINTEXT://kafka:9092,PLAINTEXT_HOST://localhost:29092",
			},
		},
		{
			name: "what is listened on", base: kraftStack,
			edits: []string{"KAFKA_LISTENERS: PLAINTEXT://:9092,PLAINTEXT_HOST://:29092,CONTROLLER://:9093", "KAFKA_LISTENERS: PLAINTEXT://:9092,PLAINTEXT_HOST://29092,CONTROLLER//:9093"},
			want: []string{
				`12:7 kafka [listener-syntax] "PLAINTEXT_HOST://29092", "CONTROLLER//:9093" is not NAME://HOST:PORT: the broker does not start`,
				"fix: KAFKA_LISTENERS: PLAINTEXT://:9092,PLAINTEXT_HOST://:29092,CONTROLLER://:9093",
			},
		},
	})
}

func TestListenerSyntaxElsewhere(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "the other rules see what was meant", base: kraftStack,
			edits: []string{"KAFKA_ADVERTISED_LISTENERS: PLAINTEXT://kafka:9092,PLAINTEXT_HOST://localhost:29092", "KAFKA_ADVERTISED_LISTENERS: kafka:9092,PLAINTEXT_HOST://localhost:29093"},
			want: []string{
				`13:7 kafka [listener-syntax] "kafka:9092" is not NAME://HOST:PORT: the broker does not start`,
				"fix: KAFKA_ADVERTISED_LISTENERS: PLAINTEXT://kafka:9092,PLAINTEXT_HOST://localhost:29093",
				"24:9 kafka [advertised-port] metadata sends clients to localhost:29093, which is not published (29092 is): they reach the broker once and then lose it",
				`fix: - "127.0.0.1:29093:29092"`,
			},
		},
		{
			name: "a map without colons", base: kraftStack,
			edits: []string{"KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: PLAINTEXT:PLAINTEXT,PLAINTEXT_HOST:PLAINTEXT,CONTROLLER:PLAINTEXT", "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: PLAINTEXT=PLAINTEXT,PLAINTEXT_HOST=PLAINTEXT"},
			want: []string{
				`14:7 kafka [listener-syntax] "PLAINTEXT=PLAINTEXT,PLAINTEXT_HOST=PLAINTEXT" is not NAME:PROTOCOL,NAME:PROTOCOL: the broker does not start`,
				"fix: KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: PLAINTEXT:PLAINTEXT,PLAINTEXT_HOST:PLAINTEXT,CONTROLLER:PLAINTEXT",
			},
		},
		{
			name: "an empty part, since 4.3", base: kraftStack,
			edits: []string{"apache/kafka:4.1.1", "apache/kafka:4.3.1", "KAFKA_ADVERTISED_LISTENERS: PLAINTEXT://kafka:9092,PLAINTEXT_HOST://localhost:29092", "KAFKA_ADVERTISED_LISTENERS: PLAINTEXT://kafka:9092,PLAINTEXT_HOST://localhost:29092,"},
			want: []string{
				"13:7 kafka [listener-syntax] a part of the list is empty, which Kafka refuses since 4.3: the broker does not start",
				"fix: KAFKA_ADVERTISED_LISTENERS: PLAINTEXT://kafka:9092,PLAINTEXT_HOST://localhost:29092",
			},
		},
	})
}

func TestListenerSyntaxSilent(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{name: "an empty part, before 4.3", base: kraftStack, edits: []string{"KAFKA_ADVERTISED_LISTENERS: PLAINTEXT://kafka:9092,PLAINTEXT_HOST://localhost:29092", "KAFKA_ADVERTISED_LISTENERS: PLAINTEXT://kafka:9092,PLAINTEXT_HOST://localhost:29092,"}},
		{name: "a placeholder", base: kraftStack, edits: []string{"KAFKA_ADVERTISED_LISTENERS: PLAINTEXT://kafka:9092,PLAINTEXT_HOST://localhost:29092", "KAFKA_ADVERTISED_LISTENERS: PLAINTEXT://<host>:9092,PLAINTEXT_HOST://localhost:29092"}},
		{name: "a command", base: kraftStack, edits: []string{"KAFKA_ADVERTISED_LISTENERS: PLAINTEXT://kafka:9092,PLAINTEXT_HOST://localhost:29092", "KAFKA_ADVERTISED_LISTENERS: \"PLAINTEXT://`hostname`:9092\""}},
		{name: "a template", base: kraftStack, edits: []string{"KAFKA_ADVERTISED_LISTENERS: PLAINTEXT://kafka:9092,PLAINTEXT_HOST://localhost:29092", `KAFKA_ADVERTISED_LISTENERS: "PLAINTEXT://_{HOSTNAME_COMMAND}:9092"`}},
		{name: "blanks and lines between two", base: kraftStack, edits: []string{"KAFKA_ADVERTISED_LISTENERS: PLAINTEXT://kafka:9092,PLAINTEXT_HOST://localhost:29092", "KAFKA_ADVERTISED_LISTENERS: >-\n        PLAINTEXT://kafka:9092,\n        PLAINTEXT_HOST://localhost:29092"}},
		{name: "a host with an underscore, an IPv6 address", base: kraftStack, edits: []string{"KAFKA_ADVERTISED_LISTENERS: PLAINTEXT://kafka:9092,PLAINTEXT_HOST://localhost:29092", "KAFKA_ADVERTISED_LISTENERS: PLAINTEXT://kafka_1.example.com:9092,PLAINTEXT_HOST://[::1]:29092"}},
	})
}

func TestQuotedValues(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "a list with quotes in it", base: kraftStack,
			edits: []string{"      - KAFKA_CLUSTERS_0_NAME=local\n      - KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS=kafka:9092", "      - KAFKA_CLUSTERS_0_NAME=\"local\"\n      - KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS=\"kafka:9092\""},
			want: []string{
				"44:9 kafka-ui [quoted-value] the quotes are part of the value of KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS: the program sees them too",
				"fix: KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS=kafka:9092 without the quotes",
			},
		},
		{
			name: "single quotes of a map", base: kraftStack,
			edits: []string{"KAFKA_NODE_ID: 1", `KAFKA_NODE_ID: "'1'"`},
			want: []string{
				"8:7 kafka [quoted-value] the quotes are part of the value of KAFKA_NODE_ID: the program sees them too",
				"fix: KAFKA_NODE_ID=1 without the quotes",
			},
		},
		{
			name: "several, said once", base: zooStack,
			edits: []string{"KAFKA_BROKER_ID: 1", `KAFKA_BROKER_ID: '"1"'`, "ZOOKEEPER_CLIENT_PORT: 2181", `ZOOKEEPER_CLIENT_PORT: '"2181"'`, "KAFKA_ZOOKEEPER_CONNECT: zookeeper:2181", `KAFKA_ZOOKEEPER_CONNECT: '"zookeeper:2181"'`},
			want: []string{
				"7:7 zookeeper [quoted-value] the quotes are part of the value of ZOOKEEPER_CLIENT_PORT: the program sees them too",
				"fix: ZOOKEEPER_CLIENT_PORT=2181 without the quotes",
				"26:7 kafka [quoted-value] the quotes are part of the value of KAFKA_BROKER_ID, KAFKA_ZOOKEEPER_CONNECT: the program sees them too",
				"fix: KAFKA_BROKER_ID=1 without the quotes, and so in the others",
			},
		},
		{
			name: "the other rules see what was meant", base: kraftStack,
			edits: []string{"KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka:9093", `KAFKA_CONTROLLER_QUORUM_VOTERS: '"2@kafka:9093"'`},
			want: []string{
				"11:7 kafka [quoted-value] the quotes are part of the value of KAFKA_CONTROLLER_QUORUM_VOTERS: the program sees them too",
				"fix: KAFKA_CONTROLLER_QUORUM_VOTERS=2@kafka:9093 without the quotes",
				"11:7 kafka [quorum-voters] a controller that is not found: 2@kafka:9093: kafka has the id 1 (KAFKA_NODE_ID), not 2",
				"fix: KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka:9093",
			},
		},
	})
}

func TestQuotedValuesSilent(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{name: "quotes of YAML", base: kraftStack, edits: []string{"KAFKA_NODE_ID: 1", `KAFKA_NODE_ID: "1"`}},
		{name: "quotes inside a value", base: kraftStack, edits: []string{"KAFKA_NODE_ID: 1", "KAFKA_NODE_ID: 1\n      KAFKA_LISTENER_NAME_PLAINTEXT_PLAIN_SASL_JAAS_CONFIG: 'org.apache.Plain required username=\"a\" password=\"b\";'"}},
		{name: "two quoted words", base: kraftStack, edits: []string{"KAFKA_NODE_ID: 1", "KAFKA_NODE_ID: 1\n      KAFKA_OPTS: '\"a\" \"b\"'"}},
		{name: "a password of another service", base: kraftStack, edits: []string{"  kafka-init:", "  db:\n    image: postgres\n    environment: [POSTGRES_PASSWORD=\"secret\"]\n\n  kafka-init:"}},
	})
}

func TestForeignSettings(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "variables of Bitnami", base: kraftStack,
			edits: []string{"KAFKA_NODE_ID", "KAFKA_CFG_NODE_ID", "KAFKA_PROCESS_ROLES", "KAFKA_CFG_PROCESS_ROLES", "KAFKA_LISTENERS", "KAFKA_CFG_LISTENERS", "KAFKA_ADVERTISED_LISTENERS", "KAFKA_CFG_ADVERTISED_LISTENERS", "      KAFKA_CONTROLLER_QUORUM_VOTERS", "      ALLOW_PLAINTEXT_LISTENER: \"yes\"\n      KAFKA_CFG_CONTROLLER_QUORUM_VOTERS"},
			want: []string{
				"14:7 kafka [foreign-setting] 6 variables of Bitnami's image (KAFKA_CFG_ADVERTISED_LISTENERS …), which apache/kafka:4.1.1 does not read: they set nothing",
				"fix: KAFKA_ADVERTISED_LISTENERS in place of KAFKA_CFG_ADVERTISED_LISTENERS, and so for each; CLUSTER_ID for KAFKA_KRAFT_CLUSTER_ID",
			},
		},
		{
			name: "the id of the cluster", base: kraftStack,
			edits: []string{"CLUSTER_ID", "KAFKA_KRAFT_CLUSTER_ID"},
			want: []string{
				"7:7 kafka [foreign-setting] KAFKA_KRAFT_CLUSTER_ID is a variable of Bitnami's image, which apache/kafka:4.1.1 does not read: it sets nothing",
				"fix: CLUSTER_ID in place of KAFKA_KRAFT_CLUSTER_ID",
			},
		},
		{
			name: "the other rules see what was meant", base: kraftStack,
			edits: []string{"KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka:9093", "KAFKA_CFG_CONTROLLER_QUORUM_VOTERS: 1@kafka:9094"},
			want: []string{
				"11:7 kafka [foreign-setting] KAFKA_CFG_CONTROLLER_QUORUM_VOTERS is a variable of Bitnami's image, which apache/kafka:4.1.1 does not read: it sets nothing",
				"fix: KAFKA_CONTROLLER_QUORUM_VOTERS in place of KAFKA_CFG_CONTROLLER_QUORUM_VOTERS",
				"11:7 kafka [quorum-voters] a controller that is not found: 1@kafka:9094: kafka does not listen on 9094",
				"fix: KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka:9093",
			},
		},
		{name: "a leftover that asks for nothing", base: kraftStack, edits: []string{"KAFKA_NODE_ID: 1", "KAFKA_NODE_ID: 1\n      ALLOW_PLAINTEXT_LISTENER: \"yes\""}},
	})
}
