package embedded_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/sasl"
)

// login is a client of which is kept what it sees.
type login struct {
	*client
	seen  []string
	ended bool
}

func (l *login) see(format string, args ...any) {
	l.seen = append(l.seen, fmt.Sprintf(format, args...))
}

// asked keeps the end of the connection; it reports whether there is an answer.
func (l *login) asked(what string, err error) bool {
	if err != nil && !l.ended {
		l.see("%s: closed", what)
	}
	l.ended = l.ended || err != nil
	return err == nil
}

func (l *login) versions(version int16) {
	if l.ended {
		return
	}
	req := kmsg.NewPtrApiVersionsRequest()
	req.ClientSoftwareName, req.ClientSoftwareVersion = "test", "1"
	if version > req.MaxVersion() {
		l.future()
		return
	}
	if resp, err := ask[*kmsg.ApiVersionsResponse](l.client, version, req); l.asked("ApiVersions", err) {
		l.see("ApiVersions: %s", codeText(resp.ErrorCode))
	}
}

// future asks for a version of ApiVersions that nobody has; the answer is in version 0.
func (l *login) future() {
	_, err := l.conn.Write([]byte{0, 0, 0, 21, 0, 18, 0, 99, 0, 0, 0, 1, 0xff, 0xff, 0, 2, 'a', 2, 'b', 0, 0xff, 0xff, 0xff, 0xff, 0})
	if err == nil {
		var body []byte
		if body, err = l.read(); err == nil {
			l.see("ApiVersions v99: %s", codeText(int16(binary.BigEndian.Uint16(body[4:]))))
		}
	}
	l.asked("ApiVersions v99", err)
}

func (l *login) handshake(version int16, mechanism string) {
	if l.ended {
		return
	}
	req := kmsg.NewPtrSASLHandshakeRequest()
	req.Mechanism = mechanism
	begin := time.Now()
	if resp, err := ask[*kmsg.SASLHandshakeResponse](l.client, version, req); l.asked("SaslHandshake", err) {
		l.see("SaslHandshake %s: %s %v%s", mechanism, codeText(resp.ErrorCode), resp.SupportedMechanisms, late(resp.ErrorCode, begin))
	}
}

// token sends a token and returns the answer's; false when there is none.
func (l *login) token(version int16, token string) (answer []byte, ok bool) {
	if l.ended {
		return nil, false
	}
	req := kmsg.NewPtrSASLAuthenticateRequest()
	req.SASLAuthBytes = []byte(token)
	begin := time.Now()
	got, err := ask[*kmsg.SASLAuthenticateResponse](l.client, version, req)
	if !l.asked("SaslAuthenticate", err) {
		return nil, false
	}
	words := "null"
	if got.ErrorMessage != nil {
		words = *got.ErrorMessage
	}
	l.see("SaslAuthenticate: %s, words %s, token %t, for %d ms%s",
		codeText(got.ErrorCode), words, len(got.SASLAuthBytes) > 0, got.SessionLifetimeMillis, late(got.ErrorCode, begin))
	return got.SASLAuthBytes, got.ErrorCode == 0
}

// bare sends a token without a request around it, and returns the answer's.
func (l *login) bare(token string) (answer []byte, ok bool) {
	if l.ended {
		return nil, false
	}
	_, err := l.conn.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(token))), token...))
	if err == nil {
		answer, err = l.read()
	}
	if !l.asked("token", err) {
		return nil, false
	}
	l.see("token: token %t", len(answer) > 0)
	return answer, true
}

func (l *login) plain(user, password string) {
	l.handshake(1, "PLAIN")
	l.token(2, "\x00"+user+"\x00"+password)
}

// scram logs in by tokens in requests of a version, or bare ones for version -1.
func (l *login) scram(version int16, mechanism sasl.Mechanism) {
	session, message, err := mechanism.Authenticate(context.Background(), "")
	for done := false; !done && err == nil; {
		send := func(token string) ([]byte, bool) { return l.token(version, token) }
		if version < 0 {
			send = l.bare
		}
		answer, ok := send(string(message))
		if !ok {
			return
		}
		done, message, err = session.Challenge(answer)
	}
	if err != nil {
		l.see("client: %v", err)
	}
}

// metadata sends a request that only those have answered who are logged in.
func (l *login) metadata() {
	if l.ended {
		return
	}
	if _, err := ask[*kmsg.MetadataResponse](l.client, 9, kmsg.NewPtrMetadataRequest()); l.asked("Metadata", err) {
		l.see("Metadata: answered")
	}
}

// raw sends the size of a request, and zeros for a part of it.
func (l *login) raw(size uint32) {
	_, err := l.conn.Write(append(binary.BigEndian.AppendUint32(nil, size), make([]byte, 100)...))
	if err == nil {
		_, err = l.read()
	}
	l.asked("request", err)
}

// late says of a refused login whether the answer came as late as Kafka sends it: passwords are not to be tried
// quickly.
func late(code int16, since time.Time) string {
	switch {
	case code != kerr.SaslAuthenticationFailed.Code && code != kerr.UnsupportedSaslMechanism.Code:
		return ""
	case time.Since(since) < 95*time.Millisecond: // not 100: the clocks of two processes
		return ", at once"
	}
	return ", late"
}

func codeText(code int16) string {
	if err := kerr.TypedErrorForCode(code); err != nil {
		return err.Message
	}
	return "ok"
}
