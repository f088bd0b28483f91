package certificates

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kafkactl/internal/properties"
)

// The settings of a client are read as they were meant, whatever the directory is called.
func TestClientProperties(t *testing.T) {
	t.Parallel()
	for _, dir := range []string{"/certs", `/a dir/with \ and é/#x=y`, "/日本/🔒"} {
		client, err := properties.Parse(strings.NewReader(string(clientProperties("admin", dir))), properties.Source{File: "admin.properties"})
		if err != nil {
			t.Fatal(err)
		}
		want := []string{dir + "/ca.crt", dir + "/admin.pem"}
		if diff := cmp.Diff(want, []string{client.TLS.Truststore.Location, client.TLS.Keystore.Location}); diff != "" || client.SecurityProtocol != "SSL" || len(client.Warnings) > 0 {
			t.Errorf("%s: protocol %s, warnings %v, stores (-want +got):\n%s", dir, client.SecurityProtocol, client.Warnings, diff)
		}
	}
}

// Each line of a value has a line of its own, and Java reads the same text.
func TestPropertiesTextOfLines(t *testing.T) {
	t.Parallel()
	const pem = "-----BEGIN CERTIFICATE-----\nMII=\n  indented\\\n-----END CERTIFICATE-----\n"
	text := PropertiesText("A comment.", [][2]string{{"security.protocol", "SSL"}, {"ssl.truststore.type", "PEM"}, {"ssl.truststore.certificates", pem}})
	const want = `# A comment.
security.protocol=SSL
ssl.truststore.type=PEM
ssl.truststore.certificates=-----BEGIN CERTIFICATE-----\n\
MII=\n\
\  indented\\\n\
-----END CERTIFICATE-----\u000a
`
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
	client, err := properties.Parse(bytes.NewReader(text), properties.Source{File: "app.properties"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.TrimSpace(pem), client.TLS.Truststore.PEM.Reveal()); diff != "" { // Kafka trims values
		t.Errorf("value (-want +got):\n%s", diff)
	}
}
