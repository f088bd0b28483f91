package composefile

import "testing"

func TestListeners(t *testing.T) {
	t.Parallel()
	const protocols = "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: PLAINTEXT:PLAINTEXT,PLAINTEXT_HOST:PLAINTEXT"
	runFaults(t, []fault{
		{
			name: "advertised, not listened on", base: zooStack,
			edits: []string{",PLAINTEXT_HOST://0.0.0.0:29092", ""},
			want: []string{
				"30:7 kafka [listener-missing] PLAINTEXT_HOST is advertised but not in KAFKA_LISTENERS: the broker does not start",
				"fix: KAFKA_LISTENERS: PLAINTEXT://0.0.0.0:9092,PLAINTEXT_HOST://0.0.0.0:29092",
			},
		},
		{
			name: "no protocol in the map", base: zooStack,
			edits: []string{",PLAINTEXT_HOST:PLAINTEXT", ""},
			want: []string{
				"31:7 kafka [listener-protocol] no security protocol for the listener PLAINTEXT_HOST: the broker does not start",
				"fix: KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: PLAINTEXT:PLAINTEXT,PLAINTEXT_HOST:PLAINTEXT",
			},
		},
		{
			name: "no protocol without a map", base: zooStack,
			edits: []string{protocols + "\n      ", ""},
			want: []string{
				"30:7 kafka [listener-protocol] no security protocol for the listener PLAINTEXT_HOST: the broker does not start",
				"fix: KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: PLAINTEXT:PLAINTEXT,PLAINTEXT_HOST:PLAINTEXT",
			},
		},
		{
			name: "a map without the controller", base: kraftStack,
			edits: []string{",CONTROLLER:PLAINTEXT", ""},
			want: []string{
				"14:7 kafka [listener-protocol] no security protocol for the listener CONTROLLER: the broker does not start",
				"fix: KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: PLAINTEXT:PLAINTEXT,PLAINTEXT_HOST:PLAINTEXT,CONTROLLER:PLAINTEXT",
			},
		},
		{
			name: "no such protocol", base: zooStack,
			edits: []string{"PLAINTEXT_HOST:PLAINTEXT", "PLAINTEXT_HOST:PLAIN"},
			want: []string{
				"31:7 kafka [listener-protocol] PLAIN is no security protocol: the broker does not start",
				"fix: PLAINTEXT_HOST:PLAINTEXT (or SSL, SASL_PLAINTEXT, SASL_SSL) in KAFKA_LISTENER_SECURITY_PROTOCOL_MAP",
			},
		},
		{
			name: "two listeners on a port", base: zooStack,
			edits: []string{"PLAINTEXT_HOST://0.0.0.0:29092", "PLAINTEXT_HOST://0.0.0.0:9092", `127.0.0.1:29092:29092`, `127.0.0.1:29092:9092`},
			want: []string{
				"29:7 kafka [listener-port] the listeners PLAINTEXT and PLAINTEXT_HOST both bind port 9092: the broker does not start",
				"fix: another port for PLAINTEXT_HOST, in KAFKA_LISTENERS and where it is advertised",
			},
		},
		{
			name: "two listeners of a name", base: zooStack,
			edits: []string{"PLAINTEXT_HOST://0.0.0.0:29092", "PLAINTEXT://0.0.0.0:29092", ",PLAINTEXT_HOST://localhost:29092", ""},
			want: []string{
				"29:7 kafka [listener-port] two listeners are called PLAINTEXT: the broker does not start",
				"fix: another name for PLAINTEXT://0.0.0.0:29092, in KAFKA_LISTENERS, where it is advertised and in the protocol map",
			},
		},
	})
}

func TestRolesOfListeners(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "brokers' listener not advertised", base: zooStack,
			edits: []string{"INTER_BROKER_LISTENER_NAME: PLAINTEXT", "INTER_BROKER_LISTENER_NAME: INTERNAL"},
			want: []string{
				"32:7 kafka [inter-broker-listener] the brokers' own listener INTERNAL is not advertised (PLAINTEXT, PLAINTEXT_HOST are): the broker does not start",
				"fix: KAFKA_INTER_BROKER_LISTENER_NAME: PLAINTEXT",
			},
		},
		{
			name: "brokers' listener not named", base: zooStack,
			edits: []string{
				"KAFKA_LISTENERS: PLAINTEXT:", "KAFKA_LISTENERS: INTERNAL:", "ADVERTISED_LISTENERS: PLAINTEXT:", "ADVERTISED_LISTENERS: INTERNAL:",
				"MAP: PLAINTEXT:", "MAP: INTERNAL:", "KAFKA_INTER_BROKER_LISTENER_NAME: PLAINTEXT\n      ", "",
			},
			want: []string{
				"30:7 kafka [inter-broker-listener] no listener is called PLAINTEXT, and KAFKA_INTER_BROKER_LISTENER_NAME names no other for the brokers (there are INTERNAL, PLAINTEXT_HOST): the broker does not start",
				"fix: KAFKA_INTER_BROKER_LISTENER_NAME: INTERNAL",
			},
		},
		{
			name: "brokers sent to themselves", base: clusterStack,
			edits: []string{"INTER_BROKER_LISTENER_NAME: PLAINTEXT", "INTER_BROKER_LISTENER_NAME: PLAINTEXT_HOST"},
			want: []string{
				"36:7 kafka [inter-broker-listener] the other brokers are sent to localhost:29092, which is themselves: nothing is replicated",
				"fix: advertise PLAINTEXT_HOST://kafka:29092 for the brokers, and localhost under another name for this machine",
				"45:7 kafka-2 [inter-broker-listener] the other brokers are sent to localhost:29093, which is themselves: nothing is replicated",
				"fix: advertise PLAINTEXT_HOST://kafka-2:29093 for the brokers, and localhost under another name for this machine",
				"54:7 kafka-3 [inter-broker-listener] the other brokers are sent to localhost:29094, which is themselves: nothing is replicated",
				"fix: advertise PLAINTEXT_HOST://kafka-3:29094 for the brokers, and localhost under another name for this machine",
			},
		},
		{
			name: "a controller without a name for its listener", base: kraftStack,
			edits: []string{"KAFKA_CONTROLLER_LISTENER_NAMES: CONTROLLER\n      ", ""},
			want: []string{
				"9:7 kafka [controller-listener] KRaft does not start without controller.listener.names",
				"fix: KAFKA_CONTROLLER_LISTENER_NAMES: CONTROLLER",
			},
		},
		{
			name: "a controller that does not listen", base: kraftStack,
			edits: []string{",CONTROLLER://:9093", ""},
			want: []string{
				"10:7 kafka [controller-listener] the controller's listener CONTROLLER is not in KAFKA_LISTENERS: the broker does not start",
				"fix: KAFKA_LISTENERS: PLAINTEXT://:9092,PLAINTEXT_HOST://:29092,CONTROLLER://:9093",
			},
		},
		{
			name: "a map is needed for a controller too", base: kraftStack,
			edits: []string{"      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: PLAINTEXT:PLAINTEXT,PLAINTEXT_HOST:PLAINTEXT,CONTROLLER:PLAINTEXT\n", ""},
			want: []string{
				"13:7 kafka [listener-protocol] no security protocol for the listener PLAINTEXT_HOST: the broker does not start",
				"fix: KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,PLAINTEXT_HOST:PLAINTEXT",
			},
		},
		{
			name: "a controller alone that advertises", base: isolatedStack,
			edits: []string{"KAFKA_LISTENERS: CONTROLLER://:9093", "KAFKA_LISTENERS: CONTROLLER://:9093\n      KAFKA_ADVERTISED_LISTENERS: CONTROLLER://controller:9093"},
			want: []string{
				"13:7 controller [controller-listener] the image refuses to start a controller that advertises listeners",
				"fix: remove KAFKA_ADVERTISED_LISTENERS",
			},
		},
		{
			name: "a controller advertised, before 3.9", base: kraftStack,
			edits: []string{"apache/kafka:4.1.1", "apache/kafka:3.8.1", "KAFKA_ADVERTISED_LISTENERS: ", "KAFKA_ADVERTISED_LISTENERS: CONTROLLER://kafka:9093,"},
			want: []string{
				"13:7 kafka [controller-listener] the controller's listener CONTROLLER is advertised: the broker does not start",
				"fix: KAFKA_ADVERTISED_LISTENERS without CONTROLLER",
			},
		},
	})
}

func TestListenersSilent(t *testing.T) {
	t.Parallel()
	const protocols = "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: PLAINTEXT:PLAINTEXT,PLAINTEXT_HOST:PLAINTEXT"
	runFaults(t, []fault{
		{name: "a controller advertised, since 3.9", base: kraftStack, edits: []string{
			"KAFKA_ADVERTISED_LISTENERS: ", "KAFKA_ADVERTISED_LISTENERS: CONTROLLER://kafka:9093,",
		}},
		{name: "names in lower case", base: zooStack, edits: []string{
			"PLAINTEXT_HOST://0.0.0.0", "plaintext_host://0.0.0.0", "PLAINTEXT:PLAINTEXT,PLAINTEXT_HOST:", "PLAINTEXT:PLAINTEXT,Plaintext_Host:",
		}},
		{name: "listeners from the advertised ones", base: zooStack, edits: []string{
			"KAFKA_LISTENERS: PLAINTEXT://0.0.0.0:9092,PLAINTEXT_HOST://0.0.0.0:29092\n      ", "",
		}},
		{name: "listeners that a shell completes", base: zooStack, edits: []string{
			"KAFKA_LISTENERS: PLAINTEXT://0.0.0.0:9092", "KAFKA_LISTENERS: PLAINTEXT://$${HOSTNAME}:9092",
		}},
		{name: "a map that a shell completes", base: zooStack, edits: []string{
			"PLAINTEXT:PLAINTEXT,PLAINTEXT_HOST:PLAINTEXT", "PLAINTEXT:PLAINTEXT,$${MORE}",
		}},
		{name: "one broker that reaches itself by localhost", base: zooStack, edits: []string{
			"INTER_BROKER_LISTENER_NAME: PLAINTEXT", "INTER_BROKER_LISTENER_NAME: PLAINTEXT_HOST",
		}},
		{name: "a map from the shell", base: zooStack, edits: []string{
			protocols, "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: ${PROTOCOLS}",
		}},
		{name: "listeners from the shell", base: zooStack, edits: []string{
			"KAFKA_LISTENERS: PLAINTEXT://0.0.0.0:9092,", "KAFKA_LISTENERS: ${LISTENERS},",
		}},
		{name: "a map from env_file", base: zooStack, edits: []string{protocols, "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP:"}},
		{name: "no map, protocols for names, a controller", base: kraftStack, edits: []string{
			"KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: PLAINTEXT:PLAINTEXT,PLAINTEXT_HOST:PLAINTEXT,CONTROLLER:PLAINTEXT\n      ", "",
			",PLAINTEXT_HOST://:29092", "", ",PLAINTEXT_HOST://localhost:29092", "", "    ports:\n      - \"127.0.0.1:29092:29092\"\n", "",
		}},
		{name: "one port for IPv4 and IPv6", base: zooStack, edits: []string{
			"PLAINTEXT_HOST://0.0.0.0:29092", `PLAINTEXT_HOST://0.0.0.0:29092,PLAINTEXT_HOST://[::]:29092`,
		}},
		{name: "brokers by protocol", base: zooStack, edits: []string{
			"KAFKA_INTER_BROKER_LISTENER_NAME: PLAINTEXT", "KAFKA_SECURITY_INTER_BROKER_PROTOCOL: PLAINTEXT",
		}},
	})
}

func TestAdvertisedHosts(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "every address", base: zooStack,
			edits: []string{"PLAINTEXT://kafka:9092,", "PLAINTEXT://0.0.0.0:9092,"},
			want: []string{
				"30:7 kafka [advertised-address] PLAINTEXT://0.0.0.0:9092 is advertised, which is no address to go to: the broker does not start",
				"fix: PLAINTEXT://kafka:9092 in KAFKA_ADVERTISED_LISTENERS, or localhost for clients on this machine",
			},
		},
		{
			name: "nobody's name", base: zooStack,
			edits: []string{"PLAINTEXT://kafka:9092,", "PLAINTEXT://kafak:9092,"},
			want: []string{
				"30:7 kafka [advertised-host] metadata sends clients to kafak:9092, but no container is called kafak",
				"fix: PLAINTEXT://kafka:9092 in KAFKA_ADVERTISED_LISTENERS",
			},
		},
		{
			name: "another broker's name", base: clusterStack,
			edits: []string{"PLAINTEXT://kafka-2:9092", "PLAINTEXT://kafka:9092"},
			want: []string{
				"45:7 kafka-2 [advertised-host] metadata sends clients of kafka-2 to kafka:9092, which is another broker",
				"fix: PLAINTEXT://kafka-2:9092 in KAFKA_ADVERTISED_LISTENERS",
			},
		},
		{
			name: "a port that is not bound", base: zooStack,
			edits: []string{"PLAINTEXT://kafka:9092,", "PLAINTEXT://kafka:9093,"},
			want: []string{
				"30:7 kafka [advertised-host] metadata sends clients to kafka:9093, but the listener PLAINTEXT binds 9092",
				"fix: PLAINTEXT://kafka:9092 in KAFKA_ADVERTISED_LISTENERS",
			},
		},
		{name: "a network alias", base: zooStack, edits: []string{
			"PLAINTEXT://kafka:9092,", "PLAINTEXT://broker:9092,",
			"image: confluentinc/cp-kafka:7.9.2", "image: confluentinc/cp-kafka:7.9.2\n    networks: {default: {aliases: [broker]}}",
		}},
		{name: "container_name", base: zooStack, edits: []string{
			"PLAINTEXT://kafka:9092,", "PLAINTEXT://broker:9092,",
			"image: confluentinc/cp-kafka:7.9.2", "image: confluentinc/cp-kafka:7.9.2\n    container_name: broker",
		}},
		{name: "hostname", base: zooStack, edits: []string{
			"PLAINTEXT://kafka:9092,", "PLAINTEXT://broker:9092,",
			"image: confluentinc/cp-kafka:7.9.2", "image: confluentinc/cp-kafka:7.9.2\n    hostname: broker",
		}},
		{name: "a host of the DNS", base: zooStack, edits: []string{"PLAINTEXT://kafka:9092,", "PLAINTEXT://kafka.lan:9092,"}},
		{name: "this machine by name", base: zooStack, edits: []string{"PLAINTEXT_HOST://localhost:29092", "PLAINTEXT_HOST://workstation:29092"}},
		{name: "a network from elsewhere", base: zooStack, edits: []string{
			"PLAINTEXT://kafka:9092,", "PLAINTEXT://kafak:9092,", "\nvolumes:\n  zoo", "\nnetworks: {default: {external: true, name: shared}}\n\nvolumes:\n  zoo",
		}},
		{name: "a name from the shell", base: zooStack, edits: []string{"PLAINTEXT://kafka:9092,", "PLAINTEXT://${KAFKA_HOST_NAME}:9092,"}},
	})
}
