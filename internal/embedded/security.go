package embedded

import (
	"crypto/tls"
	"errors"
	"net"
)

// Security is how the listeners are secured, all alike. The zero value is PLAINTEXT. Nobody's rights are
// looked at: who is let in may do everything.
type Security struct {
	// TLS is the configuration of a server, nil without encryption.
	TLS *tls.Config
	// Users are the passwords of those who may log in, by name, with PLAIN, SCRAM-SHA-256 and
	// SCRAM-SHA-512; none is a listener without SASL.
	Users map[string]string
}

// secured reports whether a client has to do anything before its first request.
func (s Security) secured() bool { return s.TLS != nil || len(s.Users) > 0 }

// entrance makes of a connection one that a client has to get in by.
type entrance func(net.Conn) net.Conn

// entrance returns nil where there is nothing to do.
func (s Security) entrance() (entrance, error) {
	if !s.secured() {
		return nil, nil
	}
	users, err := newUsers(s.Users)
	if err != nil {
		return nil, err
	}
	return func(conn net.Conn) net.Conn {
		if s.TLS != nil {
			conn = &tlsConn{tls.Server(conn, s.TLS)}
		}
		if len(s.Users) > 0 {
			conn = newLoginConn(conn, users)
		}
		return conn
	}, nil
}

// tlsConn is a connection with TLS that tells a client without TLS that this is what it lacks, as a broker
// does and crypto/tls does not: by an alert.
type tlsConn struct{ *tls.Conn }

// Read reads what the client sends. The first call shakes hands.
func (c *tlsConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if plain, is := errors.AsType[tls.RecordHeaderError](err); is && plain.Conn != nil {
		const alert, tls12, fatal, unexpectedMessage = 21, 3, 2, 10
		_, _ = plain.Conn.Write([]byte{alert, 3, tls12, 0, 2, fatal, unexpectedMessage})
	}
	return n, err
}
