package health

import (
	"fmt"
	"net"
)

// neighbourHint returns the advice to ask near instead of addr.
func (l *Ladder) neighbourHint(addr, near string) string {
	host, port, _ := net.SplitHostPort(addr)
	advice := fmt.Sprintf("%s answers: use -b %s", near, near)
	switch {
	case l.place == InContainer && loopback(host):
		return "inside a container localhost is the container itself; " + advice
	case l.place == InContainer && port == hostPort:
		return fmt.Sprintf("%s is the listener for the host; in the containers' network %s", addr, advice)
	case l.place != InContainer && (port == networkPort || bareName(host) && !loopback(host)):
		return fmt.Sprintf("%s is the listener for the containers' network; from the host %s", addr, advice)
	}
	return advice
}

// nameHint returns the advice for a name that does not resolve; published says how the host reaches
// the same service of the stack.
func (l *Ladder) nameHint(host, published string) string {
	switch {
	case bareName(host) && l.place == InContainer:
		return fmt.Sprintf("a container has its name only while it runs, and only in its network: is %q started, and is this container "+
			"in the same network (docker run --network, or networks: in the Compose file)?", host)
	case bareName(host):
		return fmt.Sprintf("a container's name such as %q resolves only inside its network; from the host the stack's %s", host, published)
	}
	return "check the spelling, and the DNS of the machine this runs on"
}

// refusedHint returns the advice for a refused connection. It knows the stack's own listeners:
// 29092 for the host, 9092 inside the network.
func (l *Ladder) refusedHint(addr string) string {
	host, port, _ := net.SplitHostPort(addr)
	switch {
	case l.place == InContainer && loopback(host):
		return fmt.Sprintf("inside a container localhost is the container itself: use the broker's name, such as %s:%s", serviceName, networkPort)
	case !loopback(host):
		return "is the broker started, and does it listen on port " + port + "?"
	case port == networkPort:
		return "is the broker started? from the host the stack's listener is localhost:" + hostPort
	}
	return "is the broker started? `docker compose ps kafka` shows it"
}

// advertisedHint returns which setting of the broker sends clients to an address that does not
// answer from here.
func (l *Ladder) advertisedHint(h hop) string {
	host, port, _ := net.SplitHostPort(h.addr)
	viaHost, viaPort, _ := net.SplitHostPort(h.via)
	sameHost := host == viaHost || loopback(host) && loopback(viaHost)
	switch {
	case h.addr == h.via:
		return "the broker is starting or frozen: look at its log"
	case sameHost && port != viaPort:
		return fmt.Sprintf("advertised port %s is not the port that was reached, %s: publish it 1:1, as in \"%s:%[1]s\", or advertise %[4]s", port, viaPort, port, h.via)
	case l.place == InContainer && loopback(host):
		return fmt.Sprintf("inside a container localhost is the container itself: this listener must advertise the broker's name, as in KAFKA_ADVERTISED_LISTENERS: PLAINTEXT://%s", h.via)
	case l.place != InContainer && bareName(host) && !loopback(host) && loopback(viaHost):
		return fmt.Sprintf("%s is a name of the containers' network: the listener for the host must advertise what the host reaches, "+
			"KAFKA_ADVERTISED_LISTENERS: PLAINTEXT://%s,PLAINTEXT_HOST://%s", host, h.addr, h.via)
	}
	return "clients are sent to the advertised address: make it reachable from here, or change advertised.listeners (KAFKA_ADVERTISED_LISTENERS)"
}
