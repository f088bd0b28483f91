package health

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"time"
)

// zooSession reads znodes over one connection, in ZooKeeper's client protocol. Its calls end with the connection's
// deadline, so hangUp makes them heed a context.
//
// No library does it: theirs keep a session alive, with goroutines that ping and reconnect, and calls that heed no
// context. What is wanted here is one look, over one connection that was dialled the caller's way, and nothing that goes
// on after it.
type zooSession struct {
	conn net.Conn
	last int32 // the request number sent last
}

// What ZooKeeper calls the requests made here.
const (
	opGetData      = 4
	opGetChildren  = 8
	opCloseSession = -11
)

// maxPacket is jute.maxbuffer, the longest packet ZooKeeper writes unless configured. A greater length is text read as
// a number.
const maxPacket = 1 << 20

// The codes of znodeError that are told apart.
const (
	codeNoNode       = -101
	codeNoAuth       = -102
	codeExpired      = -112
	codeAuthFailed   = -115
	codeSASLRequired = -124
)

// znodeError is ZooKeeper's refusal of one request.
type znodeError struct {
	path string // "" where the session itself was refused
	code int32
}

func (e znodeError) Error() string {
	name := map[int32]string{
		codeNoNode: "NoNode", codeNoAuth: "NoAuth", codeExpired: "SessionExpired", codeAuthFailed: "AuthFailed",
		codeSASLRequired: "SessionClosedRequireSaslAuth",
	}[e.code]
	if name == "" {
		name = fmt.Sprintf("error %d", e.code)
	}
	if e.path == "" {
		return name
	}
	return e.path + ": " + name
}

// forbidden tells that ZooKeeper wants another user, or any.
func (e znodeError) forbidden() bool {
	return e.code == codeNoAuth || e.code == codeAuthFailed || e.code == codeSASLRequired
}

// errNotZooKeeper is an answer that does not fit the protocol.
var errNotZooKeeper = errors.New("answers, but not as ZooKeeper does")

// openSession begins a session on conn. timeout is how long the server shall keep it should it not be closed; a server
// raises what is below its own least, four seconds unless configured.
func openSession(conn net.Conn, timeout time.Duration) (*zooSession, error) {
	const password = 16 // bytes, all zero for a new session
	ask := binary.BigEndian.AppendUint32(nil, 0)
	ask = binary.BigEndian.AppendUint64(ask, 0) // the last transaction seen: none
	ask = binary.BigEndian.AppendUint32(ask, uint32(timeout.Milliseconds()))
	ask = binary.BigEndian.AppendUint64(ask, 0) // the session to go on with: none
	ask = appendJute(ask, make([]byte, password))
	ask = append(ask, 0) // not from a server that is read-only, as Kafka would not either
	if err := writePacket(conn, ask); err != nil {
		return nil, err
	}
	packet, err := readPacket(conn)
	if timedOut(err) {
		(&zooSession{conn: conn}).close(0) // the server may have begun it all the same, and reads this next
	}
	if err != nil {
		return nil, err
	}
	granted, err := readGrant(packet)
	if err == nil && granted <= 0 {
		err = znodeError{code: codeExpired}
	}
	if err != nil {
		return nil, err
	}
	return &zooSession{conn: conn}, nil
}

// readGrant reads how many milliseconds a session lives unheard of; none is a refusal.
func readGrant(packet []byte) (int32, error) {
	j := jute{rest: packet}
	j.int() // protocol version
	granted := j.int()
	j.bytes(8) // session id
	j.buffer() // its password; what follows depends on the version
	return granted, j.err
}

// get reads the data of one znode. Its error is a znodeError where ZooKeeper answered with one.
func (s *zooSession) get(path string) ([]byte, error) {
	j, err := s.ask(opGetData, path)
	if err != nil {
		return nil, err
	}
	data := j.buffer()
	return data, j.err
}

// children reads the names below one znode, in no order. Its error is as that of get.
func (s *zooSession) children(path string) ([]string, error) {
	j, err := s.ask(opGetChildren, path)
	if err != nil {
		return nil, err
	}
	names := j.strings()
	return names, j.err
}

// close ends the session within the time that is left, or grace: also when the context has ended, as one that is not
// closed stays in the server until its timeout. The connection is not closed.
func (s *zooSession) close(left time.Duration) {
	_ = s.conn.SetDeadline(time.Now().Add(max(left, grace)))
	if s.send(opCloseSession, nil) == nil {
		_, _ = readPacket(s.conn) // so that the connection does not go before the server has taken the request
	}
}

func (s *zooSession) ask(op int32, path string) (*jute, error) {
	const noWatch = 0
	if err := s.send(op, append(appendJute(nil, []byte(path)), noWatch)); err != nil {
		return nil, err
	}
	packet, err := readPacket(s.conn)
	if err != nil {
		return nil, err
	}
	return readReply(packet, s.last, path)
}

func (s *zooSession) send(op int32, body []byte) error {
	s.last++
	packet := binary.BigEndian.AppendUint32(nil, uint32(s.last))
	packet = binary.BigEndian.AppendUint32(packet, uint32(op))
	return writePacket(s.conn, append(packet, body...))
}

// readReply takes the head off the answer to request number and leaves the body. Nothing else may come between: no
// watch was set, and pings are a client's.
func readReply(packet []byte, number int32, path string) (*jute, error) {
	j := &jute{rest: packet}
	answered := j.int()
	j.bytes(8) // transaction
	code := j.int()
	switch {
	case j.err != nil:
		return nil, j.err
	case answered != number:
		return nil, errNotZooKeeper
	case code != 0:
		return nil, znodeError{path, code}
	}
	return j, nil
}

func writePacket(w io.Writer, body []byte) error {
	_, err := w.Write(appendJute(nil, body))
	return err
}

func readPacket(r io.Reader) ([]byte, error) {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, err
	}
	size := binary.BigEndian.Uint32(head[:])
	if size > maxPacket {
		return nil, errNotZooKeeper
	}
	body := make([]byte, size)
	_, err := io.ReadFull(r, body)
	return body, err
}

// appendJute puts a buffer or string into ZooKeeper's serialisation: its length, then itself. A packet has the same form.
func appendJute(to, data []byte) []byte {
	return append(binary.BigEndian.AppendUint32(to, uint32(len(data))), data...)
}

// jute reads ZooKeeper's serialisation. What does not fit leaves err, and everything after it is zero.
type jute struct {
	rest []byte
	err  error
}

func (j *jute) bytes(n int32) []byte {
	if j.err != nil || n < 0 || int(n) > len(j.rest) {
		j.err = errNotZooKeeper
		return nil
	}
	taken := j.rest[:n]
	j.rest = j.rest[n:]
	return taken
}

func (j *jute) int() int32 {
	b := j.bytes(4)
	if b == nil {
		return 0
	}
	return int32(binary.BigEndian.Uint32(b))
}

// buffer reads a buffer or string; null, length -1, is empty.
func (j *jute) buffer() []byte {
	n := j.int()
	if n == -1 {
		return nil
	}
	return j.bytes(n)
}

func (j *jute) strings() []string {
	var all []string
	for n := j.int(); n > 0 && j.err == nil; n-- {
		all = append(all, string(j.buffer()))
	}
	return all
}
