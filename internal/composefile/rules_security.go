package composefile

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// saslLogins: a listener with SASL needs a JAAS configuration for each mechanism that it takes, from a
// file that KAFKA_OPTS names or from listener.name.NAME.MECHANISM.sasl.jaas.config; the broker's own
// sasl.jaas.config is ignored ("should be prefixed with SASL mechanism name", JaasContext). Without
// one: "Could not find a 'KafkaServer' … entry in the JAAS configuration" (seen with 4.3.1).
func saslLogins(stack *Stack, report reporter) {
	for _, b := range stack.brokers {
		if !b.stock() || b.hasLoginFile() {
			continue
		}
		for _, e := range b.listeners {
			protocol, missing := b.protocol(e.name), b.missingLogins(e.name)
			if !strings.HasPrefix(protocol, "SASL_") || len(missing) == 0 {
				continue
			}
			if !b.hasLogin() {
				report.fault(b.service, b.atEnv(b.listenersVariable()), fmt.Sprintf("the listener %s asks for a login (%s), and no JAAS configuration says whose: the broker does not start",
					e.name, protocol), "KAFKA_OPTS: -Djava.security.auth.login.config=/etc/kafka/secrets/kafka_server_jaas.conf, and that file mounted")
				break
			}
			_, variable, absent := b.ofListener(e.name, "sasl.enabled.mechanisms")
			fix := listenerVariable(e.name, strings.ToLower(missing[0])+".sasl.jaas.config") + "; or " + variable + " without " + missing[0]
			if absent {
				fix = variable + " with the mechanism that has one: GSSAPI is what holds without it"
			}
			report.fault(b.service, b.atEnv(variable), fmt.Sprintf("the listener %s takes %s, for which no JAAS configuration is set: the broker does not start",
				e.name, missing[0]), fix)
		}
	}
}

// missingLogins returns the mechanisms of a listener that certainly have no JAAS configuration.
func (b *broker) missingLogins(listener string) []string {
	value, _, absent := b.ofListener(listener, "sasl.enabled.mechanisms")
	mechanisms := parseNames(value.value)
	switch {
	case absent:
		mechanisms = []string{"GSSAPI"}
	case !value.known(), placeholder(value.value):
		return nil
	}
	return slices.DeleteFunc(mechanisms, func(mechanism string) bool {
		property := strings.ToLower(mechanism) + ".sasl.jaas.config"
		return slices.ContainsFunc(sortedNames(b.Environment), func(name string) bool {
			spelled := strings.ToUpper(strings.ReplaceAll(name, "-", "___")) // Docker takes a dash in a name, too
			return spelled == listenerVariable(listener, property) || spelled == variableOf(property)
		})
	})
}

// hasLogin reports a JAAS configuration, or that there may be one.
func (b *broker) hasLogin() bool {
	for name := range b.Environment {
		if strings.HasSuffix(name, "_SASL_JAAS_CONFIG") && name != "KAFKA_SASL_JAAS_CONFIG" {
			return true
		}
	}
	return b.hasLoginFile()
}

// hasLoginFile reports a file of JAAS configurations, or that there may be one.
func (b *broker) hasLoginFile() bool {
	options := b.env("KAFKA_OPTS")
	return options.set && (!options.known() || strings.Contains(options.value, "java.security.auth.login.config")) ||
		strings.Contains(strings.ToLower(b.script()), "jaas")
}

// requireSecurity: the start scripts of Confluent's and Apache's images look for "SSL://" and for
// "SASL_…://" in KAFKA_ADVERTISED_LISTENERS, and exit without the variables that go with them.
// Listeners of other names they leave alone.
func requireSecurity(b *broker, require func(variable, fix string)) {
	list := b.env("KAFKA_ADVERTISED_LISTENERS").value
	if strings.Contains(list, "SSL://") && !b.pemKeys() { // pemStores
		names := []string{"KAFKA_SSL_KEYSTORE_FILENAME", "KAFKA_SSL_KEYSTORE_CREDENTIALS", "KAFKA_SSL_KEY_CREDENTIALS"}
		if missing := slices.DeleteFunc(names, func(name string) bool { return !b.lacks(name) }); len(missing) > 0 {
			require(strings.Join(missing, ", "), "these variables, and the files that they name in /etc/kafka/secrets; or another name for the listener, and SSL in its map")
		}
	}
	if regexp.MustCompile(`SASL_.*://`).MatchString(list) && b.hasLogin() && b.lacks("KAFKA_OPTS") { // without a login: saslLogins
		require("KAFKA_OPTS", "another name than SASL_… for the listener, with its protocol in KAFKA_LISTENER_SECURITY_PROTOCOL_MAP; or KAFKA_OPTS")
	}
}
