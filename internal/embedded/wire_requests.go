package embedded

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kbin"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Bounds of a request's size, without the four bytes that say it: a header with an empty body, and
// the default of the broker setting socket.request.max.bytes.
const (
	minRequest = 8
	maxRequest = 100 << 20
	// maxKept is the size of the largest request that is kept: longer ones name more topics than
	// anybody would read about.
	maxKept = 1 << 20
)

// unknownKey is the name that kmsg gives to keys without a request. To ask for the request itself would
// make one each time.
const unknownKey = "Unknown"

// errRequestSize is the error for a size that no request has.
var errRequestSize = errors.New("not a request of Kafka's protocol: size out of bounds")

// errNoRequest is the error for bytes that are no request that this program knows.
var errNoRequest = errors.New("not a request of Kafka's protocol")

// requestFunc is called for a request that names topics, with the client id in its header, which kfake
// does not show.
type requestFunc func(client string, req kmsg.Request)

// frameReader follows the requests in a stream of bytes, however the stream is cut.
type frameReader struct {
	found func(requestHeader)
	asked requestFunc // nil: no request is kept

	head [4 + minRequest]byte // of the present request: size, key, version, correlation id
	have int                  // bytes of head that are there
	rest int                  // bytes of the present request behind its head
	kept []byte               // the present request without its size, where it is kept; else nil
}

// follow takes the next bytes, and calls found for each request whose head is complete. kfake would
// set memory aside for any size, and ends the process at a key that it does not know; a broker ends
// the connection, and so does the error.
func (r *frameReader) follow(p []byte) error {
	for len(p) > 0 {
		if r.rest > 0 {
			p = p[r.takeBody(p):]
			continue
		}
		n := copy(r.head[r.have:], p)
		r.have += n
		p = p[n:]
		if err := r.check(); err != nil {
			return err
		}
		if r.have == len(r.head) {
			r.begin()
		}
	}
	return nil
}

// begin is called for a complete head.
func (r *frameReader) begin() {
	h := requestHeader{
		key:         int16(binary.BigEndian.Uint16(r.head[4:])),
		version:     int16(binary.BigEndian.Uint16(r.head[6:])),
		correlation: int32(binary.BigEndian.Uint32(r.head[8:])),
	}
	r.found(h)
	r.rest, r.have = r.size()-minRequest, 0
	if r.asked != nil && namesTopics(h.key) && r.size() <= maxKept {
		r.kept = append(r.kept, r.head[4:]...)
	}
}

// takeBody takes what belongs to the present request, and returns how many bytes that is.
func (r *frameReader) takeBody(p []byte) int {
	n := min(r.rest, len(p))
	r.rest -= n
	if r.kept != nil {
		r.kept = append(r.kept, p[:n]...)
		if r.rest == 0 {
			r.ask()
			r.kept = nil
		}
	}
	return n
}

// ask hands on the kept request. What cannot be read is for kfake to refuse.
func (r *frameReader) ask() {
	if request, err := parseRequest(r.kept); err == nil {
		r.asked(request.client, request.body)
	}
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

// request is a request with its header.
type request struct {
	requestHeader
	client string // the client's id, "" for none
	body   kmsg.Request
}

// parseRequest reads a request without its size.
func parseRequest(text []byte) (request, error) {
	reader := kbin.Reader{Src: text}
	r := request{requestHeader: requestHeader{key: reader.Int16(), version: reader.Int16(), correlation: reader.Int32()}}
	client := reader.NullableString()
	if r.body = kmsg.RequestForKey(r.key); r.body == nil || !reader.Ok() {
		return r, errNoRequest
	}
	if client != nil {
		r.client = *client
	}
	if r.body.SetVersion(r.version); r.body.IsFlexible() {
		kmsg.SkipTags(&reader)
	}
	if !reader.Ok() || r.body.ReadFrom(reader.Src) != nil {
		return r, errNoRequest
	}
	return r, nil
}
