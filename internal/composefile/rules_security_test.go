package composefile

import "testing"

func TestSecurity(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "SASL without a login", base: zooStack,
			edits: []string{"PLAINTEXT_HOST:PLAINTEXT", "PLAINTEXT_HOST:SASL_PLAINTEXT"},
			want: []string{
				"30:7 kafka [sasl-login] the listener PLAINTEXT_HOST asks for a login (SASL_PLAINTEXT), and no JAAS configuration says whose: the broker does not start",
				"fix: KAFKA_OPTS: -Djava.security.auth.login.config=/etc/kafka/secrets/kafka_server_jaas.conf, and that file mounted",
			},
		},
		{
			name: "a login that is no listener's", base: zooStack,
			edits: []string{"PLAINTEXT_HOST:PLAINTEXT", "PLAINTEXT_HOST:SASL_SSL", "KAFKA_BROKER_ID: 1", "KAFKA_BROKER_ID: 1\n      KAFKA_SASL_JAAS_CONFIG: x"},
			want: []string{
				"31:7 kafka [sasl-login] the listener PLAINTEXT_HOST asks for a login (SASL_SSL), and no JAAS configuration says whose: the broker does not start",
				"fix: KAFKA_OPTS: -Djava.security.auth.login.config=/etc/kafka/secrets/kafka_server_jaas.conf, and that file mounted",
			},
		},
		{
			name: "other options of the JVM", base: zooStack,
			edits: []string{"PLAINTEXT_HOST:PLAINTEXT", "PLAINTEXT_HOST:SASL_PLAINTEXT", "KAFKA_BROKER_ID: 1", "KAFKA_BROKER_ID: 1\n      KAFKA_OPTS: -Xmx1g"},
			want: []string{
				"31:7 kafka [sasl-login] the listener PLAINTEXT_HOST asks for a login (SASL_PLAINTEXT), and no JAAS configuration says whose: the broker does not start",
				"fix: KAFKA_OPTS: -Djava.security.auth.login.config=/etc/kafka/secrets/kafka_server_jaas.conf, and that file mounted",
			},
		},
		{
			name: "a listener called SASL_, and KAFKA_OPTS missing", base: zooStack,
			edits: []string{"PLAINTEXT_HOST:PLAINTEXT", "SASL_HOST:SASL_PLAINTEXT", "PLAINTEXT_HOST://0", "SASL_HOST://0", "PLAINTEXT_HOST://l", "SASL_HOST://l", "KAFKA_BROKER_ID: 1", "KAFKA_BROKER_ID: 1\n      KAFKA_SASL_ENABLED_MECHANISMS: PLAIN\n      KAFKA_LISTENER_NAME_SASL__HOST_PLAIN_SASL_JAAS_CONFIG: x"},
			want: []string{
				"25:5 kafka [required-setting] cp-kafka exits at its start without KAFKA_OPTS",
				"fix: another name than SASL_… for the listener, with its protocol in KAFKA_LISTENER_SECURITY_PROTOCOL_MAP; or KAFKA_OPTS",
			},
		},
		{
			name: "a listener called SSL, and nothing for it", base: zooStack,
			edits: []string{"PLAINTEXT_HOST:PLAINTEXT", "SSL:SSL", "PLAINTEXT_HOST://0", "SSL://0", "PLAINTEXT_HOST://l", "SSL://l", "KAFKA_BROKER_ID: 1", "KAFKA_BROKER_ID: 1\n      KAFKA_SSL_KEY_CREDENTIALS: key"},
			want: []string{
				"25:5 kafka [required-setting] cp-kafka exits at its start without KAFKA_SSL_KEYSTORE_FILENAME, KAFKA_SSL_KEYSTORE_CREDENTIALS",
				"fix: these variables, and the files that they name in /etc/kafka/secrets; or another name for the listener, and SSL in its map",
			},
		},
	})
}

func TestSecuritySilent(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{name: "a login in a file", base: zooStack, edits: []string{"PLAINTEXT_HOST:PLAINTEXT", "PLAINTEXT_HOST:SASL_PLAINTEXT", "KAFKA_BROKER_ID: 1", "KAFKA_BROKER_ID: 1\n      KAFKA_OPTS: -Djava.security.auth.login.config=/etc/kafka/secrets/jaas.conf"}},
		{name: "a login of the listener", base: zooStack, edits: []string{"PLAINTEXT_HOST:PLAINTEXT", "PLAINTEXT_HOST:SASL_PLAINTEXT", "KAFKA_BROKER_ID: 1", "KAFKA_BROKER_ID: 1\n      KAFKA_SASL_ENABLED_MECHANISMS: SCRAM-SHA-256\n      KAFKA_LISTENER_NAME_PLAINTEXT__HOST_SCRAM___SHA___256_SASL_JAAS_CONFIG: x"}},
		{name: "options from the shell", base: zooStack, edits: []string{"PLAINTEXT_HOST:PLAINTEXT", "PLAINTEXT_HOST:SASL_PLAINTEXT", "KAFKA_BROKER_ID: 1", "KAFKA_BROKER_ID: 1\n      KAFKA_OPTS: ${OPTS}"}},
		{name: "a command that makes it", base: zooStack, edits: []string{"PLAINTEXT_HOST:PLAINTEXT", "PLAINTEXT_HOST:SASL_PLAINTEXT", "image: confluentinc/cp-kafka:7.9.2", "image: confluentinc/cp-kafka:7.9.2\n    command: [sh, -c, \"export KAFKA_OPTS=-Djava.security.auth.login.config=/jaas && exec /etc/confluent/docker/run\"]"}},
		{name: "an image that is not known", base: zooStack, edits: []string{"PLAINTEXT_HOST:PLAINTEXT", "PLAINTEXT_HOST:SASL_PLAINTEXT", "confluentinc/cp-kafka:7.9.2", "example/kafka:1"}},
		{name: "an image that is built", base: zooStack, edits: []string{"PLAINTEXT_HOST:PLAINTEXT", "PLAINTEXT_HOST:SASL_PLAINTEXT", "image: confluentinc/cp-kafka:7.9.2", "build: {context: .}\n    image: confluentinc/cp-kafka:7.9.2"}},
		{name: "TLS under another name", base: zooStack, edits: []string{"PLAINTEXT_HOST:PLAINTEXT", "PLAINTEXT_HOST:SSL"}},
	})
}
