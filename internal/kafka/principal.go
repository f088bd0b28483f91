package kafka

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"kafkactl/internal/properties"
)

// Principal is who a client is to the brokers, as far as it can be told from outside: no request asks for it.
type Principal struct {
	Name   string // "User:app", "" when it is not known
	Reason string // where the name is from, or why it is not known
	Doubt  string // the broker's setting that may make another of it, "" when the name is sure
}

const anonymous = "User:ANONYMOUS"

// Principal returns who the client is, on the listener that it is connected to. setting returns a setting of the
// broker as that listener has it, "" for none; it is nil where the settings may not be read.
func (s Security) Principal(setting func(name string) string) Principal {
	const builder = "principal.builder.class"
	if setting == nil {
		p := s.presented("sub")
		if p.Name != "" && p.Doubt == "" {
			p.Doubt = builder
		}
		return p
	}
	if own := setting(builder); own != "" && !strings.HasPrefix(own, "org.apache.kafka.common.security.authenticator.") {
		return Principal{Reason: "the broker makes it by a " + builder + " of its own, " + own}
	}
	switch {
	case s.Mechanism() == properties.OAuthBearer:
		return s.bearerPrincipal(setting)
	case s.mechanism != nil || s.subject() == "":
		return s.presented("sub")
	}
	return s.mappedPrincipal(setting("ssl.principal.mapping.rules"))
}

// presented returns who the client says that it is; claim is the claim of a token that has the user. Doubt is a
// setting that commonly makes another of it.
func (s Security) presented(claim string) Principal {
	switch subject := s.subject(); {
	case s.Mechanism() == properties.OAuthBearer:
		user, err := s.mechanism.(*bearer).claim(claim)
		if err != nil {
			return Principal{Reason: fmt.Sprintf("the token has no claim %s that can be read: %v", claim, err)}
		}
		return Principal{"User:" + user, "the claim " + claim + " of the token", "sasl.oauthbearer.sub.claim.name"}
	case s.isToken:
		return Principal{Reason: "it is the owner of the delegation token, whom the brokers do not tell"}
	case s.mechanism != nil && s.user == "":
		return Principal{Reason: "the brokers make it of what " + s.Mechanism() + " proves"}
	case s.mechanism != nil:
		return Principal{"User:" + s.user, "the user that logged in", ""}
	case subject != "":
		return Principal{"User:" + subject, "the subject of the client certificate", "ssl.principal.mapping.rules"}
	case s.tls == nil:
		return Principal{anonymous, "nobody logs in on a PLAINTEXT listener", ""}
	case s.tls.GetClientCertificate != nil:
		return Principal{anonymous, "the listener asks for no client certificate", ""}
	}
	return Principal{anonymous, "there is no client certificate and no login", ""}
}

// subject returns the name of the certificate that the broker asked for and got, "" for none.
func (s Security) subject() string {
	handshake, _ := s.Handshake()
	if handshake.Certificate == nil || handshake.Certificate.Leaf == nil {
		return ""
	}
	return Subject(handshake.Certificate.Leaf)
}

// Subject returns who holds a certificate, as brokers write it: "CN=app,O=Example".
func Subject(c *x509.Certificate) string { return distinguishedName(c.RawSubject) }

// mappedPrincipal returns who holds the certificate by the rules of the broker.
func (s Security) mappedPrincipal(rules string) Principal {
	if rules == "" || rules == "DEFAULT" {
		p := s.presented("")
		p.Doubt = ""
		return p
	}
	name, err := mapPrincipal(rules, s.subject())
	if err != nil {
		return Principal{Reason: fmt.Sprintf("the broker maps the certificate %s by ssl.principal.mapping.rules %s: %v", s.subject(), rules, err)}
	}
	return Principal{"User:" + name, "the client certificate " + s.subject() + " by ssl.principal.mapping.rules", ""}
}

// bearerPrincipal returns who holds the token by the settings of the broker.
func (s Security) bearerPrincipal(setting func(name string) string) Principal {
	const ours = "org.apache.kafka.common.security.oauthbearer."
	handler := setting("sasl.server.callback.handler.class")
	short := handler[strings.LastIndex(handler, ".")+1:]
	switch {
	case strings.HasPrefix(handler, ours) && short == "OAuthBearerValidatorCallbackHandler":
		claim := setting("sasl.oauthbearer.sub.claim.name")
		if claim == "" {
			claim = "sub"
		}
		p := s.presented(claim)
		p.Doubt = ""
		return p
	case handler == "" || strings.HasPrefix(handler, ours): // the unsecured one, whose options are as secret as passwords
		p := s.presented("sub")
		p.Doubt = "sasl.jaas.config, by unsecuredValidatorPrincipalClaimName"
		return p
	}
	p := s.presented("sub")
	p.Doubt = "sasl.server.callback.handler.class, which is " + handler
	return p
}

// claim returns a claim of the last token. A token that is no JWT has none that a client can read.
func (m *bearer) claim(name string) (string, error) {
	m.mu.Lock()
	text := m.last.text
	m.mu.Unlock()
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return "", errors.New("it is no JWT")
	}
	payload, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	var claims map[string]json.RawMessage
	if err != nil || json.Unmarshal(payload, &claims) != nil {
		return "", errors.New("it is no JWT")
	}
	var user string
	if err := json.Unmarshal(claims[name], &user); err != nil || user == "" {
		return "", errors.New("it is missing, or no text")
	}
	return user, nil
}
