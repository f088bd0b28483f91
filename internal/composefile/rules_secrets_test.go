package composefile

import "testing"

func TestClearPasswords(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "the password of a key store", base: secureStack,
			edits: []string{"KAFKA_NODE_ID: 1", "KAFKA_NODE_ID: 1\n      KAFKA_SSL_KEY_PASSWORD: correct-horse\n      KAFKA_LISTENER_NAME_HOST_SSL_KEY_PASSWORD: battery-staple"},
			want: []string{
				"46:7 kafka-1 [clear-password, advice] the file has a password in clear text, in KAFKA_LISTENER_NAME_HOST_SSL_KEY_PASSWORD, and one more variable",
				"fix: secrets: and the path below /run/secrets where the program takes a file; or env_file: and ${VARIABLE}, out of version control",
			},
		},
		{
			name: "the password of a service", base: secureStack,
			edits: []string{"KAFKA_SASL_PASSWORD_FILE: /run/secrets/order-service", "KAFKA_SASL_PASSWORD: correct-horse"},
			want: []string{
				"79:7 order-service [clear-password, advice] the file has a password in clear text, in KAFKA_SASL_PASSWORD",
				"fix: secrets: and the path below /run/secrets where the program takes a file; or env_file: and ${VARIABLE}, out of version control",
			},
		},
		{
			name: "a login of a service", base: secureStack,
			edits: []string{"KAFKA_SASL_PASSWORD_FILE: /run/secrets/order-service", `SPRING_KAFKA_PROPERTIES_SASL_JAAS_CONFIG: 'org.apache.kafka.common.security.scram.ScramLoginModule required username="order" password="correct-horse";'`},
			want: []string{
				"79:7 order-service [clear-password, advice] the file has a password in clear text, in SPRING_KAFKA_PROPERTIES_SASL_JAAS_CONFIG",
				"fix: secrets: and the path below /run/secrets where the program takes a file; or env_file: and ${VARIABLE}, out of version control",
			},
		},
		{
			name: "the users of a broker", base: secureStack,
			edits: []string{"KAFKA_NODE_ID: 1", "KAFKA_NODE_ID: 1\n      KAFKA_LISTENER_NAME_HOST_PLAIN_SASL_JAAS_CONFIG: \"org.apache.kafka.common.security.plain.PlainLoginModule required user_alice='correct-horse';\"\n      KAFKA_X_PASSWORD: battery\n      KAFKA_Y_PASSWORD: staple"},
			want: []string{
				"45:7 kafka-1 [clear-password, advice] the file has a password in clear text, in KAFKA_LISTENER_NAME_HOST_PLAIN_SASL_JAAS_CONFIG, and 2 more variables",
				"fix: secrets: and the path below /run/secrets where the program takes a file; or env_file: and ${VARIABLE}, out of version control",
			},
		},
		{
			name: "the password of a command", base: secureStack,
			edits: []string{"services:\n", "services:\n  user:\n    image: apache/kafka:4.3.1\n    command: [\"/opt/kafka/bin/kafka-configs.sh\", \"--bootstrap-server\", \"kafka-1:9091\", \"--alter\", \"--entity-type\", \"users\", \"--entity-name\", \"order\", \"--add-config\", \"SCRAM-SHA-512=[iterations=8192,password=correct-horse]\"]\n    restart: \"no\"\n"},
			want: []string{
				"37:15 user [clear-password, advice] the command has a password in clear text",
				"fix: secrets: and $$(cat /run/secrets/NAME) in its place",
			},
		},
		{
			name: "a password from the shell", base: secureStack,
			edits: []string{"KAFKA_SASL_PASSWORD_FILE: /run/secrets/order-service", "KAFKA_SASL_PASSWORD: ${PASSWORD:-}"},
		},
		{
			name: "a login from the shell", base: secureStack,
			edits: []string{"KAFKA_SASL_PASSWORD_FILE: /run/secrets/order-service", `SASL_JAAS_CONFIG: 'org.apache.kafka.common.security.scram.ScramLoginModule required username="order" password="$PASSWORD";'`},
		},
		{
			name: "a provider's reference", base: secureStack,
			edits: []string{"KAFKA_SASL_PASSWORD_FILE: /run/secrets/order-service", "KAFKA_SASL_PASSWORD: '$${file:/run/secrets/order-service:password}'"},
		},
		{
			name: "another program's password", base: secureStack,
			edits: []string{"KAFKA_SASL_PASSWORD_FILE: /run/secrets/order-service", "POSTGRES_PASSWORD: correct-horse"},
		},
		{
			name: "a command that reads a file", base: secureStack,
			edits: []string{"services:\n", "services:\n  user:\n    image: apache/kafka:4.3.1\n    command: [\"sh\", \"-ec\", \"/opt/kafka/bin/kafka-configs.sh --bootstrap-server kafka-1:9091 --alter --entity-type users --entity-name order --add-config \\\"SCRAM-SHA-512=[password=$$(cat /run/secrets/order)]\\\"\"]\n    restart: \"no\"\n"},
		},
		{
			name: "a password of the shell in a command", base: secureStack,
			edits: []string{"services:\n", "services:\n  user:\n    image: apache/kafka:4.3.1\n    command: /opt/kafka/bin/kafka-configs.sh --bootstrap-server kafka-1:9091 --alter --entity-type users --entity-name order --add-config SCRAM-SHA-512=[password=${PASSWORD:-}]\n    restart: \"no\"\n"},
		},
	})
}

func TestQuotedPassword(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "quotes around a password and nothing else", base: kraftStack,
			edits: []string{"      - KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS=kafka:9092", "      - KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS=kafka:9092\n      - KAFKA_BROKER_TOKEN_SERVER_LIST=\"kafka:9092\""},
			want: []string{
				"45:9 kafka-ui [quoted-value] the quotes are part of the value of KAFKA_BROKER_TOKEN_SERVER_LIST: the program sees them too",
				"fix: KAFKA_BROKER_TOKEN_SERVER_LIST=… without the quotes",
			},
		},
		{
			name: "quotes around a password of a broker", base: zooStack,
			edits: []string{"    environment:\n      KAFKA_BROKER_ID: 1\n", "    environment:\n      KAFKA_SSL_KEY_PASSWORD: \"'correct-horse'\"\n      KAFKA_BROKER_ID: 1\n"},
			want: []string{
				"26:7 kafka [quoted-value] the quotes are part of the value of KAFKA_SSL_KEY_PASSWORD: the program sees them too",
				"fix: KAFKA_SSL_KEY_PASSWORD=… without the quotes",
				"26:7 kafka [clear-password, advice] the file has a password in clear text, in KAFKA_SSL_KEY_PASSWORD",
				"fix: secrets: and the path below /run/secrets where the program takes a file; or env_file: and ${VARIABLE}, out of version control",
			},
		},
		{
			name: "quotes around a password", base: kraftStack,
			edits: []string{"      - KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS=kafka:9092", "      - KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS=\"kafka:9092\"\n      - KAFKA_PASSWORD_SERVER=\"${PASSWORD:-correct-horse}\""},
			want: []string{
				"44:9 kafka-ui [quoted-value] the quotes are part of the value of KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS, KAFKA_PASSWORD_SERVER: the program sees them too",
				"fix: KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS=kafka:9092 without the quotes, and so in the others",
			},
		},
	})
}
