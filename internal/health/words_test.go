package health

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

// What an error is called is the same on every try: an ephemeral port or the time in it would be a line of progress each.
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
		{"at the limit", strings.Repeat("é", longest), strings.Repeat("é", longest)},
		{"too long", strings.Repeat("é", longest+1), strings.Repeat("é", longest) + "…"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := oneLine(test.text); got != test.want {
				t.Errorf("%q\nwant %q", got, test.want)
			}
		})
	}
}
