package stack_test

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest/docpage"
)

// A store that cannot be read is told with its line before anything is dialled, and what to do with it.
func TestStoreThatCannotBeRead(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	stores := filepath.Join(dir, "certs")
	made := clitest.Kafkactl(t, "certs", "--out", stores, "--node", "kafka=127.0.0.1", "--client", "app", "--p12", "--jks", "--password-file", write("password", "correct-horse\n"))
	made.Want(t, cli.ExitDone)
	half := func(name string) string {
		data, err := os.ReadFile(filepath.Join(stores, name))
		if err != nil {
			t.Fatal(err)
		}
		return write("half-"+name, string(data[:len(data)/2]))
	}
	const right, wrong = "correct-horse", canary + "-wrong"
	trust := func(location, password string) string {
		return "security.protocol=SSL\nssl.truststore.location=" + location + "\nssl.truststore.password=" + password + "\n"
	}
	identity := func(location, password string) string {
		return "security.protocol=SSL\nssl.keystore.location=" + location + "\nssl.keystore.password=" + password + "\n"
	}
	for _, test := range []struct{ name, text, want, docs string }{
		{name: "truncated PKCS12", text: trust(half("truststore.p12"), right), want: "that ends too early: .*; copy the file again"},
		{name: "truncated JKS", text: trust(half("truststore.jks"), right), want: "that ends too early: .*; copy the file again"},
		{name: "truncated key store", text: identity(half("app.jks"), right), want: "that ends too early: .*; copy the file again"},
		{name: "wrong password", text: trust(filepath.Join(stores, "truststore.p12"), wrong), want: "the store password is wrong, or the file was changed", docs: "store-password"},
		{name: "wrong password of JKS", text: trust(filepath.Join(stores, "truststore.jks"), wrong), want: "the store password is wrong, or the file was changed"},
		{name: "wrong password of a key", text: identity(filepath.Join(stores, "app.p12"), wrong), want: "the store password is wrong, or the file was changed"},
		{name: "PEM with a password", text: trust(filepath.Join(stores, "ca.crt"), wrong), want: "PEM"},
		{name: "not a store", text: trust(write("page.html", "<html></html>"), right), want: "page.html"},
		{name: "no file", text: trust(filepath.Join(dir, "nowhere.p12"), right), want: "cannot read .*nowhere.p12: no such file or directory"},
		{name: "password in UTF-8", text: trust(filepath.Join(stores, "truststore.p12"), wrong+"é"), want: `the store password is wrong.*\nhint: .*ssl.truststore.password: has characters beyond ASCII, which kafkactl reads as UTF-8 and Java as ISO-8859-1; write each as \\uXXXX`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			file := write(strings.ReplaceAll(test.name, " ", "-")+".properties", test.text)
			for _, command := range []string{"list", "wait"} {
				r := clitest.Kafkactl(t, command, "--config", file)
				told(t, r, cli.ExitUsage)
				r.WantErr(t, `^kafkactl: .*\.properties:\d+: ssl\.(trust|key)store\.location: .*`+test.want)
				if test.docs != "" {
					docpage.Want(t, test.docs, r.Stderr, r.Code)
				}
			}
		})
	}
}

// A refused password that Java reads otherwise, or that has quotes around it, is told beside the refusal: it may be
// right in the file and wrong on the way.
func TestDoubtfulPassword(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, password, hint string }{
		{"plain", canary, `same for all three\n`},
		{"beyond ASCII", canary + "-é", `same for all three; .*:4: sasl.password: has characters beyond ASCII, which kafkactl reads as UTF-8 and Java as ISO-8859-1; write each as \\uXXXX, which both read alike\n`},
		{"in quotes", `"` + canary + `"`, `same for all three; .*:4: sasl.password: begins and ends with a quote, which is part of the value: .*\n`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			addr := ground{t: t}.passwords(2)
			file := filepath.Join(t.TempDir(), "client.properties")
			text := "security.protocol=SASL_PLAINTEXT\nsasl.mechanism=PLAIN\nsasl.username=app\nsasl.password=" + test.password + "\nssl.key.password='x'\n"
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			for _, command := range []string{"list", "wait"} {
				r := clitest.Kafkactl(t, command, "-b", addr, "--config", file)
				told(t, r, cli.ExitRefused)
				r.WantErr(t, "^hint: .*"+test.hint)
			}
		})
	}
}

// The time that a file gives one address to accept a connection is the one that a silent address has, and --timeout
// bounds it.
func TestTimeLimitOfTheFile(t *testing.T) {
	t.Parallel()
	g := newGround(t)
	silent := g.serve(func(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) })
	file := g.file("client.properties", "bootstrap.servers="+silent+"\nsocket.connection.setup.timeout.ms=2000\n")
	for _, test := range []struct {
		line        string
		least, most time.Duration
	}{
		{"list --config " + file, 2 * time.Second, 2*time.Second + clitest.Busy},
		{"list --timeout 200ms --config " + file, 0, 200*time.Millisecond + clitest.Busy - time.Second},
	} {
		r := clitest.Kafkactl(t, strings.Fields(test.line)...)
		r.Want(t, cli.ExitFailed)
		if r.Took < test.least || r.Took > test.most {
			t.Errorf("%s: took %s, want %s to %s: %v", test.line, r.Took, test.least, test.most, r)
		}
	}
}

// An advertised name that the certificate lacks is told with the listener that sends clients there.
func TestSecondHopIsNotInTheCertificate(t *testing.T) {
	t.Parallel()
	g := newGround(t)
	addr := g.listener(loopback(), nil, func(cluster *kfake.Cluster, addr string) {
		cluster.ControlKey(kmsg.Metadata.Int16(), func(req kmsg.Request) (kmsg.Response, error, bool) {
			cluster.KeepControl()
			return clitest.SaidMetadata(req, []string{strings.Replace(addr, "127.0.0.1", "localhost", 1)}, kmsg.MetadataResponseTopic{}), nil, true
		})
	})
	clitest.Told{
		Args: append([]string{"wait", "-b", addr}, strings.Fields(g.trust)...), Code: cli.ExitFailed, Within: clitest.Busy, Docs: "certificate-second-hop",
		Stderr: []string{`K4 .*` + addr + ` answers, but sends clients on to localhost:\d+ \(broker 0\): certificate not verified: it is for 127.0.0.1, and must be for "localhost"$`},
	}.Check(t)
}
