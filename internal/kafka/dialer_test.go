package kafka

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// failing returns a dialer that fails with err.
func failing(err error) func(context.Context, string, string) (net.Conn, error) {
	return func(context.Context, string, string) (net.Conn, error) { return nil, err }
}

func dialled(cause error) error {
	return &net.OpError{Op: "dial", Net: "tcp", Addr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 9092}, Err: cause}
}

func called(name string, errno syscall.Errno) error { return os.NewSyscallError(name, errno) }

// What a dial shows is said in our words, and kgo decides by the same errors as before whether to try
// again.
func TestInOwnWords(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		cause error
		want  string
	}{
		{"refused", dialled(called("connect", syscall.ECONNREFUSED)), "k:1: connection refused"},
		{"no route", dialled(called("connect", syscall.EHOSTUNREACH)), "k:1: no route to host"},
		{"late", dialled(context.DeadlineExceeded), "k:1: no answer"},
		{"late, by the system", dialled(called("connect", syscall.ETIMEDOUT)), "k:1: no answer"},
		{"no name", dialled(&net.DNSError{Err: "no such host", Name: "k", Server: "10.0.0.1:53", IsNotFound: true}), "k:1: no such host"},
		{"no DNS", dialled(&net.DNSError{Err: "read udp 10.0.0.2:43210->10.0.0.1:53: i/o timeout", Name: "k", Server: "10.0.0.1:53", IsTimeout: true}), "k:1: name not resolved: DNS does not answer"},
		{"ill DNS", dialled(&net.DNSError{Err: "server misbehaving", Name: "k", Server: "10.0.0.1:53"}), "k:1: name not resolved: server misbehaving"},
		{"something else", errors.New("no proxy"), "k:1: no proxy"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := InOwnWords(failing(test.cause))(t.Context(), "tcp", "k:1")
			if diff := cmp.Diff(test.want, err.Error()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if !errors.Is(err, test.cause) || kgo.IsRetryableBrokerErr(err) != kgo.IsRetryableBrokerErr(test.cause) || TimedOut(err) != TimedOut(test.cause) {
				t.Errorf("%v is judged otherwise than %v", err, test.cause)
			}
		})
	}
}

// A connection that breaks later is said in our words too; its end is io.EOF itself.
func TestConnectionInOwnWords(t *testing.T) {
	t.Parallel()
	here, there := net.Pipe()
	conn, err := InOwnWords(func(context.Context, string, string) (net.Conn, error) { return here, nil })(t.Context(), "tcp", "k:1")
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.SetDeadline(time.Now())
	if _, err = conn.Read(make([]byte, 1)); err == nil || err.Error() != "k:1: no answer" || !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("a read that is late: %v", err)
	}
	_ = conn.SetDeadline(time.Time{})
	_ = there.Close()
	if _, err = conn.Read(make([]byte, 1)); err != io.EOF { //nolint:errorlint // readers compare so
		t.Errorf("a read at the end: %v", err)
	}
}

// Every way to ask a broker that refuses says no more than that.
func TestRequestsInOwnWords(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0") // nothing listens there once it is closed
	if err != nil {
		t.Fatal(err)
	}
	addr := listener.Addr().String()
	_ = listener.Close()
	client, err := Dial(t.Context(), Config{Brokers: []string{addr}})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	const refused = ": connection refused"
	once := ctxRequestor{client.Kgo.SeedBrokers()[0]}
	_, err = client.Metadata(t.Context(), once, nil)
	if want := "ask metadata: " + addr + refused; err == nil || err.Error() != want {
		t.Errorf("%v\nwant %s", err, want)
	}
	_, err = client.Adm.ListBrokers(t.Context())
	if err == nil || !strings.Contains(err.Error(), addr+refused) || strings.Contains(err.Error(), "dial tcp") {
		t.Errorf("kadm: %v", err)
	}
	answers := AskEach(t.Context(), []Broker{{ID: 7, Name: "broker 7 (" + addr + ")"}}, func(ctx context.Context, _ int32) (*kmsg.MetadataResponse, error) {
		return client.Metadata(ctx, once, nil)
	})
	if diff := cmp.Diff("broker 7 ("+addr+"): ask metadata"+refused, answers[0].Reason()); diff != "" {
		t.Errorf("reason (-want +got):\n%s", diff)
	}
}

// What this process may not do is no fault of the network.
func TestLocalFault(t *testing.T) {
	t.Parallel()
	lookup := func(text string) error { return &net.DNSError{Err: text, Name: "kafka"} }
	for _, test := range []struct {
		name  string
		err   error
		errno syscall.Errno // 0: it is none
		stays bool
	}{
		{"none", nil, 0, false},
		{"refused", dialled(called("connect", syscall.ECONNREFUSED)), 0, false},
		{"no such host", lookup("no such host"), 0, false},
		{"files of this process", dialled(called("socket", syscall.EMFILE)), syscall.EMFILE, true},
		{"files of this machine", dialled(called("socket", syscall.ENFILE)), syscall.ENFILE, true},
		{"while looking up", lookup("dial udp 10.0.0.1:53: socket: too many open files"), syscall.EMFILE, true},
		{"a file", &os.PathError{Op: "open", Path: "topics.yaml", Err: syscall.EMFILE}, syscall.EMFILE, true},
		{"wrapped", fmt.Errorf("ask: %w", &LocalFaultError{syscall.ENFILE}), syscall.ENFILE, true},
		{"forbidden to connect", dialled(called("connect", syscall.EPERM)), syscall.EPERM, true},
		{"a file that may not be read", &os.PathError{Op: "open", Path: "topics.yaml", Err: syscall.EACCES}, 0, false},
		{"no IPv6", dialled(called("socket", syscall.EAFNOSUPPORT)), syscall.EAFNOSUPPORT, true},
		{"no port", dialled(called("connect", syscall.EADDRNOTAVAIL)), syscall.EADDRNOTAVAIL, false},
		{"no memory", dialled(called("socket", syscall.ENOBUFS)), syscall.ENOBUFS, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			local := LocalFault(test.err)
			switch {
			case (local == nil) != (test.errno == 0):
				t.Fatalf("%v is %v", test.err, local)
			case local == nil:
				return
			case local.Errno != test.errno || !errors.Is(local, test.errno) || local.Hint() == "":
				t.Errorf("%v is %+v, hint %q", test.err, local, local.Hint())
			}
			if stays := OwnFault(test.err) != nil; stays != test.stays {
				t.Errorf("stays %t, want %t", stays, test.stays)
			}
		})
	}
}

// kgo tries again where the operating system says that a fault is temporary, as it does of too many
// open files: a request waited for all of its time.
func TestOwnFaultIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	tries := 0
	client, err := Dial(t.Context(), Config{Brokers: []string{"k:1"}}, kgo.Dialer(InOwnWords(func(context.Context, string, string) (net.Conn, error) {
		tries++
		return nil, dialled(called("socket", syscall.EMFILE))
	})))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	_, err = client.Metadata(t.Context(), client.Any, nil)
	if want := "ask metadata: too many open files: this process may not open more"; err == nil || err.Error() != want || tries > 1 {
		t.Errorf("%d tries: %v\nwant %s", tries, err, want)
	}
}
