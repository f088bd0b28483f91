package stack_test

import (
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
	"kafkactl/internal/kafkatest/docpage"
)

// layer is a listener that cannot be used as it was asked to, and what is said of it.
type layer struct {
	name       string
	addr       string
	flags      string // beside -b
	want       string // the sentence behind the address, as a regular expression
	hint       string // of both commands, as a regular expression
	code       cli.ExitCode
	waits      bool   // it may heal: wait ends by its timeout, with exit code 5
	kafkaError string // of -o json
	docs       string // the block of docs/troubleshooting.md that quotes it
	docsOf     string // the command that it quotes: wait; "" is list
}

// A fault of each layer, from DNS to the password, has a sentence, a hint and an exit code of its own: the same
// for a command and for the ladder, in text and as JSON, and at once. What cannot heal is not waited for.
func TestEachLayerIsNamed(t *testing.T) {
	t.Parallel()
	ground := newGround(t)
	for _, l := range append(append(ground.certificates(), ground.handshakes()...), append(ground.logins(), ground.ports()...)...) {
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			l.check(t, "list", l.docsOf == "")
			l.check(t, "wait --timeout 1s", l.docsOf == "wait")
		})
	}
}

func (l layer) check(t *testing.T, command string, quoted bool) {
	t.Helper()
	code, bound := l.code, clitest.Busy
	if l.waits && strings.HasPrefix(command, "wait") {
		code, bound = cli.ExitTimeout, bound+time.Second
	}
	if l.waits {
		bound += time.Second // what an address has to answer
	}
	args := strings.Fields(command + " -b " + l.addr + " " + l.flags)
	r := clitest.Kafkactl(t, args...)
	r.Want(t, code)
	r.WantErr(t, "^kafkactl: .*"+l.want+"$", "^hint: .*"+l.hint)
	if quoted && l.docs != "" {
		docpage.Want(t, l.docs, r.Stderr, r.Code)
	}
	if r.Took > bound {
		t.Errorf("took %s, want at most %s", r.Took, bound)
	}
	machine := clitest.Kafkactl(t, append(args, "-o", "json")...)
	var doc cli.ErrorDoc
	lines := strings.Split(strings.TrimSpace(machine.Stderr), "\n")
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &doc); err != nil {
		t.Fatalf("%v: %v", err, machine)
	}
	got := doc.Error
	if !regexp.MustCompile(l.want+"$").MatchString(got.Message) || !strings.Contains(r.Stderr, "hint: "+got.Hint+"\n") ||
		got.Code != int(code) || machine.Code != int(code) || got.KafkaError != l.kafkaError {
		t.Errorf("as JSON: %+v, want exit %d, Kafka's error %q and the sentence of the text: %v", got, code, l.kafkaError, r)
	}
}

// ground is what the listeners of the test are made with.
type ground struct {
	t          *testing.T
	ca         authority
	dir, trust string // trust are the flags that trust ca
}

func newGround(t *testing.T) ground {
	g := ground{t: t, ca: newAuthority(t, "kafkactl test CA"), dir: t.TempDir()}
	g.trust = "--tls-ca " + g.file("ca.pem", g.ca.pem())
	return g
}

func (g ground) file(name, text string) string {
	g.t.Helper()
	path := filepath.Join(g.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		g.t.Fatal(err)
	}
	return path
}

// loopback is the certificate of a broker at 127.0.0.1.
func loopback() x509.Certificate {
	return x509.Certificate{Subject: pkix.Name{CommonName: "kafka-1"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
}

// listener starts a Kafka whose certificate is as template says, with TLS as adapt makes it.
func (g ground) listener(template x509.Certificate, adapt func(*tls.Config), more ...func(*kfake.Cluster, string)) string {
	g.t.Helper()
	key, chain := g.ca.issue(g.t, template)
	pair, err := tls.X509KeyPair([]byte(chain), []byte(key))
	if err != nil {
		g.t.Fatal(err)
	}
	config := &tls.Config{Certificates: []tls.Certificate{pair}} //nolint:gosec // some are meant to be weak
	if adapt != nil {
		adapt(config)
	}
	cluster, addrs := kafkatest.Fake(g.t, kfake.TLS(config))
	for _, change := range more {
		change(cluster, addrs[0])
	}
	return addrs[0]
}

func (g ground) certificates() []layer {
	const fault = "certificate not verified: "
	with := func(change func(*x509.Certificate)) string {
		template := loopback()
		change(&template)
		return g.listener(template, nil)
	}
	now := time.Now()
	plain := with(func(*x509.Certificate) {})
	return []layer{
		{name: "untrusted authority", addr: plain, flags: "--tls", code: cli.ExitFailed, want: fault + `its authority "CN=kafkactl test CA" is not trusted`, hint: "trust the CA .*--tls-ca", docsOf: "wait", docs: "certificate-not-verified"},
		{name: "self-signed", addr: g.selfSigned(), flags: g.trust, code: cli.ExitFailed, want: fault + `"CN=kafka-1" signed itself, and is not trusted`, hint: "trust the CA", docs: "certificate-self-signed"},
		{
			name: "another name", flags: g.trust, code: cli.ExitFailed, docs: "certificate-other-name",
			addr: with(func(c *x509.Certificate) {
				c.DNSNames, c.IPAddresses = []string{"kafka-1", "kafka-2"}, []net.IP{net.IPv4(127, 0, 0, 9)}
			}),
			want: fault + `it is for kafka-1, kafka-2, 127.0.0.9, and must be for "127.0.0.1"`, hint: "--tls-server-name kafka-1$",
		},
		{
			name: "no address", flags: g.trust, code: cli.ExitFailed, docs: "certificate-no-address",
			addr: with(func(c *x509.Certificate) { c.DNSNames, c.IPAddresses = []string{"kafka-1"}, nil }),
			want: fault + `it is for kafka-1 and no IP address, and must be for "127.0.0.1"`, hint: "--tls-server-name kafka-1$",
		},
		{
			name: "Common Name alone", flags: g.trust, code: cli.ExitFailed, docs: "certificate-common-name",
			addr: with(func(c *x509.Certificate) { c.IPAddresses = nil }),
			want: fault + `it has no name but the Common Name "kafka-1", which does not count, and must be for "127.0.0.1"`, hint: "subjectAltName",
		},
		{
			name: "expired", flags: g.trust, code: cli.ExitFailed, docs: "certificate-expired",
			addr: with(func(c *x509.Certificate) { c.NotBefore, c.NotAfter = now.Add(-2*time.Hour), now.Add(-time.Hour) }),
			want: fault + `expired at [-0-9]+ [:0-9]+`, hint: "renew",
		},
		{
			name: "not yet valid", flags: g.trust, code: cli.ExitFailed, docs: "certificate-not-yet-valid",
			addr: with(func(c *x509.Certificate) { c.NotBefore, c.NotAfter = now.Add(time.Hour), now.Add(2*time.Hour) }),
			want: fault + `not valid before [-0-9]+ [:0-9]+`, hint: "set the clock",
		},
		{
			name: "valid in a moment", flags: g.trust, code: cli.ExitFailed, waits: true,
			addr: with(func(c *x509.Certificate) { c.NotBefore, c.NotAfter = now.Add(290*time.Second), now.Add(2*time.Hour) }),
			want: fault + `not valid before [-0-9]+ [:0-9]+`, hint: "set the clock",
		},
		{
			name: "a client's", flags: g.trust, code: cli.ExitFailed, docs: "certificate-of-a-client",
			addr: with(func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }),
			want: fault + `it is not one of a server: its extended key usage lacks serverAuth`, hint: "serverAuth",
		},
		{
			name: "SHA-1", flags: g.trust, code: cli.ExitFailed, docs: "certificate-weak",
			addr: with(func(c *x509.Certificate) { c.SignatureAlgorithm = x509.ECDSAWithSHA1 }),
			want: fault + `it is signed with ECDSA-SHA1, which counts as broken`, hint: "SHA-256",
		},
	}
}

func (g ground) selfSigned() string {
	own := newKey(g.t)
	template := loopback()
	template.SerialNumber, template.NotBefore, template.NotAfter = g.ca.certificate.SerialNumber, time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	der := parsed(g.t, &template, &template, own, own).Raw
	return g.listener(loopback(), func(c *tls.Config) { c.Certificates = []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: own}} })
}

func (g ground) handshakes() []layer {
	pool := x509.NewCertPool()
	pool.AddCert(g.ca.certificate)
	mutual := g.listener(loopback(), func(c *tls.Config) { c.ClientAuth, c.ClientCAs = tls.RequireAndVerifyClientCert, pool })
	key, chain := newAuthority(g.t, "another CA").issue(g.t, x509.Certificate{Subject: pkix.Name{CommonName: "app"}})
	strange := " --tls-cert " + g.file("strange.crt", chain) + " --tls-key " + g.file("strange.key", key)
	key, chain = g.ca.issue(g.t, x509.Certificate{Subject: pkix.Name{CommonName: "app"}, NotBefore: time.Now().Add(-2 * time.Hour), NotAfter: time.Now().Add(-time.Hour)})
	old := " --tls-cert " + g.file("old.crt", chain) + " --tls-key " + g.file("old.key", key)
	return []layer{
		{name: "client certificate wanted", addr: mutual, flags: g.trust, code: cli.ExitRefused, want: `TLS refused: the broker wants a client certificate \(certificate required\)`, hint: "--tls-cert", docs: "client-certificate"},
		{name: "client certificate of another CA", addr: mutual, flags: g.trust + strange, code: cli.ExitRefused, want: `TLS refused: the broker does not trust the CA of the client certificate \(unknown certificate authority\)`, hint: "--tls-cert", docs: "client-certificate-refused"},
		{name: "client certificate expired", addr: mutual, flags: g.trust + old, code: cli.ExitRefused, want: `TLS refused: the client certificate has expired \(expired certificate\)`, hint: "--tls-cert"},
		{
			name: "TLS too old", flags: g.trust, code: cli.ExitFailed, docs: "tls-too-old",
			addr: g.listener(loopback(), func(c *tls.Config) { c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS11 }),
			want: `TLS refused: the broker takes none of the TLS versions that it was offered \(protocol version not supported\)`, hint: "TLSv1.2 or TLSv1.3",
		},
		{
			name: "TLS too old, chosen", addr: g.serve(hello10), flags: g.trust, code: cli.ExitFailed,
			want: `TLS refused: the broker wants to speak TLS 1.0, and the least here is TLS 1.2`, hint: "TLSv1.2 or TLSv1.3",
		},
		{
			name: "no cipher suite in common", flags: g.trust, code: cli.ExitFailed, docs: "no-common-cipher",
			addr: g.listener(loopback(), func(c *tls.Config) {
				c.MaxVersion, c.CipherSuites = tls.VersionTLS12, []uint16{tls.TLS_RSA_WITH_AES_128_CBC_SHA}
			}),
			want: `TLS refused: no cipher suite in common \(handshake failure\)`, hint: "ssl.cipher.suites",
		},
		{name: "PLAINTEXT to TLS", addr: mutual, code: cli.ExitFailed, want: "the port speaks TLS; kafkactl was told PLAINTEXT", hint: "--tls", docsOf: "wait", docs: "tls-port"},
	}
}

// hello10 chooses TLS 1.0, whatever it is offered.
func hello10(conn net.Conn) {
	_, _ = conn.Read(make([]byte, 4096))
	body := append([]byte{3, 1}, make([]byte, 32+1)...) // version, random, no session
	body = append(body, 0xc0, 0x13, 0)                  // TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, no compression
	hello := append([]byte{2, 0, 0, byte(len(body))}, body...)
	_, _ = conn.Write(append([]byte{0x16, 3, 1, 0, byte(len(hello))}, hello...))
	_, _ = io.Copy(io.Discard, conn)
}

// serve talks on every connection to the address that it returns.
func (g ground) serve(talk func(net.Conn)) string {
	g.t.Helper()
	listener, err := new(net.ListenConfig).Listen(g.t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		g.t.Fatal(err)
	}
	g.t.Cleanup(func() { _ = listener.Close() })
	go clitest.Each(listener, talk)
	return listener.Addr().String()
}

// ports are the layers below TLS.
func (g ground) ports() []layer {
	refused, release, err := clitest.RefusingAddr()
	if err != nil {
		g.t.Fatal(err)
	}
	g.t.Cleanup(release)
	silent := g.serve(func(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) })
	return []layer{
		{name: "no such name", addr: "nosuch.invalid:9093", flags: "--tls", code: cli.ExitFailed, waits: true, want: "nosuch.invalid:9093: no such host", hint: "check the spelling"},
		{name: "refused", addr: refused, flags: "--tls", code: cli.ExitFailed, waits: true, want: "connection refused", hint: "(is the broker started|inside a container)"},
		{name: "silent", addr: silent, flags: "--tls", code: cli.ExitFailed, waits: true, want: "accepts TCP, then says nothing", hint: "frozen or still starting"},
	}
}
