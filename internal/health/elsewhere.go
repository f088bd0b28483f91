package health

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"
)

// nearby bounds the look at an address's neighbours: on loopback it takes a millisecond, and a name that does not
// resolve must not hold up the answer about the address that was given.
const nearby = 250 * time.Millisecond

var errElsewhere = errors.New("the stack answers at another address")

// elsewhere says at which address the stack answers in place of addr, as a hint; "" when none of its neighbours does.
// What was found stands for a while: an address that is merely late is asked about many times.
func (l *Ladder) elsewhere(ctx context.Context, addr string) string {
	near := l.place.neighbours(addr)
	if len(near) == 0 {
		return ""
	}
	const symptom = "elsewhere"
	if known, found := l.sightings.recall(addr, symptom); found {
		return known.hint
	}
	ctx, cancel := context.WithTimeout(ctx, nearby)
	defer cancel()
	answering := each(near, func(addr string) bool { return l.greets(ctx, addr) })
	found := answer{err: errElsewhere}
	for i, answers := range answering {
		if answers {
			found.hint = l.redirect(addr, near[i])
			break
		}
	}
	l.sightings.keep(addr, symptom, found)
	return found.hint
}

// greets tells whether addr answers ApiVersions.
func (l *Ladder) greets(ctx context.Context, addr string) bool {
	conn, err := l.dial(ctx, "tcp", addr)
	if err != nil {
		return false
	}
	defer conn.Close()
	defer hangUp(ctx, conn)()
	_, _, err = l.greet(ctx, conn, addr)
	return err == nil
}

// redirect is the advice to ask near instead of addr.
func (l *Ladder) redirect(addr, near string) string {
	host, port, _ := net.SplitHostPort(addr)
	advice := fmt.Sprintf("%s answers: use -b %s", near, near)
	switch {
	case l.place == InContainer && loopback(host):
		return "inside a container localhost is the container itself; " + advice
	case l.place != InContainer && (port == networkPort || bareName(host) && !loopback(host)):
		return fmt.Sprintf("%s is the listener for the containers' network; from the host %s", addr, advice)
	}
	return advice
}

// nameHint is the advice for a name that does not resolve.
func (l *Ladder) nameHint(host string) string {
	switch {
	case bareName(host) && l.place == InContainer:
		return fmt.Sprintf("is this container in the network of %q? docker run --network, or the same networks: in the Compose file", host)
	case bareName(host):
		return fmt.Sprintf("a container's name such as %q resolves only inside its network; from the host the stack's listener is localhost:%s", host, hostPort)
	}
	return "check the spelling, and the DNS of the machine this runs on"
}

// refusedHint knows the stack's own listeners: 29092 for the host, 9092 inside the network.
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
