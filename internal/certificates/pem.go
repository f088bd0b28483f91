package certificates

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
)

// The types of PEM blocks that are read.
const (
	certificateBlock = "CERTIFICATE"
	pkcs8Block       = "PRIVATE KEY" // the only form of a key that Kafka reads
)

// pair is a private key with its certificate and the certificates of the CAs between it and the root.
type pair struct {
	key    crypto.Signer
	chain  []*x509.Certificate // the own one first
	stored []byte              // the file it was read from
}

// parsePair reads a key and its chain from one PEM file, in any order.
func parsePair(text []byte) (*pair, error) {
	key, err := parseKey(text)
	if err != nil {
		return nil, err
	}
	chain, err := parseCertificates(text)
	if err != nil {
		return nil, err
	}
	if !sameKey(key.Public(), chain[0].PublicKey) {
		return nil, errors.New("the key is not that of the certificate")
	}
	return &pair{key, chain, text}, nil
}

// parseCertificates reads all certificates of a PEM file, one at least.
func parseCertificates(text []byte) ([]*x509.Certificate, error) {
	var chain []*x509.Certificate
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != certificateBlock {
			continue
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("read the certificate: %w", err)
		}
		chain = append(chain, certificate)
	}
	if chain == nil {
		return nil, errors.New("no certificate in PEM")
	}
	return chain, nil
}

// parseKey reads the first private key of a PEM file. No error has any of its text.
func parseKey(text []byte) (crypto.Signer, error) {
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		var key any
		var err error
		switch block.Type {
		case pkcs8Block:
			key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
		case "EC PRIVATE KEY":
			key, err = x509.ParseECPrivateKey(block.Bytes)
		case "RSA PRIVATE KEY":
			key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
		case "ENCRYPTED PRIVATE KEY":
			return nil, errors.New("the private key is encrypted")
		default:
			continue
		}
		if signer, is := key.(crypto.Signer); err == nil && is {
			return signer, nil
		}
		return nil, errors.New("the private key cannot be read")
	}
	return nil, errors.New("no private key in PEM")
}

func sameKey(a, b crypto.PublicKey) bool {
	comparable, is := a.(interface{ Equal(crypto.PublicKey) bool })
	return is && comparable.Equal(b)
}

// keyText is the key as PKCS8, unencrypted.
func keyText(key crypto.Signer) ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("write the private key: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: pkcs8Block, Bytes: der}), nil
}

func certificateText(chain []*x509.Certificate) []byte {
	var text bytes.Buffer
	for _, certificate := range chain {
		text.Write(pem.EncodeToMemory(&pem.Block{Type: certificateBlock, Bytes: certificate.Raw}))
	}
	return text.Bytes()
}

// pairText is key and chain in one file, as Kafka's PEM keystore has them.
func pairText(p *pair) ([]byte, error) {
	key, err := keyText(p.key)
	if err != nil {
		return nil, err
	}
	return append(key, certificateText(p.chain)...), nil
}
