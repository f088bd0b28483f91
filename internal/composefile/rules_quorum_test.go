package composefile

import "testing"

func TestQuorumVoters(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "a voter that no container is called", base: kraftStack,
			edits: []string{"KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka:9093", "KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafak:9093"},
			want: []string{
				"11:7 kafka [quorum-voters] a controller that is not found: 1@kafak:9093: no container is called kafak",
				"fix: KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka:9093",
			},
		},
		{
			name: "a port that nobody binds", base: kraftStack,
			edits: []string{"KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka:9093", "KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka:9094"},
			want: []string{
				"11:7 kafka [quorum-voters] a controller that is not found: 1@kafka:9094: kafka does not listen on 9094",
				"fix: KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka:9093",
			},
		},
		{
			name: "the listener for clients", base: kraftStack,
			edits: []string{"KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka:9093", "KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka:9092"},
			want: []string{
				"11:7 kafka [quorum-voters] a controller that is not found: 1@kafka:9092: port 9092 of kafka is the listener PLAINTEXT, for clients",
				"fix: KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka:9093",
			},
		},
		{
			name: "no id", base: kraftStack,
			edits: []string{"KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka:9093", "KAFKA_CONTROLLER_QUORUM_VOTERS: kafka:9093"},
			want: []string{
				`11:7 kafka [quorum-voters] a controller that is not found: "kafka:9093" has no id`,
				"fix: KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka:9093",
			},
		},
		{
			name: "no port", base: kraftStack,
			edits: []string{"KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka:9093", "KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka"},
			want: []string{
				`11:7 kafka [quorum-voters] a controller that is not found: "1@kafka" is not ID@HOST:PORT`,
				"fix: KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka:9093",
			},
		},
		{
			name: "another id than its own", base: kraftStack,
			edits: []string{"KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka:9093", "KAFKA_CONTROLLER_QUORUM_VOTERS: 2@kafka:9093"},
			want: []string{
				"11:7 kafka [quorum-voters] a controller that is not found: 2@kafka:9093: kafka has the id 1 (KAFKA_NODE_ID), not 2",
				"fix: KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka:9093",
			},
		},
		{
			name: "no voters", base: kraftStack,
			edits: []string{"KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka:9093\n      ", ""},
			want: []string{
				"9:7 kafka [quorum-voters] KRaft does not start without the controllers' addresses",
				"fix: KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka:9093",
			},
		},
	})
}

func TestQuorumVotersOfSeveral(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "an empty list of voters", base: kraftStack,
			edits: []string{"KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka:9093", `KAFKA_CONTROLLER_QUORUM_VOTERS: ""`, "${KAFKACTL_IMAGE:-kafkactl:local}", "kafkactl:local"},
			want: []string{
				"9:7 kafka [quorum-voters] KRaft does not start without the controllers' addresses",
				"fix: KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka:9093",
			},
		},
	})
}

func TestQuorumOfSeveral(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "one of three is wrong, on one node", base: quorumStack,
			edits: []string{"1@kafka-1:9093,2@kafka-2:9093,3@kafka-3:9093", "1@kafka-1:9093,2@kafka-2:9092,3@kafka-4:9093"},
			want: []string{
				"18:7 kafka-1 [quorum-voters] a controller that is not found: 2@kafka-2:9092: port 9092 of kafka-2 is the listener PLAINTEXT, for clients; 3@kafka-4:9093: no container is called kafka-4",
				"fix: KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka-1:9093,2@kafka-2:9093,3@kafka-3:9093",
			},
		},
		{
			name: "an id that is there twice", base: quorumStack,
			edits: []string{"1@kafka-1:9093,2@kafka-2:9093,3@kafka-3:9093", "1@kafka-1:9093,1@kafka-2:9093,3@kafka-3:9093"},
			want: []string{
				"18:7 kafka-1 [quorum-voters] a controller that is not found: the id 1 is there twice",
				"fix: KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka-1:9093,2@kafka-2:9093,3@kafka-3:9093",
			},
		},
		{
			name: "localhost of several", base: quorumStack,
			edits: []string{"1@kafka-1:9093,2@kafka-2:9093,3@kafka-3:9093", "1@localhost:9093,2@kafka-2:9093,3@kafka-3:9093"},
			want: []string{
				"18:7 kafka-1 [quorum-voters] a controller that is not found: 1@localhost:9093: in each container that is the container itself",
				"fix: KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka-1:9093,2@kafka-2:9093,3@kafka-3:9093",
			},
		},
		{
			name: "localhost of another node", base: isolatedStack,
			edits: []string{"      KAFKA_PROCESS_ROLES: broker\n      KAFKA_CONTROLLER_LISTENER_NAMES: CONTROLLER\n      KAFKA_CONTROLLER_QUORUM_VOTERS: 1@controller:9093", "      KAFKA_PROCESS_ROLES: broker\n      KAFKA_CONTROLLER_LISTENER_NAMES: CONTROLLER\n      KAFKA_CONTROLLER_QUORUM_VOTERS: 1@localhost:9093"},
			want: []string{
				"20:7 kafka [quorum-voters] a controller that is not found: 1@localhost:9093: in each container that is the container itself",
				"fix: KAFKA_CONTROLLER_QUORUM_VOTERS: 1@controller:9093",
			},
		},
		{
			name: "a voter that is no controller", base: isolatedStack,
			edits: []string{"KAFKA_CONTROLLER_QUORUM_VOTERS: 1@controller:9093", "KAFKA_CONTROLLER_QUORUM_VOTERS: 1@controller:9093,2@kafka:9092"},
			want: []string{
				"11:7 controller [quorum-voters] a controller that is not found: 2@kafka:9092: kafka is no controller (KAFKA_PROCESS_ROLES)",
				"fix: KAFKA_CONTROLLER_QUORUM_VOTERS: 1@controller:9093",
			},
		},
	})
}

func TestQuorumListsThatDiffer(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "lists that differ", base: quorumStack,
			edits: []string{"KAFKA_NODE_ID: 2\n      KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka-1:9093,2@kafka-2:9093,3@kafka-3:9093", "KAFKA_NODE_ID: 2\n      KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka-1:9093,2@kafka-2:9093"},
			want: []string{
				"27:7 kafka-2 [quorum-voters] kafka-2 knows other voters (1@kafka-1:9093,2@kafka-2:9093) than kafka-1 (1@kafka-1:9093,2@kafka-2:9093,3@kafka-3:9093): they do not agree on a leader",
				"fix: KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka-1:9093,2@kafka-2:9093,3@kafka-3:9093",
			},
		},
		{
			name: "lists that differ, one each", base: quorumStack,
			edits: []string{"KAFKA_NODE_ID: 1\n      KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka-1:9093,2@kafka-2:9093,3@kafka-3:9093", "KAFKA_NODE_ID: 1\n      KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka-1:9093", "KAFKA_NODE_ID: 2\n      KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka-1:9093,2@kafka-2:9093,3@kafka-3:9093", "KAFKA_NODE_ID: 2\n      KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka-1:9093,2@kafka-2:9093"},
			want: []string{
				"18:7 kafka-1 [quorum-voters] kafka-1 knows other voters (1@kafka-1:9093) than kafka-3 (1@kafka-1:9093,2@kafka-2:9093,3@kafka-3:9093): they do not agree on a leader",
				"fix: KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka-1:9093,2@kafka-2:9093,3@kafka-3:9093",
				"27:7 kafka-2 [quorum-voters] kafka-2 knows other voters (1@kafka-1:9093,2@kafka-2:9093) than kafka-3 (1@kafka-1:9093,2@kafka-2:9093,3@kafka-3:9093): they do not agree on a leader",
				"fix: KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka-1:9093,2@kafka-2:9093,3@kafka-3:9093",
			},
		},
		{
			name: "a bootstrap server of nobody", base: kraftStack,
			edits: []string{"KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka:9093", "KAFKA_CONTROLLER_QUORUM_BOOTSTRAP_SERVERS: controller:9093"},
			want: []string{
				"11:7 kafka [quorum-voters] a controller that is not found: controller:9093: no container is called controller",
				"fix: KAFKA_CONTROLLER_QUORUM_BOOTSTRAP_SERVERS: kafka:9093",
			},
		},
		{
			name: "a bootstrap server with an id", base: kraftStack,
			edits: []string{"KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka:9093", "KAFKA_CONTROLLER_QUORUM_BOOTSTRAP_SERVERS: 1@kafka:9093"},
			want: []string{
				`11:7 kafka [quorum-voters] a controller that is not found: "1@kafka:9093" is not HOST:PORT`,
				"fix: KAFKA_CONTROLLER_QUORUM_BOOTSTRAP_SERVERS: kafka:9093",
			},
		},
	})
}

func TestQuorumMembership(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "a controller that is no voter", base: quorumStack,
			edits: []string{"KAFKA_NODE_ID: 3", "KAFKA_NODE_ID: 4"},
			want: []string{
				"35:7 kafka-3 [node-id] the id of kafka-3 is 4, and the voters' lists call it 3: it does not start",
				"fix: KAFKA_NODE_ID: 3",
			},
		},
		{
			name: "a broker alone with the id of a voter", base: isolatedStack,
			edits: []string{"KAFKA_NODE_ID: 2", "KAFKA_NODE_ID: 1"},
			want: []string{
				"17:7 kafka [node-id] controller and kafka both have the id 1: the second to start is refused",
				"fix: KAFKA_NODE_ID: 2",
			},
		},
		{
			name: "a broker alone with the id of a voter elsewhere", base: isolatedStack,
			edits: []string{"      KAFKA_PROCESS_ROLES: controller\n      KAFKA_CONTROLLER_LISTENER_NAMES: CONTROLLER\n      KAFKA_CONTROLLER_QUORUM_VOTERS: 1@controller:9093", "      KAFKA_PROCESS_ROLES: controller\n      KAFKA_CONTROLLER_LISTENER_NAMES: CONTROLLER\n      KAFKA_CONTROLLER_QUORUM_VOTERS: 1@controller:9093,2@second.example.com:9093", "      KAFKA_PROCESS_ROLES: broker\n      KAFKA_CONTROLLER_LISTENER_NAMES: CONTROLLER\n      KAFKA_CONTROLLER_QUORUM_VOTERS: 1@controller:9093", "      KAFKA_PROCESS_ROLES: broker\n      KAFKA_CONTROLLER_LISTENER_NAMES: CONTROLLER\n      KAFKA_CONTROLLER_QUORUM_VOTERS: 1@controller:9093,2@second.example.com:9093"},
			want: []string{
				"17:7 kafka [quorum-voters] kafka is a broker alone, and its id 2 is a voter's: it does not start",
				"fix: KAFKA_NODE_ID: 3",
			},
		},
		{
			name: "a voter elsewhere, and a controller that is none", base: kraftStack,
			edits: []string{"KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka:9093", "KAFKA_CONTROLLER_QUORUM_VOTERS: 2@a.example.com:9093,3@b.example.com:9093"},
			want: []string{
				"8:7 kafka [quorum-voters] kafka is a controller with the id 1, which is not in KAFKA_CONTROLLER_QUORUM_VOTERS: it does not start",
				"fix: KAFKA_CONTROLLER_QUORUM_VOTERS: 2@a.example.com:9093,3@b.example.com:9093,1@kafka:9093",
			},
		},
	})
}

func TestQuorumSilent(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{name: "localhost, alone", base: kraftStack, edits: []string{"KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka:9093", "KAFKA_CONTROLLER_QUORUM_VOTERS: 1@localhost:9093"}},
		{name: "by container_name", base: kraftStack, edits: []string{"KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka:9093", "KAFKA_CONTROLLER_QUORUM_VOTERS: 1@broker:9093", "image: apache/kafka:4.1.1", "image: apache/kafka:4.1.1\n    container_name: broker"}},
		{name: "voters elsewhere", base: kraftStack, edits: []string{"KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka:9093", "KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka:9093,2@b.example.com:9093,3@10.0.0.3:9093"}},
		{name: "voters from the shell", base: kraftStack, edits: []string{"KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka:9093", "KAFKA_CONTROLLER_QUORUM_VOTERS: ${VOTERS}"}},
		{name: "a part from the shell", base: kraftStack, edits: []string{"KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka:9093", "KAFKA_CONTROLLER_QUORUM_VOTERS: 1@${CONTROLLER}:9093"}},
		{name: "a placeholder", base: kraftStack, edits: []string{"KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka:9093", "KAFKA_CONTROLLER_QUORUM_VOTERS: 1@<host>:9093"}},
		{name: "bootstrap servers", base: kraftStack, edits: []string{"KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka:9093", "KAFKA_CONTROLLER_QUORUM_BOOTSTRAP_SERVERS: kafka:9093"}},
		{name: "the same voters in another order, with blanks", base: quorumStack, edits: []string{"1@kafka-1:9093,2@kafka-2:9093,3@kafka-3:9093", "3@kafka-3:9093, 1@kafka-1:9093, 2@kafka-2:9093"}},
		{name: "a name by which the listener is known, as a scheme", base: kraftStack, edits: []string{"KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka:9093", "KAFKA_CONTROLLER_QUORUM_VOTERS: 1@CONTROLLER://kafka:9093"}},
		{name: "a network from elsewhere", base: kraftStack, edits: []string{"KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka:9093", "KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka:9093,2@other:9093", "\nvolumes:\n", "\nnetworks: {default: {external: true, name: shared}}\n\nvolumes:\n"}},
		{name: "on the machine's network", base: kraftStack, edits: []string{"KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka:9093", "KAFKA_CONTROLLER_QUORUM_VOTERS: 1@localhost:9093,2@localhost:9094", "    ports:\n      - \"127.0.0.1:29092:29092\"\n", "    network_mode: host\n"}},
		{name: "settings to please an image that runs something else", base: kraftStack, edits: []string{"    environment:\n      CLUSTER_ID", "    command: [sleep, infinity]\n    environment:\n      CLUSTER_ID", "KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka:9093", "KAFKA_CONTROLLER_QUORUM_VOTERS: ignored", "KAFKA_NODE_ID: 1", "KAFKA_NODE_ID: ignored", "ADVERTISED_LISTENERS: PLAINTEXT://kafka:9092,PLAINTEXT_HOST://localhost:29092", "ADVERTISED_LISTENERS: ignored"}},
	})
}
