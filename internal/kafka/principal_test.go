package kafka

import (
	"crypto/tls"
	"crypto/x509"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kafkactl/internal/properties"
)

// withToken is a login by OAUTHBEARER that has got a token.
func withToken(text string) Security {
	return Security{Protocol: properties.SASLPlaintext, mechanism: &bearer{last: token{text: text}}}
}

// withCertificate is a connection over which the broker has asked for a certificate, and got it.
func withCertificate(subject string) Security {
	given := &tls.Certificate{Leaf: &x509.Certificate{RawSubject: []byte(subject)}}
	config := &tls.Config{GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return given, nil }}
	return Security{Protocol: properties.SSL, tls: config, seen: &handshakes{last: &Handshake{}, given: given}}
}

// A principal is sure only where the broker's settings leave no choice, and is not guessed where they do not tell it.
func TestPrincipal(t *testing.T) {
	t.Parallel()
	const handler = "org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallbackHandler"
	jwt := unsecured(properties.Unsecured{Strings: map[string]string{"sub": "app", "client_id": "shop"}, Numbers: map[string]float64{"n": 1}}, time.Now())
	certificate := withCertificate("0\x0e1\f0\n\x06\x03U\x04\x03\f\x03app") // CN=app
	settings := func(pairs ...string) map[string]string {
		found := map[string]string{"ssl.principal.mapping.rules": "DEFAULT"}
		for i := 0; i < len(pairs); i += 2 {
			found[pairs[i]] = pairs[i+1]
		}
		return found
	}
	for name, test := range map[string]struct {
		security Security
		settings map[string]string // nil: not readable
		want     Principal
	}{
		"nobody": {Security{}, settings(), Principal{anonymous, "nobody logs in on a PLAINTEXT listener", ""}},
		"a principal builder": {
			Security{},
			settings("principal.builder.class", "com.example.Builder"),
			Principal{"", "the broker makes it by a principal.builder.class of its own, com.example.Builder", ""},
		},
		"Kafka's principal builder": {
			Security{},
			settings("principal.builder.class", "org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder"),
			Principal{anonymous, "nobody logs in on a PLAINTEXT listener", ""},
		},
		"TLS alone":                {Security{tls: &tls.Config{}}, settings(), Principal{anonymous, "there is no client certificate and no login", ""}},
		"token, settings unknown":  {withToken(jwt), nil, Principal{"User:app", "the claim sub of the token", "sasl.oauthbearer.sub.claim.name"}},
		"token, unsecured":         {withToken(jwt), settings(), Principal{"User:app", "the claim sub of the token", "sasl.jaas.config, by unsecuredValidatorPrincipalClaimName"}},
		"token, validated":         {withToken(jwt), settings("sasl.server.callback.handler.class", handler), Principal{"User:app", "the claim sub of the token", ""}},
		"token, another claim":     {withToken(jwt), settings("sasl.server.callback.handler.class", handler, "sasl.oauthbearer.sub.claim.name", "client_id"), Principal{"User:shop", "the claim client_id of the token", ""}},
		"token without that claim": {withToken(jwt), settings("sasl.server.callback.handler.class", handler, "sasl.oauthbearer.sub.claim.name", "n"), Principal{"", "the token has no claim n that can be read: it is missing, or no text", ""}},
		"token, a handler":         {withToken(jwt), settings("sasl.server.callback.handler.class", "io.x.H"), Principal{"User:app", "the claim sub of the token", "sasl.server.callback.handler.class, which is io.x.H"}},
		"opaque token":             {withToken("secret-opaque"), nil, Principal{"", "the token has no claim sub that can be read: it is no JWT", ""}},
		"certificate":              {certificate, settings(), Principal{"User:CN=app", "the subject of the client certificate", ""}},
		"certificate, rules unknown": {
			certificate, nil, Principal{"User:CN=app", "the subject of the client certificate", "ssl.principal.mapping.rules"},
		},
		"certificate, rules of Java": {
			certificate, settings("ssl.principal.mapping.rules", "RULE:^(?!x).*$/y/"),
			Principal{"", "the broker maps the certificate CN=app by ssl.principal.mapping.rules RULE:^(?!x).*$/y/: a rule cannot be applied outside of Java", ""},
		},
	} {
		var setting func(string) string
		if test.settings != nil {
			setting = func(key string) string { return test.settings[key] }
		}
		if diff := cmp.Diff(test.want, test.security.Principal(setting)); diff != "" {
			t.Errorf("%s: -want +got:\n%s", name, diff)
		}
	}
}
