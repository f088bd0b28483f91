package kafka

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"
)

// maxNames is how many names of a certificate a message has.
const maxNames = 5

// certificateFault returns why a certificate was not verified. For one that is out of date it
// returns its date alone: the error's own text has the time of the try.
func certificateFault(err error) string {
	misnamed, isMisnamed := errors.AsType[x509.HostnameError](err)
	invalid, isInvalid := errors.AsType[x509.CertificateInvalidError](err)
	switch {
	case isMisnamed:
		return nameFault(misnamed)
	case isInvalid && invalid.Reason == x509.Expired:
		return dateFault(invalid.Cert)
	case isInvalid && invalid.Reason == x509.IncompatibleUsage:
		return "it is not one of a server: its extended key usage lacks serverAuth"
	case weakSignature(err) != x509.UnknownSignatureAlgorithm:
		return fmt.Sprintf("it is signed with %s, which counts as broken", weakSignature(err))
	}
	unknown, isUnknown := errors.AsType[x509.UnknownAuthorityError](err)
	switch {
	case isUnknown && unknown.Cert != nil && unknown.Cert.Issuer.String() == unknown.Cert.Subject.String():
		return fmt.Sprintf("%q signed itself, and is not trusted", unknown.Cert.Subject)
	case isUnknown && unknown.Cert != nil:
		return fmt.Sprintf("its authority %q is not trusted", unknown.Cert.Issuer)
	}
	text := err.Error()
	if verifying, found := errors.AsType[*tls.CertificateVerificationError](err); found {
		text = verifying.Err.Error()
	}
	return strings.TrimPrefix(text, "x509: ")
}

func nameFault(misnamed x509.HostnameError) string {
	certificate := misnamed.Certificate
	names := namesOf(certificate)
	switch {
	case len(names) == 0:
		return fmt.Sprintf("it has no name but the Common Name %q, which does not count, and must be for %q", certificate.Subject.CommonName, misnamed.Host)
	case net.ParseIP(misnamed.Host) != nil && len(certificate.IPAddresses) == 0:
		return fmt.Sprintf("it is for %s and no IP address, and must be for %q", joinNames(names), misnamed.Host)
	}
	return fmt.Sprintf("it is for %s, and must be for %q", joinNames(names), misnamed.Host)
}

func dateFault(certificate *x509.Certificate) string {
	of := ""
	if certificate.IsCA {
		of = fmt.Sprintf("its authority %q is ", certificate.Subject)
	}
	if time.Now().Before(certificate.NotBefore) {
		return of + "not valid before " + certificate.NotBefore.UTC().Format(time.DateTime)
	}
	return of + "expired at " + certificate.NotAfter.UTC().Format(time.DateTime)
}

// weakSignature returns the algorithm by which a certificate of the chain is signed and that Go does not
// take, [x509.UnknownSignatureAlgorithm] for none. An authority that signed itself is judged by its
// being trusted, not by its signature.
func weakSignature(err error) x509.SignatureAlgorithm {
	verifying, found := errors.AsType[*tls.CertificateVerificationError](err)
	if !found || !errors.As(err, new(x509.UnknownAuthorityError)) {
		return x509.UnknownSignatureAlgorithm
	}
	for _, certificate := range verifying.UnverifiedCertificates {
		switch certificate.SignatureAlgorithm {
		case x509.SHA1WithRSA, x509.ECDSAWithSHA1, x509.DSAWithSHA1, x509.MD5WithRSA, x509.MD2WithRSA:
			if certificate.Issuer.String() != certificate.Subject.String() {
				return certificate.SignatureAlgorithm
			}
		default:
		}
	}
	return x509.UnknownSignatureAlgorithm
}

// namesOf returns the names and addresses that a certificate is for.
func namesOf(certificate *x509.Certificate) []string {
	names := slices.Clone(certificate.DNSNames)
	for _, ip := range certificate.IPAddresses {
		names = append(names, ip.String())
	}
	return names
}

func joinNames(names []string) string {
	if len(names) > maxNames {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:maxNames], ", "), len(names)-maxNames)
	}
	return strings.Join(names, ", ")
}

// OtherNames returns the names of a broker's certificate and the one that it must have and does not; false for any
// other error.
func OtherNames(err error) (names, wanted string, found bool) {
	misnamed, found := errors.AsType[x509.HostnameError](err)
	if !found || len(namesOf(misnamed.Certificate)) == 0 {
		return "", "", false
	}
	return joinNames(namesOf(misnamed.Certificate)), misnamed.Host, true
}

// clockSkew is how far in the future a certificate may begin for a clock that is late to be why.
const clockSkew = 5 * time.Minute

// SoonValid reports whether err is a certificate that will be valid in a moment: it was just issued, and a
// clock is late.
func SoonValid(err error) bool {
	certificate := OutOfDate(err)
	return certificate != nil && time.Now().Before(certificate.NotBefore) && time.Until(certificate.NotBefore) < clockSkew
}

// CertificateHint returns what to do about a certificate that was not verified or was refused, "" for any
// other error.
func CertificateHint(err error) string {
	misnamed, isMisnamed := errors.AsType[x509.HostnameError](err)
	invalid, isInvalid := errors.AsType[x509.CertificateInvalidError](err)
	switch {
	case RefusedTLS(err):
		return tlsRefusalHint(err)
	case !Unverified(err):
		return ""
	case OutOfDate(err) != nil && time.Now().Before(OutOfDate(err).NotBefore):
		return "set the clock of this machine, or of the one that issued the certificate: one of them is wrong"
	case OutOfDate(err) != nil:
		return "renew the broker's certificate, or set the clock of the machine this runs on"
	case isMisnamed && len(namesOf(misnamed.Certificate)) == 0:
		return "give the broker a certificate with subjectAltName; until then ssl.endpoint.identification.algorithm= in --config FILE verifies the chain alone"
	case isMisnamed:
		return "dial, and have the broker advertise, a name that the certificate has, or say which one it must have: --tls-server-name " + namesOf(misnamed.Certificate)[0]
	case isInvalid && invalid.Reason == x509.IncompatibleUsage:
		return "give the broker a certificate for servers: extendedKeyUsage with serverAuth, or without that extension"
	case weakSignature(err) != x509.UnknownSignatureAlgorithm:
		return "have the broker's certificate signed anew with SHA-256"
	case errors.As(err, new(x509.UnknownAuthorityError)):
		return "trust the CA that signed the broker's certificate: --tls-ca FILE, or ssl.truststore.location in --config FILE"
	}
	return "look at the broker's certificate: openssl s_client -connect HOST:PORT -showcerts"
}
