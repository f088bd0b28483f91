package composefile

import "testing"

func TestAnonymousSuperUsers(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "everybody a super user", base: secureStack,
			edits: []string{"User:broker;", "User:ANONYMOUS;User:broker;", "BROKER:SSL,CONTROLLER:SSL,CLIENT:SASL_SSL,HOST:SASL_SSL", "BROKER:SSL,CONTROLLER:SSL,CLIENT:SASL_SSL,HOST:PLAINTEXT"},
			want: []string{
				"47:13 kafka-1 [anonymous-superuser] User:ANONYMOUS is a super user, and any machine that dials 29092 comes as that (HOST: PLAINTEXT asks nobody who it is): there the authorizer stops nobody",
				"fix: KAFKA_SUPER_USERS without User:ANONYMOUS, and a certificate or a login for the brokers; or no port for HOST",
				"56:13 kafka-2 [anonymous-superuser] User:ANONYMOUS is a super user, and any machine that dials 29093 comes as that (HOST: PLAINTEXT asks nobody who it is): there the authorizer stops nobody",
				"fix: KAFKA_SUPER_USERS without User:ANONYMOUS, and a certificate or a login for the brokers; or no port for HOST",
				"65:13 kafka-3 [anonymous-superuser] User:ANONYMOUS is a super user, and any machine that dials 29094 comes as that (HOST: PLAINTEXT asks nobody who it is): there the authorizer stops nobody",
				"fix: KAFKA_SUPER_USERS without User:ANONYMOUS, and a certificate or a login for the brokers; or no port for HOST",
			},
		},
		{
			name: "everybody of this machine", base: secureStack,
			edits: []string{"User:broker;", "User:ANONYMOUS;User:broker;", "HOST:SASL_SSL", "HOST:PLAINTEXT", `["29092:29092"]`, `["127.0.0.1:29092:29092"]`, `["29093:29093"]`, `["127.0.0.1:29093:29093"]`, `["29094:29094"]`, `["127.0.0.1:29094:29094"]`},
			want: []string{
				"47:13 kafka-1 [anonymous-superuser, advice] User:ANONYMOUS is a super user, and a program of this machine that dials 29092 comes as that (HOST: PLAINTEXT asks nobody who it is): there the authorizer stops nobody",
				"fix: KAFKA_SUPER_USERS without User:ANONYMOUS, and a certificate or a login for the brokers; or no port for HOST",
				"56:13 kafka-2 [anonymous-superuser, advice] User:ANONYMOUS is a super user, and a program of this machine that dials 29093 comes as that (HOST: PLAINTEXT asks nobody who it is): there the authorizer stops nobody",
				"fix: KAFKA_SUPER_USERS without User:ANONYMOUS, and a certificate or a login for the brokers; or no port for HOST",
				"65:13 kafka-3 [anonymous-superuser, advice] User:ANONYMOUS is a super user, and a program of this machine that dials 29094 comes as that (HOST: PLAINTEXT asks nobody who it is): there the authorizer stops nobody",
				"fix: KAFKA_SUPER_USERS without User:ANONYMOUS, and a certificate or a login for the brokers; or no port for HOST",
			},
		},
		{
			name: "TLS without a certificate", base: secureStack,
			edits: []string{"User:broker;", "User:ANONYMOUS;User:broker;", "HOST:SASL_SSL", "HOST:SSL", `["29093:29093"]`, `["127.0.0.1:29093:29093"]`, `["29094:29094"]`, `["127.0.0.1:29094:29094"]`},
			want: []string{
				"47:13 kafka-1 [anonymous-superuser] User:ANONYMOUS is a super user, and any machine that dials 29092 comes as that (HOST: it asks for no certificate): there the authorizer stops nobody",
				"fix: KAFKA_SUPER_USERS without User:ANONYMOUS, and a certificate or a login for the brokers; or no port for HOST",
				"56:13 kafka-2 [anonymous-superuser, advice] User:ANONYMOUS is a super user, and a program of this machine that dials 29093 comes as that (HOST: it asks for no certificate): there the authorizer stops nobody",
				"fix: KAFKA_SUPER_USERS without User:ANONYMOUS, and a certificate or a login for the brokers; or no port for HOST",
				"65:13 kafka-3 [anonymous-superuser, advice] User:ANONYMOUS is a super user, and a program of this machine that dials 29094 comes as that (HOST: it asks for no certificate): there the authorizer stops nobody",
				"fix: KAFKA_SUPER_USERS without User:ANONYMOUS, and a certificate or a login for the brokers; or no port for HOST",
			},
		},
		{
			name: "everybody a super user of an open cluster", base: secureStack,
			edits: []string{"User:broker;", "User:ANONYMOUS;User:broker;", "HOST:SASL_SSL", "HOST:PLAINTEXT", "  KAFKA_SUPER_USERS", "  KAFKA_ALLOW_EVERYONE_IF_NO_ACL_FOUND: \"true\"\n  KAFKA_SUPER_USERS", `["29093:29093"]`, `["127.0.0.1:29093:29093"]`, `["29094:29094"]`, `["127.0.0.1:29094:29094"]`},
			want: []string{
				"21:3 kafka-1 [everyone-allowed, advice] a topic without an ACL is everybody's, and its first ACL shuts out all others at once",
				`fix: KAFKA_ALLOW_EVERYONE_IF_NO_ACL_FOUND: "false", and an ACL for each service`,
				"48:13 kafka-1 [anonymous-superuser, advice] User:ANONYMOUS is a super user, and any machine that dials 29092 comes as that (HOST: PLAINTEXT asks nobody who it is): there the authorizer stops nobody",
				"fix: KAFKA_SUPER_USERS without User:ANONYMOUS, and a certificate or a login for the brokers; or no port for HOST",
				"57:13 kafka-2 [anonymous-superuser, advice] User:ANONYMOUS is a super user, and a program of this machine that dials 29093 comes as that (HOST: PLAINTEXT asks nobody who it is): there the authorizer stops nobody",
				"fix: KAFKA_SUPER_USERS without User:ANONYMOUS, and a certificate or a login for the brokers; or no port for HOST",
				"66:13 kafka-3 [anonymous-superuser, advice] User:ANONYMOUS is a super user, and a program of this machine that dials 29094 comes as that (HOST: PLAINTEXT asks nobody who it is): there the authorizer stops nobody",
				"fix: KAFKA_SUPER_USERS without User:ANONYMOUS, and a certificate or a login for the brokers; or no port for HOST",
			},
		},
		{
			name: "the machine's network", base: kraftStack,
			edits: []string{"    environment:\n      CLUSTER_ID", "    network_mode: host\n    environment:\n      KAFKA_AUTHORIZER_CLASS_NAME: org.apache.kafka.metadata.authorizer.StandardAuthorizer\n      KAFKA_SUPER_USERS: User:ANONYMOUS\n      CLUSTER_ID", "    ports:\n      - \"127.0.0.1:29092:29092\"\n", "", "PLAINTEXT://:9092", "PLAINTEXT://127.0.0.1:9092", "CONTROLLER://:9093", "CONTROLLER://127.0.0.1:9093", "1@kafka", "1@localhost"},
			want: []string{
				"16:7 kafka [anonymous-superuser] User:ANONYMOUS is a super user, and any machine that dials 29092 comes as that (PLAINTEXT_HOST: PLAINTEXT asks nobody who it is): there the authorizer stops nobody",
				"fix: KAFKA_SUPER_USERS without User:ANONYMOUS, and a certificate or a login for the brokers; or no port for PLAINTEXT_HOST",
				"16:7 kafka [anonymous-superuser, advice] User:ANONYMOUS is a super user, and a program of this machine that dials 9092 comes as that (PLAINTEXT: PLAINTEXT asks nobody who it is): there the authorizer stops nobody",
				"fix: KAFKA_SUPER_USERS without User:ANONYMOUS, and a certificate or a login for the brokers; or no port for PLAINTEXT",
				"16:7 kafka [anonymous-superuser, advice] User:ANONYMOUS is a super user, and a program of this machine that dials 9093 comes as that (CONTROLLER: PLAINTEXT asks nobody who it is): there the authorizer stops nobody",
				"fix: KAFKA_SUPER_USERS without User:ANONYMOUS, and a certificate or a login for the brokers; or no port for CONTROLLER",
			},
		},
		{
			name: "ANONYMOUS has no port", base: secureStack,
			edits: []string{"User:broker;", "User:ANONYMOUS;User:broker;"},
		},
		{
			name: "TLS with a certificate", base: secureStack,
			edits: []string{"User:broker;", "User:ANONYMOUS;User:broker;", "HOST:SASL_SSL", "HOST:SSL", "  KAFKA_LISTENER_NAME_HOST_SSL_CLIENT_AUTH: none\n", ""},
		},
	})
}

func TestEveryoneAllowed(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "everybody where there is no ACL", base: secureStack,
			edits: []string{"  KAFKA_SUPER_USERS", "  KAFKA_ALLOW_EVERYONE_IF_NO_ACL_FOUND: \"true\"\n  KAFKA_SUPER_USERS"},
			want: []string{
				"21:3 kafka-1 [everyone-allowed, advice] a topic without an ACL is everybody's, and its first ACL shuts out all others at once",
				`fix: KAFKA_ALLOW_EVERYONE_IF_NO_ACL_FOUND: "false", and an ACL for each service`,
			},
		},
		{
			name: "everybody, and the brokers too", base: secureStack,
			edits: []string{"  KAFKA_SUPER_USERS", "  KAFKA_ALLOW_EVERYONE_IF_NO_ACL_FOUND: \"true\"\n  KAFKA_SUPER_USERS", "CONTROLLER:SSL", "CONTROLLER:PLAINTEXT"},
			want: []string{
				"21:3 kafka-1 [everyone-allowed, advice] a topic without an ACL is everybody's, and its first ACL shuts out all others at once; the first ACL of the cluster shuts out the brokers, which come as User:ANONYMOUS",
				`fix: KAFKA_ALLOW_EVERYONE_IF_NO_ACL_FOUND: "false", and an ACL for each service`,
			},
		},
		{
			name: "nobody", base: secureStack,
			edits: []string{"  KAFKA_SUPER_USERS", "  KAFKA_ALLOW_EVERYONE_IF_NO_ACL_FOUND: \"false\"\n  KAFKA_SUPER_USERS"},
		},
		{
			name: "everybody, and no authorizer", base: zooStack,
			edits: []string{"KAFKA_BROKER_ID: 1", "KAFKA_BROKER_ID: 1\n      KAFKA_ALLOW_EVERYONE_IF_NO_ACL_FOUND: \"true\""},
		},
	})
}

func TestZooKeeperACLs(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "ACLs that everybody may write", base: secureZooStack,
			edits: []string{"      ZOOKEEPER_TICK_TIME: 2000\n", "      ZOOKEEPER_TICK_TIME: 2000\n    ports: [\"2181:2181\"]\n"},
			want: []string{
				"9:13 zookeeper [zookeeper-acls] any machine that dials 2181 may write the ACLs and users of kafka-1, which lie in ZooKeeper unprotected: the authorizer stops nobody",
				`fix: no ports for zookeeper; or a login for ZooKeeper, and KAFKA_ZOOKEEPER_SET_ACL: "true"`,
			},
		},
		{
			name: "ACLs that programs of this machine may write", base: secureZooStack,
			edits: []string{"      ZOOKEEPER_TICK_TIME: 2000\n", "      ZOOKEEPER_TICK_TIME: 2000\n    ports: [\"127.0.0.1:2181:2181\"]\n"},
			want: []string{
				"9:13 zookeeper [zookeeper-acls, advice] a program of this machine that dials 2181 may write the ACLs and users of kafka-1, which lie in ZooKeeper unprotected: the authorizer stops nobody",
				`fix: no ports for zookeeper; or a login for ZooKeeper, and KAFKA_ZOOKEEPER_SET_ACL: "true"`,
			},
		},
		{
			name: "ZooKeeper asks for a login", base: secureZooStack,
			edits: []string{"      ZOOKEEPER_TICK_TIME: 2000\n", "      ZOOKEEPER_TICK_TIME: 2000\n      KAFKA_OPTS: -Dzookeeper.sessionRequireClientSASLAuth=true\n    ports: [\"127.0.0.1:2181:2181\"]\n"},
		},
		{
			name: "znodes with ACLs of their own", base: secureZooStack,
			edits: []string{"      ZOOKEEPER_TICK_TIME: 2000\n", "      ZOOKEEPER_TICK_TIME: 2000\n    ports: [\"127.0.0.1:2181:2181\"]\n", "KAFKA_BROKER_ID: 1", "KAFKA_BROKER_ID: 1\n      KAFKA_ZOOKEEPER_SET_ACL: \"true\"", "KAFKA_BROKER_ID: 2", "KAFKA_BROKER_ID: 2\n      KAFKA_ZOOKEEPER_SET_ACL: \"true\""},
		},
		{
			name: "another port of ZooKeeper", base: secureZooStack,
			edits: []string{"      ZOOKEEPER_TICK_TIME: 2000\n", "      ZOOKEEPER_TICK_TIME: 2000\n    ports: [\"127.0.0.1:8080:8080\"]\n"},
		},
		{
			name: "an open cluster is not taken for closed", base: secureZooStack,
			edits: []string{"      ZOOKEEPER_TICK_TIME: 2000\n", "      ZOOKEEPER_TICK_TIME: 2000\n    ports: [\"127.0.0.1:2181:2181\"]\n", "      KAFKA_SUPER_USERS: User:kafka\n", "      KAFKA_SUPER_USERS: User:kafka\n      KAFKA_ALLOW_EVERYONE_IF_NO_ACL_FOUND: \"true\"\n", "      KAFKA_AUTHORIZER_CLASS_NAME: kafka.security.authorizer.AclAuthorizer\n      KAFKA_SUPER_USERS: User:kafka\n      KAFKA_OFF", "      KAFKA_AUTHORIZER_CLASS_NAME: kafka.security.authorizer.AclAuthorizer\n      KAFKA_ALLOW_EVERYONE_IF_NO_ACL_FOUND: \"true\"\n      KAFKA_SUPER_USERS: User:kafka\n      KAFKA_OFF"},
			want: []string{
				"30:7 kafka-1 [everyone-allowed, advice] a topic without an ACL is everybody's, and its first ACL shuts out all others at once",
				`fix: KAFKA_ALLOW_EVERYONE_IF_NO_ACL_FOUND: "false", and an ACL for each service`,
			},
		},
	})
}

func TestPlainLogins(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "a password for everybody to read", base: secureZooStack,
			edits: []string{`["127.0.0.1:29092:29092"]`, `["29092:29092"]`},
			want: []string{
				"34:13 kafka-1 [plain-login, advice] HOST is published beyond this machine without TLS: passwords and records cross the network for everybody to read",
				`fix: SASL_SSL for HOST; or - "127.0.0.1:29092:29092"`,
			},
		},
		{
			name: "records for everybody to read", base: secureZooStack,
			edits: []string{`["127.0.0.1:29092:29092"]`, `["192.0.2.7:29092:29092"]`, "KAFKA_SASL_ENABLED_MECHANISMS: PLAIN\n", "KAFKA_SASL_ENABLED_MECHANISMS: PLAIN\n      KAFKA_LISTENER_NAME_HOST_SASL_ENABLED_MECHANISMS: SCRAM-SHA-512\n"},
			want: []string{
				"35:13 kafka-1 [plain-login, advice] HOST is published beyond this machine without TLS: records cross the network for everybody to read",
				`fix: SASL_SSL for HOST; or - "127.0.0.1:29092:29092"`,
			},
		},
		{
			name: "a password through the machine's network", base: secureZooStack,
			edits: []string{"    ports: [\"127.0.0.1:29092:29092\"]\n", "    network_mode: host\n", "HOST://localhost:29092", "HOST://kafka.example.com:29092"},
			want: []string{
				"16:7 kafka-1 [plain-login, advice] HOST is published beyond this machine without TLS: passwords and records cross the network for everybody to read",
				"fix: SASL_SSL for HOST",
			},
		},
	})
}
