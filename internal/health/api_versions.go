package health

import (
	"context"
	"fmt"
	"net"
	"slices"
	"time"

	"kafkactl/internal/kafka"
)

// Requests that show how a cluster chooses its controller: only brokers in KRaft mode offer
// DescribeQuorum, and the controller sends UpdateMetadata to brokers in ZooKeeper mode.
const (
	keyDescribeQuorum = 55
	keyUpdateMetadata = 6
)

// offers are the request keys that a broker offers in ApiVersions.
type offers []int16

func (o offers) has(key int16) bool { return slices.Contains(o, key) }

// reply is the result of one ApiVersions request, and the connection it came over.
type reply struct {
	wire   *wire
	offers offers
	err    error
}

// speak is K2 for one address: ApiVersions over conn, which must end with ctx. Where something else
// answers, it is identified on connections of its own, within ctx.
func (l *Ladder) speak(ctx context.Context, conn net.Conn, addr string) (reply, answer) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	replies := make(chan reply, 1)
	go func() {
		w, got, err := l.greet(ctx, conn, addr)
		replies <- reply{w, got, err}
	}()
	half := time.NewTimer(timeLeft(ctx) / 2)
	defer half.Stop()

	select {
	case r := <-replies:
		var named <-chan answer
		if r.err != nil {
			named = l.identify(ctx, addr, symptom(r.err))
		}
		return l.judge(r, named)
	case <-half.C:
	}
	// A broker that is only slow may still answer: from half of the time on, a silent one is asked
	// in other protocols while its answer is still accepted.
	named := l.identify(ctx, addr, "no answer")
	select {
	case r := <-replies:
		return l.judge(r, named)
	case a := <-named:
		if a.verdict != "" {
			return reply{}, a
		}
	}
	return l.judge(<-replies, named)
}

// judge returns what the address was identified as, or else what the failed request looked like.
func (l *Ladder) judge(r reply, named <-chan answer) (reply, answer) {
	if r.err == nil {
		return r, answer{verdict: Pass, evidence: fmt.Sprintf("ApiVersions offers %d requests", len(r.offers))}
	}
	a, sure := l.speechFault(r.err)
	if !sure {
		if stranger := <-named; stranger.verdict != "" {
			a = stranger
		}
	}
	return r, a
}

// greet asks ApiVersions over conn, which it may wrap in TLS, and leaves the connection open.
func (l *Ladder) greet(ctx context.Context, conn net.Conn, addr string) (*wire, offers, error) {
	conn, err := l.secure(ctx, conn, addr)
	if err != nil {
		return nil, nil, err
	}
	w := newWire(conn, l.clientID)
	got, err := w.apiVersions()
	return w, got, err
}

// secure puts TLS on a connection where the caller configured it.
func (l *Ladder) secure(ctx context.Context, conn net.Conn, addr string) (net.Conn, error) {
	if l.tls == nil {
		return conn, nil
	}
	return kafka.Encrypt(ctx, conn, addr, l.tls)
}

// interruptWith makes reads and writes on conn end with ctx, until the function it returns is
// called.
func interruptWith(ctx context.Context, conn net.Conn) (release func() bool) {
	return context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
}

// timeLeft returns the time until ctx's deadline: 0 once ctx has ended, and where it has no
// deadline.
func timeLeft(ctx context.Context) time.Duration {
	deadline, set := ctx.Deadline()
	if !set || ctx.Err() != nil {
		return 0
	}
	return time.Until(deadline)
}
