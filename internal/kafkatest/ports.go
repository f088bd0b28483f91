package kafkatest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
)

// Ports are taken from below the ephemeral range of Linux (32768-60999), where no outgoing
// connection can sit on one.
const (
	firstPort = 15000
	lastPort  = 31999
)

// portSet remembers the ports it gave out, so that no two clusters of one process get the same.
type portSet struct {
	mu    sync.Mutex
	given map[int]bool
}

// take returns n distinct ports that were free on 127.0.0.1 a moment ago. They are picked at random
// because other test processes pick at the same time; Launch checks them again.
func (s *portSet) take(n int) ([]int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.given == nil {
		s.given = map[int]bool{}
	}
	var ports []int
	for range 1000 {
		if len(ports) == n {
			return ports, nil
		}
		port := firstPort + rand.IntN(lastPort-firstPort+1)
		if s.given[port] || portFree(port) != nil {
			continue
		}
		s.given[port] = true
		ports = append(ports, port)
	}
	return nil, errors.New("find free ports on 127.0.0.1: 1000 tries were not enough")
}

// portFree is nil when 127.0.0.1:port can be listened on now.
func portFree(port int) error {
	l, err := net.ListenTCP("tcp4", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port})
	if err != nil {
		return fmt.Errorf("port %d is taken: %w", port, err)
	}
	return l.Close()
}

func address(port int) string { return fmt.Sprintf("127.0.0.1:%d", port) }
