package properties

import (
	"slices"
	"strings"
)

// treatment is what happens to a key.
type treatment int

const (
	unknown treatment = iota
	mapped            // it is in Client
	ignored           // it changes nothing here
	refused           // it would change something, and cannot be done
	broker            // it belongs in the file of a broker
)

// scope says when a refused key matters: without it, Java does not look at it either.
type scope int

const (
	always scope = iota
	withTLS
	withOAuth
)

// keyRule is what is known of a key.
type keyRule struct {
	treatment treatment
	scope     scope
	why, fix  string // of a refused one
}

// mappedKeys are those that a Client holds.
const mappedKeys = `
bootstrap.servers metadata.broker.list client.id security.protocol sasl.mechanism sasl.mechanisms sasl.jaas.config
sasl.username sasl.password ssl.truststore.location ssl.truststore.password ssl.truststore.type
ssl.truststore.certificates ssl.keystore.location ssl.keystore.password ssl.keystore.type ssl.keystore.key
ssl.keystore.certificate.chain ssl.key.password ssl.ca.location ssl.ca.pem ssl.certificate.location
ssl.certificate.pem ssl.key.location ssl.key.pem ssl.endpoint.identification.algorithm
enable.ssl.certificate.verification ssl.enabled.protocols ssl.protocol ssl.cipher.suites ssl.curves.list
sasl.oauthbearer.token.endpoint.url sasl.oauthbearer.client.credentials.client.id
sasl.oauthbearer.client.credentials.client.secret sasl.oauthbearer.client.id sasl.oauthbearer.client.secret
sasl.oauthbearer.scope sasl.oauthbearer.header.urlencode sasl.oauthbearer.extensions sasl.oauthbearer.method
sasl.oauthbearer.grant.type sasl.oauthbearer.jwt.retriever.class sasl.oauthbearer.metadata.authentication.type
sasl.login.callback.handler.class sasl.client.callback.handler.class https.ca.location https.ca.pem
sasl.login.connect.timeout.ms sasl.login.read.timeout.ms sasl.login.retry.backoff.ms sasl.login.retry.backoff.max.ms
request.timeout.ms default.api.timeout.ms socket.timeout.ms socket.connection.setup.timeout.ms
socket.connection.setup.timeout.max.ms isolation.level compression.type compression.codec acks request.required.acks
ssl.provider ssl.keymanager.algorithm ssl.trustmanager.algorithm config.providers
`

// secretKeys are those whose values nothing may print: the type PASSWORD in Kafka, and librdkafka's.
const secretKeys = `
sasl.jaas.config sasl.password ssl.key.password ssl.keystore.password ssl.truststore.password
ssl.keystore.key ssl.keystore.certificate.chain ssl.truststore.certificates ssl.key.pem ssl.certificate.pem ssl.ca.pem https.ca.pem
sasl.oauthbearer.client.credentials.client.secret sasl.oauthbearer.client.secret
sasl.oauthbearer.assertion.private.key.passphrase sasl.oauthbearer.assertion.private.key.pem
`

// SecretKeys returns the keys whose values nothing may print.
func SecretKeys() []string { return strings.Fields(secretKeys) }

// keyTable is what is known of all keys.
type keyTable struct {
	rules   map[string]treatment
	refused map[string]keyRule
	secrets []string
}

func newKeyTable() keyTable {
	t := keyTable{rules: make(map[string]treatment, 400), refused: refusedKeys(), secrets: SecretKeys()}
	for names, treatment := range map[string]treatment{
		mappedKeys: mapped, ignoredByJava + ignoredByLibrdkafka: ignored, brokerKeys: broker,
	} {
		for name := range strings.FieldsSeq(names) {
			t.rules[name] = treatment
		}
	}
	return t
}

// keyNames are the keys that a hint may offer, the mapped ones first.
func keyNames() []string {
	return strings.Fields(mappedKeys + ignoredByJava + ignoredByLibrdkafka)
}

// isSecret reports whether nothing may print the key's value.
func (t keyTable) isSecret(key string) bool { return slices.Contains(t.secrets, key) }

// rule returns what is known of a key.
func (t keyTable) rule(key string) keyRule {
	if treatment, ok := t.rules[key]; ok {
		return keyRule{treatment: treatment}
	}
	if rule, ok := t.refused[key]; ok {
		return rule
	}
	hasPrefix := func(prefix string) bool { return strings.HasPrefix(key, prefix) }
	switch {
	case hasPrefix(providersPrefix): // read with config.providers
		return keyRule{treatment: mapped}
	case slices.ContainsFunc(strings.Fields(ignoredPrefixes), hasPrefix):
		return keyRule{treatment: ignored}
	case slices.ContainsFunc(strings.Fields(brokerPrefixes), hasPrefix), strings.Contains(key, ".inter.broker."):
		return keyRule{treatment: broker}
	case hasPrefix("sasl.kerberos."):
		return keyRule{treatment: ignored} // GSSAPI is refused with its mechanism
	case hasPrefix("sasl.oauthbearer.assertion."):
		return keyRule{
			treatment: refused, scope: withOAuth, why: "kafkactl does not log in with a signed assertion (jwt-bearer)",
			fix: "use client_credentials with client id and secret, or a token in a file",
		}
	}
	return keyRule{}
}

const (
	noKerberos      = "Kerberos is not built in"
	otherMechanisms = "use another mechanism of the listener: PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER, AWS_MSK_IAM, or a client certificate"
	noEngines       = "kafkactl has Go's TLS and no other engine"
	noWindowsStores = "kafkactl reads no certificates from an API of a program"
)

// refusedKeys are the keys that would be a broken promise if they changed nothing.
func refusedKeys() map[string]keyRule {
	refuse := func(scope scope, why, fix string) keyRule {
		return keyRule{treatment: refused, scope: scope, why: why, fix: fix}
	}
	engine := refuse(withTLS, noEngines, "take the line out, and give keys and certificates as PEM, PKCS12 or JKS files")
	callback := refuse(withTLS, noWindowsStores, "give the location of a PEM file")
	return map[string]keyRule{
		"bootstrap.controllers":    refuse(always, "kafkactl talks to brokers, not to controllers", "give bootstrap.servers"),
		"security.providers":       engine,
		"ssl.engine.factory.class": engine,
		"ssl.engine.location":      engine,
		"ssl.engine.id":            engine,
		"ssl.providers":            engine,
		"ssl_engine_callback_data": engine,
		"ssl_ca":                   callback,
		"ssl_certificate":          callback,
		"ssl_key":                  callback,
		"ssl.crl.location": refuse(withTLS, "revocation lists are not checked, and the file wants them to be",
			"take the line out if that may be"),
		"sasl.login.class": {treatment: ignored}, // of GSSAPI
		"sasl.oauthbearer.config": refuse(withOAuth, "kafkactl does not read the settings of librdkafka's unsecured tokens",
			"use sasl.oauthbearer.method=oidc, or a token in a file"),
		"enable.sasl.oauthbearer.unsecure.jwt": refuse(withOAuth, "kafkactl does not make librdkafka's unsecured tokens",
			"use sasl.oauthbearer.method=oidc, or a token in a file"),
	}
}

// brokerKeys are keys of a broker's file that no client has.
const brokerKeys = `
advertised.listeners listeners listener.security.protocol.map inter.broker.listener.name security.inter.broker.protocol
broker.id node.id process.roles log.dirs log.dir zookeeper.connect controller.quorum.voters controller.quorum.bootstrap.servers
controller.listener.names authorizer.class.name super.users ssl.client.auth sasl.enabled.mechanisms ssl.principal.mapping.rules
sasl.kerberos.principal.to.local.rules principal.builder.class allow.everyone.if.no.acl.found num.partitions
offsets.topic.replication.factor sasl.server.callback.handler.class
`

// brokerPrefixes begin the keys of a broker's file.
const brokerPrefixes = "listener.name. user_"
