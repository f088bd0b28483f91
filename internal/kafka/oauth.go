package kafka

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/sasl"

	"kafkactl/internal/properties"
)

// tokenTimeout is what it may take to get a token. kgo asks for one with the context of the whole
// client.
const tokenTimeout = 10 * time.Second

// token is a token, and when another one should be asked for; the zero time is at once.
type token struct {
	text  string
	until time.Time
}

// bearer returns the mechanism OAUTHBEARER.
func (f settingFiles) bearer(o properties.OAuth) (sasl.Mechanism, error) {
	m := &bearer{extensions: o.Extensions}
	switch o.Source {
	case properties.TokenFromEndpoint:
		ask, err := f.tokenServer(o)
		if err != nil {
			return nil, err
		}
		m.next = ask
	case properties.TokenFromFile:
		if _, err := f.read(o.TokenFile); err != nil {
			return nil, err
		}
		m.next = func(context.Context) (token, error) { // the file is written anew before the token ends
			data, err := f.read(o.TokenFile)
			return token{text: strings.TrimSpace(string(data))}, err
		}
	case properties.TokenUnsecured:
		m.next = func(context.Context) (token, error) { return token{text: unsecured(o.Unsecured, time.Now())}, nil }
	case properties.TokenFromAWS:
		return nil, f.fault("", "sasl.mechanism", errors.New("is OAUTHBEARER with a token of AWS, which is not built in yet"))
	}
	return m, nil
}

// bearer is the mechanism OAUTHBEARER (RFC 7628). kgo's own drops the broker's reason for refusing a
// token.
type bearer struct {
	next       func(context.Context) (token, error)
	extensions map[string]string

	mu   sync.Mutex
	last token
}

// Name returns Kafka's name of the mechanism.
func (*bearer) Name() string { return properties.OAuthBearer }

// Authenticate begins a login with a token.
func (m *bearer) Authenticate(ctx context.Context, _ string) (sasl.Session, []byte, error) {
	ctx, cancel := context.WithTimeout(ctx, tokenTimeout)
	defer cancel()
	text, err := m.token(ctx)
	if err != nil {
		return nil, nil, err
	}
	first := bytes.NewBufferString("n,,\x01auth=Bearer " + text)
	for _, name := range slices.Sorted(maps.Keys(m.extensions)) {
		first.WriteString("\x01" + name + "=" + m.extensions[name])
	}
	first.WriteString("\x01\x01")
	return &bearerSession{token: properties.NewSecret(text)}, first.Bytes(), nil
}

// token returns the last token until it is old.
func (m *bearer) token(ctx context.Context) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if time.Now().Before(m.last.until) {
		return m.last.text, nil
	}
	next, err := m.next(ctx)
	switch {
	case err != nil:
		return "", err
	case next.text == "":
		return "", &LoginError{Text: "login by OAUTHBEARER: the token is empty"}
	}
	m.last = next
	return next.text, nil
}

// bearerSession is one login.
type bearerSession struct {
	token  properties.Secret
	reason string
}

// Challenge takes the broker's answer: empty when it takes the token. Otherwise it says why not, in JSON
// and without an error code, and the refusal itself comes after one more byte of ours.
func (s *bearerSession) Challenge(answer []byte) (done bool, reply []byte, err error) {
	switch {
	case len(answer) == 0 && s.reason == "":
		return true, nil, nil
	case s.reason != "": // a broker refuses here; one that does not has not taken the token either
		return false, nil, &LoginError{Text: "login by OAUTHBEARER refused: " + s.reason}
	}
	var refusal struct{ Status, Scope string }
	if err := json.Unmarshal(answer, &refusal); err != nil || refusal.Status == "" {
		return false, nil, &LoginError{Text: "login by OAUTHBEARER refused, with an answer that is not that of RFC 7628"}
	}
	s.reason = "the broker says " + withoutSecret(Printable(refusal.Status), s.token)
	if refusal.Scope != "" {
		s.reason += ", and wants the scope " + withoutSecret(Printable(refusal.Scope), s.token)
	}
	return false, []byte{1}, nil
}

// unsecured returns a JWT without a signature, as Java's OAuthBearerUnsecuredLoginCallbackHandler
// makes it.
func unsecured(u properties.Unsecured, now time.Time) string {
	claims := map[string]any{"iat": float64(now.UnixMilli()) / 1000, "exp": float64(now.Add(u.Lifetime).UnixMilli()) / 1000}
	for name, value := range u.Strings {
		claims[name] = value
	}
	for name, value := range u.Numbers {
		claims[name] = value
	}
	for name, value := range u.Lists {
		claims[name] = value
	}
	payload, _ := json.Marshal(claims) // texts, numbers and lists always have a form in JSON
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(`{"alg":"none"}`)) + "." + encode(payload) + "."
}
