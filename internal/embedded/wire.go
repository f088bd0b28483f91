package embedded

import (
	"encoding/binary"
	"net"
	"sync"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// answerMends holds, by the key of the request, what is done to an answer before it leaves. Such a
// function reports whether it changed the answer.
type answerMends map[int16][]func(kmsg.Response) (changed bool)

// add appends a function for the answers of a key.
func (m answerMends) add(key kmsg.Key, mend func(kmsg.Response) bool) {
	m[int16(key)] = append(m[int16(key)], mend)
}

// with returns the functions of m followed by those of others.
func (m answerMends) with(others answerMends) answerMends {
	all := answerMends{}
	for _, mends := range []answerMends{m, others} {
		for key, funcs := range mends {
			all[key] = append(all[key], funcs...)
		}
	}
	return all
}

// conn is a client's connection. It follows the requests that kfake reads from it, and mends the
// answers that kfake writes to it. What needs no mend, as records do not, passes through untouched.
//
// kfake writes an answer with one Write, and reads at most one request ahead of its answers.
type conn struct {
	net.Conn
	mends answerMends
	frame frameReader // of the goroutine that reads

	mu       sync.Mutex
	awaiting []requestHeader // requests without an answer, oldest first
}

// newConn returns a connection that calls asked, if it is not nil, for each request that names topics.
func newConn(client net.Conn, mends answerMends, asked requestFunc) *conn {
	c := &conn{Conn: client, mends: mends}
	c.frame = frameReader{found: c.await, asked: asked}
	return c
}

// Read reads what the client sends. The error is that of a request which a broker ends the
// connection for.
func (c *conn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if refused := c.frame.follow(p[:n]); refused != nil {
		return 0, refused
	}
	return n, err
}

// await notes a request that will be answered.
func (c *conn) await(h requestHeader) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.awaiting = append(c.awaiting, h)
}

// answered returns the request of an answer. Older ones have none: producers may ask for no answer
// (acks=0).
func (c *conn) answered(correlation int32) (requestHeader, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, h := range c.awaiting {
		if h.correlation == correlation {
			c.awaiting = append(c.awaiting[:0], c.awaiting[i+1:]...)
			return h, true
		}
	}
	return requestHeader{}, false
}

// Write sends one answer, mended.
func (c *conn) Write(p []byte) (int, error) {
	if mended := c.mend(p); mended != nil {
		if _, err := c.Conn.Write(mended); err != nil {
			return 0, err
		}
		return len(p), nil
	}
	return c.Conn.Write(p)
}

// mend returns the changed form of an answer; nil is no change.
func (c *conn) mend(frame []byte) []byte {
	if len(frame) < answerHead {
		return nil
	}
	h, ok := c.answered(int32(binary.BigEndian.Uint32(frame[4:])))
	mends := c.mends[h.key]
	if !ok || len(mends) == 0 {
		return nil
	}
	resp, ok := h.decode(frame)
	if !ok {
		return nil
	}
	changed := false
	for _, mend := range mends {
		changed = mend(resp) || changed
	}
	if !changed {
		return nil
	}
	return h.encode(resp)
}

// answerHead is the length of the size and the correlation id in front of an answer.
const answerHead = 8

// requestHeader is the part of a request's header that its answer depends on.
type requestHeader struct {
	key, version int16
	correlation  int32
}

// tagged reports whether an answer's header ends with tagged fields. That of ApiVersions never does:
// the client does not yet know which versions the broker has (KIP-511).
func (h requestHeader) tagged(resp kmsg.Response) bool {
	return resp.IsFlexible() && h.key != int16(kmsg.ApiVersions)
}

// decode reads an answer. It is not ok for one in another version than the request's: that of
// ApiVersions to a version which the broker does not have.
func (h requestHeader) decode(frame []byte) (kmsg.Response, bool) {
	resp := kmsg.ResponseForKey(h.key)
	resp.SetVersion(h.version)
	body := frame[answerHead:]
	if h.tagged(resp) {
		if len(body) == 0 || body[0] != 0 { // kfake writes no tagged fields there
			return nil, false
		}
		body = body[1:]
	}
	return resp, resp.ReadFrom(body) == nil
}

// encode writes an answer with its header.
func (h requestHeader) encode(resp kmsg.Response) []byte {
	frame := make([]byte, answerHead, 512)
	binary.BigEndian.PutUint32(frame[4:], uint32(h.correlation))
	if h.tagged(resp) {
		frame = append(frame, 0)
	}
	frame = resp.AppendTo(frame)
	binary.BigEndian.PutUint32(frame, uint32(len(frame)-4))
	return frame
}
