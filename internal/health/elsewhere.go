package health

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"time"
)

// nearby bounds the look at an address's neighbours: on loopback it takes a millisecond, and a name that does not
// resolve must not hold up the answer about the address that was given.
const nearby = 250 * time.Millisecond

// errElsewhere marks the answer of an address that is not for here, in place of which another one was found.
var errElsewhere = errors.New("the stack answers at another address")

// redirected puts what is known of another address into the answer of addr, which cannot be reached.
func (l *Ladder) redirected(ctx context.Context, addr string, a answer) answer {
	if hint := l.elsewhere(ctx, addr); hint != "" {
		a.hint, a.err = hint, errors.Join(a.err, errElsewhere)
	}
	return a
}

// elsewhere says at which address the stack answers in place of addr, as a hint; "" when none of its neighbours does.
func (l *Ladder) elsewhere(ctx context.Context, addr string) string {
	return l.lookAround(ctx, addr, "elsewhere", l.greets)
}

// ownListener says at which address to ask a cluster when addr, which answers, sends clients on to where they cannot go
// from here: at a neighbour that belongs to it and sends them on to itself. "" when none does.
func (l *Ladder) ownListener(ctx context.Context, addr, clusterID string) string {
	return l.lookAround(ctx, addr, "own listener", func(ctx context.Context, near string) bool {
		v := l.metadata(ctx, near)
		return v.err == nil && v.clusterID == clusterID && slices.ContainsFunc(v.brokers, func(b broker) bool { return b.addr == near })
	})
}

// lookAround is the advice to ask the first neighbour of addr that suits. What was found stands for a while, by symptom:
// an address that is merely late is asked about many times.
func (l *Ladder) lookAround(ctx context.Context, addr, symptom string, suits func(context.Context, string) bool) string {
	near := l.place.neighbours(addr)
	if len(near) == 0 {
		return ""
	}
	if known, found := l.sightings.recall(addr, symptom); found {
		return known.hint
	}
	soon, cancel := context.WithTimeout(ctx, nearby)
	defer cancel()
	found := answer{err: errElsewhere}
	for i, suited := range each(near, func(near string) bool { return suits(soon, near) }) {
		if suited {
			found.hint = l.redirect(addr, near[i])
			break
		}
	}
	if ctx.Err() == nil { // else nobody may have had the time to answer
		l.sightings.keep(addr, symptom, found)
	}
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
	case l.place == InContainer && port == hostPort:
		return fmt.Sprintf("%s is the listener for the host; in the containers' network %s", addr, advice)
	case l.place != InContainer && (port == networkPort || bareName(host) && !loopback(host)):
		return fmt.Sprintf("%s is the listener for the containers' network; from the host %s", addr, advice)
	}
	return advice
}

// nameHint is the advice for a name that does not resolve; published is what of the stack the host reaches instead.
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
