package kafkatest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
)

// Ports are taken from below the ephemeral range of Linux (32768-60999), where no outgoing
// connection can sit on one. Test processes run side by side, and a broker listens on its ports
// seconds after it was given them: so each process claims whole blocks, and nobody else is given a
// port of them.
const (
	firstPort  = 15000
	blockPorts = 100
	blocks     = 169
)

// portSet gives out ports, no port twice.
type portSet struct {
	mu     sync.Mutex
	free   []int          // of the claimed blocks, not given out yet
	claims []net.Listener // one a claimed block, open until the process ends
}

// take returns n distinct ports of blocks that this process alone gives out, on which nobody
// listens.
func (s *portSet) take(n int) ([]int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var ports []int
	for len(ports) < n {
		if len(s.free) == 0 {
			if err := s.claim(); err != nil {
				return nil, err
			}
		}
		port := s.free[0]
		s.free = s.free[1:]
		if portFree(port) == nil { // else something that is no test listens there
			ports = append(ports, port)
		}
	}
	return ports, nil
}

// claim adds a block. Its first port is the claim: whoever listens there owns the block.
func (s *portSet) claim() error {
	for _, block := range rand.Perm(blocks) {
		first := firstPort + block*blockPorts
		claim, err := listen(first)
		if err != nil {
			continue
		}
		s.claims = append(s.claims, claim)
		for port := first + 1; port < first+blockPorts; port++ {
			s.free = append(s.free, port)
		}
		return nil
	}
	return errors.New("find free ports on 127.0.0.1: every block is claimed")
}

// portFree returns nil when 127.0.0.1:port can be listened on now.
func portFree(port int) error {
	l, err := listen(port)
	if err != nil {
		return fmt.Errorf("port %d is taken: %w", port, err)
	}
	return l.Close()
}

func listen(port int) (*net.TCPListener, error) {
	return net.ListenTCP("tcp4", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port})
}

func address(port int) string { return fmt.Sprintf("127.0.0.1:%d", port) }
