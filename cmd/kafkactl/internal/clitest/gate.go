package clitest

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"sync"
	"testing"

	"github.com/twmb/franz-go/pkg/kbin"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Gate is a port before each broker of a cluster, where clients are told to come: kafkatest.Listener.Advertise is its
// Advertise.
type Gate struct {
	tb    testing.TB
	addrs []string
	mu    sync.Mutex
	watch func(req kmsg.Request, answered bool) bool
}

// NewGate returns a gate that ends with tb.
func NewGate(tb testing.TB) *Gate {
	g := &Gate{tb: tb}
	g.Watch(nil)
	return g
}

// Watch has watch called, one call at a time, with each request before the broker has it, and again when it is answered,
// before the client has the answer. What watch returns false for goes no further, nor does its connection.
func (g *Gate) Watch(watch func(req kmsg.Request, answered bool) bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.watch = watch
}

func (g *Gate) passes(req kmsg.Request, answered bool) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.watch == nil || g.watch(req, answered)
}

// Addrs returns where to come, a broker each.
func (g *Gate) Addrs() []string { return g.addrs }

// Advertise opens the port before a broker that listens at port.
func (g *Gate) Advertise(_, port int) string {
	l, err := new(net.ListenConfig).Listen(g.tb.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		g.tb.Fatal(err)
	}
	g.tb.Cleanup(func() { _ = l.Close() })
	backend := (&net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port}).String()
	go Each(l, func(conn net.Conn) { g.pass(conn, backend) })
	g.addrs = append(g.addrs, l.Addr().String())
	return l.Addr().String()
}

// pass hands requests to the broker and answers back, one after the other.
func (g *Gate) pass(conn net.Conn, backend string) {
	broker, err := new(net.Dialer).DialContext(context.Background(), "tcp", backend)
	if err != nil {
		return
	}
	defer broker.Close()
	for {
		bytes, err := frame(conn)
		if err != nil {
			return
		}
		req, err := request(bytes[4:])
		if err != nil || !g.passes(req, false) {
			return
		}
		if _, err := broker.Write(bytes); err != nil {
			return
		}
		if bytes, err = frame(broker); err != nil || !g.passes(req, true) {
			return
		}
		if _, err := conn.Write(bytes); err != nil {
			return
		}
	}
}

// request decodes a request behind its header: key, version, correlation id, the client's id, and tags where the request
// has a flexible version (KIP-482).
func request(bytes []byte) (kmsg.Request, error) {
	r := kbin.Reader{Src: bytes}
	req := kmsg.RequestForKey(r.Int16())
	version := r.Int16()
	r.Int32()
	r.NullableString()
	if err := r.Complete(); err != nil || req == nil {
		return nil, fmt.Errorf("unknown request: %w", err)
	}
	req.SetVersion(version)
	if req.IsFlexible() {
		kmsg.SkipTags(&r)
	}
	return req, req.ReadFrom(r.Src)
}

// frame reads what begins with its length, and returns both.
func frame(from io.Reader) ([]byte, error) {
	whole := make([]byte, 4)
	if _, err := io.ReadFull(from, whole); err != nil {
		return nil, err
	}
	whole = append(whole, make([]byte, binary.BigEndian.Uint32(whole))...)
	_, err := io.ReadFull(from, whole[4:])
	return whole, err
}
