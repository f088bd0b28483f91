package kafka

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kafkactl/internal/properties"
)

// clientSecret must not be in any error.
const clientSecret = "canary-8f3a"

// bearerOf returns the mechanism that asks a server of tokens.
func bearerOf(t *testing.T, serve http.HandlerFunc) *bearer {
	t.Helper()
	server := httptest.NewServer(serve)
	t.Cleanup(server.Close)
	security, err := NewSecurity(properties.Client{SecurityProtocol: properties.SASLPlaintext, SASL: properties.SASL{
		Mechanism: properties.OAuthBearer,
		OAuth: properties.OAuth{
			Source: properties.TokenFromEndpoint, TokenURL: server.URL, ClientID: "a b", ClientSecret: properties.NewSecret(clientSecret),
			Scope: "kafka", Extensions: map[string]string{"traceId": "1", "logicalCluster": "2"},
		},
	}}, "")
	if err != nil {
		t.Fatal(err)
	}
	m, _ := security.mechanism.(*bearer)
	return m
}

// The request is that of Java's HttpJwtRetriever, and one token serves all connections until it is old.
func TestTokenOfServer(t *testing.T) {
	t.Parallel()
	var asked []string
	m := bearerOf(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		user, password, _ := r.BasicAuth()
		asked = append(asked, strings.Join([]string{r.Method, user, password, string(body)}, " "))
		if len(asked) == 1 { // asked again
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		_, _ = io.WriteString(w, `{"access_token":"the.token","expires_in":300}`)
	})
	for range 2 {
		session, first, err := m.Authenticate(t.Context(), "kafka:9093")
		if want := "n,,\x01auth=Bearer the.token\x01logicalCluster=2\x01traceId=1\x01\x01"; err != nil || string(first) != want {
			t.Fatalf("Authenticate: %q, %v, want %q", first, err, want)
		}
		if done, _, err := session.Challenge(nil); !done || err != nil {
			t.Errorf("an empty answer: done %t, %v", done, err)
		}
	}
	one := "POST a b " + clientSecret + " grant_type=client_credentials&scope=kafka"
	if diff := cmp.Diff([]string{one, one}, asked); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

// A refusal is final, says the server's reason, and is a refused login; no secret is in it.
func TestTokenRefused(t *testing.T) {
	t.Parallel()
	asked := 0
	m := bearerOf(t, func(w http.ResponseWriter, _ *http.Request) {
		asked++
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, `{"error":"invalid_client","error_description":"no client has `+clientSecret+`"}`)
	})
	_, _, err := m.Authenticate(t.Context(), "kafka:9093")
	if !errors.As(err, new(*LoginError)) || !Unauthorized(err) || asked != 1 {
		t.Fatalf("after %d requests: %v", asked, err)
	}
	if text := err.Error(); !strings.Contains(text, "invalid_client") || strings.Contains(text, clientSecret) {
		t.Errorf("%s", text)
	}
}

// The broker gives its reason for refusing a token first, and the refusal after one more byte.
func TestTokenRefusedByBroker(t *testing.T) {
	t.Parallel()
	s := new(bearerSession)
	done, reply, err := s.Challenge([]byte(`{"status":"insufficient_scope","scope":"kafka"}`))
	if done || err != nil || string(reply) != "\x01" {
		t.Fatalf("done %t, reply %q, %v", done, reply, err)
	}
	_, _, err = s.Challenge(nil)
	if want := "login by OAUTHBEARER refused: the broker says insufficient_scope, and wants the scope kafka"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
