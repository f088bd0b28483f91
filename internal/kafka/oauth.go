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

// token is a token, when another one should be asked for, and when it ends; the zero time is at once.
type token struct {
	text    string
	until   time.Time
	expires time.Time
}

// bearer returns the mechanism OAUTHBEARER.
func (f settingFiles) bearer(login properties.SASL) (sasl.Mechanism, error) {
	o := login.OAuth
	m := &bearer{extensions: o.Extensions}
	switch o.Source {
	case properties.TokenFromEndpoint:
		ask, err := f.tokenServer(o)
		if err != nil {
			return nil, err
		}
		m.next = func(ctx context.Context, _ string) (token, error) { return ask(ctx) }
	case properties.TokenFromFile:
		if _, err := f.read(o.TokenFile); err != nil {
			return nil, err
		}
		m.next = func(ctx context.Context, _ string) (token, error) { // the file is written anew before the token ends
			return askAgain(ctx, backoffs{first: tokenBackoff, longest: tokenBackoff, tries: 5}, func() (token, bool, error) {
				data, err := f.read(o.TokenFile)
				text := strings.TrimSpace(string(data))
				if err == nil && text == "" { // it is being written
					return token{}, false, &LoginError{Text: "login by OAUTHBEARER: " + o.TokenFile + " is empty"}
				}
				return token{text: text}, true, err
			})
		}
	case properties.TokenUnsecured:
		m.next = func(context.Context, string) (token, error) {
			return token{text: unsecured(o.Unsecured, time.Now())}, nil
		}
	case properties.TokenFromAWS:
		m.next = newAWSIdentity(login.AWS).token
	}
	return m, nil
}

// bearer is the mechanism OAUTHBEARER (RFC 7628). kgo's own drops the broker's reason for refusing a
// token.
type bearer struct {
	next       func(ctx context.Context, addr string) (token, error) // for the broker at addr
	extensions map[string]string

	mu   sync.Mutex
	last token
}

// Name returns Kafka's name of the mechanism.
func (*bearer) Name() string { return properties.OAuthBearer }

// Authenticate begins a login with a token.
func (m *bearer) Authenticate(ctx context.Context, addr string) (sasl.Session, []byte, error) {
	ctx, cancel := context.WithTimeout(ctx, tokenTimeout)
	defer cancel()
	text, err := m.token(ctx, addr)
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

// token returns the last token until it is old, and longer where there is no other one.
func (m *bearer) token(ctx context.Context, addr string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if time.Now().Before(m.last.until) {
		return m.last.text, nil
	}
	next, err := m.next(ctx, addr)
	switch {
	case err != nil && m.last.text != "" && !RefusedSASL(err):
		if time.Now().Before(m.last.expires) {
			return m.last.text, nil
		}
		return "", ended("token of OAUTHBEARER", err)
	case err != nil:
		return "", err
	case next.text == "":
		return "", &LoginError{Text: "login by OAUTHBEARER: the token is empty"}
	}
	m.last = next
	return next.text, nil
}

// ended returns the error of a login that held, and cannot be made anew: whoever reads on would wait for ever.
func ended(what string, err error) error {
	login := &LoginError{Text: "the " + what + " ended, and there is no new one: " + err.Error()}
	var hinted interface{ Hint() string }
	if errors.As(err, &hinted) {
		login.Fix = hinted.Hint()
	}
	return login
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
