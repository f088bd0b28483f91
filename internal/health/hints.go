package health

import (
	"fmt"
	"net"
	"slices"
	"strings"

	"kafkactl/internal/kafka"
)

// hint is advice: what to change or run next. The zero hint is none.
type hint struct{ id, text string }

// advise returns the hint of that id, with args in the places of its sentence.
func advise(id string, args ...any) hint {
	sentence, known := sentences()[id]
	if !known {
		panic("health: no hint " + id)
	}
	return hint{id, fmt.Sprintf(sentence, args...)}
}

// neighbourHint returns the advice to ask near instead of addr.
func (l *Ladder) neighbourHint(addr, near string) hint {
	host, port, _ := net.SplitHostPort(addr)
	nearHost, _, _ := net.SplitHostPort(near)
	switch {
	case l.place == InContainer && kafka.Loopback(nearHost):
		return advise("neighbour", near)
	case l.place == InContainer && kafka.Loopback(host):
		return advise("neighbour-of-localhost", near)
	case l.place == InContainer && port == hostPort:
		return advise("neighbour-of-host-listener", near, addr)
	case l.place != InContainer && (port == networkPort || bareName(host) && !kafka.Loopback(host)):
		return advise("neighbour-of-network-listener", near, addr)
	}
	return advise("neighbour", near)
}

// nameHint returns the advice for a name that does not resolve; published says how the host reaches
// the same service of the stack.
func (l *Ladder) nameHint(host, published string) hint {
	switch {
	case inKubernetes(host):
		return advise("name-in-kubernetes", host)
	case bareName(host) && l.place == InContainer:
		return advise("name-in-network", host)
	case bareName(host):
		return advise("name-of-container", host, published)
	}
	return advise("name")
}

// refusedHint returns the advice for a refused connection. It knows the stack's own listeners:
// 29092 for the host, 9092 inside the network.
func (l *Ladder) refusedHint(addr string) hint {
	host, port, _ := net.SplitHostPort(addr)
	switch {
	case l.place == InContainer && kafka.Loopback(host):
		return advise("refused-localhost", net.JoinHostPort(serviceName, networkPort))
	case !kafka.Loopback(host):
		return l.orNoQuorum(advise("refused-port", port))
	case port == networkPort:
		return l.orNoQuorum(advise("refused-network-port", net.JoinHostPort("localhost", hostPort)))
	}
	return l.orNoQuorum(advise("refused"))
}

// orNoQuorum adds to the advice for a refused connection why a KRaft broker whose container is up
// may refuse: it opens its port only once its quorum has formed.
func (l *Ladder) orNoQuorum(h hint) hint {
	if len(l.zookeepers) > 0 {
		return h
	}
	return hint{h.id, h.text + "; " + advise("or-no-quorum").text}
}

// inKubernetes reports whether a name is one that only pods of a Kubernetes cluster can resolve.
func inKubernetes(host string) bool {
	host = strings.TrimSuffix(host, ".")
	return strings.HasSuffix(host, ".svc") || strings.Contains(host, ".svc.") || strings.HasSuffix(host, ".cluster.local")
}

// reconsiderLocalhost corrects the hints of addresses that refuse, by what the other addresses
// answered: where another port of localhost accepts, or the stack's own listener was given too, then
// it is known what localhost means here, and a broker is missing.
func (l *Ladder) reconsiderLocalhost(answers []answer) {
	for i, a := range answers {
		misplaced := slices.Contains([]string{"refused-localhost", "refused-network-port", "neighbour-of-localhost"}, a.hint.id)
		if misplaced && l.localhostServes(answers) {
			_, port, _ := net.SplitHostPort(l.brokers[i])
			answers[i].hint = advise("refused-port", port)
		}
	}
}

// localhostServes reports whether an address of localhost accepts; answers are those to K1.
func (l *Ladder) localhostServes(answers []answer) bool {
	for i, addr := range l.brokers {
		if host, _, _ := net.SplitHostPort(addr); kafka.Loopback(host) && answers[i].verdict == Pass {
			return true
		}
	}
	return false
}

// advertisedHint returns which setting of the broker sends clients to an address that does not
// answer from here.
func (l *Ladder) advertisedHint(h hop) hint {
	host, port, _ := net.SplitHostPort(h.addr)
	viaHost, viaPort, _ := net.SplitHostPort(h.via)
	sameHost := host == viaHost || kafka.Loopback(host) && kafka.Loopback(viaHost)
	switch {
	case h.addr == h.via:
		return advise("broker-starting")
	case inKubernetes(host):
		return advise("advertised-in-kubernetes", host)
	case sameHost && port != viaPort:
		return advise("advertised-port", port, viaPort, h.via)
	case l.place == InContainer && kafka.Loopback(host):
		return advise("advertised-localhost", h.via)
	case l.place != InContainer && bareName(host) && !kafka.Loopback(host) && kafka.Loopback(viaHost):
		return advise("advertised-name", host, h.addr, h.via)
	}
	return advise("advertised")
}
