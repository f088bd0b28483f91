package embedded_test

import (
	"encoding/binary"
	"io"
	"net"
	"testing"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/embedded"
)

// start starts an embedded Kafka for a test.
func start(t *testing.T, c embedded.Config) *embedded.Cluster {
	t.Helper()
	cluster, err := embedded.Start(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Close)
	return cluster
}

// startPlain starts kfake alone and returns the address of its broker.
func startPlain(t *testing.T) string {
	t.Helper()
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Close)
	return cluster.ListenAddrs()[0]
}

// client is a connection that sends requests in any version, whatever the broker advertises.
type client struct {
	t    *testing.T
	conn net.Conn
	next int32
}

func dial(t *testing.T, addr string) *client {
	t.Helper()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return &client{t: t, conn: conn}
}

// ask sends a request in a version and returns its answer; the error is one of the connection.
func ask[R kmsg.Response](c *client, version int16, req kmsg.Request) (R, error) {
	c.t.Helper()
	var none R
	req.SetVersion(version)
	c.next++
	if _, err := c.conn.Write(kmsg.NewRequestFormatter().AppendRequest(nil, req, c.next)); err != nil {
		return none, err
	}
	body, err := c.read()
	if err != nil {
		return none, err
	}
	resp := req.ResponseKind()
	if correlation := int32(binary.BigEndian.Uint32(body)); correlation != c.next {
		c.t.Fatalf("answer to request %d, want %d", correlation, c.next)
	}
	body = body[4:]
	if resp.IsFlexible() && resp.Key() != int16(kmsg.ApiVersions) {
		body = body[1:] // no tagged fields
	}
	if err := resp.ReadFrom(body); err != nil {
		c.t.Fatalf("read %T v%d: %v", resp, version, err)
	}
	return resp.(R), nil
}

// mustAsk is ask for a request that has an answer.
func mustAsk[R kmsg.Response](c *client, version int16, req kmsg.Request) R {
	c.t.Helper()
	resp, err := ask[R](c, version, req)
	if err != nil {
		c.t.Fatalf("ask %T v%d: %v", req, version, err)
	}
	return resp
}

// read reads an answer without its size.
func (c *client) read() ([]byte, error) {
	var size [4]byte
	if _, err := io.ReadFull(c.conn, size[:]); err != nil {
		return nil, err
	}
	body := make([]byte, binary.BigEndian.Uint32(size[:]))
	_, err := io.ReadFull(c.conn, body)
	return body, err
}
