package certificates

import (
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
