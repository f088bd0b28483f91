package embedded

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

const (
	// refusalDelay is Kafka's connection.failed.authentication.delay.ms: the answer to a refused login, and
	// the end of its connection, come that late.
	refusalDelay = 100 * time.Millisecond
	// maxLogin is Kafka's sasl.server.max.receive.size.
	maxLogin = 512 << 10
)

// errNotLoggedIn ends a connection that did not log in. The client has an answer, or does not speak as
// Kafka's clients do.
var errNotLoggedIn = errors.New("not logged in")

// loginStage is what is expected of a client that has not logged in.
type loginStage int

const (
	expectVersions  loginStage = iota // ApiVersions or SaslHandshake
	expectHandshake                   // SaslHandshake: ApiVersions has been answered
	expectToken                       // a token of the mechanism
	loggedIn
)

// loginConn is a connection of a SASL listener, between the client and what reads its requests: until the
// client has logged in, that sees ApiVersions alone. The login goes as Kafka's SaslServerAuthenticator has it.
type loginConn struct {
	net.Conn
	users *users

	// Of the goroutine that reads.
	stage   loginStage
	bare    bool    // tokens come without a request around them: SaslHandshake v0
	session session // of the mechanism that the client chose
	passed  []byte  // what is left of a request that is passed on
	awaits  bool    // a request was passed on whose answer is not known to be written

	versions  chan int16 // the error of an answer to ApiVersions, once it is written
	closeOnce sync.Once
	closed    chan struct{}
}

func newLoginConn(client net.Conn, users *users) *loginConn {
	return &loginConn{Conn: client, users: users, versions: make(chan int16, 1), closed: make(chan struct{})}
}

// Read reads what is for the reader of requests. The error is [errNotLoggedIn] for a client that is sent away.
func (c *loginConn) Read(p []byte) (int, error) {
	for c.stage != loggedIn && len(c.passed) == 0 {
		if err := c.next(); err != nil {
			return 0, err
		}
	}
	if len(c.passed) > 0 {
		n := copy(p, c.passed)
		c.passed = c.passed[n:]
		return n, nil
	}
	return c.Conn.Read(p)
}

// Write writes an answer. The first ones are to ApiVersions.
func (c *loginConn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	if err == nil && len(p) >= answerHead+2 {
		select {
		case c.versions <- int16(binary.BigEndian.Uint16(p[answerHead:])):
		default: // nobody waits for it any more
		}
	}
	return n, err
}

// Close ends the connection, also one that waits to be refused.
func (c *loginConn) Close() error {
	c.closeOnce.Do(func() { close(c.closed) })
	return c.Conn.Close()
}

// next follows one step of the login.
func (c *loginConn) next() error {
	if c.awaits {
		if err := c.awaitVersions(); err != nil {
			return err
		}
	}
	frame, err := c.readFrame()
	if err != nil {
		return err
	}
	if c.stage == expectToken && c.bare {
		return c.bareToken(frame[4:])
	}
	if c.stage == expectVersions && len(frame) >= 6 && binary.BigEndian.Uint16(frame[4:]) == uint16(kmsg.ApiVersions) {
		c.passed, c.awaits = frame, true // in any version
		return nil
	}
	request, err := parseRequest(frame[4:])
	if err != nil {
		return err
	}
	if c.stage == expectToken {
		return c.authenticate(request)
	}
	if asked, is := request.body.(*kmsg.SASLHandshakeRequest); is {
		return c.handshake(request.requestHeader, asked.Mechanism)
	}
	return errNotLoggedIn
}

// awaitVersions waits until a request for ApiVersions has its answer: answers leave in the order of the
// requests. A client whose version is not there asks again.
func (c *loginConn) awaitVersions() error {
	select {
	case code := <-c.versions:
		c.awaits = false
		if code == 0 {
			c.stage = expectHandshake
		}
		return nil
	case <-c.closed:
		return net.ErrClosed
	}
}

// readFrame reads a request or a token, with its size.
func (c *loginConn) readFrame() ([]byte, error) {
	frame := make([]byte, 4)
	if _, err := io.ReadFull(c.Conn, frame); err != nil {
		return nil, err
	}
	size := binary.BigEndian.Uint32(frame)
	if size > maxLogin {
		return nil, errRequestSize
	}
	frame = append(frame, make([]byte, size)...)
	_, err := io.ReadFull(c.Conn, frame[4:])
	return frame, err
}

func (c *loginConn) handshake(h requestHeader, mechanism string) error {
	resp := kmsg.NewPtrSASLHandshakeResponse()
	resp.SetVersion(h.version)
	resp.SupportedMechanisms = mechanisms()
	session := c.users.session(mechanism)
	if session == nil {
		resp.ErrorCode = kerr.UnsupportedSaslMechanism.Code
		return c.refuse(h.encode(resp))
	}
	c.stage, c.session, c.bare = expectToken, session, h.version == 0
	return c.answer(h.encode(resp))
}

// authenticate gives the mechanism the token of a request.
func (c *loginConn) authenticate(request request) error {
	resp := kmsg.NewPtrSASLAuthenticateResponse()
	resp.SetVersion(request.version)
	asked, is := request.body.(*kmsg.SASLAuthenticateRequest)
	if !is {
		return c.refuseOther(request)
	}
	token, done, err := c.session(asked.SASLAuthBytes)
	if err != nil {
		resp.ErrorCode, resp.ErrorMessage = kerr.SaslAuthenticationFailed.Code, kmsg.StringPtr(err.Error())
		resp.SASLAuthBytes = []byte{}
		return c.refuse(request.encode(resp))
	}
	resp.ErrorMessage = kmsg.StringPtr("")
	if resp.SASLAuthBytes = token; token == nil {
		resp.SASLAuthBytes = []byte{}
	}
	if done {
		c.stage = loggedIn
	}
	return c.answer(request.encode(resp))
}

// refuseOther answers a request that comes in the place of a token, if clients send it there.
func (c *loginConn) refuseOther(request request) error {
	resp := request.body.ResponseKind()
	switch resp := resp.(type) {
	case *kmsg.ApiVersionsResponse:
		resp.ErrorCode = kerr.IllegalSaslState.Code
	case *kmsg.SASLHandshakeResponse:
		resp.ErrorCode = kerr.IllegalSaslState.Code
	case *kmsg.MetadataResponse: // which has no error of its own
	default:
		return c.refuse(nil)
	}
	return c.refuse(request.encode(resp))
}

// bareToken gives the mechanism a token. A refused one has no answer.
func (c *loginConn) bareToken(token []byte) error {
	answer, done, err := c.session(token)
	if err != nil {
		return c.refuse(nil)
	}
	if done {
		c.stage = loggedIn
	}
	if answer == nil {
		answer = []byte{}
	}
	return c.answer(append(binary.BigEndian.AppendUint32(nil, uint32(len(answer))), answer...))
}

func (c *loginConn) answer(frame []byte) error {
	_, err := c.Conn.Write(frame)
	return err
}

// refuse ends the connection, after an answer if there is one, as late as Kafka does it.
func (c *loginConn) refuse(answer []byte) error {
	delay := time.NewTimer(refusalDelay)
	defer delay.Stop()
	select {
	case <-delay.C:
	case <-c.closed:
		return net.ErrClosed
	}
	if answer != nil {
		if err := c.answer(answer); err != nil {
			return err
		}
	}
	return errNotLoggedIn
}
