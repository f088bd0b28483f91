package health

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/twmb/franz-go/pkg/kerr"

	"kafkactl/internal/kafka"
)

// What an error is called is the same on every try: an ephemeral port or the time in it would be a
// line of progress each.
func TestSymptom(t *testing.T) {
	t.Parallel()
	const resolver = "read udp 10.0.0.2:43210->10.0.0.1:53: read: connection refused"
	unverified := func(err error) error { return &tls.CertificateVerificationError{Err: err} }
	dated := func(from, until string) error {
		cert := new(x509.Certificate)
		cert.NotBefore, _ = time.Parse(time.DateTime, from+" 00:00:00"[:len(time.DateTime)-len(from)])
		cert.NotAfter, _ = time.Parse(time.DateOnly, until)
		return unverified(x509.CertificateInvalidError{Cert: cert, Reason: x509.Expired, Detail: "current time is " + time.Now().String()})
	}
	soon := time.Now().UTC().Add(time.Minute).Format(time.DateTime)
	renew := hint{"certificate", "renew the broker's certificate, or set the clock of the machine this runs on"}
	clock := hint{"certificate", "set the clock of this machine, or of the one that issued the certificate: one of them is wrong"}
	named := hint{"certificate", "dial, and have the broker advertise, a name that the certificate has, or say which one it must have: --tls-server-name a"}
	client := hint{"certificate", "give one that the broker trusts: --tls-cert FILE --tls-key FILE, or ssl.keystore.location in --config FILE"}
	for _, test := range []struct {
		name    string
		err     error
		verdict Verdict
		want    string
		hint    hint
	}{
		{"cancelled", context.Canceled, Wait, "no answer", hint{}},
		{"no route", &net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.EHOSTUNREACH)}, Wait, "no route to host", hint{}},
		{"no network", &net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ENETUNREACH)}, Wait, "network is unreachable", hint{}},
		{"DNS is silent", &net.DNSError{Err: "i/o timeout", IsTimeout: true}, Wait, "name not resolved: DNS does not answer", hint{}},
		{"DNS is ill", &net.DNSError{Err: "server misbehaving", IsTemporary: true}, Wait, "name not resolved: server misbehaving", hint{}},
		{"DNS is down", &net.DNSError{Err: resolver, IsTemporary: true}, Wait, "name not resolved: connection refused", hint{}},
		{"expired", dated("2020-01-01", "2021-01-01"), Fail, "certificate not verified: expired at 2021-01-01 00:00:00", renew},
		{"valid in a moment", dated(soon, "3000-01-01"), Wait, "certificate not verified: not valid before " + soon, clock},
		{"not yet valid", dated("2999-01-01", "3000-01-01"), Fail, "certificate not verified: not valid before 2999-01-01 00:00:00", clock},
		{
			"another name", unverified(x509.HostnameError{Certificate: &x509.Certificate{DNSNames: []string{"a"}}, Host: "b"}), Fail,
			`certificate not verified: it is for a, and must be for "b"`, named,
		},
		{
			"no name", unverified(x509.HostnameError{Certificate: &x509.Certificate{Subject: pkix.Name{CommonName: "b"}}, Host: "b"}), Fail,
			`certificate not verified: it has no name but the Common Name "b", which does not count, and must be for "b"`,
			hint{"certificate", "give the broker a certificate with subjectAltName; until then ssl.endpoint.identification.algorithm= in --config FILE verifies the chain alone"},
		},
		{
			"another authority", unverified(x509.UnknownAuthorityError{Cert: &x509.Certificate{Issuer: pkix.Name{CommonName: "b"}}}), Fail,
			`certificate not verified: its authority "CN=b" is not trusted`,
			hint{"certificate", "trust the CA that signed the broker's certificate: --tls-ca FILE, or ssl.truststore.location in --config FILE"},
		},
		{
			"client certificate wanted", &net.OpError{Op: "remote error", Err: errors.New("tls: bad certificate")}, Fail,
			"TLS refused: the broker wants a client certificate, or does not take the one it was given (bad certificate)", client,
		},
		{"an alert that may pass", &net.OpError{Op: "remote error", Err: errors.New("tls: internal error")}, Wait, "remote error: tls: internal error", hint{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := unmet(symptom(test.err), test.err)
			want := answer{verdict: test.verdict, evidence: test.want, hint: test.hint, err: test.err}
			if diff := cmp.Diff(want, a, cmp.AllowUnexported(answer{}, hint{}), cmpopts.EquateErrors()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Whatever a server says, evidence is one line that a terminal shows as it is.
func TestOneLine(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, text, want string }{
		{"several lines", " policy:\n\tno topic\r\n\n", "policy: no topic"},
		{"escapes", "policy: \x1b[2Jno\x00 topic\u009b", "policy: [2Jno topic"},
		{"at the limit", strings.Repeat("é", maxEvidence), strings.Repeat("é", maxEvidence)},
		{"too long", strings.Repeat("é", maxEvidence+1), strings.Repeat("é", maxEvidence) + "…"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := oneLine(test.text); got != test.want {
				t.Errorf("%q\nwant %q", got, test.want)
			}
		})
	}
}

// What a failed request shows depends on what the listener may have wanted, and a failed dial on
// what answered it.
func TestFaults(t *testing.T) {
	t.Parallel()
	with, without := &Ladder{mechanism: "PLAIN"}, &Ladder{}
	slowName := &net.OpError{Op: "dial", Err: &net.DNSError{Err: "i/o timeout", Name: "kafka", IsTimeout: true}}
	for _, test := range []struct {
		name string
		got  answer
		want string
		hint hint
	}{
		{"closed", without.requestFault("a:1", io.EOF), "a:1: answers ApiVersions, then closes: the broker is going down, or overloaded", advise("connection-log")},
		{
			"closed, with SASL", with.requestFault("a:1", io.EOF), "a:1: closes the connection on SASL or the first request after it",
			advise("credentials-unanswered"),
		},
		{"refused, with SASL", with.requestFault("a:1", kerr.SaslAuthenticationFailed), "a:1: login refused: " + oneLine(kerr.SaslAuthenticationFailed.Error()), hint{"credentials", kafka.LoginHint(kerr.SaslAuthenticationFailed)}},
		{"silent", without.requestFault("a:1", context.DeadlineExceeded), "a:1: answers ApiVersions, then nothing", advise("broker-frozen")},
		{"something else", without.requestFault("a:1", errRefused), "a:1: refused", advise("broker-log")},
		{"no name in time", dialFault(slowName, advise("start-zookeeper")), "name not resolved: DNS does not answer", advise("check-address")},
		{"no answer", dialFault(context.DeadlineExceeded, advise("start-zookeeper")), "no answer to TCP connect", advise("firewall")},
		{"nobody there", dialFault(syscall.ECONNREFUSED, advise("start-zookeeper")), "connection refused", advise("start-zookeeper")},
	} {
		got := answer{evidence: test.got.evidence, hint: test.got.hint}
		if diff := cmp.Diff(answer{evidence: test.want, hint: test.hint}, got, cmp.AllowUnexported(answer{}, hint{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}
