package health

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// clients keeps one Kafka client for each address: one connection, authenticated once, reused by
// the next climb. A client that failed is closed and made again, because its connection set-up
// heeds no context and would hold up the next question.
type clients struct {
	opts []kgo.Opt

	mu     sync.Mutex
	closed bool
	byAddr map[string]*kgo.Client
}

func newClients(opts []kgo.Opt) *clients {
	return &clients{opts: opts, byAddr: make(map[string]*kgo.Client)}
}

// clientOptions puts the options that the ladder depends on behind the caller's: the last one wins.
func (l *Ladder) clientOptions(own []kgo.Opt) []kgo.Opt {
	opts := append([]kgo.Opt{kgo.ClientID(l.clientID)}, own...)
	return append(opts,
		kgo.DialTLSConfig(nil), // dialBroker does TLS, over the same dialer as K1 and K2
		kgo.Dialer(l.dialBroker),
		// Default 20: a try that failed is evidence here, and the next climb is the retry.
		kgo.RequestRetries(0),
		// Default 10s: bounds ApiVersions and SASL on a new connection, which the request's context
		// does not. 100ms is the least kgo accepts.
		kgo.RequestTimeoutOverhead(max(l.attempt, 100*time.Millisecond)),
		// Default on: closing a client that reports metrics waits up to a second to send the last
		// of them.
		kgo.DisableClientMetrics(),
	)
}

// dialBroker opens a connection for a Kafka client, within one attempt whatever ctx allows.
func (l *Ladder) dialBroker(ctx context.Context, network, addr string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, l.attempt)
	defer cancel()
	conn, err := l.dial(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	secured, err := l.secure(ctx, conn, addr)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return secured, nil
}

// request sends req to the broker at addr and to no other. It uses neither kgo's metadata cache nor
// its retries, and returns when ctx ends.
func request[R kmsg.Response](ctx context.Context, c *clients, addr string, req kmsg.Request) (R, error) {
	var none R
	client, err := c.get(addr)
	if err != nil {
		return none, err
	}
	resp, err := client.SeedBrokers()[0].Request(ctx, req)
	if err != nil {
		c.drop(addr, client)
		return none, err
	}
	typed, matches := resp.(R)
	if !matches {
		return none, fmt.Errorf("%s answered with %T", addr, resp)
	}
	return typed, nil
}

func (c *clients) get(addr string) (*kgo.Client, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil, errors.New("the ladder is closed")
	}
	if client, cached := c.byAddr[addr]; cached {
		return client, nil
	}
	client, err := kgo.NewClient(append(c.opts[:len(c.opts):len(c.opts)], kgo.SeedBrokers(addr))...)
	if err == nil {
		c.byAddr[addr] = client
	}
	return client, err
}

func (c *clients) drop(addr string, failed *kgo.Client) {
	c.mu.Lock()
	if c.byAddr[addr] == failed {
		delete(c.byAddr, addr)
	}
	c.mu.Unlock()
	failed.Close()
}

func (c *clients) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	for _, client := range c.byAddr {
		client.Close()
	}
	clear(c.byAddr)
}

// explain returns err with what the listener at addr says about logins, where that is what err may be about. It
// asks over a connection of its own: a client gives its back.
func (l *Ladder) explain(ctx context.Context, addr string, err error) error {
	listener := kafka.Listener{Addr: addr, Mechanism: l.mechanism, ClientID: l.clientID, Dial: l.dialBroker}
	if login := listener.Explain(ctx, err); login != nil {
		return login
	}
	return err
}

// requestFault returns the answer for a request that failed at an address that speaks Kafka.
func (l *Ladder) requestFault(addr string, err error) answer {
	a := unmet(addr+": "+symptom(err), err)
	if a.hint == (hint{}) {
		a.hint = advise("broker-log")
	}
	switch {
	case kafka.RefusedSASL(err):
		a.hint = hint{"credentials", kafka.LoginHint(err)}
	case kafka.PeerClosed(err) && l.mechanism != "":
		a.evidence = addr + ": closes the connection on SASL or the first request after it"
		a.hint = advise("credentials-unanswered")
	case kafka.PeerClosed(err):
		a.evidence = addr + ": answers ApiVersions, then closes: the broker is going down, or overloaded"
		a.hint = advise("connection-log")
	case kafka.TimedOut(err):
		a.evidence = addr + ": answers ApiVersions, then nothing"
		a.hint = advise("broker-frozen")
	}
	return a
}
