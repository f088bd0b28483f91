package embedded

import (
	"encoding/binary"
	"net"
	"testing"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// UpstreamDefects returns the names of the faults of kfake that are mended here.
func UpstreamDefects() []string {
	var names []string
	for _, d := range upstreamDefects() {
		names = append(names, d.name)
	}
	return names
}

// TellEndpoint tells one address for all brokers of an answer.
func TellEndpoint(resp kmsg.Response, e Endpoint) (changed bool) {
	mends := tellEndpoints(func(int32) (Endpoint, bool) { return e, true })
	for _, mend := range mends[resp.Key()] {
		changed = mend(resp) || changed
	}
	return changed
}

// ListenHost returns the address that is listened on for an advertised host.
func ListenHost(host string) string { return listenHost(host) }

// PassThrough returns a function that reads a request of a key on loopback and writes its answer; the
// test fails if the client gets another slice than what is written.
func PassThrough(t *testing.T, key kmsg.Key) func() {
	t.Helper()
	request := make([]byte, 4096)
	binary.BigEndian.PutUint32(request, uint32(len(request)-4))
	binary.BigEndian.PutUint16(request[4:], uint16(key))
	answer := make([]byte, 1<<20)
	client := &sliceConn{sent: request}
	c := newConn(client, mendAnswers(upstreamDefects()), func(string, kmsg.Request) {})
	body := make([]byte, len(request))
	return func() {
		for _, part := range [][]byte{body[:4], body[4:]} {
			if _, err := c.Read(part); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := c.Write(answer); err != nil || &client.got[0] != &answer[0] {
			t.Fatal("written as a copy", err)
		}
	}
}

// sliceConn is a connection whose client sends the same request again and again.
type sliceConn struct {
	net.Conn
	sent []byte
	at   int
	got  []byte
}

func (c *sliceConn) Read(p []byte) (int, error) {
	n := copy(p, c.sent[c.at:])
	c.at = (c.at + n) % len(c.sent)
	return n, nil
}

func (c *sliceConn) Write(p []byte) (int, error) {
	c.got = p
	return len(p), nil
}
