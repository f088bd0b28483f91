package kafka

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"kafkactl/internal/properties"
)

// stores are those of the tests of keystore.
const stores = "../keystore/testdata"

// Of a store with keys of two authorities, a client shows the one that the broker trusts, as Java does; it was the first
// of the store, whatever the broker asked for. Where none fits it is the first, which the broker refuses.
func TestIdentityThatFits(t *testing.T) {
	t.Parallel()
	for _, store := range []string{"two-issuers.jks", "two-issuers.p12"} {
		for authority, want := range map[string]string{"root.crt": "client", "elsewhere.crt": "partner", "": "client"} {
			t.Run(store+" "+authority, func(t *testing.T) {
				t.Parallel()
				files := settingFiles{map[string]properties.Problem{}}
				config, err := files.tlsConfig(properties.TLS{SkipVerification: true, Keystore: properties.Store{
					Location: filepath.Join(stores, store), Password: properties.NewSecret("store-canary-1"),
				}})
				if err != nil {
					t.Fatal(err)
				}
				if got := shown(t, config, authority); got != want {
					t.Errorf("shows %q, want %q", got, want)
				}
			})
		}
	}
}

// shown returns whose certificate a client shows to a server that asks for one of an authority; of another than there
// is when it is "".
func shown(t *testing.T, config *tls.Config, authority string) string {
	t.Helper()
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert, ClientCAs: x509.NewCertPool()}
	server.StartTLS()
	t.Cleanup(server.Close)
	if authority == "" {
		server.TLS.ClientCAs.AddCert(server.Certificate())
	} else {
		data, err := os.ReadFile(filepath.Join(stores, authority))
		if err != nil || !server.TLS.ClientCAs.AppendCertsFromPEM(data) {
			t.Fatalf("%s: %v", authority, err)
		}
	}
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	var name string
	choose := config.GetClientCertificate
	config.GetClientCertificate = func(asked *tls.CertificateRequestInfo) (*tls.Certificate, error) {
		chosen, err := choose(asked)
		name = chosen.Leaf.Subject.CommonName
		return chosen, err
	}
	if _, err := Encrypt(t.Context(), conn, server.Listener.Addr().String(), config); err != nil {
		t.Fatal(err)
	}
	return name
}
