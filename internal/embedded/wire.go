package embedded

import (
	"encoding/binary"
	"errors"
	"fmt"
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

func newConn(client net.Conn, mends answerMends) *conn {
	c := &conn{Conn: client, mends: mends}
	c.frame.found = c.await
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

// Bounds of a request's size, without the four bytes that say it: a header with an empty body, and
// the default of the broker setting socket.request.max.bytes.
const (
	minRequest = 8
	maxRequest = 100 << 20
)

// unknownKey is the name that kmsg gives to keys without a request. To ask for the request itself would
// make one each time.
const unknownKey = "Unknown"

// errRequestSize is the error for a size that no request has.
var errRequestSize = errors.New("not a request of Kafka's protocol: size out of bounds")

// frameReader follows the requests in a stream of bytes, however the stream is cut.
type frameReader struct {
	found func(requestHeader)

	head [4 + minRequest]byte // of the present request: size, key, version, correlation id
	have int                  // bytes of head that are there
	rest int                  // bytes of the present request behind its head
}

// follow takes the next bytes and calls found for each request whose head is complete. kfake would
// set memory aside for any size, and ends the process at a key that it does not know; a broker ends
// the connection, and so does the error.
func (r *frameReader) follow(p []byte) error {
	for len(p) > 0 {
		if r.rest > 0 {
			n := min(r.rest, len(p))
			r.rest -= n
			p = p[n:]
			continue
		}
		n := copy(r.head[r.have:], p)
		r.have += n
		p = p[n:]
		if err := r.check(); err != nil {
			return err
		}
		if r.have == len(r.head) {
			r.found(requestHeader{
				key:         int16(binary.BigEndian.Uint16(r.head[4:])),
				version:     int16(binary.BigEndian.Uint16(r.head[6:])),
				correlation: int32(binary.BigEndian.Uint32(r.head[8:])),
			})
			r.rest = r.size() - minRequest
			r.have = 0
		}
	}
	return nil
}

// size is that of the present request; its four bytes must be there.
func (r *frameReader) size() int { return int(int32(binary.BigEndian.Uint32(r.head[:]))) }

// check refuses what cannot be a request, as soon as the bytes say so.
func (r *frameReader) check() error {
	if r.have >= 4 && (r.size() < minRequest || r.size() > maxRequest) {
		return errRequestSize
	}
	if r.have == len(r.head) {
		if key := int16(binary.BigEndian.Uint16(r.head[4:])); kmsg.NameForKey(key) == unknownKey {
			return fmt.Errorf("unknown kind of request: %d", key)
		}
	}
	return nil
}
