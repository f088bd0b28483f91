package composefile

import "testing"

func TestUnverifiedNames(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "brokers that compare no names", base: secureStack,
			edits: []string{"  KAFKA_SSL_CLIENT_AUTH: required\n", "  KAFKA_SSL_CLIENT_AUTH: required\n  KAFKA_SSL_ENDPOINT_IDENTIFICATION_ALGORITHM: \" \"\n"},
			want: []string{
				"23:3 kafka-1 [unverified-name, advice] its peers' certificates are not compared with the host that is dialled: any of the same CA will do",
				"fix: remove KAFKA_SSL_ENDPOINT_IDENTIFICATION_ALGORITHM, with every advertised host in the certificates (kafkactl certs makes them)",
				"23:3 kafka-2 [unverified-name, advice] its peers' certificates are not compared with the host that is dialled: any of the same CA will do",
				"fix: remove KAFKA_SSL_ENDPOINT_IDENTIFICATION_ALGORITHM, with every advertised host in the certificates (kafkactl certs makes them)",
				"23:3 kafka-3 [unverified-name, advice] its peers' certificates are not compared with the host that is dialled: any of the same CA will do",
				"fix: remove KAFKA_SSL_ENDPOINT_IDENTIFICATION_ALGORITHM, with every advertised host in the certificates (kafkactl certs makes them)",
			},
		},
		{
			name: "a service that compares no names", base: secureStack,
			edits: []string{"KAFKA_SASL_PASSWORD_FILE: /run/secrets/order-service", `KAFKA_SSL_ENDPOINT_IDENTIFICATION_ALGORITHM: ""`},
			want: []string{
				"79:7 order-service [unverified-name, advice] the brokers' certificates are not compared with the host that is dialled: any of the same CA will do",
				"fix: remove KAFKA_SSL_ENDPOINT_IDENTIFICATION_ALGORITHM, with every advertised host in the certificates (kafkactl certs makes them)",
			},
		},
		{
			name: "a service of librdkafka", base: secureStack,
			edits: []string{"KAFKA_SASL_PASSWORD_FILE: /run/secrets/order-service", "Kafka__SslEndpointIdentificationAlgorithm: None"},
			want: []string{
				"79:7 order-service [unverified-name, advice] the brokers' certificates are not compared with the host that is dialled: any of the same CA will do",
				"fix: remove Kafka__SslEndpointIdentificationAlgorithm, with every advertised host in the certificates (kafkactl certs makes them)",
			},
		},
		{
			name: "names that are compared", base: secureStack,
			edits: []string{"KAFKA_SASL_PASSWORD_FILE: /run/secrets/order-service", "KAFKA_SSL_ENDPOINT_IDENTIFICATION_ALGORITHM: https"},
		},
		{
			name: "names that the shell knows", base: secureStack,
			edits: []string{"KAFKA_SASL_PASSWORD_FILE: /run/secrets/order-service", `KAFKA_SSL_ENDPOINT_IDENTIFICATION_ALGORITHM: "${ALGORITHM}"`},
		},
		{
			name: "a leftover of brokers without TLS between them", base: zooStack,
			edits: []string{"KAFKA_BROKER_ID: 1", "KAFKA_BROKER_ID: 1\n      KAFKA_SSL_ENDPOINT_IDENTIFICATION_ALGORITHM: \"\""},
		},
	})
}
