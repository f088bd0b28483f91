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

	"github.com/twmb/franz-go/pkg/kerr"
)

// notKafkaError is an answer in another protocol, by its first bytes.
type notKafkaError struct{ first []byte }

func (e notKafkaError) Error() string {
	return fmt.Sprintf("answers, but not as Kafka does: %q", e.text())
}

// text is the first run of printable characters, or without one the first few bytes. Other servers greet with a number
// and a salt around it that are new on each connection, and evidence is the same on every try.
func (e notKafkaError) text() []byte {
	const least = 4
	start := 0
	for i, b := range e.first {
		if b >= ' ' && b <= '~' {
			continue
		}
		if i-start >= least {
			return e.first[start:i]
		}
		start = i + 1
	}
	if len(e.first)-start >= least {
		return e.first[start:]
	}
	return e.first[:min(len(e.first), least)]
}

// speechFault puts a failed ApiVersions exchange into words. It is sure when nothing more could be learned by asking
// the address who it is.
func (l *Ladder) speechFault(err error) (a answer, sure bool) {
	a = unmet(symptom(err), err)
	if a.verdict == Fail {
		return a, true
	}
	other, foreign := errors.AsType[notKafkaError](err)
	if header, wrong := errors.AsType[tls.RecordHeaderError](err); wrong {
		other, foreign = notKafkaError{header.RecordHeader[:]}, true
	}
	switch {
	case is[*kerr.Error](err):
		a.hint = "this broker does not answer ApiVersions as Kafka 0.10 and later do: look at its log"
		return a, true
	case foreign && bytes.HasPrefix(other.first, []byte("HTTP/")):
		return httpAnswers(string(other.first)), true
	case foreign && l.tls == nil && bytes.HasPrefix(other.first, []byte{0x15, 0x03}): // a TLS alert record
		return tlsAnswers(), true
	case foreign:
		a.hint = "check the port: Kafka's listener is another one"
	case timedOut(err):
		a.evidence = "accepts TCP, then says nothing"
		a.hint = "the broker is frozen or still starting (`docker compose logs kafka`), or the port is not Kafka's"
	case closed(err) && l.tls == nil:
		a.evidence = "accepts TCP, then closes: a proxy whose Kafka is not up yet, or TLS is required"
		a.hint = "look whether the broker is up (`docker compose logs kafka`); if its listener is SSL, connect with TLS"
	case closed(err):
		a.evidence = "accepts TCP, then closes: a proxy whose Kafka is not up yet, or a port that does not speak TLS"
		a.hint = "look whether the broker is up (`docker compose logs kafka`), and whether this listener is SSL"
	default:
		a.hint = "look at the broker's log for this connection"
	}
	return a, false
}

func httpAnswers(first string) answer {
	status, _, _ := strings.Cut(first, "\r\n")
	err := notKafkaError{[]byte(status)}
	a := unmet(fmt.Sprintf("an HTTP server answers, not Kafka: %q", status), err)
	a.hint = "check the port: Kafka's listener is another one"
	return a
}

func tlsAnswers() answer {
	a := unmet("the port speaks TLS; kafkactl was told PLAINTEXT", errors.New("TLS answered a PLAINTEXT request"))
	a.hint = "connect with TLS, or give the address of a PLAINTEXT listener"
	return a
}

func plaintextAnswers() answer {
	a := unmet("the port speaks PLAINTEXT; kafkactl was told TLS", errors.New("PLAINTEXT answered a TLS handshake"))
	a.hint = "connect without TLS, or give the address of an SSL listener"
	return a
}

// stranger tells who is at addr, a zero answer when nobody was recognised before ctx ended; the channel is closed after
// it. What was found is remembered for a while: a frozen broker queues every connection made to it, and logs each one
// that is not Kafka once it wakes.
func (l *Ladder) stranger(ctx context.Context, addr, symptom string) <-chan answer {
	named := make(chan answer, 1)
	if known, found := l.sightings.recall(addr, symptom); found {
		named <- known
		close(named)
		return named
	}
	go func() {
		defer close(named)
		a := l.recognise(ctx, addr)
		named <- a
		if errors.Is(ctx.Err(), context.Canceled) {
			return // nobody waited for the end
		}
		l.sightings.keep(addr, symptom, a)
	}()
	return named
}

// httpFirst is how long HTTP may still take to show itself once the port was recognised as something else.
const httpFirst = 100 * time.Millisecond

// recognise asks addr in the protocols a wrong port most often speaks. HTTP is the surer sign: an HTTPS port shows both.
func (l *Ladder) recognise(ctx context.Context, addr string) answer {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ask := func(in func(context.Context, net.Conn, string) answer) answer {
		conn, err := l.dial(ctx, "tcp", addr)
		if err != nil {
			return answer{}
		}
		defer conn.Close()
		defer hangUp(ctx, conn)()
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
	answers := each(asks, ask)
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

// askTLS only looks whether a handshake begins: it verifies nothing and sends nothing over the connection.
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
