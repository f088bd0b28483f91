package keystore

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"strings"

	jks "github.com/pavlo-v-chernykh/keystore-go/v4"
)

// readJKS reads Sun's JKS. Without a password its digest is not verified, as in Java: the library has loaded all
// entries when it compares the digest.
func readJKS(data []byte, password string) (jks.KeyStore, *Error) {
	s := jks.New(jks.WithOrderedAliases(), jks.WithCaseExactAliases())
	secret, refusal := jksPassword(password)
	if refusal != nil {
		return s, refusal
	}
	err := guarded(func() error { return s.Load(bytes.NewReader(data), secret) })
	switch {
	case err == nil, password == "" && says(err, "invalid digest"):
		return s, nil
	case says(err, "invalid digest"):
		return s, wrongPassword()
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return s, refuse(Truncated, hintCopyAgain, "it is a JKS store that ends too early: %d bytes", len(data))
	}
	return s, refuse(Damaged, hintCopyAgain, "it is a JKS store that is damaged")
}

// jksPassword is a password for the library, which makes one char of Java of each byte.
func jksPassword(password string) ([]byte, *Error) {
	var found []byte
	for _, r := range password {
		if r > 0xff {
			return nil, refuse(Unsupported, "convert the store: keytool -importkeystore -srckeystore FILE -destkeystore NEW.p12 -deststoretype PKCS12",
				"it is a JKS store, for which kafkactl takes only passwords of Latin-1 characters")
		}
		found = append(found, byte(r))
	}
	return found, nil
}

// trustJKS returns the trusted entries, and the first certificate of each private key.
func trustJKS(data []byte, password string) ([]*x509.Certificate, *Error) {
	s, refusal := readJKS(data, password)
	if refusal != nil {
		return nil, refusal
	}
	var found []*x509.Certificate
	for _, alias := range s.Aliases() {
		var chain []jks.Certificate
		if s.IsTrustedCertificateEntry(alias) {
			entry, err := s.GetTrustedCertificateEntry(alias)
			if err != nil {
				return nil, damagedEntry(alias)
			}
			chain = []jks.Certificate{entry.Certificate}
		} else {
			all, err := s.GetPrivateKeyEntryCertificateChain(alias)
			if err != nil {
				return nil, damagedEntry(alias)
			}
			chain = all[:min(1, len(all))]
		}
		certificates, refusal := jksCertificates(chain, alias)
		if refusal != nil {
			return nil, refusal
		}
		found = append(found, certificates...)
	}
	if len(found) == 0 {
		return nil, refuse(NoCertificates, "add the authority: keytool -importcert -noprompt -alias ca -file ca.pem -keystore FILE",
			"it is a JKS store without a certificate")
	}
	return found, nil
}

func damagedEntry(alias string) *Error {
	return refuse(Damaged, hintCopyAgain, "the entry %q of the JKS store cannot be read", alias)
}

func jksCertificates(chain []jks.Certificate, alias string) ([]*x509.Certificate, *Error) {
	var found []*x509.Certificate
	for i, c := range chain {
		if c.Type != "X.509" && c.Type != "X509" {
			return nil, refuse(Unsupported, "take it out: keytool -delete -alias "+shellWord(alias)+" -keystore FILE",
				"the certificate %q is not an X.509 certificate", alias)
		}
		parsed, err := parseCertificate(c.Content, i+1, fmt.Sprintf(" of %q", alias))
		if err != nil {
			return nil, err
		}
		found = append(found, parsed)
	}
	return found, nil
}

// identitiesJKS returns all private keys.
func identitiesJKS(data []byte, storePassword, keyPassword string) ([]tls.Certificate, *Error) {
	s, err := readJKS(data, storePassword)
	if err != nil {
		return nil, err
	}
	var found []tls.Certificate
	for _, alias := range s.Aliases() {
		if !s.IsPrivateKeyEntry(alias) {
			continue
		}
		one, err := identityJKS(s, alias, storePassword, keyPassword)
		if err != nil {
			return nil, err
		}
		found = append(found, one)
	}
	if len(found) == 0 {
		return nil, noKey(formatJKS)
	}
	return found, nil
}

// identityJKS decrypts one key. Its password is the store's where none is given.
func identityJKS(s jks.KeyStore, alias, storePassword, keyPassword string) (tls.Certificate, *Error) {
	password := keyPassword
	if password == "" {
		password = storePassword
	}
	secret, refusal := jksPassword(password)
	if refusal != nil {
		return tls.Certificate{}, refusal
	}
	var entry jks.PrivateKeyEntry
	err := guarded(func() (err error) {
		entry, err = s.GetPrivateKeyEntry(alias, secret)
		return err
	})
	if err != nil {
		return tls.Certificate{}, jksKeyError(err, alias, keyPassword != "")
	}
	key, refusal := parseKey(entry.PrivateKey)
	if refusal != nil {
		return tls.Certificate{}, refusal
	}
	chain, refusal := jksCertificates(entry.CertificateChain, alias)
	if refusal != nil {
		return tls.Certificate{}, refusal
	}
	return identity(key, chain)
}

// jksKeyError says why a key was not decrypted. own tells a key password from that of the store.
func jksKeyError(err error, alias string, own bool) *Error {
	alias = strings.ToValidUTF8(alias, "?")
	switch {
	case says(err, "invalid digest") && own:
		return refuse(WrongKeyPassword, "try it with: keytool -list -keystore FILE, then keytool -certreq -alias "+shellWord(alias)+" -keystore FILE",
			"the key password is not that of the private key %q", alias)
	case says(err, "invalid digest"):
		return refuse(KeyPasswordNeeded, "give the key password (ssl.key.password) too", "the private key %q has another password than the store", alias)
	}
	return refuse(Damaged, hintCopyAgain, "the private key %q of the JKS store is damaged, or protected in a way that kafkactl does not read", alias)
}
