package kafka

import (
	"errors"
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/sasl"
	"github.com/twmb/franz-go/pkg/sasl/plain"
	"github.com/twmb/franz-go/pkg/sasl/scram"

	"kafkactl/internal/properties"
)

// mechanism returns how to log in.
func (f settingFiles) mechanism(s properties.SASL) (sasl.Mechanism, error) {
	switch s.Mechanism {
	case properties.Plain:
		return plain.Auth{User: s.Username, Pass: s.Password.Reveal()}.AsMechanism(), nil
	case properties.ScramSHA256:
		return scramLogin(s).AsSha256Mechanism(), nil
	case properties.ScramSHA512:
		return scramLogin(s).AsSha512Mechanism(), nil
	case properties.OAuthBearer:
		return f.bearer(s)
	case properties.AWSMSKIAM:
		return awsIAM{newAWSIdentity(s.AWS)}, nil
	}
	return nil, f.fault("", "sasl.mechanism", errors.New("is "+s.Mechanism+", which is not built in yet"))
}

func scramLogin(s properties.SASL) scram.Auth {
	return scram.Auth{User: s.Username, Pass: s.Password.Reveal(), IsToken: s.TokenAuth}
}

// LoginError is a refused login: by a broker, or by the server that gives tokens. It is also a login that was not
// given, and must be.
type LoginError struct {
	Addr  string // of the listener, host:port; "" where that is not known
	Text  string // what was refused, with the words of who refused it; no part of a secret
	Fix   string // what to do; "" for the hint that follows from Cause
	Cause error  // the broker's; nil where no broker refused
}

// Error says what was refused, and where.
func (e *LoginError) Error() string {
	if e.Addr != "" {
		return e.Addr + ": " + e.Text
	}
	return e.Text
}

// Unwrap makes errors.Is work with Kafka's error.
func (e *LoginError) Unwrap() error { return e.Cause }

// Hint returns what to look at.
func (e *LoginError) Hint() string { return LoginHint(e) }

// loginError returns a refused login as a [*LoginError], nil for any other error.
func loginError(err error) *LoginError {
	if login, found := errors.AsType[*LoginError](err); found {
		return login
	}
	if !RefusedSASL(err) {
		return nil
	}
	if errors.Is(err, kerr.IllegalSaslState) {
		return &LoginError{Text: "login refused: the listener has no login (ILLEGAL_SASL_STATE)", Cause: err}
	}
	text := err.Error()
	if kafka, found := errors.AsType[*kerr.Error](err); found { // Kafka's own description says less than the broker's
		text = strings.Replace(text, kafka.Error()+": ", kafka.Message+": ", 1)
	}
	return &LoginError{Text: "login refused: " + text, Cause: err}
}

// LoginHint returns what to look at after a refused login.
func LoginHint(cause error) string {
	login, found := errors.AsType[*LoginError](cause)
	switch {
	case found && login.Fix != "":
		return login.Fix
	case strings.Contains(cause.Error(), "Access denied"): // MSK's own words
		return "look at who it is, aws sts get-caller-identity, and whether its policy has kafka-cluster:Connect for this cluster"
	case errors.Is(cause, kerr.UnsupportedSaslMechanism):
		return "this listener has other mechanisms: give one of them with --sasl-mechanism, or sasl.mechanism in --config FILE"
	case errors.Is(cause, kerr.IllegalSaslState):
		return "connect without a login (--security-protocol SSL or PLAINTEXT), or give the address of a SASL listener"
	case !errors.Is(cause, kerr.SaslAuthenticationFailed) || strings.Contains(cause.Error(), "OAUTHBEARER"), strings.Contains(cause.Error(), `{"status":`):
		return "check the token, its scope and the client that it is for"
	}
	return "check the user name and the password, and that the user has this mechanism: brokers say the same for all three"
}
