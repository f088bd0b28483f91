package health

import (
	"context"
	"errors"
	"slices"
	"time"
)

// neighbourTimeout bounds the look at an address's neighbours: on loopback it takes a millisecond, and a name that does not
// resolve must not hold up the answer about the address that was given.
const neighbourTimeout = 250 * time.Millisecond

// errElsewhere marks the answer of an address that is not for here, in place of which another one was found.
var errElsewhere = errors.New("the stack answers at another address")

// withRedirect puts what is known of another address into the answer of addr, which cannot be reached.
func (l *Ladder) withRedirect(ctx context.Context, addr string, a answer) answer {
	if hint := l.answeringNeighbour(ctx, addr); hint != "" {
		a.hint, a.err = hint, errors.Join(a.err, errElsewhere)
	}
	return a
}

// answeringNeighbour says at which address the stack answers in place of addr, as a hint; "" when none of its neighbours does.
func (l *Ladder) answeringNeighbour(ctx context.Context, addr string) string {
	return l.findNeighbour(ctx, addr, "elsewhere", l.greets)
}

// ownListener says at which address to ask a cluster when addr, which answers, sends clients on to where they cannot go
// from here: at a neighbour that belongs to it and sends them on to itself. "" when none does.
func (l *Ladder) ownListener(ctx context.Context, addr, clusterID string) string {
	return l.findNeighbour(ctx, addr, "own listener", func(ctx context.Context, near string) bool {
		v := l.metadata(ctx, near)
		return v.err == nil && v.clusterID == clusterID && slices.ContainsFunc(v.brokers, func(b broker) bool { return b.addr == near })
	})
}

// findNeighbour is the advice to ask the first neighbour of addr that suits. What was found stands for a while, by symptom:
// an address that is merely late is asked about many times.
func (l *Ladder) findNeighbour(ctx context.Context, addr, symptom string, suits func(context.Context, string) bool) string {
	near := l.place.neighbours(addr)
	if len(near) == 0 {
		return ""
	}
	if known, found := l.probes.recall(addr, symptom); found {
		return known.hint
	}
	soon, cancel := context.WithTimeout(ctx, neighbourTimeout)
	defer cancel()
	found := answer{err: errElsewhere}
	for i, suited := range askAll(near, func(near string) bool { return suits(soon, near) }) {
		if suited {
			found.hint = l.neighbourHint(addr, near[i])
			break
		}
	}
	if ctx.Err() == nil { // else nobody may have had the time to answer
		l.probes.keep(addr, symptom, found)
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
	defer interruptWith(ctx, conn)()
	_, _, err = l.greet(ctx, conn, addr)
	return err == nil
}
