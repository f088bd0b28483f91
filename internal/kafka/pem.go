package kafka

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
)

// readTrusted returns the certificates of a truststore.
func readTrusted(data []byte, password string) ([]*x509.Certificate, error) {
	if err := isPEM(data, password); err != nil {
		return nil, err
	}
	var trusted []*x509.Certificate
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("has a certificate that cannot be read: %w", err)
		}
		trusted = append(trusted, certificate)
	}
	if len(trusted) == 0 {
		return nil, errors.New("has no certificate")
	}
	return trusted, nil
}

// readIdentity returns the certificate of a keystore with its key, which is in the same file where key
// is empty.
func readIdentity(chain, key []byte, password, keyPassword string) (tls.Certificate, error) {
	if err := isPEM(chain, password); err != nil {
		return tls.Certificate{}, err
	}
	if len(key) == 0 {
		key = chain
	}
	if keyPassword != "" || bytes.Contains(key, []byte("ENCRYPTED")) {
		return tls.Certificate{}, errors.New("has an encrypted key, and those are not read yet: openssl pkcs8 -topk8 -nocrypt writes it without a password")
	}
	identity, err := tls.X509KeyPair(chain, key)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("is no certificate with its key: %w", err)
	}
	return identity, nil
}

// isPEM returns what else data is.
func isPEM(data []byte, password string) error {
	switch {
	case bytes.HasPrefix(data, []byte{0xfe, 0xed, 0xfe, 0xed}):
		return errors.New("is a JKS file, and only PEM is read yet")
	case bytes.HasPrefix(data, []byte{0x30}):
		return errors.New("is a PKCS12 file, and only PEM is read yet")
	case !bytes.Contains(data, []byte("-----BEGIN ")):
		return errors.New("is no PEM file")
	case password != "":
		return errors.New("is a PEM file, and Kafka refuses a password of one")
	}
	return nil
}
