package composefile

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// scriptedTLS reports that the start script of the image sets up the key store: it looks for "SSL://"
// in KAFKA_ADVERTISED_LISTENERS (configure, in both images), and leaves listeners of other names alone.
func (b *broker) scriptedTLS() bool {
	return b.stock() && strings.Contains(b.env("KAFKA_ADVERTISED_LISTENERS").value, "SSL://")
}

// pemKeys reports that the broker's key store is a PEM file: its type says so, or its name does.
func (b *broker) pemKeys() bool {
	kind := b.env("KAFKA_SSL_KEYSTORE_TYPE")
	return strings.EqualFold(kind.value, "PEM") || !kind.set && (pemName(b.env("KAFKA_SSL_KEYSTORE_LOCATION").value) || pemName(b.env("KAFKA_SSL_KEYSTORE_FILENAME").value))
}

func pemName(file string) bool {
	return slices.Contains([]string{".pem", ".crt", ".cer", ".key"}, strings.ToLower(path.Ext(file)))
}

// pemStores: Kafka takes a store for JKS unless its type says PEM ("key store password is not
// specified", or "Invalid keystore format" of a trust store; seen with 4.3.1). With PEM it refuses a
// store password, an empty one, too ("SSL key store password cannot be specified with PEM format";
// DefaultSslEngineFactory, seen with 4.3.1). The start scripts of both images set one for a listener
// that is advertised under a name that ends in SSL (confluentinc/kafka-images#72).
func pemStores(stack *Stack, report reporter) {
	for _, b := range stack.brokers {
		if b.scriptedTLS() && b.pemKeys() {
			name := b.advertised[slices.IndexFunc(b.advertised, func(e endpoint) bool { return strings.HasSuffix(e.name, "SSL") })].name
			report.fault(b.service, b.atEnv("KAFKA_ADVERTISED_LISTENERS"), fmt.Sprintf(
				"the start script sees the listener %s and sets a password for the key store, which Kafka refuses with PEM: the broker does not start", name),
				fmt.Sprintf("another name for it, as CLIENT, with CLIENT:%s in its map, KAFKA_SSL_KEYSTORE_TYPE: PEM and KAFKA_SSL_KEYSTORE_LOCATION", b.protocol(name)))
			continue
		}
		for _, store := range []string{"KEYSTORE", "TRUSTSTORE"} {
			b.checkPEM(report, "KAFKA_SSL_"+store)
		}
	}
}

// checkPEM looks at one of the broker's two stores, of which prefix begins the variables.
func (b *broker) checkPEM(report reporter, prefix string) {
	location, kind, password := b.env(prefix+"_LOCATION"), b.env(prefix+"_TYPE"), b.env(prefix+"_PASSWORD")
	switch {
	case pemName(location.value) && b.lacks(prefix+"_TYPE") && b.hasTLS():
		report.fault(b.service, b.atEnv(prefix+"_LOCATION"), fmt.Sprintf("%s is PEM by its name, and Kafka reads a store as JKS when no type is set: the broker does not start",
			path.Base(location.value)), prefix+"_TYPE: PEM, and no "+prefix+"_PASSWORD")
	case strings.EqualFold(kind.value, "PEM") && (password.set || b.emptied(prefix+"_PASSWORD")) && b.hasTLS():
		report.fault(b.service, b.atEnv(prefix+"_PASSWORD"), "Kafka refuses a store password with PEM: the broker does not start",
			"remove "+prefix+"_PASSWORD; that of an encrypted key is KAFKA_SSL_KEY_PASSWORD")
	}
}

// hasTLS reports that some listener of the broker certainly has TLS.
func (b *broker) hasTLS() bool {
	return slices.ContainsFunc(b.listeners, func(e endpoint) bool { return b.encrypted(e.name) })
}

// emptied reports a variable that the file sets to nothing but blanks.
func (s *service) emptied(name string) bool {
	value, set := s.Environment[name]
	return set && value != nil && strings.TrimSpace(*value) == "" && !s.blanks[*value] && !s.blanks[name+"="+*value]
}
