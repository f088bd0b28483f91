package health

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
)

// What an error is called is the same on every try: an ephemeral port or the time in it would be a
// line of progress each.
func TestSymptom(t *testing.T) {
	t.Parallel()
	const resolver = "read udp 10.0.0.2:43210->10.0.0.1:53: read: connection refused"
	unverified := func(err error) error { return &tls.CertificateVerificationError{Err: err} }
	dated := func(from, until string) error {
		cert := new(x509.Certificate)
		cert.NotBefore, _ = time.Parse(time.DateOnly, from)
		cert.NotAfter, _ = time.Parse(time.DateOnly, until)
		return unverified(x509.CertificateInvalidError{Cert: cert, Reason: x509.Expired, Detail: "current time is " + time.Now().String()})
	}
	const renew, trust = "renew the broker's certificate, or set the clock of the machine this runs on",
		"trust the CA that signed the broker's certificate, and use the name the certificate is for"
	for _, test := range []struct {
		name    string
		err     error
		verdict Verdict
		want    string
		hint    string
	}{
		{"cancelled", context.Canceled, Wait, "no answer", ""},
		{"no route", &net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.EHOSTUNREACH)}, Wait, "no route to host", ""},
		{"no network", &net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ENETUNREACH)}, Wait, "network is unreachable", ""},
		{"DNS is silent", &net.DNSError{Err: "i/o timeout", IsTimeout: true}, Wait, "name not resolved: DNS does not answer", ""},
		{"DNS is ill", &net.DNSError{Err: "server misbehaving", IsTemporary: true}, Wait, "name not resolved: server misbehaving", ""},
		{"DNS is down", &net.DNSError{Err: resolver, IsTemporary: true}, Wait, "name not resolved: connection refused", ""},
		{"expired", dated("2020-01-01", "2021-01-01"), Fail, "certificate not verified: expired at 2021-01-01 00:00:00", renew},
		{"not yet valid", dated("2999-01-01", "3000-01-01"), Fail, "certificate not verified: not valid before 2999-01-01 00:00:00", renew},
		{
			"another name", unverified(x509.HostnameError{Certificate: &x509.Certificate{DNSNames: []string{"a"}}, Host: "b"}), Fail,
			"certificate not verified: tls: failed to verify certificate: x509: certificate is valid for a, not b", trust,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := unmet(symptom(test.err), test.err)
			if a.verdict != test.verdict || a.evidence != test.want || a.hint != test.hint {
				t.Errorf("%s %q, hint %q\nwant %s %q, hint %q", a.verdict, a.evidence, a.hint, test.verdict, test.want, test.hint)
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
	with, without := &Ladder{sasl: true}, &Ladder{}
	slowName := &net.OpError{Op: "dial", Err: &net.DNSError{Err: "i/o timeout", Name: "kafka", IsTimeout: true}}
	for _, test := range []struct {
		name string
		got  answer
		want string
		hint string
	}{
		{"closed", without.requestFault("a:1", io.EOF), "a:1: answers ApiVersions, then closes: SASL is required, or the broker is going down", "give SASL credentials if this listener asks for them"},
		{
			"closed, with SASL", with.requestFault("a:1", io.EOF), "a:1: closes the connection on SASL or the first request after it",
			"check the mechanism, the user name and the password; some servers refuse them without a word",
		},
		{"refused, with SASL", with.requestFault("a:1", kerr.SaslAuthenticationFailed), "a:1: SASL refused: " + oneLine(kerr.SaslAuthenticationFailed.Error()), "check the mechanism, the user name and the password"},
		{"silent", without.requestFault("a:1", context.DeadlineExceeded), "a:1: answers ApiVersions, then nothing", "the broker is frozen or overloaded: look at its log"},
		{"something else", without.requestFault("a:1", errRefused), "a:1: refused", "look at the broker's log"},
		{"no name in time", dialFault(slowName, "started?"), "name not resolved: DNS does not answer", "check the address, and the network between here and there"},
		{"no answer", dialFault(context.DeadlineExceeded, "started?"), "no answer to TCP connect", "a firewall drops the connection, or the host is down"},
		{"nobody there", dialFault(syscall.ECONNREFUSED, "started?"), "connection refused", "started?"},
	} {
		if test.got.evidence != test.want || test.got.hint != test.hint {
			t.Errorf("%s: %q, hint %q\nwant %q, hint %q", test.name, test.got.evidence, test.got.hint, test.want, test.hint)
		}
	}
}
