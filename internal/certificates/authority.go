package certificates

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"time"
)

// The files of the CA.
const (
	caCertFile = "ca.crt"
	CAKeyFile  = "ca.key"
)

// ErrExpiredCA is in the error of a plan whose CA has expired.
var ErrExpiredCA = errors.New("the CA has expired")

// CAError is a CA that cannot be used. File is the file that is at fault.
type CAError struct {
	File, Problem string
	cause         error
}

func (e *CAError) Error() string { return e.File + " " + e.Problem }

func (e *CAError) Unwrap() error { return e.cause }

// CANameError is a CA with another common name than the one that was asked for.
type CANameError struct{ File, Has, Wanted string }

func (e *CANameError) Error() string {
	return fmt.Sprintf("%s is of %q, not of %q", e.File, e.Has, e.Wanted)
}

// authority is a CA: its certificate and its key, nil where that is kept elsewhere.
type authority struct {
	certificate *x509.Certificate
	key         crypto.Signer
	between     []*x509.Certificate // from this CA up to the root, without the root
	all         []*x509.Certificate // what ca.crt holds
}

// readAuthority reads the CA that is there, and returns nil without an error when there is none. An
// authority without a certificate has a key that is to get one.
func readAuthority(cert, key Found) (*authority, error) {
	if cert.Content == nil && key.Content == nil {
		return nil, nil
	}
	ca := &authority{}
	var err error
	if key.Content != nil {
		if ca.key, err = parseKey(key.Content); err != nil {
			return nil, &CAError{CAKeyFile, "is no key of a CA: " + err.Error(), err}
		}
	}
	if cert.Content == nil {
		return ca, nil
	}
	if ca.all, err = parseCertificates(cert.Content); err != nil {
		return nil, &CAError{caCertFile, "is no CA certificate: " + err.Error(), err}
	}
	ca.certificate = ca.all[0]
	for _, certificate := range ca.all {
		if certificate.CheckSignatureFrom(certificate) != nil {
			ca.between = append(ca.between, certificate)
		}
	}
	return ca, ca.problem()
}

func (ca *authority) problem() error {
	if !ca.certificate.IsCA || !ca.certificate.BasicConstraintsValid {
		return &CAError{caCertFile, "is no CA certificate: it may not issue others", nil}
	}
	if ca.certificate.KeyUsage != 0 && ca.certificate.KeyUsage&x509.KeyUsageCertSign == 0 {
		return &CAError{caCertFile, "is no CA certificate: its key usage is not to sign certificates", nil}
	}
	if ca.key != nil && !sameKey(ca.key.Public(), ca.certificate.PublicKey) {
		return &CAError{CAKeyFile, "is not the key of " + caCertFile, nil}
	}
	return nil
}

// newKey returns a key for a CA.
func newKey() (crypto.Signer, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make the key of the CA: %w", err)
	}
	return key, nil
}

// certify returns ca with a new certificate that its key signs: for name or, where it had one, for
// the same subject and key identifier, so that what it issued stays valid.
func (ca *authority) certify(name string, now time.Time) (*authority, error) {
	template := &x509.Certificate{
		Subject:   pkix.Name{CommonName: name},
		NotBefore: now.Add(-skew), NotAfter: now.Add(caLifetime),
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		IsCA:     true, BasicConstraintsValid: true, MaxPathLenZero: true,
	}
	if old := ca.certificate; old != nil {
		template.RawSubject, template.SubjectKeyId = old.RawSubject, old.SubjectKeyId
	}
	certificate, err := sign(template, nil, ca.key.Public(), ca.key)
	if err != nil {
		return nil, fmt.Errorf("make the certificate of the CA: %w", err)
	}
	return &authority{certificate: certificate, key: ca.key, all: []*x509.Certificate{certificate}}, nil
}
