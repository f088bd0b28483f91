package composefile

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// saslLogins: a listener with SASL needs a JAAS configuration, from a file that KAFKA_OPTS names or
// from listener.name.NAME.MECHANISM.sasl.jaas.config; the broker's own sasl.jaas.config is ignored
// ("should be prefixed with SASL mechanism name"). Without one: "Could not find a 'KafkaServer' …
// entry in the JAAS configuration".
func saslLogins(stack *Stack, report reporter) {
	for _, b := range stack.brokers {
		if !b.stock() || b.hasLogin() {
			continue
		}
		for _, e := range b.listeners {
			if protocol := b.protocol(e.name); strings.HasPrefix(protocol, "SASL_") {
				report.fault(b.service, b.atEnv(b.listenersVariable()), fmt.Sprintf("the listener %s asks for a login (%s), and no JAAS configuration says whose: the broker does not start",
					e.name, protocol), "KAFKA_OPTS: -Djava.security.auth.login.config=/etc/kafka/secrets/kafka_server_jaas.conf, and that file mounted")
				break
			}
		}
	}
}

// hasLogin reports a JAAS configuration, or that there may be one.
func (b *broker) hasLogin() bool {
	if options := b.env("KAFKA_OPTS"); options.set && (!options.known() || strings.Contains(options.value, "java.security.auth.login.config")) {
		return true
	}
	if strings.Contains(strings.ToLower(b.script()), "jaas") {
		return true
	}
	for name := range b.Environment {
		if strings.HasSuffix(name, "_SASL_JAAS_CONFIG") && name != "KAFKA_SASL_JAAS_CONFIG" {
			return true
		}
	}
	return false
}

// requireSecurity: the start scripts of Confluent's and Apache's images look for "SSL://" and for
// "SASL_…://" in KAFKA_ADVERTISED_LISTENERS, and exit without the variables that go with them.
// Listeners of other names they leave alone.
func requireSecurity(b *broker, require func(variable, fix string)) {
	list := b.env("KAFKA_ADVERTISED_LISTENERS").value
	if strings.Contains(list, "SSL://") {
		names := []string{"KAFKA_SSL_KEYSTORE_FILENAME", "KAFKA_SSL_KEYSTORE_CREDENTIALS", "KAFKA_SSL_KEY_CREDENTIALS"}
		if missing := slices.DeleteFunc(names, func(name string) bool { return !b.lacks(name) }); len(missing) > 0 {
			require(strings.Join(missing, ", "), "these variables, and the files that they name in /etc/kafka/secrets; or another name for the listener, and SSL in its map")
		}
	}
	if regexp.MustCompile(`SASL_.*://`).MatchString(list) && b.hasLogin() && b.lacks("KAFKA_OPTS") { // without a login: saslLogins
		require("KAFKA_OPTS", "another name than SASL_… for the listener, with its protocol in KAFKA_LISTENER_SECURITY_PROTOCOL_MAP; or KAFKA_OPTS")
	}
}
