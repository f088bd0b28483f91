package main

import (
	"fmt"
	"math/rand/v2"
	"net"

	"github.com/rogpeppe/go-internal/testscript"

	"kafkactl/cmd/kafkactl/internal/clitest"
)

// publish is "publish". Every address of 127.0.0.0/8 is this machine's on Linux: one
// that nobody else has stands for a host with a stack on it.
func publish(ts *testscript.TestScript, s *stage, _ []string) error {
	var (
		listener net.Listener
		err      error
	)
	for range 10 {
		host := fmt.Sprintf("127.%d.%d.%d", 1+rand.IntN(250), rand.IntN(250), 1+rand.IntN(250))
		if listener, err = net.Listen("tcp", host+":29092"); err == nil {
			ts.Setenv("PUBLISHED", host)
			break
		}
	}
	if err != nil {
		return err
	}
	ts.Defer(func() { _ = listener.Close() })
	go clitest.Each(listener, clitest.PassOn(s.kafka.ListenAddrs()[0]))
	return nil
}
