package health

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kafkactl/internal/kafkatest"
)

// sessions is a scripted ZooKeeper, and a channel that tells of each session whether its client ended it.
func sessions(t *testing.T, z kafkatest.FakeZooKeeper) (addr string, ended <-chan bool) {
	t.Helper()
	ends := make(chan bool, 100)
	return serve(t, func(conn net.Conn) {
		if begun, ended := z.Serve(conn); begun {
			ends <- ended
		}
	}), ends
}

func zooKeeper(t *testing.T, z kafkatest.FakeZooKeeper) string {
	t.Helper()
	addr, _ := sessions(t, z)
	return addr
}

func dialled(t *testing.T, addr string) net.Conn {
	t.Helper()
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

func TestZooSession(t *testing.T) {
	t.Parallel()
	addr, ended := sessions(t, kafkatest.FakeZooKeeper{
		Znodes: map[string]string{"/a": "one", "/a/b": "", "/a/c/d": "", "/ab": "not below /a"},
		Errors: map[string]int32{"/secret": codeNoAuth, "/odd": -8},
	})
	s, err := openSession(dialled(t, addr), time.Second)
	if err != nil {
		t.Fatal(err)
	}
	if data, err := s.get("/a"); string(data) != "one" || err != nil {
		t.Errorf("get /a: %q, %v", data, err)
	}
	names, err := s.children("/a")
	if diff := cmp.Diff([]string{"b", "c"}, names); diff != "" || err != nil {
		t.Errorf("children of /a: %v\n%s", err, diff)
	}
	for path, want := range map[string]string{"/none": "/none: NoNode", "/secret": "/secret: NoAuth", "/odd": "/odd: error -8"} {
		if _, err := s.get(path); err == nil || err.Error() != want || !is[znodeError](err) {
			t.Errorf("get: %v, want %s", err, want)
		}
	}
	s.close(0)
	if !<-ended {
		t.Error("the session was left to time out")
	}
}

// A server that no longer takes sessions answers with a time of zero, and one that is none answers with anything.
func TestZooSessionRefused(t *testing.T) {
	t.Parallel()
	grant := func(milliseconds uint32) string {
		head := binary.BigEndian.AppendUint32(nil, 0)
		return string(appendJute(nil, append(binary.BigEndian.AppendUint32(head, milliseconds), make([]byte, 8+4+16)...)))
	}
	for _, test := range []struct{ name, script, want string }{
		{"expired", grant(0), "SessionExpired"},
		{"another server", "HTTP/1.1 400 Bad Request\r\n", errNotZooKeeper.Error()},
		{"cut", grant(4000)[:20], io.ErrUnexpectedEOF.Error()},
		{"too short", string(appendJute(nil, []byte("short"))), errNotZooKeeper.Error()},
		{"nothing", "", io.EOF.Error()},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := openSession(dialled(t, serve(t, says(test.script))), time.Second)
			if err == nil || err.Error() != test.want {
				t.Errorf("openSession: %v, want %s", err, test.want)
			}
		})
	}
}

// A session ends as it should also when the context has: one that does not stays in the server for seconds.
func TestSessionIsClosedAfterTheDeadline(t *testing.T) {
	t.Parallel()
	addr, ended := sessions(t, kafkatest.FakeZooKeeper{})
	ctx, cancel := context.WithCancel(t.Context())
	conn := dialled(t, addr)
	release := hangUp(ctx, conn)
	s, err := openSession(conn, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	for err = nil; err == nil || is[znodeError](err); {
		_, err = s.get("/")
	}
	if !timedOut(err) {
		t.Errorf("get after the context ended: %v", err)
	}
	release()
	s.close(0)
	if !<-ended {
		t.Error("the session was left to time out")
	}
}

// A session that was asked for and not waited for is ended too: the server gives it once it comes to the request.
func TestSessionIsClosedUngranted(t *testing.T) {
	t.Parallel()
	ended := make(chan bool, 1)
	addr := serve(t, func(conn net.Conn) {
		if _, err := readPacket(conn); err != nil {
			return
		}
		packet, err := readPacket(conn)
		ended <- err == nil && len(packet) == 8 && int32(binary.BigEndian.Uint32(packet[4:])) == opCloseSession
	})
	ctx, cancel := context.WithCancel(t.Context())
	conn := dialled(t, addr)
	defer hangUp(ctx, conn)()
	time.AfterFunc(20*time.Millisecond, cancel)
	if _, err := openSession(conn, time.Second); !timedOut(err) {
		t.Errorf("openSession: %v", err)
	}
	if !<-ended {
		t.Error("the session was left to time out")
	}
}

// Whatever answers in ZooKeeper's place neither panics nor makes more of its bytes than there are.
func FuzzZooKeeperReply(f *testing.F) {
	reply := append(binary.BigEndian.AppendUint32(nil, 1), make([]byte, 12)...)
	f.Add(appendJute(nil, append(slices.Clone(reply), appendJute(nil, []byte("data"))...)))
	f.Add(appendJute(nil, append(slices.Clone(reply), 0, 0, 0, 1, 0, 0, 0, 1, 'a')))
	f.Add(appendJute(nil, append(slices.Clone(reply), 0x7f, 0xff, 0xff, 0xff)))
	f.Add([]byte("HTTP/1.1 400 Bad Request\r\n"))
	f.Add([]byte{0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, sent []byte) {
		packet, err := readPacket(bytes.NewReader(sent))
		if err != nil {
			return
		}
		if len(packet) > len(sent)-4 {
			t.Fatalf("%d bytes of %d", len(packet), len(sent))
		}
		if _, err := readGrant(packet); err != nil && !errors.Is(err, errNotZooKeeper) {
			t.Errorf("grant: %v", err)
		}
		j, err := readReply(packet, 1, "/path")
		if err != nil {
			if !errors.Is(err, errNotZooKeeper) && !is[znodeError](err) {
				t.Errorf("reply: %v", err)
			}
			return
		}
		data, names := *j, *j
		if got := data.buffer(); len(got) > len(packet) {
			t.Errorf("%d bytes of data in %d", len(got), len(packet))
		}
		if got := names.strings(); 4*len(got) > len(packet) {
			t.Errorf("%d names in %d bytes", len(got), len(packet))
		}
	})
}

// Lengths are the server's: null is empty, and what cannot be is refused before it is taken.
func TestJuteBuffer(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		length uint32
		want   string
		err    error
	}{
		{"whole", 3, "abc", nil},
		{"part", 2, "ab", nil},
		{"empty", 0, "", nil},
		{"null", 0xffffffff, "", nil},
		{"negative", 0xfffffffe, "", errNotZooKeeper},
		{"beyond its end", 4, "", errNotZooKeeper},
	} {
		j := jute{rest: append(binary.BigEndian.AppendUint32(nil, test.length), "abc"...)}
		if got := j.buffer(); string(got) != test.want || !errors.Is(j.err, test.err) {
			t.Errorf("%s: %q, %v", test.name, got, j.err)
		}
	}
}

// An answer is the one to the request that was made, and whole.
func TestReadReply(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		packet []byte
		want   error
	}{
		{"the answer", numbers(7, 0, 0, 0), nil},
		{"to another request", numbers(6, 0, 0, 0), errNotZooKeeper},
		{"refused", numbers(7, 0, 0, 0xffffff9b), znodeError{"/a", codeNoNode}},
		{"cut", numbers(7, 0, 0), errNotZooKeeper},
	} {
		if _, err := readReply(test.packet, 7, "/a"); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", test.name, err, test.want)
		}
	}
}
