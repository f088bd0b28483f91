package kafka

import (
	"context"
	"errors"
	"io"
	"net"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// ConnectionError is a connection that failed, in the words of [Symptom]. It is made where
// connections are dialled, read and written, so that every message that quotes it, and every part
// of a message, has them.
type ConnectionError struct {
	Addr  string // host:port as it was dialled
	Cause error  // Go's own
}

// Error returns "kafka2:9092: connection refused".
func (e *ConnectionError) Error() string { return e.Addr + ": " + Symptom(e.Cause) }

// Unwrap returns the cause: kgo decides by it whether to try again.
func (e *ConnectionError) Unwrap() error { return e.Cause }

// InOwnWords returns a dialer like dial whose errors, and those of its connections, are a
// [*ConnectionError], or a [*LocalFaultError] where this machine is at fault.
func InOwnWords(dial func(ctx context.Context, network, addr string) (net.Conn, error)) func(ctx context.Context, network, addr string) (net.Conn, error) {
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := dial(ctx, network, addr)
		if err != nil {
			return nil, connectionError(addr, err)
		}
		return wordedConn{conn, addr}, nil
	}
}

func connectionError(addr string, err error) error {
	if local := LocalFault(err); local != nil {
		return local
	}
	return &ConnectionError{addr, err}
}

// OnOwnFault returns the option for a client that calls stop once this process cannot connect: what is
// produced and consumed would else be tried again for as long as it may.
func OnOwnFault(stop func(error)) kgo.Opt { return kgo.WithHooks(faultHook{stop}) }

type faultHook struct{ stop func(error) }

// OnBrokerConnect is called by kgo after each dial.
func (h faultHook) OnBrokerConnect(_ kgo.BrokerMetadata, _ time.Duration, _ net.Conn, err error) {
	if own := OwnFault(err); own != nil {
		h.stop(own)
	}
}

// wordedConn is a connection with errors of [InOwnWords].
type wordedConn struct {
	net.Conn
	addr string
}

func (c wordedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	return n, c.worded(err)
}

func (c wordedConn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	return n, c.worded(err)
}

// worded leaves the ends of a connection as they are: readers compare with io.EOF.
func (c wordedConn) worded(err error) error {
	if err == nil || errors.Is(err, io.EOF) || errors.Is(err, net.ErrClosed) {
		return err
	}
	return connectionError(c.addr, err)
}
