package composefile

import "testing"

func TestControllersNames(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "a broker alone without the controllers' name", base: isolatedStack,
			edits: []string{"      KAFKA_PROCESS_ROLES: broker\n      KAFKA_CONTROLLER_LISTENER_NAMES: CONTROLLER\n", "      KAFKA_PROCESS_ROLES: broker\n"},
			want: []string{
				"18:7 kafka [controller-listener] KRaft does not start without controller.listener.names",
				"fix: KAFKA_CONTROLLER_LISTENER_NAMES: CONTROLLER",
			},
		},
		{
			name: "a broker alone whose map lacks the controllers", base: isolatedStack,
			edits: []string{"KAFKA_LISTENERS: PLAINTEXT://:9092", "KAFKA_LISTENERS: PLAINTEXT://:9092\n      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: PLAINTEXT:PLAINTEXT"},
			want: []string{
				"22:7 kafka [listener-protocol] no security protocol for the listener CONTROLLER: the broker does not start",
				"fix: KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
			},
		},
		{
			name: "a broker alone that listens for controllers", base: isolatedStack,
			edits: []string{"KAFKA_LISTENERS: PLAINTEXT://:9092", "KAFKA_LISTENERS: PLAINTEXT://:9092,CONTROLLER://:9093"},
			want: []string{
				"21:7 kafka [controller-listener] a broker alone must not listen under the controllers' name: it does not start",
				"fix: KAFKA_LISTENERS: PLAINTEXT://:9092",
			},
		},
		{
			name: "a controller alone that listens for clients", base: isolatedStack,
			edits: []string{"KAFKA_LISTENERS: CONTROLLER://:9093", "KAFKA_LISTENERS: CONTROLLER://:9093,PLAINTEXT://:9092"},
			want: []string{
				"12:7 controller [controller-listener] a controller alone listens under controller.listener.names and nothing else, so not PLAINTEXT: it does not start",
				"fix: KAFKA_LISTENERS: CONTROLLER://:9093",
			},
		},
		{
			name: "a name in lower case", base: kraftStack,
			edits: []string{"KAFKA_CONTROLLER_LISTENER_NAMES: CONTROLLER", "KAFKA_CONTROLLER_LISTENER_NAMES: controller"},
			want: []string{
				"10:7 kafka [controller-listener] Kafka makes the names of listeners upper case, and controller is compared as it is: it does not start",
				"fix: KAFKA_CONTROLLER_LISTENER_NAMES: CONTROLLER",
			},
		},
		{
			name: "no map, and a listener that is called after SASL", base: kraftStack,
			edits: []string{"KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: PLAINTEXT:PLAINTEXT,PLAINTEXT_HOST:PLAINTEXT,CONTROLLER:PLAINTEXT\n      ", "", "PLAINTEXT_HOST://:29092", "SASL_PLAINTEXT://:29092", "PLAINTEXT_HOST://localhost", "SASL_PLAINTEXT://localhost", "KAFKA_NODE_ID: 1", "KAFKA_NODE_ID: 1\n      KAFKA_OPTS: -Djava.security.auth.login.config=/jaas"},
			want: []string{
				"14:7 kafka [listener-protocol] no security protocol for the listener CONTROLLER: the broker does not start",
				"fix: KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: PLAINTEXT:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
			},
		},
		{
			name: "both names of the brokers' listener", base: zooStack,
			edits: []string{"KAFKA_INTER_BROKER_LISTENER_NAME: PLAINTEXT", "KAFKA_INTER_BROKER_LISTENER_NAME: PLAINTEXT\n      KAFKA_SECURITY_INTER_BROKER_PROTOCOL: PLAINTEXT"},
			want: []string{
				"33:7 kafka [inter-broker-listener] inter.broker.listener.name and security.inter.broker.protocol are both set: the broker does not start",
				"fix: remove KAFKA_SECURITY_INTER_BROKER_PROTOCOL",
			},
		},
		{
			name: "no listener of the brokers' protocol", base: zooStack,
			edits: []string{"KAFKA_INTER_BROKER_LISTENER_NAME: PLAINTEXT", "KAFKA_SECURITY_INTER_BROKER_PROTOCOL: SSL"},
			want: []string{
				"30:7 kafka [inter-broker-listener] no listener is called SSL, and KAFKA_INTER_BROKER_LISTENER_NAME names no other for the brokers (there are PLAINTEXT, PLAINTEXT_HOST): the broker does not start",
				"fix: KAFKA_INTER_BROKER_LISTENER_NAME: PLAINTEXT",
			},
		},
	})
}
