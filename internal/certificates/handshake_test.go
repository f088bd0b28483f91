package certificates

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// A node and a client trust each other by what was made, and by nothing else: not the client as a
// server, not a name that the node does not have, not the certificates of another CA.
func TestHandshake(t *testing.T) {
	t.Parallel()
	now := time.Now()
	files, others := made(t, request(), nil, now), made(t, request(), nil, now)
	for _, test := range []struct {
		name, server, client, host string
		trust                      map[string]Found
		wrong                      string
	}{
		{name: "by name", server: "kafka-1", client: "admin", host: "localhost"},
		{name: "by address", server: "kafka-1", client: "admin", host: "::1"},
		{name: "node to node", server: "kafka-1", client: "kafka-1", host: "kafka-1"},
		{name: "another name", server: "kafka-1", client: "admin", host: "kafka-2", wrong: "certificate is valid for kafka-1, localhost, not kafka-2"},
		{name: "a client as a server", server: "admin", client: "admin", host: "admin", wrong: "certificate"},
		{name: "another CA", server: "kafka-1", client: "admin", host: "kafka-1", trust: others, wrong: "unknown authority"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if test.trust == nil {
				test.trust = files
			}
			server, client := tlsConfig(t, files, test.server), tlsConfig(t, test.trust, test.client)
			client.ServerName = test.host
			err := handshake(server, client)
			if test.wrong == "" && err != nil || test.wrong != "" && (err == nil || !strings.Contains(err.Error(), test.wrong)) {
				t.Errorf("handshake: %v, want %q", err, test.wrong)
			}
		})
	}
}

func tlsConfig(t *testing.T, files map[string]Found, name string) *tls.Config {
	t.Helper()
	own, err := tls.X509KeyPair(files[name+".crt"].Content, files[name+".key"].Content)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(files["ca.crt"].Content)
	return &tls.Config{
		Certificates: []tls.Certificate{own}, RootCAs: pool, ClientCAs: pool,
		ClientAuth: tls.RequireAndVerifyClientCert, MinVersion: tls.VersionTLS12,
	}
}

// handshake returns the client's error.
func handshake(server, client *tls.Config) error {
	near, far := net.Pipe()
	go func() {
		conn := tls.Server(far, server)
		_, _ = conn.Write([]byte("x")) // which comes only when the client's certificate was taken
		_ = conn.Close()
	}()
	conn := tls.Client(near, client)
	_, err := io.ReadFull(conn, make([]byte, 1))
	_ = near.Close()
	return err
}
