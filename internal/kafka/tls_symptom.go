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

// Unverified reports whether err is a certificate that was not verified.
func Unverified(err error) bool {
	_, found := errors.AsType[*tls.CertificateVerificationError](err)
	return found
}

// certificateFault returns why a certificate was not verified. For one that is out of date it
// returns its date alone: the error's own text has the time of the try.
func certificateFault(err error) string {
	dated := OutOfDate(err)
	misnamed, isMisnamed := errors.AsType[x509.HostnameError](err)
	switch {
	case isMisnamed && len(namesOf(misnamed.Certificate)) == 0:
		return fmt.Sprintf("it has no name but the Common Name %q, which does not count, and %q was dialled", misnamed.Certificate.Subject.CommonName, misnamed.Host)
	case isMisnamed:
		return fmt.Sprintf("it is for %s, and %q was dialled", strings.Join(namesOf(misnamed.Certificate), ", "), misnamed.Host)
	case dated == nil:
		return err.Error()
	case time.Now().Before(dated.NotBefore):
		return "not valid before " + dated.NotBefore.UTC().Format(time.DateTime)
	}
	return "expired at " + dated.NotAfter.UTC().Format(time.DateTime)
}

// namesOf returns the names and addresses that a certificate is for.
func namesOf(certificate *x509.Certificate) []string {
	names := slices.Clone(certificate.DNSNames)
	for _, ip := range certificate.IPAddresses {
		names = append(names, ip.String())
	}
	return names
}

// OutOfDate returns the certificate that err is about when the fault is its date; otherwise nil.
func OutOfDate(err error) *x509.Certificate {
	invalid, _ := errors.AsType[x509.CertificateInvalidError](err)
	if !Unverified(err) || invalid.Reason != x509.Expired {
		return nil
	}
	return invalid.Cert
}

// CertificateHint returns what to do about a certificate that was not verified or was refused, "" for any
// other error, and where its date is the fault.
func CertificateHint(err error) string {
	misnamed, isMisnamed := errors.AsType[x509.HostnameError](err)
	switch {
	case RefusedTLS(err):
		return tlsRefusalHint(err)
	case !Unverified(err) || OutOfDate(err) != nil:
		return ""
	case isMisnamed && len(namesOf(misnamed.Certificate)) == 0:
		return "give the broker a certificate with subjectAltName; until then ssl.endpoint.identification.algorithm= in --config FILE verifies the chain alone"
	case isMisnamed:
		return "dial, and have the broker advertise, a name that the certificate has, or say which one it must have: --tls-server-name " + namesOf(misnamed.Certificate)[0]
	case errors.As(err, new(x509.UnknownAuthorityError)):
		return "trust the CA that signed the broker's certificate: --tls-ca FILE, or ssl.truststore.location in --config FILE"
	}
	return "look at the broker's certificate: openssl s_client -connect HOST:PORT -showcerts"
}

// alerts are what brokers send in place of going on with TLS, in Go's words, and what that means. Others, such
// as an internal error, may pass.
func alerts() map[string]string {
	const own = "the broker wants a client certificate, or does not take the one it was given"
	return map[string]string{
		"bad certificate":                own,
		"certificate required":           "the broker wants a client certificate",
		"unknown certificate authority":  "the broker does not trust the CA of the client certificate",
		"unknown certificate":            own,
		"certificate unknown":            own,
		"unsupported certificate":        own,
		"access denied":                  own,
		"revoked certificate":            "the client certificate was revoked",
		"expired certificate":            "the client certificate has expired",
		"handshake failure":              "no cipher suite in common, or the broker wants a client certificate",
		"protocol version not supported": "the broker takes none of the TLS versions that it was offered",
		"unrecognized name":              "the broker has no certificate for the name that was dialled",
	}
}

// alertOf returns the TLS alert that err is, "" for any other error.
func alertOf(err error) string {
	op, found := errors.AsType[*net.OpError](err)
	if !found || op.Op != "remote error" {
		return ""
	}
	return strings.TrimPrefix(op.Err.Error(), "tls: ")
}

// RefusedTLS reports whether the broker refused the TLS handshake, and will again.
func RefusedTLS(err error) bool {
	_, known := alerts()[alertOf(err)]
	return known
}

// aboutCertificate reports whether it was for want of a client certificate, or of a better one.
func aboutCertificate(err error) bool {
	return strings.Contains(alerts()[alertOf(err)], "client certificate")
}

func refusalOfTLS(err error) string {
	alert := alertOf(err)
	return fmt.Sprintf("%s (%s)", alerts()[alert], alert)
}

func tlsRefusalHint(err error) string {
	if aboutCertificate(err) {
		return "give one that the broker trusts: --tls-cert FILE --tls-key FILE, or ssl.keystore.location in --config FILE"
	}
	return "the broker's log says why: its logger org.apache.kafka.common.network.SslTransportLayer"
}
