package kafka

import (
	"context"
	"sync"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// loginGate lets the first request of a client that logs in go alone. kgo logs in once for each request that finds no
// connection, so requests side by side would each try a password that is refused: some brokers lock a user
// after a few of them. Its zero value is ready to use.
type loginGate struct {
	mu      sync.Mutex
	open    bool          // somebody was let in
	refused error         // nobody was, and will be
	first   chan struct{} // closed when the request that goes first has ended; nil while none does
}

// request asks once it is known that the login is good. Where it was refused, it returns that refusal.
func (g *loginGate) request(ctx context.Context, ask func() (kmsg.Response, error)) (kmsg.Response, error) {
	for {
		g.mu.Lock()
		switch first := g.first; {
		case g.open || g.refused != nil:
			refused := g.refused
			g.mu.Unlock()
			if refused != nil {
				return nil, refused
			}
			return ask()
		case first == nil:
			g.first = make(chan struct{})
			g.mu.Unlock()
			return g.goFirst(ask)
		default:
			g.mu.Unlock()
			select {
			case <-first:
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}
	}
}

// goFirst asks for all who wait. An error that says nothing about the login leaves the gate to the next.
func (g *loginGate) goFirst(ask func() (kmsg.Response, error)) (kmsg.Response, error) {
	resp, err := ask()
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case err == nil:
		g.open = true
	case RefusedSASL(err):
		g.refused = err
	}
	close(g.first)
	g.first = nil
	return resp, err
}

// gated is a requestor behind a gate; nil is none.
type gated struct {
	gate *loginGate
	kmsg.Requestor
}

// Request asks once the gate is open.
func (r gated) Request(ctx context.Context, req kmsg.Request) (kmsg.Response, error) {
	if r.gate == nil {
		return r.Requestor.Request(ctx, req)
	}
	return r.gate.request(ctx, func() (kmsg.Response, error) { return r.Requestor.Request(ctx, req) })
}
