package clitest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"runtime"
	"strconv"
	"syscall"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Each talks on every connection, and hangs up after it.
func Each(l net.Listener, talk func(net.Conn)) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			talk(conn)
			_ = conn.Close()
		}()
	}
}

// RefusingPort is a port of 127.0.0.1 that refuses connections and that nobody else
// is given until it is released: bound, but not listened on.
func RefusingPort() (port int, release func(), err error) {
	return bindPort([4]byte{127, 0, 0, 1})
}

// RefusingAddr is an address, host:port, that refuses connections until it is released. On Linux its host
// is 127.0.0.2: a Kafka that somebody runs on a usual port of 127.0.0.1 would be advised instead.
func RefusingAddr() (addr string, release func(), err error) {
	host := [4]byte{127, 0, 0, 1}
	if runtime.GOOS == "linux" { // where all of 127.0.0.0/8 is there
		host[3] = 2
	}
	port, release, err := bindPort(host)
	return net.JoinHostPort(net.IP(host[:]).String(), strconv.Itoa(port)), release, err
}

func bindPort(host [4]byte) (port int, release func(), err error) {
	syscall.ForkLock.RLock() // a program started meanwhile would keep the port
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err == nil {
		syscall.CloseOnExec(fd)
	}
	syscall.ForkLock.RUnlock()
	if err != nil {
		return 0, nil, fmt.Errorf("make a socket: %w", err)
	}
	release = func() { _ = syscall.Close(fd) }
	if err := syscall.Bind(fd, &syscall.SockaddrInet4{Addr: host}); err != nil {
		release()
		return 0, nil, fmt.Errorf("bind a socket: %w", err)
	}
	name, err := syscall.Getsockname(fd)
	bound, ok := name.(*syscall.SockaddrInet4)
	if err != nil || !ok {
		release()
		return 0, nil, errors.Join(errors.New("no name for the socket"), err)
	}
	return bound.Port, release, nil
}

// PassOn hands a connection's bytes to the server at backend, and its answers back.
func PassOn(backend string) func(net.Conn) {
	return func(conn net.Conn) {
		behind, err := new(net.Dialer).DialContext(context.Background(), "tcp", backend)
		if err != nil {
			return
		}
		defer behind.Close()
		go func() { _, _ = io.Copy(behind, conn) }()
		_, _ = io.Copy(conn, behind)
	}
}

// SaidMetadata is the answer of a Kafka whose one topic is as said.
func SaidMetadata(req kmsg.Request, addrs []string, said kmsg.MetadataResponseTopic) kmsg.Response {
	resp := kmsg.NewPtrMetadataResponse()
	resp.Version, resp.ClusterID, resp.ControllerID = req.GetVersion(), kmsg.StringPtr("kfake"), int32(len(addrs)-1) // the last one is
	for id, addr := range addrs {
		host, port, _ := net.SplitHostPort(addr)
		number, _ := strconv.Atoi(port)
		b := kmsg.NewMetadataResponseBroker()
		b.NodeID, b.Host, b.Port = int32(id), host, int32(number)
		resp.Brokers = append(resp.Brokers, b)
	}
	asked, ok := req.(*kmsg.MetadataRequest)
	if !ok {
		return resp
	}
	if asked.Topics == nil {
		resp.Topics = append(resp.Topics, said)
	}
	for _, one := range asked.Topics {
		answer := said
		if said.Topic == nil || *one.Topic != *said.Topic {
			answer = kmsg.MetadataResponseTopic{Topic: one.Topic, ErrorCode: kerr.UnknownTopicOrPartition.Code}
		}
		resp.Topics = append(resp.Topics, answer)
	}
	return resp
}
