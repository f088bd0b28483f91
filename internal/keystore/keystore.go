package keystore

import (
	"crypto/tls"
	"crypto/x509"
)

// maxSize is above what any store of certificates has: Java's own authorities have 0.2 MB.
const maxSize = 16 << 20

// Trust returns the certificates that Java would trust with a truststore of this content, at least
// one. Of a PEM file these are all its certificates. Of JKS they are the trusted entries, and the first certificate
// of each private key. Of PKCS12 they are the certificates that are marked as trusted; a file that has
// anything else in it is refused.
//
// A JKS file is read without a password, too, and then its digest is not verified, as in Java. With
// a password, PEM is refused, as Kafka refuses it. Every error is an [*Error].
func Trust(data []byte, password string) ([]*x509.Certificate, error) {
	found, err := trust(data, password)
	if err != nil {
		return nil, err
	}
	return found, nil
}

func trust(data []byte, password string) ([]*x509.Certificate, *Error) {
	f, err := readable(data, password)
	switch {
	case err != nil:
		return nil, err
	case f == formatJKS:
		return trustJKS(data, password)
	case f == formatPKCS12:
		return trustPKCS12(data, password)
	}
	text, err := readPEMText(data)
	switch {
	case err != nil:
		return nil, err
	case len(text.certificates) == 0:
		return nil, text.noCertificates()
	}
	return text.certificates, nil
}

// Identities returns the private keys of a key store with their certificates, at least one; PEM has exactly one. A
// client sends the one that the broker accepts. Each has its leaf parsed, and its chain is in the order of TLS, whatever the order in the store.
//
// keyPassword is that of the keys; where it is empty, it is the store's, as in Kafka. PEM has
// no store password. Every error is an [*Error].
func Identities(data []byte, storePassword, keyPassword string) ([]tls.Certificate, error) {
	found, err := identities(data, storePassword, keyPassword)
	if err != nil {
		return nil, err
	}
	return found, nil
}

func identities(data []byte, storePassword, keyPassword string) ([]tls.Certificate, *Error) {
	f, err := readable(data, storePassword)
	switch {
	case err != nil:
		return nil, err
	case f == formatJKS:
		return identitiesJKS(data, storePassword, keyPassword)
	case f == formatPKCS12:
		return identitiesPKCS12(data, storePassword, keyPassword)
	}
	text, err := readPEMText(data)
	if err != nil {
		return nil, err
	}
	one, err := text.identity(keyPassword)
	if err != nil {
		return nil, err
	}
	return []tls.Certificate{one}, nil
}

// IdentityPEM returns the private key of one PEM file or text with the certificates of another, as
// ssl.keystore.key and ssl.keystore.certificate.chain have them. Every error is an [*Error].
func IdentityPEM(chain, key []byte, keyPassword string) (tls.Certificate, error) {
	certificates, err := readPEMText(chain)
	if err != nil {
		return tls.Certificate{}, within("the certificates", err)
	}
	if len(certificates.certificates) == 0 {
		return tls.Certificate{}, within("the certificates", certificates.noCertificates())
	}
	keys, err := readPEMText(key)
	if err != nil {
		return tls.Certificate{}, within("the key", err)
	}
	keys.certificates = certificates.certificates
	one, err := keys.identity(keyPassword)
	if err != nil {
		return tls.Certificate{}, err
	}
	return one, nil
}

// within says which of two texts an error is about.
func within(what string, err *Error) *Error {
	return refuse(err.Reason, err.Hint, "%s: %s", what, err.Message)
}

// readable says which of the three formats a store has.
func readable(data []byte, password string) (format, *Error) {
	if err := tooLarge(data); err != nil {
		return "", err
	}
	f := identify(data)
	switch {
	case f == formatPEM && password != "":
		return f, refuse(UnwantedPassword, "take the store password out; that of an encrypted key is ssl.key.password",
			"it is a PEM file, and Kafka refuses a store password with PEM")
	case f == formatPEM, f == formatJKS, f == formatPKCS12:
		return f, nil
	}
	return f, f.refusal(data)
}

func tooLarge(data []byte) *Error {
	if len(data) <= maxSize {
		return nil
	}
	return refuse(NotStore, "see what it is: file FILE", "it has %d bytes, and no store is larger than %d", len(data), maxSize)
}
