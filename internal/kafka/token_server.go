package kafka

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"kafkactl/internal/properties"
)

// The waits of Java between two requests for a token.
const (
	tokenBackoff    = 100 * time.Millisecond // sasl.login.retry.backoff.ms
	tokenBackoffMax = 10 * time.Second       // sasl.login.retry.backoff.max.ms
)

// maxTokenAnswer is more than any token has.
const maxTokenAnswer = 1 << 20

// tokenServer returns a function that asks for a token by client_credentials (KIP-768).
func (f settingFiles) tokenServer(o properties.OAuth) (func(context.Context) (token, error), error) {
	config, err := f.tlsConfig(o.TLS)
	if err != nil {
		return nil, err
	}
	s := &tokenServer{OAuth: o, client: &http.Client{
		Timeout: o.ReadTimeout,
		Transport: &http.Transport{
			Proxy: http.ProxyFromEnvironment, TLSClientConfig: config,
			DialContext: (&net.Dialer{Timeout: o.ConnectTimeout}).DialContext,
		},
	}}
	return s.ask, nil
}

type tokenServer struct {
	properties.OAuth
	client *http.Client
}

// ask asks until it is answered, or refused, or ctx ends.
func (s *tokenServer) ask(ctx context.Context) (token, error) {
	again := backoffs{first: cmp.Or(s.RetryBackoff, tokenBackoff), longest: cmp.Or(s.MaxRetryBackoff, tokenBackoffMax)}
	return askAgain(ctx, again, func() (token, bool, error) { return s.askOnce(ctx) })
}

// backoffs says how long to wait between two requests, and how many of them there are; 0 for any number.
type backoffs struct {
	first, longest time.Duration
	tries          int
}

// askAgain asks until it is answered, or an error is final, or it asked as often as it may, or ctx ends.
func askAgain[T any](ctx context.Context, again backoffs, once func() (got T, final bool, err error)) (T, error) {
	wait := again.first
	for asked := 1; ; asked++ {
		got, final, err := once()
		if err == nil || final || asked == again.tries || !Pause(ctx, wait) {
			return got, err
		}
		wait = min(2*wait, again.longest)
	}
}

// askOnce sends one request, the one that Java's HttpJwtRetriever sends. An error is final where
// asking again would change nothing.
func (s *tokenServer) askOnce(ctx context.Context) (got token, final bool, err error) {
	form := url.Values{"grant_type": {"client_credentials"}}
	if s.Scope != "" {
		form.Set("scope", s.Scope)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.TokenURL, bytes.NewBufferString(form.Encode()))
	if err != nil {
		return token{}, true, &tokenError{"the address of tokens is none"}
	}
	id, secret := s.ClientID, s.ClientSecret.Reveal()
	if s.URLEncodeHeader {
		id, secret = url.QueryEscape(id), url.QueryEscape(secret)
	}
	req.SetBasicAuth(id, secret)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	status, body, err := answerOf(s.client, req)
	text := fmt.Sprintf("%d %s", status, http.StatusText(status))
	switch {
	case err != nil:
		return token{}, Unverified(err), &tokenError{req.URL.Host + ": " + Symptom(err)}
	case status >= http.StatusInternalServerError:
		return token{}, false, &tokenError{fmt.Sprintf("%s answers %s", req.URL.Host, text)}
	case status != http.StatusOK:
		return token{}, true, s.refusal(req.URL.Host, text, body)
	}
	return readToken(req.URL.Host, body)
}

// answerOf sends a request, and returns the answer, which is small. An error does not repeat the address: a signature
// may be in it.
func answerOf(client *http.Client, req *http.Request) (status int, body []byte, err error) {
	resp, err := client.Do(req)
	if failed, found := errors.AsType[*url.Error](err); found {
		err = failed.Err
	}
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err = io.ReadAll(io.LimitReader(resp.Body, maxTokenAnswer))
	return resp.StatusCode, body, err
}

// readToken returns the token of an answer, which is used for four fifths of the time it is good for, as
// Java does.
func readToken(host string, body []byte) (token, bool, error) {
	var answer struct {
		AccessToken string  `json:"access_token"`
		IDToken     string  `json:"id_token"`
		ExpiresIn   float64 `json:"expires_in"`
	}
	if err := json.Unmarshal(body, &answer); err != nil || answer.AccessToken+answer.IDToken == "" {
		return token{}, true, &tokenError{host + " answers without a token: is this the address of tokens?"}
	}
	good := time.Duration(answer.ExpiresIn * float64(time.Second))
	return token{cmp.Or(answer.AccessToken, answer.IDToken), time.Now().Add(good / 5 * 4), time.Now().Add(good)}, true, nil
}

// refusal returns a refusal with the reason that RFC 6749 has for it, unless the server repeats the secret in it.
func (s *tokenServer) refusal(host, status string, body []byte) error {
	var refusal struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	reason := status
	if json.Unmarshal(body, &refusal) == nil && refusal.Error != "" {
		reason = withoutSecret(Printable(refusal.Error), s.ClientSecret)
		if refusal.Description != "" {
			reason += ": " + withoutSecret(Printable(refusal.Description), s.ClientSecret)
		}
	}
	return &LoginError{Text: fmt.Sprintf("no token for OAUTHBEARER: %s refuses the client id and secret: %s", host, reason)}
}

// withoutSecret returns what a server says, or that it repeats the secret, in whole or in part.
func withoutSecret(said string, secret properties.Secret) string {
	if secret.PartIn(said) {
		return "(words that repeat a part of the secret)"
	}
	return said
}

// tokenError is a token that could not be got. It wraps nothing: kgo would take a cause of the network for
// one of the broker, and ask again.
type tokenError struct{ text string }

func (e *tokenError) Error() string { return "no token for OAUTHBEARER: " + e.text }

// Hint returns what to look at.
func (*tokenError) Hint() string {
	return "look at sasl.oauthbearer.token.endpoint.url, and whether it is reached from here"
}
