package kafkatest

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/sasl/plain"
)

// tlsProps are the properties of a listener TLS with a self-signed certificate for 127.0.0.1, which
// root trusts.
func tlsProps(t *testing.T) (root *x509.CertPool, props map[string]string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		Subject:   pkix.Name{CommonName: "broker"}, // Java refuses a certificate without one
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	chain := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert})
	root = x509.NewCertPool()
	root.AppendCertsFromPEM(chain)
	return root, map[string]string{
		"listener.name.tls.ssl.keystore.type":              "PEM",
		"listener.name.tls.ssl.keystore.certificate.chain": string(chain),
		"listener.name.tls.ssl.keystore.key":               string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8})),
	}
}

// metadata asks the broker at addr about a topic, by name and once.
func metadata(t *testing.T, addr, topic string, opts ...kgo.Opt) (*kmsg.MetadataResponse, error) {
	t.Helper()
	cl, err := kgo.NewClient(append(opts, kgo.SeedBrokers(addr), kgo.RequestRetries(0))...)
	if err != nil {
		t.Fatal(err)
	}
	defer cl.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	req := kmsg.NewPtrMetadataRequest()
	req.Topics = []kmsg.MetadataRequestTopic{{Topic: &topic}}
	resp, err := cl.SeedBrokers()[0].Request(ctx, req)
	if err != nil {
		return nil, err
	}
	return resp.(*kmsg.MetadataResponse), nil
}

// brokersTold returns the addresses that the broker at addr sends its clients to.
func brokersTold(t *testing.T, addr string, opts ...kgo.Opt) []string {
	t.Helper()
	resp, err := metadata(t, addr, "orders", opts...)
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, b := range resp.Brokers {
		told = append(told, net.JoinHostPort(b.Host, strconv.Itoa(int(b.Port))))
	}
	return told
}

// Each listener advertises its own address, or what Advertise makes of it, and leaves the others
// alone.
func checkAdvertised(t *testing.T, c *Cluster) {
	t.Helper()
	want := map[string][]string{"plain": c.Addrs(), "EXTERNAL": {"nosuch.invalid:9092"}, "LOGIN": c.ListenerAddrs("LOGIN")}
	got := map[string][]string{
		"plain":    brokersTold(t, c.Addrs()[0]),
		"EXTERNAL": brokersTold(t, c.ListenerAddrs("EXTERNAL")[0]),
		"LOGIN":    brokersTold(t, c.ListenerAddrs("LOGIN")[0], login("alice-secret")),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error("advertised (-want +got):\n" + diff)
	}
	if got := c.ListenerAddrs("NOSUCH"); got != nil {
		t.Errorf("a listener that nobody asked for is at %v", got)
	}
}

func login(password string) kgo.Opt {
	return kgo.SASL(plain.Auth{User: "alice", Pass: password}.AsMechanism())
}

// Users and the authorizer come from Options.Props: alice logs in with her password only, and may
// then do nothing, while the plain listener's clients are super users.
func checkLogin(t *testing.T, c *Cluster) {
	t.Helper()
	addr := c.ListenerAddrs("LOGIN")[0]
	if _, err := metadata(t, addr, "orders", login("wrong")); !errors.Is(err, kerr.SaslAuthenticationFailed) {
		t.Errorf("login with a wrong password: %v, want %v", err, kerr.SaslAuthenticationFailed)
	}
	resp, err := metadata(t, addr, "orders", login("alice-secret"))
	if err != nil {
		t.Fatal(err)
	}
	if err := kerr.ErrorForCode(resp.Topics[0].ErrorCode); !errors.Is(err, kerr.TopicAuthorizationFailed) {
		t.Errorf("metadata for a user without ACLs: %v, want %v", err, kerr.TopicAuthorizationFailed)
	}
	if resp, err = metadata(t, c.Addrs()[0], "orders"); err != nil {
		t.Fatal(err)
	}
	if err := kerr.ErrorForCode(resp.Topics[0].ErrorCode); err != nil {
		t.Errorf("metadata for a super user: %v", err)
	}
}

func checkTLS(t *testing.T, c *Cluster, root *x509.CertPool) {
	t.Helper()
	config := &tls.Config{RootCAs: root, MinVersion: tls.VersionTLS12}
	if _, err := metadata(t, c.ListenerAddrs("TLS")[0], "orders", kgo.DialTLSConfig(config)); err != nil {
		t.Errorf("metadata over TLS: %v", err)
	}
}
