package embedded_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/sasl/scram"

	"kafkactl/internal/embedded"
)

// certified returns the configuration of a server and that of its clients.
func certified(t *testing.T) (server, client *tls.Config) {
	t.Helper()
	s := httptest.NewTLSServer(nil) // has a certificate at hand
	defer s.Close()
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	return &tls.Config{Certificates: s.TLS.Certificates, ClientCAs: pool},
		&tls.Config{RootCAs: pool, ServerName: "example.com"}
}

// Both addresses of all brokers are secured, and who is let in works as without: topics are judged, which
// asks the brokers from inside, and records go from one address to the other.
func TestSecured(t *testing.T) {
	t.Parallel()
	server, trusting := certified(t)
	login := kgo.SASL(scram.Auth{User: "app", Pass: "right-pw"}.AsSha512Mechanism())
	for name, test := range map[string]struct {
		security embedded.Security
		opts     []kgo.Opt
	}{
		"SSL":            {embedded.Security{TLS: server}, []kgo.Opt{kgo.DialTLSConfig(trusting)}},
		"SASL_PLAINTEXT": {embedded.Security{Users: map[string]string{"app": "right-pw"}}, []kgo.Opt{login}},
		"SASL_SSL":       {embedded.Security{TLS: server, Users: map[string]string{"app": "right-pw"}}, []kgo.Opt{login, kgo.DialTLSConfig(trusting)}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			for range 2 { // the second one asks itself which topics the directory holds
				cluster := start(t, embedded.Config{
					Brokers: 3, DataDir: dir, Security: test.security, Advertise: embedded.Endpoint{Host: "localhost"},
				})
				for _, addrs := range [][]string{cluster.Addrs(), cluster.Advertised()} {
					for _, addr := range addrs {
						if err := ping(t, addr); err == nil {
							t.Errorf("%s lets in whoever comes", addr)
						}
					}
					produceAndConsume(t, append(test.opts, kgo.SeedBrokers(addrs...)))
				}
				cluster.Close()
			}
		})
	}
}

// ping asks an address for its topics, without more.
func ping(t *testing.T, addr string, opts ...kgo.Opt) error {
	t.Helper()
	client, err := kgo.NewClient(append(opts, kgo.SeedBrokers(addr), kgo.RequestRetries(0))...)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	_, err = kmsg.NewPtrMetadataRequest().RequestWith(ctx, client)
	return err
}

// produceAndConsume makes a topic of three replicas, unless it is there, and moves a record through it.
func produceAndConsume(t *testing.T, opts []kgo.Opt) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	client, err := kgo.NewClient(append(opts, kgo.ConsumeTopics("t"), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))...)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	// A request of which a part is refused: the judge asks for the rest of it from inside.
	created, err := creating(topic("t", counts(3, 3)), topic("bad name!")).RequestWith(ctx, client)
	if err != nil || len(created.Topics) != 2 {
		t.Fatal(created, err)
	}
	if err = client.ProduceSync(ctx, &kgo.Record{Topic: "t", Value: []byte("v")}).FirstErr(); err != nil {
		t.Fatal(err)
	}
	if fetches := client.PollFetches(ctx); fetches.NumRecords() == 0 {
		t.Error(fetches.Errors())
	}
}

// A client without a certificate is not let in where one is required; one with a certificate is.
func TestClientCertificate(t *testing.T) {
	t.Parallel()
	server, trusting := certified(t)
	server.ClientAuth = tls.RequireAnyClientCert // whether it is to be trusted is crypto/tls's
	addr := start(t, embedded.Config{Brokers: 1, Security: embedded.Security{TLS: server}}).Addrs()[0]
	if err := ping(t, addr, kgo.DialTLSConfig(trusting)); err == nil {
		t.Error("let in without a certificate")
	}
	holding := trusting.Clone()
	holding.Certificates = server.Certificates
	if err := ping(t, addr, kgo.DialTLSConfig(holding)); err != nil {
		t.Error(err)
	}
}

// A client that does not know of TLS is told by an alert, as by a broker: clients read it as an answer of a size that
// no answer has, and say that TLS is missing.
func TestPlaintextToTLS(t *testing.T) {
	t.Parallel()
	server, _ := certified(t)
	c := dial(t, start(t, embedded.Config{Brokers: 1, Security: embedded.Security{TLS: server}}).Addrs()[0])
	if _, err := c.conn.Write(kmsg.NewRequestFormatter().AppendRequest(nil, kmsg.NewPtrApiVersionsRequest(), 1)); err != nil {
		t.Fatal(err)
	}
	var alert [7]byte
	if n, err := c.conn.Read(alert[:]); err != nil || n != 7 || alert[0] != 21 {
		t.Errorf("read %d of % x, %v", n, alert, err)
	}
}

// A cluster that ends does not wait for those who are at the door.
func TestCloseAtTheDoor(t *testing.T) {
	t.Parallel()
	cluster := start(t, embedded.Config{Brokers: 1, Security: embedded.Security{Users: map[string]string{"app": "right-pw"}}})
	for range 10 {
		l := &login{client: dial(t, cluster.Addrs()[0])}
		l.versions(3)
		l.handshake(1, "PLAIN")
	}
	ended := make(chan struct{})
	go func() {
		cluster.Close()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(time.Minute):
		t.Error("not ended within a minute")
	}
}
