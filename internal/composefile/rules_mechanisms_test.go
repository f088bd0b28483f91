package composefile

import "testing"

func TestMechanisms(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "brokers that log in with GSSAPI", base: secureZooStack,
			edits: []string{"      KAFKA_SASL_MECHANISM_INTER_BROKER_PROTOCOL: PLAIN\n", ""},
			want: []string{
				"11:5 kafka-1 [sasl-mechanism] the brokers log in to each other with GSSAPI by default, and the listener SASL_SSL takes PLAIN: the broker does not start",
				"fix: KAFKA_SASL_MECHANISM_INTER_BROKER_PROTOCOL: PLAIN",
			},
		},
		{
			name: "brokers that log in with what is not taken", base: secureZooStack,
			edits: []string{"INTER_BROKER_PROTOCOL: PLAIN", "INTER_BROKER_PROTOCOL: SCRAM-SHA-512"},
			want: []string{
				"20:7 kafka-1 [sasl-mechanism] the brokers log in to each other with SCRAM-SHA-512, and the listener SASL_SSL takes PLAIN: the broker does not start",
				"fix: KAFKA_SASL_ENABLED_MECHANISMS: PLAIN,SCRAM-SHA-512",
			},
		},
		{
			name: "GSSAPI alone is taken", base: secureZooStack,
			edits: []string{"      KAFKA_SASL_ENABLED_MECHANISMS: PLAIN\n", ""},
			want: []string{
				"19:7 kafka-1 [sasl-mechanism] the brokers log in to each other with PLAIN, and the listener SASL_SSL takes GSSAPI: the broker does not start",
				"fix: KAFKA_SASL_ENABLED_MECHANISMS: PLAIN",
			},
		},
		{
			name: "a mechanism of the listener", base: secureZooStack,
			edits: []string{"KAFKA_SASL_ENABLED_MECHANISMS: PLAIN\n", "KAFKA_SASL_ENABLED_MECHANISMS: PLAIN\n      KAFKA_LISTENER_NAME_SASL__SSL_SASL_ENABLED_MECHANISMS: SCRAM-SHA-512\n"},
			want: []string{
				"21:7 kafka-1 [sasl-mechanism] the brokers log in to each other with PLAIN, and the listener SASL_SSL takes SCRAM-SHA-512: the broker does not start",
				"fix: KAFKA_LISTENER_NAME_SASL__SSL_SASL_ENABLED_MECHANISMS: SCRAM-SHA-512,PLAIN",
			},
		},
		{
			name: "controllers that log in with GSSAPI", base: secureStack,
			edits: []string{"CONTROLLER:SSL", "CONTROLLER:SASL_SSL", "KAFKA_SASL_ENABLED_MECHANISMS: SCRAM-SHA-512", "KAFKA_SASL_ENABLED_MECHANISMS: SCRAM-SHA-512\n  KAFKA_LISTENER_NAME_CONTROLLER_SCRAM___SHA___512_SASL_JAAS_CONFIG: org.apache.kafka.common.security.scram.ScramLoginModule required;"},
			want: []string{
				"43:5 kafka-1 [sasl-mechanism] the nodes log in to the controllers with GSSAPI by default, and the listener CONTROLLER takes SCRAM-SHA-512: no node reaches the controllers",
				"fix: KAFKA_SASL_MECHANISM_CONTROLLER_PROTOCOL: SCRAM-SHA-512",
				"51:5 kafka-2 [sasl-mechanism] the nodes log in to the controllers with GSSAPI by default, and the listener CONTROLLER takes SCRAM-SHA-512: no node reaches the controllers",
				"fix: KAFKA_SASL_MECHANISM_CONTROLLER_PROTOCOL: SCRAM-SHA-512",
				"60:5 kafka-3 [sasl-mechanism] the nodes log in to the controllers with GSSAPI by default, and the listener CONTROLLER takes SCRAM-SHA-512: no node reaches the controllers",
				"fix: KAFKA_SASL_MECHANISM_CONTROLLER_PROTOCOL: SCRAM-SHA-512",
			},
		},
		{
			name: "several mechanisms", base: secureZooStack,
			edits: []string{"KAFKA_SASL_ENABLED_MECHANISMS: PLAIN", "KAFKA_SASL_ENABLED_MECHANISMS: SCRAM-SHA-512, PLAIN"},
		},
		{
			name: "mechanisms from the shell", base: secureZooStack,
			edits: []string{"KAFKA_SASL_ENABLED_MECHANISMS: PLAIN", "KAFKA_SASL_ENABLED_MECHANISMS: ${MECHANISMS}"},
		},
		{
			name: "a mechanism from the shell", base: secureZooStack,
			edits: []string{"INTER_BROKER_PROTOCOL: PLAIN", "INTER_BROKER_PROTOCOL: ${MECHANISM}"},
		},
	})
}

func TestLoginsOfMechanisms(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "a mechanism without a login", base: secureStack,
			edits: []string{"MECHANISMS: SCRAM-SHA-512", "MECHANISMS: SCRAM-SHA-512,PLAIN", "  KAFKA_LISTENER_NAME_HOST_SCRAM", "  KAFKA_LISTENER_NAME_CLIENT_PLAIN_SASL_JAAS_CONFIG: org.apache.kafka.common.security.plain.PlainLoginModule required;\n  KAFKA_LISTENER_NAME_HOST_SCRAM"},
			want: []string{
				"29:3 kafka-1 [sasl-login] the listener HOST takes PLAIN, for which no JAAS configuration is set: the broker does not start",
				"fix: KAFKA_LISTENER_NAME_HOST_PLAIN_SASL_JAAS_CONFIG; or KAFKA_SASL_ENABLED_MECHANISMS without PLAIN",
				"29:3 kafka-2 [sasl-login] the listener HOST takes PLAIN, for which no JAAS configuration is set: the broker does not start",
				"fix: KAFKA_LISTENER_NAME_HOST_PLAIN_SASL_JAAS_CONFIG; or KAFKA_SASL_ENABLED_MECHANISMS without PLAIN",
				"29:3 kafka-3 [sasl-login] the listener HOST takes PLAIN, for which no JAAS configuration is set: the broker does not start",
				"fix: KAFKA_LISTENER_NAME_HOST_PLAIN_SASL_JAAS_CONFIG; or KAFKA_SASL_ENABLED_MECHANISMS without PLAIN",
			},
		},
		{
			name: "a login for another mechanism than GSSAPI", base: secureStack,
			edits: []string{"  KAFKA_SASL_ENABLED_MECHANISMS: SCRAM-SHA-512\n", ""},
			want: []string{
				"41:5 kafka-1 [sasl-login] the listener CLIENT takes GSSAPI, for which no JAAS configuration is set: the broker does not start",
				"fix: KAFKA_SASL_ENABLED_MECHANISMS with the mechanism that has one: GSSAPI is what holds without it",
				"41:5 kafka-1 [sasl-login] the listener HOST takes GSSAPI, for which no JAAS configuration is set: the broker does not start",
				"fix: KAFKA_SASL_ENABLED_MECHANISMS with the mechanism that has one: GSSAPI is what holds without it",
				"49:5 kafka-2 [sasl-login] the listener CLIENT takes GSSAPI, for which no JAAS configuration is set: the broker does not start",
				"fix: KAFKA_SASL_ENABLED_MECHANISMS with the mechanism that has one: GSSAPI is what holds without it",
				"49:5 kafka-2 [sasl-login] the listener HOST takes GSSAPI, for which no JAAS configuration is set: the broker does not start",
				"fix: KAFKA_SASL_ENABLED_MECHANISMS with the mechanism that has one: GSSAPI is what holds without it",
				"58:5 kafka-3 [sasl-login] the listener CLIENT takes GSSAPI, for which no JAAS configuration is set: the broker does not start",
				"fix: KAFKA_SASL_ENABLED_MECHANISMS with the mechanism that has one: GSSAPI is what holds without it",
				"58:5 kafka-3 [sasl-login] the listener HOST takes GSSAPI, for which no JAAS configuration is set: the broker does not start",
				"fix: KAFKA_SASL_ENABLED_MECHANISMS with the mechanism that has one: GSSAPI is what holds without it",
			},
		},
		{
			name: "a dash in the name of a variable", base: secureStack,
			edits: []string{"KAFKA_LISTENER_NAME_HOST_SCRAM___SHA___512_", "KAFKA_LISTENER_NAME_HOST_SCRAM-SHA-512_"},
		},
	})
}

func TestListenerSettings(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "a setting of no listener", base: secureStack,
			edits: []string{"  KAFKA_LOG_DIRS", "  KAFKA_LISTENER_NAME_CLEINT_SSL_CLIENT_AUTH: none\n  KAFKA_LISTENER_NAME_CLEINT_SSL_KEYSTORE_TYPE: PEM\n  KAFKA_LOG_DIRS"},
			want: []string{
				"33:3 kafka-1 [listener-setting, advice] KAFKA_LISTENER_NAME_CLEINT_SSL_CLIENT_AUTH is of a listener CLEINT, which does not exist: it sets nothing",
				"fix: KAFKA_LISTENER_NAME_… with one of BROKER, CLIENT, CONTROLLER, HEALTH, HOST, or no such variable",
				"33:3 kafka-2 [listener-setting, advice] KAFKA_LISTENER_NAME_CLEINT_SSL_CLIENT_AUTH is of a listener CLEINT, which does not exist: it sets nothing",
				"fix: KAFKA_LISTENER_NAME_… with one of BROKER, CLIENT, CONTROLLER, HEALTH, HOST, or no such variable",
				"33:3 kafka-3 [listener-setting, advice] KAFKA_LISTENER_NAME_CLEINT_SSL_CLIENT_AUTH is of a listener CLEINT, which does not exist: it sets nothing",
				"fix: KAFKA_LISTENER_NAME_… with one of BROKER, CLIENT, CONTROLLER, HEALTH, HOST, or no such variable",
			},
		},
		{
			name: "an underscore that is a dot", base: secureZooStack,
			edits: []string{"KAFKA_BROKER_ID: 1", "KAFKA_BROKER_ID: 1\n      KAFKA_LISTENER_NAME_SASL_SSL_CONNECTIONS_MAX_REAUTH_MS: \"3600000\""},
			want: []string{
				"13:7 kafka-1 [listener-setting, advice] KAFKA_LISTENER_NAME_SASL_SSL_CONNECTIONS_MAX_REAUTH_MS is of a listener SASL, which does not exist: it sets nothing",
				"fix: KAFKA_LISTENER_NAME_SASL__SSL_…: an underscore of the name is written twice",
			},
		},
		{
			name: "a listener in small letters", base: secureZooStack,
			edits: []string{"KAFKA_BROKER_ID: 1", "KAFKA_BROKER_ID: 1\n      KAFKA_LISTENER_NAME_sasl__ssl_CONNECTIONS_MAX_REAUTH_MS: \"3600000\""},
		},
	})
}
