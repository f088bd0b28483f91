package certificates

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"net"
	"time"
)

// skew is by how much the clocks of containers and their host may differ: a certificate is valid from
// that long ago.
const skew = time.Hour

// holder is whom a certificate is for.
type holder struct {
	name  string
	hosts []string
	node  bool // is a server, too: nodes are clients of each other
}

func (h holder) usages() []x509.ExtKeyUsage {
	if h.node {
		return []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	}
	return []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
}

// issue makes a key and a certificate that ca signs. It is never valid for longer than the CA.
func issue(h holder, ca *authority, lifetime time.Duration, now time.Time) (*pair, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	template := &x509.Certificate{
		Subject:               pkix.Name{CommonName: h.name},
		NotBefore:             latest(now.Add(-skew), ca.certificate.NotBefore),
		NotAfter:              earliest(now.Add(lifetime), ca.certificate.NotAfter),
		KeyUsage:              x509.KeyUsageDigitalSignature,
		ExtKeyUsage:           h.usages(),
		BasicConstraintsValid: true,
	}
	for _, host := range h.hosts {
		if ip := net.ParseIP(host); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, host)
		}
	}
	certificate, err := sign(template, ca.certificate, key.Public(), ca.key)
	if err != nil {
		return nil, fmt.Errorf("issue a certificate for %s: %w", h.name, err)
	}
	return &pair{key: key, chain: append([]*x509.Certificate{certificate}, ca.between...)}, nil
}

// sign gives the certificate a serial number of its own, and signs it. A nil parent signs itself.
func sign(template, parent *x509.Certificate, public crypto.PublicKey, key crypto.Signer) (*x509.Certificate, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, err
	}
	template.SerialNumber = serial.Add(serial, big.NewInt(1)) // 0 is not allowed
	if parent == nil {
		parent = template
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, public, key)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earliest(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
