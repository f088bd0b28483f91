package composefile

import "testing"

func TestPEMStores(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "PEM for the image's script", base: secureStack,
			edits: []string{"LISTENERS: BROKER://kafka-1:9091,CLIENT:", "LISTENERS: BROKER://kafka-1:9091,CLIENTSSL:", "CLIENT:SASL_SSL", "CLIENT:SASL_SSL,CLIENTSSL:SASL_SSL", "KAFKA_NODE_ID: 1", "KAFKA_NODE_ID: 1\n      KAFKA_LISTENERS: BROKER://:9091,CONTROLLER://:9093,CLIENTSSL://:9092,HOST://:29092,HEALTH://127.0.0.1:9099\n      KAFKA_LISTENER_NAME_CLIENTSSL_SCRAM___SHA___512_SASL_JAAS_CONFIG: org.apache.kafka.common.security.scram.ScramLoginModule required;"},
			want: []string{
				"47:7 kafka-1 [pem-store] the start script sees the listener CLIENTSSL and sets a password for the key store, which Kafka refuses with PEM: the broker does not start",
				"fix: another name for it, as CLIENT, with CLIENT:SASL_SSL in its map, KAFKA_SSL_KEYSTORE_TYPE: PEM and KAFKA_SSL_KEYSTORE_LOCATION",
				"30:3 kafka-1 [listener-setting, advice] KAFKA_LISTENER_NAME_CLIENT_SCRAM___SHA___512_SASL_JAAS_CONFIG is of a listener CLIENT, which does not exist: it sets nothing",
				"fix: KAFKA_LISTENER_NAME_… with one of BROKER, CLIENTSSL, CONTROLLER, HEALTH, HOST, or no such variable",
			},
		},
		{
			name: "PEM by its name for the script", base: secureZooStack,
			edits: []string{"kafka-1.p12", "kafka-1.pem"},
			want: []string{
				"16:7 kafka-1 [pem-store] the start script sees the listener SASL_SSL and sets a password for the key store, which Kafka refuses with PEM: the broker does not start",
				"fix: another name for it, as CLIENT, with CLIENT:SASL_SSL in its map, KAFKA_SSL_KEYSTORE_TYPE: PEM and KAFKA_SSL_KEYSTORE_LOCATION",
			},
		},
		{
			name: "PEM without a type", base: secureStack,
			edits: []string{"  KAFKA_SSL_KEYSTORE_TYPE: PEM\n", "", "      KAFKA_SSL_KEYSTORE_LOCATION: /certs/kafka-2.pem\n", "      KAFKA_SSL_KEYSTORE_LOCATION: /certs/kafka-2.p12\n", "      KAFKA_SSL_KEYSTORE_LOCATION: /certs/kafka-3.pem\n", "      KAFKA_SSL_KEYSTORE_LOCATION: /certs/kafka-3.p12\n"},
			want: []string{
				"45:7 kafka-1 [pem-store] kafka-1.pem is PEM by its name, and Kafka reads a store as JKS when no type is set: the broker does not start",
				"fix: KAFKA_SSL_KEYSTORE_TYPE: PEM, and no KAFKA_SSL_KEYSTORE_PASSWORD",
			},
		},
		{
			name: "a trust store without a type", base: secureZooStack,
			edits: []string{"trust.p12", "ca.crt"},
			want: []string{
				"25:7 kafka-1 [pem-store] ca.crt is PEM by its name, and Kafka reads a store as JKS when no type is set: the broker does not start",
				"fix: KAFKA_SSL_TRUSTSTORE_TYPE: PEM, and no KAFKA_SSL_TRUSTSTORE_PASSWORD",
			},
		},
		{
			name: "PEM with a password", base: secureStack,
			edits: []string{"KAFKA_SSL_KEYSTORE_LOCATION: /certs/kafka-1.pem", "KAFKA_SSL_KEYSTORE_LOCATION: /certs/kafka-1.pem\n      KAFKA_SSL_KEYSTORE_PASSWORD: ${PASSWORD}"},
			want: []string{
				"47:7 kafka-1 [pem-store] Kafka refuses a store password with PEM: the broker does not start",
				"fix: remove KAFKA_SSL_KEYSTORE_PASSWORD; that of an encrypted key is KAFKA_SSL_KEY_PASSWORD",
			},
		},
		{
			name: "PEM with an empty password", base: secureStack,
			edits: []string{"KAFKA_SSL_KEYSTORE_LOCATION: /certs/kafka-1.pem", "KAFKA_SSL_KEYSTORE_LOCATION: /certs/kafka-1.pem\n      KAFKA_SSL_TRUSTSTORE_PASSWORD: \"\""},
			want: []string{
				"47:7 kafka-1 [pem-store] Kafka refuses a store password with PEM: the broker does not start",
				"fix: remove KAFKA_SSL_TRUSTSTORE_PASSWORD; that of an encrypted key is KAFKA_SSL_KEY_PASSWORD",
			},
		},
		{
			name: "a key with a password", base: secureStack,
			edits: []string{"KAFKA_SSL_KEYSTORE_LOCATION: /certs/kafka-1.pem", "KAFKA_SSL_KEYSTORE_LOCATION: /certs/kafka-1.pem\n      KAFKA_SSL_KEY_PASSWORD: ${PASSWORD}"},
		},
		{
			name: "a type that is set elsewhere", base: secureStack,
			edits: []string{"KEYSTORE_TYPE: PEM", "KEYSTORE_TYPE: ${KIND}"},
		},
		{
			name: "a store that nobody uses", base: zooStack,
			edits: []string{"KAFKA_BROKER_ID: 1", "KAFKA_BROKER_ID: 1\n      KAFKA_SSL_KEYSTORE_LOCATION: /kafka.pem"},
		},
	})
}
