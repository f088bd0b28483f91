package embedded

import "net"

// listener accepts the connections of one broker for kfake.
type listener struct {
	net.Listener // kfake gives its address to clients
	mends        answerMends
}

// Accept returns the next connection, with the mends of its answers.
func (l *listener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return newConn(conn, l.mends), nil
}
