package zookeeper

import (
	"io"
	"time"
)

// Op is what a request asks for, by ZooKeeper's number.
type Op int32

// The requests made here.
const (
	GetData      Op = 4
	GetChildren  Op = 8
	CloseSession Op = -11
)

// Request is one question within a session.
type Request struct {
	Number int32 // given by the client, and repeated in the answer
	Op     Op
	Path   string // of the znode; "" with CloseSession
}

// write sends the request. It sets no watch.
func (q Request) write(w io.Writer) error {
	packet := appendInt(appendInt(nil, q.Number), int32(q.Op))
	if q.Op != CloseSession {
		const noWatch = 0
		packet = append(appendBuffer(packet, []byte(q.Path)), noWatch)
	}
	return writePacket(w, packet)
}

// ReadRequest reads a request as the server does.
func ReadRequest(r io.Reader) (Request, error) {
	packet, err := readPacket(r)
	if err != nil {
		return Request{}, err
	}
	j := jute{rest: packet}
	q := Request{Number: j.int(), Op: Op(j.int())}
	if q.Op != CloseSession {
		q.Path = string(j.buffer())
	}
	return q, j.err
}

const passwordLength = 16 // bytes of a session's password, all zero for a new session

// writeHello asks for a new session, which the server shall keep for timeout should it not be
// closed.
func writeHello(w io.Writer, timeout time.Duration) error {
	hello := appendInt(nil, 0)   // protocol version
	hello = appendLong(hello, 0) // the last transaction seen: none
	hello = appendInt(hello, int32(timeout.Milliseconds()))
	hello = appendLong(hello, 0) // the session to go on with: none
	hello = appendBuffer(hello, make([]byte, passwordLength))
	hello = append(hello, 0) // not from a server that is read-only, as Kafka would not either
	return writePacket(w, hello)
}

// ReadHello reads what a client sends first, as the server does: srvr, or the request for a
// session.
func ReadHello(r io.Reader) (srvr bool, err error) {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return false, err
	}
	if string(head[:]) == srvrWord {
		return true, nil
	}
	_, err = readBody(r, head)
	return false, err
}
