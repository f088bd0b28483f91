package embedded

import (
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"strings"
)

// The mechanisms, by Kafka's names.
const (
	mechanismPlain    = "PLAIN"
	mechanismScram256 = "SCRAM-SHA-256"
	mechanismScram512 = "SCRAM-SHA-512"
)

// mechanisms returns all that a SASL listener offers, in the order in which a broker names them.
func mechanisms() []string { return []string{mechanismPlain, mechanismScram512, mechanismScram256} }

// session is one login by a mechanism: it takes the client's next token and returns the answer, nil for an
// empty one, and whether the client is logged in. The error is for the client: Kafka's words, without
// anything of the token.
type session func(token []byte) (answer []byte, done bool, err error)

// users are who may log in, each by every mechanism.
type users struct {
	passwords map[string]string
	scram     map[string]map[string]scramCredential // by mechanism and user
}

// newUsers takes passwords by user name.
func newUsers(passwords map[string]string) (*users, error) {
	u := &users{passwords: passwords, scram: map[string]map[string]scramCredential{}}
	for _, mechanism := range []string{mechanismScram256, mechanismScram512} {
		u.scram[mechanism] = map[string]scramCredential{}
		for name, password := range passwords {
			credential, err := newScramCredential(scramHash(mechanism), password)
			if err != nil {
				return nil, fmt.Errorf("make a credential: %w", err)
			}
			u.scram[mechanism][name] = credential
		}
	}
	return u, nil
}

// session begins a login, nil for a mechanism that is not there.
func (u *users) session(mechanism string) session {
	switch mechanism {
	case mechanismPlain:
		return u.plain
	case mechanismScram256, mechanismScram512:
		s := &scramSession{credentials: u.scram[mechanism], hash: scramHash(mechanism), serverNonce: rand.Text()}
		return func(token []byte) ([]byte, bool, error) {
			answer, done, err := s.next(token)
			if errors.Is(err, errScram) {
				err = invalidCredentials(mechanism)
			}
			return answer, done, err
		}
	}
	return nil
}

// invalidCredentials is what Kafka says of all that goes wrong with a token, but where the mechanism has words
// of its own. A wrong password and an unknown user are the same.
func invalidCredentials(mechanism string) error {
	return errors.New("Authentication failed during authentication due to invalid credentials with SASL mechanism " + mechanism)
}

// errAsAnother is for a user who wants to act as another.
func errAsAnother() error {
	return errors.New("Authentication failed: Client requested an authorization id that is different from username") //nolint:staticcheck // as Kafka has it
}

// plain takes the one token of PLAIN, as Kafka's PlainSaslServer does.
func (u *users) plain(token []byte) ([]byte, bool, error) {
	parts := strings.Split(string(token), "\x00")
	if len(parts) != 3 {
		return nil, false, fmt.Errorf("Invalid SASL/PLAIN response: expected 3 tokens, got %d", min(len(parts), 4)) //nolint:staticcheck // as Kafka has it
	}
	authorized, name, password := parts[0], parts[1], parts[2]
	want, known := u.passwords[name]
	right := subtle.ConstantTimeCompare([]byte(want), []byte(password)) == 1
	var problem string
	switch {
	case name == "":
		problem = "username not specified"
	case password == "":
		problem = "password not specified"
	case !known || !right:
		problem = "Invalid username or password"
	case authorized != "" && authorized != name:
		return nil, false, errAsAnother()
	default:
		return nil, true, nil
	}
	return nil, false, errors.New("Authentication failed: " + problem)
}
