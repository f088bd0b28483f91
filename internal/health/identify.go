package health

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"
)

func httpAnswers(first string) answer {
	status, _, _ := strings.Cut(first, "\r\n")
	err := notKafkaError{[]byte(status)}
	a := unmet(fmt.Sprintf("an HTTP server answers, not Kafka: %q", status), err)
	a.hint = advise("another-port")
	return a
}

func tlsAnswers() answer {
	a := unmet("the port speaks TLS; kafkactl was told PLAINTEXT", Permanent(errors.New("TLS answered a PLAINTEXT request")))
	a.hint = advise("with-tls")
	return a
}

func plaintextAnswers() answer {
	a := unmet("the port speaks PLAINTEXT; kafkactl was told TLS", Permanent(errors.New("PLAINTEXT answered a TLS handshake")))
	a.hint = advise("without-tls")
	return a
}

// identify recognises which other protocol addr speaks. It sends one answer, the zero answer when
// it recognised none before ctx ended, and then closes the channel. The result is cached: a frozen
// broker queues every connection made to it, and logs each one that is not Kafka once it wakes.
func (l *Ladder) identify(ctx context.Context, addr, symptom string) <-chan answer {
	named := make(chan answer, 1)
	if known, found := l.probes.recall(addr, symptom); found {
		named <- known
		close(named)
		return named
	}
	go func() {
		defer close(named)
		a := l.askOtherProtocols(ctx, addr)
		named <- a
		if errors.Is(ctx.Err(), context.Canceled) {
			return // nobody waited for the end
		}
		l.probes.keep(addr, symptom, a)
	}()
	return named
}

// httpFirst is how long HTTP may still take to show itself once the port was recognised as
// something else.
const httpFirst = 100 * time.Millisecond

// askOtherProtocols asks addr in the protocols that a wrong port speaks most often. HTTP is the
// surer sign: an HTTPS port shows both.
func (l *Ladder) askOtherProtocols(ctx context.Context, addr string) answer {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ask := func(in func(context.Context, net.Conn, string) answer) answer {
		conn, err := l.dial(ctx, "tcp", addr)
		if err != nil {
			return answer{}
		}
		defer conn.Close()
		defer interruptWith(ctx, conn)()
		a := in(ctx, conn, addr)
		if a.verdict != "" {
			time.AfterFunc(httpFirst, stop)
		}
		return a
	}
	asks := []func(context.Context, net.Conn, string) answer{askHTTP, askTLS}
	if l.tls != nil {
		asks[1] = l.askPlaintext
	}
	answers := askAll(asks, ask)
	if answers[0].verdict != "" {
		return answers[0]
	}
	return answers[1]
}

func askHTTP(_ context.Context, conn net.Conn, _ string) answer {
	if _, err := conn.Write([]byte("GET / HTTP/1.0\r\n\r\n")); err != nil {
		return answer{}
	}
	status, _ := bufio.NewReaderSize(conn, 128).ReadSlice('\n')
	if !bytes.HasPrefix(status, []byte("HTTP/")) {
		return answer{}
	}
	return httpAnswers(string(status))
}

// askTLS only looks whether a handshake begins: it verifies nothing and sends nothing over the
// connection.
func askTLS(ctx context.Context, conn net.Conn, addr string) answer {
	host, _, _ := net.SplitHostPort(addr)
	err := tls.Client(conn, &tls.Config{ServerName: host, InsecureSkipVerify: true}).HandshakeContext(ctx)
	refusal, refused := errors.AsType[*net.OpError](err)
	if err == nil || refused && refusal.Op == "remote error" { // an alert is TLS too
		return tlsAnswers()
	}
	return answer{}
}

func (l *Ladder) askPlaintext(_ context.Context, conn net.Conn, _ string) answer {
	if _, err := newWire(conn, l.clientID).apiVersions(); err != nil {
		return answer{}
	}
	return plaintextAnswers()
}
