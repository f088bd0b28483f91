package stack

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl/plain"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/health"
	"kafkactl/internal/kafkatest"
	"kafkactl/internal/kafkatest/docpage"
)

// Rows 17 and 18: listeners that want more than was given, or less, of both lines of Kafka. What the
// broker will always answer alike ends the wait at once.
func TestRealListenersThatWantMore(t *testing.T) {
	for _, flavour := range []kafkatest.Flavour{kafkatest.Kraft1, kafkatest.ZK1} {
		t.Run(string(flavour), func(t *testing.T) { testListenersThatWantMore(t, flavour) })
	}
}

func testListenersThatWantMore(t *testing.T, flavour kafkatest.Flavour) {
	trusted, props := certificate(t, "secure")
	props["sasl.enabled.mechanisms"] = "PLAIN"
	props["listener.name.login.plain.sasl.jaas.config"] = `org.apache.kafka.common.security.plain.PlainLoginModule required username="broker" password="b" user_app="right-pw";`
	c := kafkatest.Start(t, kafkatest.Options{
		Flavour: flavour, Props: props,
		Listeners: []kafkatest.Listener{{Name: "LOGIN", Protocol: "SASL_PLAINTEXT"}, {Name: "SECURE", Protocol: "SSL"}},
	})
	login, secure := c.ListenerAddrs("LOGIN")[0], c.ListenerAddrs("SECURE")[0]
	t.Run("17 credentials", func(t *testing.T) {
		as := func(password string) kgo.Opt { return kgo.SASL(plain.Auth{User: "app", Pass: password}.AsMechanism()) }
		if err := climbWith(t, login, as("right-pw")).err; err != nil {
			t.Fatalf("with the right password: %v", err)
		}
		refused := climbWith(t, login, as("wrong-pw"))
		refused.atOnce(t, cli.ExitRefused, "K3 enough brokers: "+login+": login refused: SASL_AUTHENTICATION_FAILED")
		docpage.Want(t, "sasl-refused", refused.printed(), int(cli.CodeOf(refused.err)))
		if strings.Contains(refused.err.Error(), "wrong-pw") {
			t.Errorf("tells the password: %v", refused.err)
		}
		password := filepath.Join(t.TempDir(), "password")
		if err := os.WriteFile(password, []byte("right-pw"), 0o600); err != nil {
			t.Fatal(err)
		}
		as512 := []string{"-b", login, "--security-protocol", "SASL_PLAINTEXT", "--sasl-mechanism", "SCRAM-SHA-512", "--sasl-username", "app", "--sasl-password-file", password}
		for _, told := range []clitest.Told{ // the listener is asked what it has
			{Args: []string{"wait", "-b", login}, Stderr: []string{`^kafkactl: not ready .*` + login + `: login required: the listener offers PLAIN$`}, Docs: "sasl-required"},
			{Args: []string{"list", "-b", login}, Stderr: []string{`^kafkactl: ` + login + `: login required: the listener offers PLAIN$`}},
			{Args: append([]string{"wait"}, as512...), Stderr: []string{login + `: login refused: the listener does not have SCRAM-SHA-512; it offers PLAIN$`}},
			{Args: append([]string{"list"}, as512...), Stderr: []string{`^kafkactl: ` + login + `: login refused: the listener`}, Docs: "mechanism-refused"},
			{Args: append([]string{"list", "-o", "json"}, as512...), Stderr: []string{`"kafkaError":"UNSUPPORTED_SASL_MECHANISM"`}},
		} {
			told.Code, told.Within = cli.ExitRefused, clitest.Busy
			told.Check(t)
		}
	})
	t.Run("18 PLAINTEXT to a TLS port", func(t *testing.T) {
		clitest.Told{
			Args: []string{"wait", "-b", secure}, Code: cli.ExitFailed, Within: clitest.Busy,
			Stderr: []string{`K2 .*` + secure}, Docs: "tls-port",
		}.Check(t)
		clitest.Told{Args: []string{"list", "-b", secure}, Code: cli.ExitFailed, Within: clitest.Busy, Stderr: []string{`^kafkactl: .*` + secure + `: .* TLS`}}.Check(t)
	})
	t.Run("18 TLS", func(t *testing.T) {
		trusting := kgo.DialTLSConfig(&tls.Config{RootCAs: trusted})
		if err := climbWith(t, secure, trusting).err; err != nil {
			t.Fatalf("over TLS: %v", err)
		}
		doubting := climbWith(t, secure, kgo.DialTLSConfig(&tls.Config{RootCAs: x509.NewCertPool()}))
		doubting.atOnce(t, cli.ExitFailed, " signed itself, and is not trusted")
		docpage.Want(t, "certificate-self-signed", doubting.printed(), int(cli.CodeOf(doubting.err)))
		plaintext := climbWith(t, c.Addrs()[0], trusting)
		plaintext.atOnce(t, cli.ExitFailed, "the port speaks PLAINTEXT")
		docpage.Want(t, "plaintext-port", plaintext.printed(), int(cli.CodeOf(plaintext.err)))
	})
}

// climbTimeout is what climbWith gives a ladder.
const climbTimeout = 2 * time.Second

// climbed is how a ladder with client options ended.
type climbed struct {
	err  error
	took time.Duration
}

// climbWith waits for the broker at addr with client options of its own.
func climbWith(t *testing.T, addr string, client ...kgo.Opt) climbed {
	t.Helper()
	ladder, err := health.New(health.Options{Brokers: []string{addr}, Client: client})
	if err != nil {
		t.Fatal(err)
	}
	defer ladder.Close()
	ctx, cancel := context.WithTimeout(t.Context(), climbTimeout)
	defer cancel()
	start := time.Now()
	_, err = ladder.Wait(ctx, nil)
	return climbed{err, time.Since(start)}
}

// printed is what main prints of such an end.
func (c climbed) printed() string {
	return fmt.Sprintf("kafkactl: %v\nhint: %s", c.err, cli.HintOf(c.err))
}

// atOnce fails the test unless the wait ended before its time, as what cannot heal.
func (c climbed) atOnce(t *testing.T, code cli.ExitCode, sentence string) {
	t.Helper()
	if cli.CodeOf(c.err) != code || c.took >= climbTimeout || !errors.Is(c.err, health.ErrCannotHeal) || !strings.Contains(c.err.Error(), sentence) {
		t.Errorf("exit %d after %s: %v, hint %q", cli.CodeOf(c.err), c.took, c.err, cli.HintOf(c.err))
	}
}

// certificate is the properties by which a listener has a certificate for 127.0.0.1, and
// the pool that trusts it.
func certificate(t *testing.T, listener string) (trusted *x509.CertPool, props map[string]string) {
	t.Helper()
	certified := httptest.NewTLSServer(nil) // has one at hand
	defer certified.Close()
	trusted = x509.NewCertPool()
	trusted.AddCert(certified.Certificate())
	key, err := x509.MarshalPKCS8PrivateKey(certified.TLS.Certificates[0].PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	armoured := func(kind string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	prefix := "listener.name." + listener + ".ssl.keystore."
	return trusted, map[string]string{
		prefix + "type": "PEM", prefix + "key": armoured("PRIVATE KEY", key), prefix + "certificate.chain": armoured("CERTIFICATE", certified.Certificate().Raw),
	}
}
