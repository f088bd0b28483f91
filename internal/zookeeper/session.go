package zookeeper

import (
	"errors"
	"net"
	"time"
)

// Session reads znodes over one connection, in ZooKeeper's client protocol. Its calls end with the
// connection's deadline.
type Session struct {
	conn net.Conn
	last int32 // the number of the last request
}

// Open begins a session on conn. timeout is how long the server shall keep it should it not be
// closed; a server raises what is below its own least, four seconds unless configured. A session
// that is refused is an [Error] without a path.
func Open(conn net.Conn, timeout time.Duration) (*Session, error) {
	if err := writeHello(conn, timeout); err != nil {
		return nil, err
	}
	s := &Session{conn: conn}
	packet, err := readPacket(conn)
	if late, is := errors.AsType[net.Error](err); is && late.Timeout() {
		s.Close(0) // the server may have begun it all the same, and reads this next
	}
	if err != nil {
		return nil, err
	}
	granted, err := parseGrant(packet)
	if err != nil {
		return nil, err
	}
	if granted <= 0 {
		return nil, Error{Code: SessionExpired}
	}
	return s, nil
}

// Data returns the data of one znode. Its error is an [Error] where ZooKeeper answered with one.
func (s *Session) Data(path string) ([]byte, error) {
	r, err := s.ask(GetData, path)
	return r.Data, err
}

// Children returns the names below one znode, in no order. Its error is as that of Data.
func (s *Session) Children(path string) ([]string, error) {
	r, err := s.ask(GetChildren, path)
	return r.Children, err
}

// grace is what Close takes at least: also when the caller's time is over, as a session that is not
// closed stays in the server until its timeout.
const grace = 20 * time.Millisecond

// Close ends the session within the time that is left, or a moment where none is. It sets the
// connection's deadline, and does not close the connection.
func (s *Session) Close(left time.Duration) {
	_ = s.conn.SetDeadline(time.Now().Add(max(left, grace)))
	if _, err := s.send(CloseSession, ""); err == nil {
		_, _ = readPacket(s.conn) // so that the connection does not go before the server has taken the request
	}
}

func (s *Session) ask(op Op, path string) (Reply, error) {
	q, err := s.send(op, path)
	if err != nil {
		return Reply{}, err
	}
	packet, err := readPacket(s.conn)
	if err != nil {
		return Reply{}, err
	}
	return parseReply(packet, q)
}

func (s *Session) send(op Op, path string) (Request, error) {
	s.last++
	q := Request{Number: s.last, Op: op, Path: path}
	return q, q.write(s.conn)
}
