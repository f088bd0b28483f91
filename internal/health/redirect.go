package health

import (
	"context"
	"errors"
	"slices"
	"time"

	"kafkactl/internal/kafka"
)

// neighbourTimeout bounds the questions to an address's neighbours: on loopback they take a
// millisecond, and a name that does not resolve must not delay the answer about the address that
// was given.
const neighbourTimeout = 250 * time.Millisecond

// errElsewhere marks the answer of an address that cannot be reached from here, where another
// address of the stack can.
var errElsewhere = errors.New("the stack answers at another address")

// withRedirect adds to a, the answer of the unreachable addr, at which address the stack answers
// instead. It returns a as it is where no neighbour answers, or nobody was asked yet.
func (l *Ladder) withRedirect(ctx context.Context, addr string, a answer) answer {
	if kafka.LocalFault(a.err) != nil {
		return a
	}
	if found := l.answeringNeighbour(ctx, addr); found != (hint{}) {
		a.hint, a.err = found, errors.Join(a.err, errElsewhere)
	}
	return a
}

// answeringNeighbour returns the hint to ask a neighbour of addr that answers, "" when none does. One
// that was given is asked anyway.
func (l *Ladder) answeringNeighbour(ctx context.Context, addr string) hint {
	return l.findNeighbour(ctx, addr, "elsewhere", func(ctx context.Context, near string) bool {
		return !slices.Contains(l.brokers, near) && l.greets(ctx, near)
	})
}

// ownListener returns the hint for an address that answers but sends clients on to where they
// cannot go from here: to ask a neighbour of the same cluster that sends clients to itself. It is
// "" when there is none.
func (l *Ladder) ownListener(ctx context.Context, addr, clusterID string) hint {
	return l.findNeighbour(ctx, addr, "own listener", func(ctx context.Context, near string) bool {
		v := l.metadata(ctx, near)
		return v.err == nil && v.clusterID == clusterID && slices.ContainsFunc(v.brokers, func(b broker) bool { return b.addr == near })
	})
}

// findNeighbour returns the hint to ask the first neighbour of addr that suits, "" when none does.
// The result is cached by symptom: an address that is merely late is asked about many times.
func (l *Ladder) findNeighbour(ctx context.Context, addr, symptom string, suits func(context.Context, string) bool) hint {
	near := l.place.neighbours(addr)
	if len(near) == 0 {
		return hint{}
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

// greets reports whether addr answers ApiVersions.
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
