package stack

import (
	"bytes"
	"fmt"
	"net"
	"testing"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/internal/embedded"
)

// The port that is said to be taken is the one that is, also where it is that of a later broker.
func TestTakenPort(t *testing.T) {
	t.Parallel()
	first, second := neighbours(t)
	_ = first.Close()
	defer second.Close()
	taken := second.Addr().(*net.TCPAddr).Port
	var said bytes.Buffer
	o := devOptions{app: &cli.App{Streams: cli.Streams{Err: &said}, Color: "never"}, command: []string{"true"}}
	cluster, err := o.start(t.Context(), embedded.Config{Port: taken - 1, Brokers: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer cluster.Close()
	want := fmt.Sprintf("port %d is taken: the embedded Kafka is on %s,%s\n", taken, cluster.Addrs()[0], cluster.Addrs()[1])
	if said.String() != want {
		t.Errorf("said %q, want %q", said.String(), want)
	}
}

// neighbours returns listeners on two ports that follow each other.
func neighbours(t *testing.T) (first, second net.Listener) {
	t.Helper()
	listen := func(port int) (net.Listener, error) {
		return new(net.ListenConfig).Listen(t.Context(), "tcp", fmt.Sprintf("127.0.0.1:%d", port))
	}
	for range 100 {
		first, err := listen(0)
		if err != nil {
			t.Fatal(err)
		}
		if second, err = listen(first.Addr().(*net.TCPAddr).Port + 1); err == nil {
			return first, second
		}
		_ = first.Close()
	}
	t.Fatal("no two free ports")
	return nil, nil
}
