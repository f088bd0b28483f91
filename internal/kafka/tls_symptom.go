package kafka

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
)

// Unverified reports whether err is a certificate that was not verified.
func Unverified(err error) bool {
	_, found := errors.AsType[*tls.CertificateVerificationError](err)
	return found
}

// OutOfDate returns the certificate that err is about when the fault is its date; otherwise nil.
func OutOfDate(err error) *x509.Certificate {
	invalid, _ := errors.AsType[x509.CertificateInvalidError](err)
	if !Unverified(err) || invalid.Reason != x509.Expired {
		return nil
	}
	return invalid.Cert
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
		"handshake failure":              own,
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
	return known || oldVersion(err) != ""
}

// aboutCertificate reports whether it was for want of a client certificate, or of a better one.
func aboutCertificate(err error) bool {
	return strings.Contains(alerts()[alertOf(err)], "client certificate") && !errors.As(err, new(*NothingInCommonError))
}

func refusalOfTLS(err error) string {
	alert := alertOf(err)
	switch {
	case oldVersion(err) != "":
		return "the broker wants to speak " + oldVersion(err) + ", and the least here is TLS 1.2"
	case errors.As(err, new(*NothingInCommonError)):
		return fmt.Sprintf("no cipher suite in common (%s)", alert)
	}
	return fmt.Sprintf("%s (%s)", alerts()[alert], alert)
}

func tlsRefusalHint(err error) string {
	switch {
	case aboutCertificate(err):
		return "give one that the broker trusts: --tls-cert FILE --tls-key FILE, or ssl.keystore.location in --config FILE"
	case oldVersion(err) != "" || alertOf(err) == "protocol version not supported":
		return "let the broker have TLSv1.2 or TLSv1.3 in ssl.enabled.protocols, and --config FILE one of the same"
	case errors.As(err, new(*NothingInCommonError)):
		return "compare ssl.cipher.suites and ssl.enabled.protocols of the broker with those of --config FILE"
	}
	return "the broker's log says why: its logger org.apache.kafka.common.network.SslTransportLayer"
}

// NothingInCommonError is a TLS handshake that the broker ended before it asked for a client
// certificate: the alert alone could be for want of one, too.
type NothingInCommonError struct{ alert error }

func (e *NothingInCommonError) Error() string { return e.alert.Error() }

// Unwrap returns the alert.
func (e *NothingInCommonError) Unwrap() error { return e.alert }

// oldVersion returns the version of TLS that the broker chose and that is not taken here, "" for any other
// error. Go has no type for it.
func oldVersion(err error) string {
	if err == nil {
		return ""
	}
	_, code, found := strings.Cut(err.Error(), "tls: server selected unsupported protocol version ")
	number, failed := strconv.ParseUint(strings.TrimSpace(code), 16, 16)
	if !found || failed != nil {
		return ""
	}
	return tls.VersionName(uint16(number))
}
