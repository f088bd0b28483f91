package embedded

import (
	"net"
	"sync"
)

// listener accepts the connections of one broker for kfake: on loopback and, if there is one, on the
// advertised address.
type listener struct {
	net.Listener             // on loopback: kfake gives its address to clients
	mends        answerMends // of clients on loopback
	asked        requestFunc
	entrance     entrance     // of all clients; nil is none
	advertised   net.Listener // on a second address; nil is none

	passing   bool // connections come by accepted, not from Listener
	accepted  chan accepted
	closeOnce sync.Once
	closed    chan struct{}
}

// accepted is what Accept returns.
type accepted struct {
	conn net.Conn
	err  error
}

// newListener listens on loopback only.
func newListener(loopback net.Listener, mends answerMends, asked requestFunc) *listener {
	return &listener{Listener: loopback, mends: mends, asked: asked, accepted: make(chan accepted), closed: make(chan struct{})}
}

// secure has clients get in by an entrance. It must be called before Accept and before advertise, at most once.
func (l *listener) secure(by entrance) {
	l.entrance = by
	l.passConnections()
}

// advertise accepts connections on a second address too, with the mends of its clients. It must be
// called before Accept, at most once.
func (l *listener) advertise(second net.Listener, mends answerMends) {
	l.advertised = second
	l.passConnections()
	go l.pass(second, mends)
}

// passConnections makes room for connections that do not come from loopback.
func (l *listener) passConnections() {
	if !l.passing {
		l.passing = true
		go l.pass(l.Listener, l.mends)
	}
}

// inside returns a connection of this process, which needs no entrance; only after secure.
func (l *listener) inside() (net.Conn, error) {
	own, theirs := net.Pipe()
	select {
	case l.accepted <- accepted{conn: newConn(theirs, l.mends, l.asked)}:
		return own, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// enter returns the connection of a client.
func (l *listener) enter(conn net.Conn, mends answerMends) net.Conn {
	if l.entrance != nil {
		conn = l.entrance(conn)
	}
	return newConn(conn, mends, l.asked)
}

// Accept returns the next connection of either address.
func (l *listener) Accept() (net.Conn, error) {
	if !l.passing {
		conn, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		return newConn(conn, l.mends, l.asked), nil
	}
	select {
	case a := <-l.accepted:
		return a.conn, a.err
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close ends both addresses. kfake calls it twice.
func (l *listener) Close() error {
	var err error
	l.closeOnce.Do(func() {
		close(l.closed)
		err = l.Listener.Close()
		if l.advertised != nil {
			_ = l.advertised.Close()
		}
	})
	return err
}

// pass hands the connections of one address to Accept until the listener is closed.
func (l *listener) pass(from net.Listener, mends answerMends) {
	for {
		conn, err := from.Accept()
		a := accepted{err: err}
		if err == nil {
			a.conn = l.enter(conn, mends)
		}
		select {
		case l.accepted <- a:
		case <-l.closed:
			if err == nil {
				_ = conn.Close()
			}
		}
		if err != nil {
			return
		}
	}
}
