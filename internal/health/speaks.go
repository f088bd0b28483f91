package health

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// keyDescribeQuorum is the request only KRaft brokers offer.
const keyDescribeQuorum = 55

// maxReply is beyond any ApiVersions answer (under 1 KiB today): a greater length is text read as a number.
const maxReply = 1 << 20

// offers are the request keys a broker offers in ApiVersions.
type offers []int16

func (o offers) has(key int16) bool { return slices.Contains(o, key) }

// reply is what came of one ApiVersions request.
type reply struct {
	offers offers
	err    error
}

// speak is K2 for one address: ApiVersions over conn. Whatever answers instead is named if it can be, on connections of
// its own and within ctx.
func (l *Ladder) speak(ctx context.Context, conn net.Conn, addr string) (offers, answer) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	replies := make(chan reply, 1)
	go func() {
		got, err := l.apiVersions(ctx, conn, addr)
		replies <- reply{got, err}
	}()
	half := time.NewTimer(timeLeft(ctx) / 2)
	defer half.Stop()

	select {
	case r := <-replies:
		var named <-chan answer
		if r.err != nil {
			named = l.strangers.name(ctx, l, addr, symptom(r.err))
		}
		return l.judge(r, named)
	case <-half.C:
	}
	// A broker that is only slow may still answer: from half time on a silent one is asked who it is, while its answer
	// stays welcome.
	named := l.strangers.name(ctx, l, addr, "no answer")
	select {
	case r := <-replies:
		return l.judge(r, named)
	case a := <-named:
		if a.verdict != "" {
			return nil, a
		}
	}
	return l.judge(<-replies, named)
}

// judge prefers what the address turned out to be to what the failed request looked like.
func (l *Ladder) judge(r reply, named <-chan answer) (offers, answer) {
	if r.err == nil {
		return r.offers, answer{verdict: Pass, evidence: fmt.Sprintf("ApiVersions offers %d requests", len(r.offers))}
	}
	a, sure := l.speechFault(r.err)
	if !sure {
		if stranger := <-named; stranger.verdict != "" {
			a = stranger
		}
	}
	return nil, a
}

// apiVersions asks conn, which it may wrap in TLS, the one request every Kafka since 0.10 answers before authentication.
// Version 0 is answered by all of them, and in a form that needs no negotiation.
func (l *Ladder) apiVersions(ctx context.Context, conn net.Conn, addr string) (offers, error) {
	defer hangUp(ctx, conn)()
	conn, err := l.secure(ctx, conn, addr)
	if err != nil {
		return nil, err
	}
	return exchange(conn, l.clientID)
}

func exchange(conn net.Conn, clientID string) (offers, error) {
	const correlation = 1
	req := kmsg.NewPtrApiVersionsRequest()
	req.SetVersion(0)
	formatter := kmsg.NewRequestFormatter(kmsg.FormatterClientID(clientID))
	if _, err := conn.Write(formatter.AppendRequest(nil, req, correlation)); err != nil {
		return nil, err
	}
	in := bufio.NewReader(conn)
	head, err := in.Peek(4)
	if err != nil && len(head) == 0 {
		return nil, err
	}
	size := int64(0)
	if len(head) == 4 {
		size = int64(binary.BigEndian.Uint32(head))
	}
	if size < 6 || size > maxReply { // correlation id and error code are the least there is
		first, _ := in.Peek(min(max(in.Buffered(), 1), 48))
		return nil, notKafkaError{first}
	}
	body := make([]byte, 4+size)
	if _, err := io.ReadFull(in, body); err != nil {
		return nil, err
	}
	if binary.BigEndian.Uint32(body[4:]) != correlation {
		return nil, notKafkaError{body[:min(len(body), 48)]}
	}
	return readOffers(body[8:])
}

func readOffers(body []byte) (offers, error) {
	resp := kmsg.NewPtrApiVersionsResponse()
	resp.SetVersion(0)
	if err := resp.ReadFrom(body); err != nil {
		return nil, notKafkaError{body[:min(len(body), 48)]}
	}
	if err := kerr.ErrorForCode(resp.ErrorCode); err != nil {
		return nil, fmt.Errorf("ApiVersions: %w", err)
	}
	var keys offers
	for _, key := range resp.ApiKeys {
		keys = append(keys, key.ApiKey)
	}
	return keys, nil
}

// secure puts TLS on a connection where the caller configured it.
func (l *Ladder) secure(ctx context.Context, conn net.Conn, addr string) (net.Conn, error) {
	if l.tls == nil {
		return conn, nil
	}
	config := l.tls.Clone()
	if config.ServerName == "" {
		config.ServerName, _, _ = net.SplitHostPort(addr)
	}
	secured := tls.Client(conn, config)
	if err := secured.HandshakeContext(ctx); err != nil {
		return nil, err
	}
	return secured, nil
}

// hangUp makes reads and writes on conn end with ctx, until the function it returns is called.
func hangUp(ctx context.Context, conn net.Conn) (release func() bool) {
	return context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
}

func timeLeft(ctx context.Context) time.Duration {
	deadline, set := ctx.Deadline()
	if !set {
		return 0
	}
	return time.Until(deadline)
}
