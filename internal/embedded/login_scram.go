package embedded

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"hash"
	"slices"
	"strings"
)

// scramIterations is the smallest count that Kafka takes.
const scramIterations = 4096

// scramCredential is what a server keeps of a password (RFC 5802).
type scramCredential struct{ salt, storedKey, serverKey []byte }

func scramHash(mechanism string) func() hash.Hash {
	if mechanism == mechanismScram256 {
		return sha256.New
	}
	return sha512.New
}

// newScramCredential makes a credential with a salt of its own. Kafka's clients take passwords as they are,
// without SASLprep.
func newScramCredential(newHash func() hash.Hash, password string) (scramCredential, error) {
	c := scramCredential{salt: make([]byte, 16)}
	if _, err := rand.Read(c.salt); err != nil {
		return c, err
	}
	salted, err := pbkdf2.Key(newHash, password, c.salt, scramIterations, newHash().Size())
	if err != nil {
		return c, err
	}
	c.storedKey = digestOf(newHash, hmacOf(newHash, salted, "Client Key"))
	c.serverKey = hmacOf(newHash, salted, "Server Key")
	return c, nil
}

func hmacOf(newHash func() hash.Hash, key []byte, text string) []byte {
	mac := hmac.New(newHash, key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

func digestOf(newHash func() hash.Hash, text []byte) []byte {
	sum := newHash()
	sum.Write(text)
	return sum.Sum(nil)
}

// scramSession is one login: the client's first message, then its final one.
type scramSession struct {
	credentials map[string]scramCredential // by user name
	hash        func() hash.Hash
	serverNonce string

	credential               scramCredential
	clientFirst, serverFirst string // without the GS2 header; "" before there is one
	nonce                    string
}

// errScram is for a message that Kafka refuses without saying why.
var errScram = errors.New("message of SCRAM refused")

// next takes a message. Any error but [errScram] is Kafka's words.
func (s *scramSession) next(message []byte) (answer []byte, done bool, err error) {
	if s.serverFirst == "" {
		err = s.first(string(message))
		return []byte(s.serverFirst), false, err
	}
	answer, ok := s.final(string(message))
	if !ok {
		err = errScram
	}
	return answer, ok, err
}

// first takes n,[a=AUTHZID],n=USER,r=NONCE[,EXTENSIONS].
func (s *scramSession) first(message string) error {
	parts := strings.SplitN(message, ",", 3)
	if len(parts) != 3 || parts[0] != "n" { // others are about channel binding
		return errScram
	}
	fields := strings.Split(parts[2], ",")
	user, isUser := strings.CutPrefix(fields[0], "n=")
	authorized, isAuthorized := strings.CutPrefix(parts[1], "a=")
	if len(fields) < 2 || !isUser || parts[1] != "" && !isAuthorized {
		return errScram
	}
	nonce, isNonce := strings.CutPrefix(fields[1], "r=")
	user = unescapeName(user)
	credential, known := s.credentials[user]
	// There are no delegation tokens: whoever says that the name is the id of one is unknown.
	if !isNonce || nonce == "" || !known || slices.Contains(fields[2:], "tokenauth=true") {
		return errScram
	}
	if authorized != "" && unescapeName(authorized) != user {
		return errAsAnother()
	}
	s.credential, s.clientFirst, s.nonce = credential, parts[2], nonce+s.serverNonce
	s.serverFirst = fmt.Sprintf("r=%s,s=%s,i=%d", s.nonce, base64.StdEncoding.EncodeToString(credential.salt), scramIterations)
	return nil
}

// final takes c=GS2-HEADER,r=NONCE,p=PROOF, and returns v=SIGNATURE.
func (s *scramSession) final(message string) ([]byte, bool) {
	at := strings.LastIndex(message, ",p=")
	if at < 0 {
		return nil, false
	}
	withoutProof := message[:at]
	proof, err := base64.StdEncoding.DecodeString(message[at+len(",p="):])
	binding, nonce, found := strings.Cut(withoutProof, ",")
	if err != nil || !found || !strings.HasPrefix(binding, "c=") || nonce != "r="+s.nonce {
		return nil, false
	}
	text := s.clientFirst + "," + s.serverFirst + "," + withoutProof
	clientKey := hmacOf(s.hash, s.credential.storedKey, text)
	if len(proof) != len(clientKey) {
		return nil, false
	}
	subtle.XORBytes(clientKey, clientKey, proof)
	if subtle.ConstantTimeCompare(digestOf(s.hash, clientKey), s.credential.storedKey) != 1 {
		return nil, false
	}
	signature := hmacOf(s.hash, s.credential.serverKey, text)
	return []byte("v=" + base64.StdEncoding.EncodeToString(signature)), true
}

// unescapeName reads a user name as messages have it.
func unescapeName(name string) string {
	return strings.NewReplacer("=2C", ",", "=3D", "=").Replace(name)
}
