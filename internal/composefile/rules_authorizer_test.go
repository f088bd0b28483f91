package composefile

import "testing"

func TestAuthorizerClasses(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "ACLs of ZooKeeper in KRaft", base: secureStack,
			edits: []string{"org.apache.kafka.metadata.authorizer.StandardAuthorizer", "kafka.security.authorizer.AclAuthorizer"},
			want: []string{
				"20:3 kafka-1 [authorizer-class] kafka.security.authorizer.AclAuthorizer keeps its ACLs in ZooKeeper, which KRaft does not have: the broker does not start",
				"fix: KAFKA_AUTHORIZER_CLASS_NAME: org.apache.kafka.metadata.authorizer.StandardAuthorizer",
				"20:3 kafka-2 [authorizer-class] kafka.security.authorizer.AclAuthorizer keeps its ACLs in ZooKeeper, which KRaft does not have: the broker does not start",
				"fix: KAFKA_AUTHORIZER_CLASS_NAME: org.apache.kafka.metadata.authorizer.StandardAuthorizer",
				"20:3 kafka-3 [authorizer-class] kafka.security.authorizer.AclAuthorizer keeps its ACLs in ZooKeeper, which KRaft does not have: the broker does not start",
				"fix: KAFKA_AUTHORIZER_CLASS_NAME: org.apache.kafka.metadata.authorizer.StandardAuthorizer",
			},
		},
		{
			name: "ACLs of KRaft with ZooKeeper", base: secureZooStack,
			edits: []string{"kafka.security.authorizer.AclAuthorizer", "org.apache.kafka.metadata.authorizer.StandardAuthorizer"},
			want: []string{
				"27:7 kafka-1 [authorizer-class] org.apache.kafka.metadata.authorizer.StandardAuthorizer waits for the metadata of KRaft, and this broker has ZooKeeper: it opens no listener",
				"fix: KAFKA_AUTHORIZER_CLASS_NAME: kafka.security.authorizer.AclAuthorizer",
			},
		},
		{
			name: "an authorizer that is gone", base: secureZooStack,
			edits: []string{"kafka.security.authorizer.AclAuthorizer", "kafka.security.auth.SimpleAclAuthorizer"},
			want: []string{
				"27:7 kafka-1 [authorizer-class] kafka.security.auth.SimpleAclAuthorizer is gone since Kafka 3.0: the broker does not start",
				"fix: KAFKA_AUTHORIZER_CLASS_NAME: kafka.security.authorizer.AclAuthorizer",
			},
		},
		{
			name: "an authorizer on one broker alone", base: secureZooStack,
			edits: []string{"      KAFKA_AUTHORIZER_CLASS_NAME: kafka.security.authorizer.AclAuthorizer\n", ""},
			want: []string{
				"11:5 kafka-1 [authorizer-class] kafka-2 has an authorizer, and kafka-1 of the same cluster has none: it enforces no ACL",
				"fix: KAFKA_AUTHORIZER_CLASS_NAME: kafka.security.authorizer.AclAuthorizer, and KAFKA_SUPER_USERS as in kafka-2",
			},
		},
		{
			name: "an authorizer on some controllers alone", base: secureStack,
			edits: []string{"      <<: *settings\n      KAFKA_NODE_ID: 3", "      <<: *settings\n      KAFKA_AUTHORIZER_CLASS_NAME: \"\"\n      KAFKA_NODE_ID: 3"},
			want: []string{
				"59:5 kafka-3 [authorizer-class] kafka-1 has an authorizer, and kafka-3 of the same cluster has none: it enforces no ACL, and as a controller keeps none",
				"fix: KAFKA_AUTHORIZER_CLASS_NAME: org.apache.kafka.metadata.authorizer.StandardAuthorizer, and KAFKA_SUPER_USERS as in kafka-1",
			},
		},
	})
}

func TestSuperUsers(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "super users with a comma", base: secureStack,
			edits: []string{"User:broker;User:admin", "User:broker,User:admin"},
			want: []string{
				"21:3 kafka-1 [super-users] a comma does not separate super users: this is one user with a long name, and nobody is called so",
				"fix: KAFKA_SUPER_USERS: User:broker;User:admin",
				"21:3 kafka-2 [super-users] a comma does not separate super users: this is one user with a long name, and nobody is called so",
				"fix: KAFKA_SUPER_USERS: User:broker;User:admin",
				"21:3 kafka-3 [super-users] a comma does not separate super users: this is one user with a long name, and nobody is called so",
				"fix: KAFKA_SUPER_USERS: User:broker;User:admin",
			},
		},
		{
			name: "a super user without a type", base: secureStack,
			edits: []string{"User:broker;User:admin", "User:broker;admin"},
			want: []string{
				`21:3 kafka-1 [super-users] the super user "admin" has no type: the broker does not start`,
				"fix: User:admin in KAFKA_SUPER_USERS",
				`21:3 kafka-2 [super-users] the super user "admin" has no type: the broker does not start`,
				"fix: User:admin in KAFKA_SUPER_USERS",
				`21:3 kafka-3 [super-users] the super user "admin" has no type: the broker does not start`,
				"fix: User:admin in KAFKA_SUPER_USERS",
			},
		},
		{
			name: "super users with a comma and without types", base: secureZooStack,
			edits: []string{"KAFKA_SUPER_USERS: User:kafka", "KAFKA_SUPER_USERS: kafka,admin"},
			want: []string{
				`28:7 kafka-1 [super-users] the super user "kafka,admin" has no type: the broker does not start`,
				"fix: KAFKA_SUPER_USERS: User:NAME;User:NAME",
			},
		},
		{
			name: "a subject", base: secureStack,
			edits: []string{"User:broker;User:admin", "User:broker;User:CN=admin,OU=Test,O=Test"},
		},
		{
			name: "super users that end in a semicolon", base: secureStack,
			edits: []string{"User:broker;User:admin", "User:broker;User:admin;"},
		},
	})
}

func TestBrokerPrincipals(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "nodes without a certificate are ANONYMOUS", base: secureStack,
			edits: []string{"  KAFKA_SSL_CLIENT_AUTH: required\n", ""},
			want: []string{
				"21:3 kafka-1 [broker-principal] to the controllers this node comes as User:ANONYMOUS (without ssl.client.auth nobody is asked for a certificate), which is no super user: votes are refused, and no quorum forms",
				"fix: SSL with KAFKA_SSL_CLIENT_AUTH: required for CONTROLLER, and the name in its certificate in KAFKA_SUPER_USERS; or, where nobody else reaches it, KAFKA_SUPER_USERS: User:ANONYMOUS;User:broker;User:admin",
				"21:3 kafka-2 [broker-principal] to the controllers this node comes as User:ANONYMOUS (without ssl.client.auth nobody is asked for a certificate), which is no super user: votes are refused, and no quorum forms",
				"fix: SSL with KAFKA_SSL_CLIENT_AUTH: required for CONTROLLER, and the name in its certificate in KAFKA_SUPER_USERS; or, where nobody else reaches it, KAFKA_SUPER_USERS: User:ANONYMOUS;User:broker;User:admin",
				"21:3 kafka-3 [broker-principal] to the controllers this node comes as User:ANONYMOUS (without ssl.client.auth nobody is asked for a certificate), which is no super user: votes are refused, and no quorum forms",
				"fix: SSL with KAFKA_SSL_CLIENT_AUTH: required for CONTROLLER, and the name in its certificate in KAFKA_SUPER_USERS; or, where nobody else reaches it, KAFKA_SUPER_USERS: User:ANONYMOUS;User:broker;User:admin",
			},
		},
		{
			name: "a whole subject is no short name", base: secureStack,
			edits: []string{"  KAFKA_SSL_PRINCIPAL_MAPPING_RULES: RULE:^CN=kafka-[0-9]+.*$$/broker/,RULE:^CN=([^,]+).*$$/$$1/,DEFAULT\n", ""},
			want: []string{
				"21:3 kafka-1 [broker-principal] to the controllers this node comes as the whole subject of its certificate (without ssl.principal.mapping.rules), which is no super user: votes are refused, and no quorum forms",
				"fix: KAFKA_SSL_PRINCIPAL_MAPPING_RULES: RULE:^CN=([^,]+).*$$/$$1/,DEFAULT, and the names that it gives in KAFKA_SUPER_USERS",
				"21:3 kafka-2 [broker-principal] to the controllers this node comes as the whole subject of its certificate (without ssl.principal.mapping.rules), which is no super user: votes are refused, and no quorum forms",
				"fix: KAFKA_SSL_PRINCIPAL_MAPPING_RULES: RULE:^CN=([^,]+).*$$/$$1/,DEFAULT, and the names that it gives in KAFKA_SUPER_USERS",
				"21:3 kafka-3 [broker-principal] to the controllers this node comes as the whole subject of its certificate (without ssl.principal.mapping.rules), which is no super user: votes are refused, and no quorum forms",
				"fix: KAFKA_SSL_PRINCIPAL_MAPPING_RULES: RULE:^CN=([^,]+).*$$/$$1/,DEFAULT, and the names that it gives in KAFKA_SUPER_USERS",
			},
		},
		{
			name: "no super user at all", base: secureStack,
			edits: []string{"  KAFKA_SUPER_USERS: User:broker;User:admin\n", ""},
			want: []string{
				"41:5 kafka-1 [broker-principal] to the controllers this node comes as no super user, for there is none: votes are refused, and no quorum forms",
				"fix: KAFKA_SUPER_USERS: User:NAME, the name that the nodes have there",
				"49:5 kafka-2 [broker-principal] to the controllers this node comes as no super user, for there is none: votes are refused, and no quorum forms",
				"fix: KAFKA_SUPER_USERS: User:NAME, the name that the nodes have there",
				"58:5 kafka-3 [broker-principal] to the controllers this node comes as no super user, for there is none: votes are refused, and no quorum forms",
				"fix: KAFKA_SUPER_USERS: User:NAME, the name that the nodes have there",
			},
		},
		{
			name: "controllers over PLAINTEXT", base: secureStack,
			edits: []string{"CONTROLLER:SSL", "CONTROLLER:PLAINTEXT"},
			want: []string{
				"21:3 kafka-1 [broker-principal] to the controllers this node comes as User:ANONYMOUS (PLAINTEXT asks nobody who it is), which is no super user: votes are refused, and no quorum forms",
				"fix: SSL with KAFKA_SSL_CLIENT_AUTH: required for CONTROLLER, and the name in its certificate in KAFKA_SUPER_USERS; or, where nobody else reaches it, KAFKA_SUPER_USERS: User:ANONYMOUS;User:broker;User:admin",
				"21:3 kafka-2 [broker-principal] to the controllers this node comes as User:ANONYMOUS (PLAINTEXT asks nobody who it is), which is no super user: votes are refused, and no quorum forms",
				"fix: SSL with KAFKA_SSL_CLIENT_AUTH: required for CONTROLLER, and the name in its certificate in KAFKA_SUPER_USERS; or, where nobody else reaches it, KAFKA_SUPER_USERS: User:ANONYMOUS;User:broker;User:admin",
				"21:3 kafka-3 [broker-principal] to the controllers this node comes as User:ANONYMOUS (PLAINTEXT asks nobody who it is), which is no super user: votes are refused, and no quorum forms",
				"fix: SSL with KAFKA_SSL_CLIENT_AUTH: required for CONTROLLER, and the name in its certificate in KAFKA_SUPER_USERS; or, where nobody else reaches it, KAFKA_SUPER_USERS: User:ANONYMOUS;User:broker;User:admin",
			},
		},
		{
			name: "brokers over PLAINTEXT", base: secureStack,
			edits: []string{"BROKER:SSL", "BROKER:PLAINTEXT"},
			want: []string{
				"21:3 kafka-1 [broker-principal] to the other brokers this one comes as User:ANONYMOUS (PLAINTEXT asks nobody who it is), which is no super user: the followers are refused, and nothing is replicated",
				"fix: SSL with KAFKA_SSL_CLIENT_AUTH: required for BROKER, and the name in its certificate in KAFKA_SUPER_USERS; or, where nobody else reaches it, KAFKA_SUPER_USERS: User:ANONYMOUS;User:broker;User:admin",
				"21:3 kafka-2 [broker-principal] to the other brokers this one comes as User:ANONYMOUS (PLAINTEXT asks nobody who it is), which is no super user: the followers are refused, and nothing is replicated",
				"fix: SSL with KAFKA_SSL_CLIENT_AUTH: required for BROKER, and the name in its certificate in KAFKA_SUPER_USERS; or, where nobody else reaches it, KAFKA_SUPER_USERS: User:ANONYMOUS;User:broker;User:admin",
				"21:3 kafka-3 [broker-principal] to the other brokers this one comes as User:ANONYMOUS (PLAINTEXT asks nobody who it is), which is no super user: the followers are refused, and nothing is replicated",
				"fix: SSL with KAFKA_SSL_CLIENT_AUTH: required for BROKER, and the name in its certificate in KAFKA_SUPER_USERS; or, where nobody else reaches it, KAFKA_SUPER_USERS: User:ANONYMOUS;User:broker;User:admin",
			},
		},
	})
}

func TestBrokerPrincipalsWithZooKeeper(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "brokers that log in as another", base: secureZooStack,
			edits: []string{"KAFKA_SASL_ENABLED_MECHANISMS: PLAIN\n", "KAFKA_SASL_ENABLED_MECHANISMS: PLAIN\n      KAFKA_LISTENER_NAME_SASL__SSL_PLAIN_SASL_JAAS_CONFIG: 'org.apache.kafka.common.security.plain.PlainLoginModule required username=\"broker\" password=\"${PASSWORD:-}\";'\n"},
			want: []string{
				"29:7 kafka-1 [broker-principal] to the other brokers this one comes as User:broker (by KAFKA_LISTENER_NAME_SASL__SSL_PLAIN_SASL_JAAS_CONFIG), which is no super user: the controller's requests are refused, and no partition has a leader",
				"fix: KAFKA_SUPER_USERS: User:broker;User:kafka",
			},
		},
		{
			name: "ANONYMOUS brokers with ZooKeeper", base: secureZooStack,
			edits: []string{"MAP: SASL_SSL:SASL_SSL,HOST:SASL_PLAINTEXT", "MAP: SASL_SSL:PLAINTEXT,HOST:SASL_PLAINTEXT"},
			want: []string{
				"28:7 kafka-1 [broker-principal] to the other brokers this one comes as User:ANONYMOUS (PLAINTEXT asks nobody who it is), which is no super user: the controller's requests are refused, and no partition has a leader",
				"fix: SSL with KAFKA_SSL_CLIENT_AUTH: required for SASL_SSL, and the name in its certificate in KAFKA_SUPER_USERS; or, where nobody else reaches it, KAFKA_SUPER_USERS: User:ANONYMOUS;User:kafka",
			},
		},
	})
}

func TestBrokerPrincipalsSilent(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "ANONYMOUS is one of them", base: secureStack,
			edits: []string{"CONTROLLER:SSL", "CONTROLLER:PLAINTEXT", "User:broker;", "User:ANONYMOUS;User:broker;"},
		},
		{
			name: "super users from the shell", base: secureStack,
			edits: []string{"User:broker;User:admin", "${SUPER}"},
		},
		{
			name: "a subject among them", base: secureStack,
			edits: []string{"  KAFKA_SSL_PRINCIPAL_MAPPING_RULES: RULE:^CN=kafka-[0-9]+.*$$/broker/,RULE:^CN=([^,]+).*$$/$$1/,DEFAULT\n", "", "User:broker;", "User:CN=kafka;"},
		},
		{
			name: "rules that a shell completes", base: secureStack,
			edits: []string{"CLIENT_AUTH: required", "CLIENT_AUTH: ${AUTH}"},
		},
		{
			name: "an authorizer that is not known", base: secureStack,
			edits: []string{"org.apache.kafka.metadata.authorizer.StandardAuthorizer", "com.example.Authorizer", "CONTROLLER:SSL", "CONTROLLER:PLAINTEXT"},
		},
		{
			name: "a builder of principals", base: secureStack,
			edits: []string{"CONTROLLER:SSL", "CONTROLLER:PLAINTEXT", "  KAFKA_SSL_CLIENT_AUTH", "  KAFKA_PRINCIPAL_BUILDER_CLASS: com.example.Builder\n  KAFKA_SSL_CLIENT_AUTH"},
		},
		{
			name: "ACLs that are written before", base: secureZooStack,
			edits: []string{"      KAFKA_SUPER_USERS: User:kafka\n", "", "services:\n", "services:\n  grants:\n    image: confluentinc/cp-kafka:7.9.2\n    command: kafka-acls --authorizer-properties zookeeper.connect=zookeeper:2181 --add --allow-principal User:kafka --cluster\n    restart: \"no\"\n"},
		},
	})
}
