package zookeeper_test

import (
	"errors"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kafkactl/internal/kafkatest"
	"kafkactl/internal/zookeeper"
)

// dial returns the client's end of a connection whose other end is script's.
func dial(t *testing.T, script func(net.Conn)) net.Conn {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		script(conn)
	}()
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// open returns a session at z, and a channel with how its client ended it.
func open(t *testing.T, z kafkatest.FakeZooKeeper) (*zookeeper.Session, net.Conn, <-chan string) {
	t.Helper()
	ends := make(chan string, 1)
	conn := dial(t, func(conn net.Conn) {
		if begun, ended := z.Serve(conn); begun && ended {
			ends <- "closed"
		} else {
			ends <- "left to time out"
		}
	})
	s, err := zookeeper.Open(conn, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	return s, conn, ends
}

func wantEnd(t *testing.T, want string, ends <-chan string) {
	t.Helper()
	if got := <-ends; got != want {
		t.Errorf("the session was %s, want %s", got, want)
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestSession(t *testing.T) {
	t.Parallel()
	s, _, ends := open(t, kafkatest.FakeZooKeeper{
		Znodes: map[string]string{"/a": "one", "/a/b": "", "/a/c/d": "", "/ab": "not below /a"},
		Errors: map[string]zookeeper.Code{"/secret": zookeeper.NoAuth, "/odd": -8},
	})
	type read struct {
		Data, Error string
		Children    []string
		Names       string // the error of reading them
	}
	for _, test := range []struct {
		path string
		want read
	}{
		{"/a", read{Data: "one", Children: []string{"b", "c"}}},
		{"/a/c", read{Children: []string{"d"}}},
		{"/none", read{Error: "/none: NoNode", Names: "/none: NoNode"}},
		{"/secret", read{Error: "/secret: NoAuth", Names: "/secret: NoAuth"}},
		{"/odd", read{Error: "/odd: error -8", Names: "/odd: error -8"}},
	} {
		data, err := s.Data(test.path)
		children, names := s.Children(test.path)
		if diff := cmp.Diff(test.want, read{string(data), text(err), children, text(names)}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.path, diff)
		}
	}
	s.Close(0)
	wantEnd(t, "closed", ends)
}

// A server that no longer takes sessions answers with a time of zero, and one that is none answers
// with anything.
func TestOpenRefused(t *testing.T) {
	t.Parallel()
	grant := func(timeout time.Duration) string {
		var text strings.Builder
		if err := zookeeper.WriteGrant(&text, timeout); err != nil {
			t.Fatal(err)
		}
		return text.String()
	}
	for _, test := range []struct{ name, script, want string }{
		{"expired", grant(0), "SessionExpired"},
		{"another server", "HTTP/1.1 400 Bad Request\r\n", "answers, but not as ZooKeeper does"},
		{"cut", grant(4 * time.Second)[:20], "unexpected EOF"},
		{"too short", "\x00\x00\x00\x05short", "answers, but not as ZooKeeper does"},
		{"nothing", "", "EOF"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			conn := dial(t, func(conn net.Conn) {
				_, _ = zookeeper.ReadHello(conn)
				_, _ = conn.Write([]byte(test.script))
			})
			_, err := zookeeper.Open(conn, time.Second)
			if diff := cmp.Diff(test.want, text(err)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A session ends as it should also when the caller's time is over: one that does not stays in the
// server for seconds.
func TestCloseAfterTheDeadline(t *testing.T) {
	t.Parallel()
	s, conn, ends := open(t, kafkatest.FakeZooKeeper{})
	if err := conn.SetDeadline(time.Unix(1, 0)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Data("/"); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("read after the deadline: %v", err)
	}
	s.Close(0)
	wantEnd(t, "closed", ends)
}

// A session that was asked for and not waited for is ended too: the server gives it once it comes
// to the request.
func TestCloseUngranted(t *testing.T) {
	t.Parallel()
	ends := make(chan string, 1)
	asked := make(chan struct{})
	conn := dial(t, func(conn net.Conn) {
		if _, err := zookeeper.ReadHello(conn); err != nil {
			ends <- "not asked for"
			return
		}
		close(asked)
		if q, err := zookeeper.ReadRequest(conn); err != nil || q.Op != zookeeper.CloseSession {
			ends <- "left to time out"
			return
		}
		ends <- "closed"
	})
	go func() {
		<-asked
		_ = conn.SetDeadline(time.Unix(1, 0))
	}()
	if _, err := zookeeper.Open(conn, time.Second); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("Open: %v", err)
	}
	wantEnd(t, "closed", ends)
}
