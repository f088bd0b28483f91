package properties

import (
	"fmt"
	"slices"
	"strings"
)

const (
	awsClientHandler = "software.amazon.msk.auth.iam.IAMClientCallbackHandler"
	noHandlers       = "kafkactl does not run classes of Java"
)

// sasl returns how to log in, and judges the keys of logins also where the protocol has none.
func (b *builder) sasl(protocol Protocol) SASL {
	l, ok := b.login()
	mechanism := b.mechanism(protocol, l)
	if !protocol.HasSASL() {
		b.unusedLogin(protocol)
		return SASL{}
	}
	if !ok || mechanism == "" || !b.fits(l, mechanism) {
		return SASL{}
	}
	sasl := SASL{Mechanism: mechanism}
	b.clientHandler(mechanism)
	switch mechanism {
	case Plain, ScramSHA256, ScramSHA512:
		sasl.Username, sasl.Password = b.credentials(l)
		sasl.TokenAuth = mechanism != Plain && strings.EqualFold(l.text("tokenauth"), "true")
	case OAuthBearer:
		sasl.OAuth = b.oauth(l)
		if sasl.OAuth.Source == TokenFromAWS {
			sasl.AWS = b.aws(l)
		}
	case AWSMSKIAM:
		sasl.AWS = b.aws(l)
	}
	return sasl
}

// mechanism returns sasl.mechanism, "" for none and for one that is refused. It must be there when
// the protocol has a login, and must not when it has none.
func (b *builder) mechanism(protocol Protocol, l *login) string {
	s, ok := b.either("sasl.mechanism", "sasl.mechanisms")
	if !ok {
		if protocol.HasSASL() {
			at, _ := b.setting("security.protocol")
			b.refuse(at, fmt.Sprintf("is %s, and no sasl.mechanism is given; Kafka's default, GSSAPI, is Kerberos, which is not built in", protocol),
				"add sasl.mechanism="+mechanismOf(l))
		}
		return ""
	}
	name := s.value.trim().String()
	known := []string{Plain, ScramSHA256, ScramSHA512, OAuthBearer, AWSMSKIAM}
	switch {
	case name == "GSSAPI" && (protocol.HasSASL() || protocol == ""):
		b.refuse(s, noKerberos, otherMechanisms)
		return ""
	case !slices.Contains(known, name) && name != "GSSAPI":
		b.refuse(s, "is none of "+strings.Join(known, ", "), didYouMean(name, known))
		return ""
	case protocol != "" && !protocol.HasSASL():
		b.noLogin(s, protocol)
		return ""
	}
	return name
}

// mechanismOf is the mechanism that is probably meant.
func mechanismOf(l *login) string {
	if l == nil {
		return "SCRAM-SHA-512, or the one that the listener has"
	}
	return strings.Join(loginModules()[strings.TrimSpace(l.module)].mechanisms, " or ")
}

// noLogin is about a mechanism with a protocol that has no login. Java ignores it in silence.
func (b *builder) noLogin(s setting, protocol Protocol) {
	message := fmt.Sprintf("has no effect with security.protocol=%s", protocol)
	if _, ok := b.setting("security.protocol"); !ok {
		message = "has no effect without security.protocol, which is PLAINTEXT by default"
	}
	with := SASLSSL
	if protocol == Plaintext {
		with = "SASL_SSL (or SASL_PLAINTEXT)"
	}
	b.refuse(s, message, fmt.Sprintf("write security.protocol=%s", with))
}

// unusedLogin warns of a login that a protocol without SASL leaves out.
func (b *builder) unusedLogin(protocol Protocol) {
	if _, ok := b.either("sasl.mechanism", "sasl.mechanisms"); ok || protocol == "" {
		return // told of there
	}
	for _, key := range []string{"sasl.jaas.config", "sasl.username", "sasl.password"} {
		if s, ok := b.setting(key); ok {
			b.warn(s, fmt.Sprintf("has no effect: security.protocol is %s", protocol), "write security.protocol=SASL_SSL and sasl.mechanism to log in")
			return
		}
	}
}

// fits judges whether the login module is one of the mechanism. Java finds out late, and says it obscurely.
func (b *builder) fits(l *login, mechanism string) bool {
	if l == nil {
		return true
	}
	rule := loginModules()[strings.TrimSpace(l.module)]
	if slices.Contains(rule.mechanisms, mechanism) {
		return true
	}
	if outside, _ := b.either("sasl.mechanism", "sasl.mechanisms"); outside.outside {
		return true // the mechanism was replaced, and so is the login
	}
	b.refuseAt(l.setting, l.at(l.moduleAt), fmt.Sprintf("has a login module that does not fit sasl.mechanism=%s", mechanism),
		fmt.Sprintf("this module is that of %s", strings.Join(rule.mechanisms, " and ")))
	return false
}

// clientHandler judges sasl.client.callback.handler.class.
func (b *builder) clientHandler(mechanism string) {
	s, ok := b.setting("sasl.client.callback.handler.class")
	isAWS := ok && s.value.trim().String() == awsClientHandler
	switch {
	case ok && !isAWS:
		b.refuse(s, noHandlers, "take the line out, and give the credentials by the other keys")
	case isAWS && mechanism != AWSMSKIAM && mechanism != OAuthBearer:
		b.refuse(s, fmt.Sprintf("is the handler of AWS_MSK_IAM, and sasl.mechanism is %s", mechanism), "keep the two that belong together")
	case !ok && mechanism == AWSMSKIAM:
		if at, _ := b.either("sasl.mechanism", "sasl.mechanisms"); !at.outside {
			b.warn(at, "has no callback handler beside it, which Java's clients need", "add sasl.client.callback.handler.class="+awsClientHandler)
		}
	}
}

// credentials returns user and password of PLAIN and SCRAM: those of sasl.jaas.config, or librdkafka's
// keys.
func (b *builder) credentials(l *login) (string, Secret) {
	username := b.user("sasl.username")
	password := b.secret("sasl.password")
	if l != nil {
		username = b.same(l, "username", "sasl.username", username)
		password = NewSecret(b.same(l, "password", "sasl.password", password.Reveal()))
		b.noteBytes(l.setting)
	}
	at, _ := b.either("sasl.mechanism", "sasl.mechanisms")
	if username == "" {
		b.refuse(b.place(l, at), "has no user name", `give username="…" in sasl.jaas.config, or sasl.username`)
	}
	if !password.IsSet() {
		b.refuse(b.place(l, at), "has no password", `give password="…" in sasl.jaas.config, or sasl.password`)
	}
	return username, password
}

// place is the setting that a missing credential is told at.
func (b *builder) place(l *login, mechanism setting) setting {
	if l != nil {
		return l.setting
	}
	return mechanism
}

// same returns what an option and a key say, of which the key wins when it is from outside the file.
func (b *builder) same(l *login, option, key, ofKey string) string {
	s, ok := b.setting(key)
	ofOption := l.text(option)
	switch {
	case !ok || ofOption == "" && ofKey == "":
		return ofOption
	case ofOption == "" || s.outside || ofOption == ofKey:
		return ofKey
	}
	b.refuse(s, "differs from what sasl.jaas.config says", "keep one of them")
	return ofKey
}
