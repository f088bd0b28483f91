package composefile

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"strings"

	"kafkactl/internal/keystore"
)

// secretsDir is where the start scripts of both images look for the files that the variables
// …_FILENAME and …_CREDENTIALS name.
const secretsDir = "/etc/kafka/secrets/"

// certificate returns the one that the broker shows on a TLS listener, where its key store can be
// read, and the variable that names the store; nil where it is not known.
func (s *Stack) certificate(b *broker, listener string) (leaf *x509.Certificate, variable string) {
	location, variable, _ := b.ofListener(listener, "ssl.keystore.location")
	password, _, _ := b.ofListener(listener, "ssl.keystore.password")
	keyPassword, _, _ := b.ofListener(listener, "ssl.key.password")
	if file := b.env("KAFKA_SSL_KEYSTORE_FILENAME"); b.scriptedTLS() && file.known() && !b.env(listenerVariable(listener, "ssl.keystore.location")).set {
		location, variable = setting{secretsDir + file.value, true}, "KAFKA_SSL_KEYSTORE_FILENAME"
		password.value = s.credential(b, "KAFKA_SSL_KEYSTORE_CREDENTIALS")
		keyPassword.value = s.credential(b, "KAFKA_SSL_KEY_CREDENTIALS")
	}
	if !location.known() {
		return nil, ""
	}
	return readCertificate(s.mounted(b.service, location.value), password.value, keyPassword.value), variable
}

// credential is the password in a file that a variable names, as the start scripts read it.
func (s *Stack) credential(b *broker, variable string) string {
	file := b.env(variable)
	if !file.known() {
		return ""
	}
	return string(bytes.TrimRight(s.mounted(b.service, secretsDir+file.value), "\r\n"))
}

// readCertificate returns the certificate of the one key of a store, nil where it cannot be read.
func readCertificate(store []byte, password, keyPassword string) *x509.Certificate {
	if len(store) == 0 {
		return nil
	}
	if found, err := keystore.Identities(store, password, keyPassword); err == nil {
		if len(found) == 1 {
			return found[0].Leaf
		}
		return nil
	}
	// A PEM file whose key is encrypted, or elsewhere.
	if chain, err := keystore.Trust(store, ""); err == nil && !chain[0].IsCA && bytes.Contains(store, []byte("-----BEGIN")) {
		return chain[0]
	}
	return nil
}

// subjectOf is the subject as Java writes it (X500Principal.getName: RFC 2253, the last part first),
// "" where it has a sign or an attribute that the two may write differently.
func subjectOf(c *x509.Certificate) string {
	var parts pkix.RDNSequence
	if rest, err := asn1.Unmarshal(c.RawSubject, &parts); err != nil || len(rest) > 0 {
		return ""
	}
	text := parts.String()
	if strings.ContainsAny(text, `\#"+`) {
		return ""
	}
	return text
}
