package stack_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"maps"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl"
	scramlogin "github.com/twmb/franz-go/pkg/sasl/scram"

	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

// canary is in every secret of these tests. Nothing may print it.
const canary = "canary-8f3a"

// authority issues certificates.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

func newAuthority(t *testing.T, name string) authority {
	t.Helper()
	key := newKey(t)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageCertSign,
	}
	return authority{parsed(t, template, template, key, key), key}
}

// issue returns key and chain in PEM of a certificate as template says.
func (a authority) issue(t *testing.T, template x509.Certificate) (key, chain string) {
	t.Helper()
	own := newKey(t)
	template.SerialNumber = big.NewInt(time.Now().UnixNano())
	if template.ExtKeyUsage == nil {
		template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	}
	if template.NotAfter.IsZero() {
		template.NotBefore, template.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	}
	der, err := x509.MarshalPKCS8PrivateKey(own)
	if err != nil {
		t.Fatal(err)
	}
	return armoured("PRIVATE KEY", der), armoured("CERTIFICATE", parsed(t, &template, a.certificate, own, a.key).Raw)
}

func (a authority) pem() string { return armoured("CERTIFICATE", a.certificate.Raw) }

func parsed(t *testing.T, template, parent *x509.Certificate, own, issuer *ecdsa.PrivateKey) *x509.Certificate {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, template, parent, own.Public(), issuer)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return certificate
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func armoured(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

// secured is a broker with a listener for each way to be secure.
type secured struct {
	*kafkatest.Cluster
	dir string // with ca.pem, app.pem (key and chain), app.key and app.crt
}

// mechanisms are those that the listeners with a login have.
const mechanisms = "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER"

// startSecured starts the broker, with more properties where there are any.
func startSecured(t *testing.T, more ...map[string]string) secured {
	t.Helper()
	props := map[string]string{}
	for _, properties := range more {
		maps.Copy(props, properties)
	}
	return startSecuredOn(t, kafkatest.Kraft1, newAuthority(t, "kafkactl test CA"), props)
}

// startSecuredOn starts a flavour of one broker, whose certificate is ca's, with more properties.
func startSecuredOn(t *testing.T, flavour kafkatest.Flavour, ca authority, more map[string]string) secured {
	t.Helper()
	key, chain := ca.issue(t, x509.Certificate{Subject: pkix.Name{CommonName: "kafka"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}})
	props := map[string]string{"sasl.enabled.mechanisms": mechanisms}
	for _, listener := range []string{"secure", "mutual", "encrypted"} {
		ssl := "listener.name." + listener + ".ssl."
		props[ssl+"keystore.type"], props[ssl+"keystore.key"], props[ssl+"keystore.certificate.chain"] = "PEM", key, chain
		props[ssl+"truststore.type"], props[ssl+"truststore.certificates"] = "PEM", ca.pem()
	}
	props["listener.name.mutual.ssl.client.auth"] = "required"
	maps.Copy(props, more)
	const modules = "org.apache.kafka.common.security."
	for _, listener := range []string{"secure", "login"} {
		jaas := func(mechanism, text string) {
			props["listener.name."+listener+"."+mechanism+".sasl.jaas.config"] = modules + text
		}
		jaas("plain", fmt.Sprintf(`plain.PlainLoginModule required user_app="%s-plain";`, canary))
		jaas("scram-sha-256", "scram.ScramLoginModule required;")
		jaas("scram-sha-512", "scram.ScramLoginModule required;")
		jaas("oauthbearer", `oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";`)
	}
	c := kafkatest.Start(t, kafkatest.Options{Flavour: flavour, Props: props, Listeners: []kafkatest.Listener{
		{Name: "LOGIN", Protocol: "SASL_PLAINTEXT"},
		{Name: "SECURE", Protocol: "SASL_SSL"},
		{Name: "MUTUAL", Protocol: "SSL"},
		{Name: "ENCRYPTED", Protocol: "SSL"},
	}})
	upserts := []kadm.UpsertSCRAM{
		{User: "app", Mechanism: kadm.ScramSha256, Iterations: 4096, Password: canary + "-256"},
		{User: "app", Mechanism: kadm.ScramSha512, Iterations: 4096, Password: canary + "-512"},
	}
	for _, upsert := range upserts { // KRaft refuses both in one request
		if _, err := clitest.NewField(t, c).Adm.AlterUserSCRAMs(t.Context(), nil, []kadm.UpsertSCRAM{upsert}); err != nil {
			t.Fatal(err)
		}
	}
	waitForLogins(t, c)
	s := secured{c, t.TempDir()}
	key, chain = ca.issue(t, x509.Certificate{Subject: pkix.Name{CommonName: "app"}})
	for name, text := range map[string]string{"ca.pem": ca.pem(), "app.pem": key + chain, "app.key": key, "app.crt": chain} {
		s.file(t, name, text)
	}
	return s
}

// waitForLogins waits until the users can log in: with ZooKeeper a broker learns of them after the answer.
func waitForLogins(t *testing.T, c *kafkatest.Cluster) {
	t.Helper()
	for _, login := range []sasl.Mechanism{
		scramlogin.Auth{User: "app", Pass: canary + "-256"}.AsSha256Mechanism(), scramlogin.Auth{User: "app", Pass: canary + "-512"}.AsSha512Mechanism(),
	} {
		clitest.NewField(t, c).Until("app can log in by "+login.Name(), func() bool {
			client, err := kgo.NewClient(kgo.SeedBrokers(c.ListenerAddrs("LOGIN")...), kgo.SASL(login))
			if err != nil {
				t.Fatal(err)
			}
			defer client.Close()
			return client.Ping(t.Context()) == nil
		})
	}
}

// file writes a file, and returns its name.
func (s secured) file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(s.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// scram is the login of the user app, as Java has it.
func scram(mechanism, password string) string {
	return fmt.Sprintf("sasl.mechanism=%s\nsasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username=\"app\" password=%q;\n", mechanism, password)
}

// trust is the truststore of app, as Java has it.
func (s secured) trust() string {
	return "ssl.truststore.type=PEM\nssl.truststore.location=" + filepath.Join(s.dir, "ca.pem") + "\n"
}

// clientFile writes the client.properties for a listener.
func (s secured) clientFile(t *testing.T, name, listener, protocol, rest string) string {
	t.Helper()
	return s.file(t, name+".properties", "bootstrap.servers="+s.ListenerAddrs(listener)[0]+"\nsecurity.protocol="+protocol+"\n"+rest)
}
