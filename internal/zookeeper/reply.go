package zookeeper

import (
	"io"
	"time"
)

// Reply is the answer to one request: Data to GetData, Children to GetChildren, and neither where
// Code refuses it.
type Reply struct {
	Number   int32
	Code     Code
	Data     []byte
	Children []string // in no order
}

// WriteReply answers q as the server does; r's number is that of q.
func WriteReply(w io.Writer, q Request, r Reply) error {
	packet := appendInt(nil, q.Number)
	packet = appendLong(packet, 0) // transaction
	packet = appendInt(packet, int32(r.Code))
	switch {
	case r.Code != OK || q.Op == CloseSession:
	case q.Op == GetChildren:
		packet = appendInt(packet, int32(len(r.Children)))
		for _, name := range r.Children {
			packet = appendBuffer(packet, []byte(name))
		}
	default:
		const stat = 68 // bytes of a znode's versions and times
		packet = append(appendBuffer(packet, r.Data), make([]byte, stat)...)
	}
	return writePacket(w, packet)
}

// parseReply reads the answer to q. Nothing else may come between: no watch was set, and it is
// clients that ping.
func parseReply(packet []byte, q Request) (Reply, error) {
	j := jute{rest: packet}
	r := Reply{Number: j.int()}
	j.bytes(8) // transaction
	r.Code = Code(j.int())
	switch {
	case j.err != nil:
		return r, j.err
	case r.Number != q.Number:
		return r, ErrNotZooKeeper
	case r.Code != OK:
		return r, Error{q.Path, r.Code}
	}
	switch q.Op {
	case GetData:
		r.Data = j.buffer() // versions and times follow
	case GetChildren:
		r.Children = j.strings()
	case CloseSession:
	}
	return r, j.err
}

// WriteGrant gives a session as the server does, to be kept for timeout; 0 refuses it.
func WriteGrant(w io.Writer, timeout time.Duration) error {
	const id = 7
	grant := appendInt(nil, 0) // protocol version
	grant = appendInt(grant, int32(timeout.Milliseconds()))
	grant = appendLong(grant, id)
	grant = append(appendBuffer(grant, make([]byte, passwordLength)), 0) // not read-only
	return writePacket(w, grant)
}

// parseGrant returns for how long the server keeps a session that it does not hear of; 0 is a
// refusal.
func parseGrant(packet []byte) (time.Duration, error) {
	j := jute{rest: packet}
	j.int() // protocol version
	granted := j.int()
	j.bytes(8) // session id
	j.buffer() // its password; what follows depends on the version
	return time.Duration(granted) * time.Millisecond, j.err
}
