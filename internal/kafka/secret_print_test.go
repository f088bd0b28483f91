package kafka

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/internal/kafkatest"
	"kafkactl/internal/properties"
)

// Whatever prints a connection, and whatever level kgo logs at, no part of a secret is in it: a panic, a log line or an
// error with %+v is one line of code away.
func TestSecurityPrintsNoSecret(t *testing.T) {
	t.Parallel()
	secret := properties.NewSecret("Xq7wVz9kJp3mRt5b")
	_, addrs := kafkatest.Fake(t, kfake.EnableSASL(),
		kfake.Superuser(properties.Plain, "app", secret.Reveal()), kfake.Superuser(properties.ScramSHA256, "app", secret.Reveal()), kfake.Superuser(properties.ScramSHA512, "app", secret.Reveal()))
	for _, mechanism := range []string{properties.Plain, properties.ScramSHA256, properties.ScramSHA512, properties.OAuthBearer} {
		client := properties.Client{SecurityProtocol: properties.SASLPlaintext, SASL: properties.SASL{
			Mechanism: mechanism, Username: "app", Password: secret,
			OAuth: properties.OAuth{Source: properties.TokenFromEndpoint, TokenURL: "http://127.0.0.1:1", ClientID: "app", ClientSecret: secret},
		}}
		security, err := NewSecurity(client, "")
		if err != nil {
			t.Fatal(err)
		}
		config := Config{Brokers: addrs, Security: security}
		var text bytes.Buffer
		for _, value := range []any{security, &security, config, &config, security.mechanism, client} {
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
				fmt.Fprintf(&text, verb+"\n", value)
			}
			document, _ := json.Marshal(value) // what has no form in JSON has no secret in JSON either
			text.Write(document)
		}
		slog.New(slog.NewJSONHandler(&text, nil)).Info("x", "security", security, "config", config)
		logged := kgo.WithLogger(kgo.BasicLogger(&text, kgo.LogLevelDebug, nil))
		connected, err := Dial(t.Context(), config, logged)
		if err != nil {
			t.Fatal(err)
		}
		if mechanism != properties.OAuthBearer { // nobody gives tokens here
			if _, err := connected.Metadata(t.Context(), connected.Any, []string{}); err != nil {
				t.Errorf("%s: %v", mechanism, err)
			}
		}
		connected.Close()
		if secret.PartIn(text.String()) || text.Len() < 1000 || mechanism != properties.OAuthBearer && !strings.Contains(strings.ToLower(text.String()), "sasl") {
			t.Errorf("%s: a part of the secret is in:\n%s", mechanism, &text)
		}
	}
}
