package embedded

import (
	"encoding/binary"
	"net"

	"github.com/twmb/franz-go/pkg/kbin"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// requestFunc is called for a request that names topics, with the client id in its header.
type requestFunc func(client string, req kmsg.Request)

// followedListener follows the requests of its connections. kfake shows requests too, but not who
// sent them.
type followedListener struct {
	net.Listener
	found requestFunc
}

// Accept returns the next connection.
func (l followedListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &followedConn{Conn: conn, requests: requestFollower{found: l.found}}, nil
}

// followedConn follows the requests that kfake reads from it.
type followedConn struct {
	net.Conn
	requests requestFollower
}

// Read reads what the client sends.
func (c *followedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.requests.follow(p[:n])
	return n, err
}

const (
	requestHead = 4 + 2   // the size of a request and its key
	shortest    = 4 + 8   // with version and correlation id
	mostKept    = 1 << 20 // of a request: longer ones name more topics than anybody would read about
)

// requestFollower follows the requests in a stream of bytes, however the stream is cut. It keeps
// those that name topics until they are complete; others it passes over.
type requestFollower struct {
	found requestFunc
	kept  []byte // the present request as far as it is there, with its size in front
	skip  int    // bytes of a request that is passed over
	lost  bool   // the stream is not what Kafka's clients send
}

// follow takes the next bytes.
func (f *requestFollower) follow(p []byte) {
	for len(p) > 0 && !f.lost {
		if f.skip > 0 {
			n := min(f.skip, len(p))
			f.skip -= n
			p = p[n:]
			continue
		}
		n := min(f.length()-len(f.kept), len(p))
		f.kept = append(f.kept, p[:n]...)
		p = p[n:]
		if len(f.kept) == requestHead {
			f.choose()
		} else if len(f.kept) == f.length() {
			f.parse()
			f.kept = nil
		}
	}
}

// length is how many bytes are kept next: the head, then the whole request.
func (f *requestFollower) length() int {
	if len(f.kept) < requestHead {
		return requestHead
	}
	return 4 + int(int32(binary.BigEndian.Uint32(f.kept)))
}

// choose decides by its head whether a request is kept.
func (f *requestFollower) choose() {
	length := f.length()
	switch {
	case length < shortest:
		f.lost, f.kept = true, nil
	case length > mostKept || !namesTopics(int16(binary.BigEndian.Uint16(f.kept[4:]))):
		f.skip, f.kept = length-requestHead, f.kept[:0]
	}
}

// parse hands on the kept request. What cannot be read is for kfake to refuse.
func (f *requestFollower) parse() {
	reader := kbin.Reader{Src: f.kept[4:]}
	req := kmsg.RequestForKey(reader.Int16())
	req.SetVersion(reader.Int16())
	reader.Int32() // correlation id
	client := reader.NullableString()
	if req.IsFlexible() {
		kmsg.SkipTags(&reader)
	}
	if !reader.Ok() || req.ReadFrom(reader.Src) != nil {
		return
	}
	if client == nil {
		client = new(string)
	}
	f.found(*client, req)
}
