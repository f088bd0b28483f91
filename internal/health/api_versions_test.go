package health

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
)

// Each wrong port has its own sentence, and is named within the attempt.
func TestSpeaksNamesWhatAnswers(t *testing.T) {
	t.Parallel()
	secret, pool := selfSigned(t)
	onTLS := func(conn net.Conn) { _ = tls.Server(conn, secret).HandshakeContext(t.Context()) }
	web := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(web.Close)
	// Most web servers keep quiet until a line ends, and a Kafka request has none.
	patientWeb := strings.TrimPrefix(web.URL, "http://")
	plain := fakeKafka(t).ListenAddrs()[0]
	secured := fakeKafka(t, kfake.TLS(secret)).ListenAddrs()[0]

	for _, test := range []struct {
		name   string
		addr   string
		client []kgo.Opt
		bound  time.Duration // what it may take; default busy
		want   Finding
	}{
		{name: "refused", addr: refusing(t), want: Finding{Rung: "K1", Verdict: Wait, Evidence: "connection refused"}},
		{name: "no such host", addr: "nosuch.invalid:9092", want: Finding{Rung: "K0", Verdict: Wait, Evidence: "no such host"}},
		{name: "kafka", addr: plain, want: Finding{Rung: "K2", Verdict: Pass, Evidence: "ApiVersions offers 62 requests"}},
		{name: "kafka over TLS", addr: secured, client: trusting(pool), want: Finding{Rung: "K2", Verdict: Pass, Evidence: "ApiVersions offers 62 requests"}},
		{name: "silent", addr: serve(t, silent), bound: attempt, want: Finding{Rung: "K2", Verdict: Wait, Evidence: "accepts TCP, then says nothing"}},
		{name: "closes at once", addr: serve(t, closes), want: Finding{Rung: "K2", Verdict: Wait, Evidence: "accepts TCP, then closes: a proxy whose Kafka is not up yet, or TLS is required"}},
		{name: "closes before it reads", addr: serve(t, func(net.Conn) {}), want: Finding{Rung: "K2", Verdict: Wait, Evidence: "accepts TCP, then closes: a proxy whose Kafka is not up yet, or TLS is required"}},
		{name: "closes at once, told TLS", addr: serve(t, closes), client: trusting(pool), want: Finding{Rung: "K2", Verdict: Wait, Evidence: "accepts TCP, then closes: a proxy whose Kafka is not up yet, or a port that does not speak TLS"}},
		{name: "the answer to another request", addr: serve(t, says("\x00\x00\x00\x0a\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00")), want: Finding{Rung: "K2", Verdict: Wait, Evidence: `answers, but not as Kafka does: "\x00\x00\x00\n"`}},
		{name: "web server", addr: patientWeb, bound: patient, want: Finding{Rung: "K2", Verdict: Wait, Evidence: `an HTTP server answers, not Kafka: "HTTP/1.0 404 Not Found"`}},
		{name: "web server that answers at once", addr: serve(t, says("HTTP/1.1 400 Bad Request\r\n\r\n")), want: Finding{Rung: "K2", Verdict: Wait, Evidence: `an HTTP server answers, not Kafka: "HTTP/1.1 400 Bad Request"`}},
		{name: "TLS port", addr: serve(t, onTLS), want: Finding{Rung: "K2", Verdict: Fail, Evidence: "the port speaks TLS; kafkactl was told PLAINTEXT"}},
		{name: "TLS alert", addr: serve(t, alerts), want: Finding{Rung: "K2", Verdict: Fail, Evidence: "the port speaks TLS; kafkactl was told PLAINTEXT"}},
		{name: "TLS broker", addr: secured, want: Finding{Rung: "K2", Verdict: Fail, Evidence: "the port speaks TLS; kafkactl was told PLAINTEXT"}},
		{name: "PLAINTEXT broker, told TLS", addr: plain, client: trusting(pool), bound: patient, want: Finding{Rung: "K2", Verdict: Fail, Evidence: "the port speaks PLAINTEXT; kafkactl was told TLS"}},
		{name: "web server, told TLS", addr: patientWeb, client: trusting(pool), want: Finding{Rung: "K2", Verdict: Wait, Evidence: `an HTTP server answers, not Kafka: "HTTP/"`}},
		{name: "unknown certificate", addr: secured, client: trusting(x509.NewCertPool()), want: Finding{Rung: "K2", Verdict: Fail, Evidence: `certificate not verified: "CN=broker" signed itself, and is not trusted`}},
		{name: "another protocol", addr: serve(t, says("SSH-2.0-OpenSSH_9.2\r\n")), want: Finding{Rung: "K2", Verdict: Wait, Evidence: `answers, but not as Kafka does: "SSH-2.0-OpenSSH_9.2"`}},
		{name: "two bytes", addr: serve(t, says("hi")), want: Finding{Rung: "K2", Verdict: Wait, Evidence: `answers, but not as Kafka does: "hi"`}},
		{name: "ApiVersions error", addr: serve(t, says("\x00\x00\x00\x0a\x00\x00\x00\x01\x00\x23\x00\x00\x00\x00")), want: Finding{Rung: "K2", Verdict: Wait, Evidence: "ApiVersions: UNSUPPORTED_VERSION: The version of API is not supported."}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			l := ladder(t, Options{Brokers: []string{test.addr}, Client: test.client, Attempt: test.bound})
			began := time.Now()
			r := l.Reach(t.Context())
			if took := time.Since(began); took > test.bound+busy {
				t.Errorf("took %s", took)
			}
			test.want.Evidence = test.addr + ": " + test.want.Evidence
			wantFinding(t, test.want, finding(t, r, test.want.Rung))
			if r.Ready != (test.want.Verdict == Pass) {
				t.Errorf("ready: %t", r.Ready)
			}
		})
	}
}

// A server that greets with a number and a salt of each connection's own shows the same on every
// climb: a change would be a line of progress.
func TestGreetingsOfEachConnectionsOwn(t *testing.T) {
	t.Parallel()
	var connections atomic.Uint32
	addr := serve(t, func(conn net.Conn) {
		greeting := binary.LittleEndian.AppendUint32([]byte("J\x00\x00\x00\n8.0.36\x00"), connections.Add(1))
		_, _ = conn.Write(append(greeting, rand.Text()[:8]...))
		closes(conn)
	})
	l := ladder(t, Options{Brokers: []string{addr}})
	for range 3 {
		want := Finding{Rung: "K2", Verdict: Wait, Evidence: addr + `: answers, but not as Kafka does: "8.0.36"`}
		wantFinding(t, want, finding(t, l.Reach(t.Context()), "K2"))
	}
	if n := connections.Load(); n > 5 {
		t.Errorf("%d connections for three climbs, want one each and two of who asks who this is", n)
	}
}

// alerts answers a Kafka request as a Java TLS port does, and gives no other sign of TLS.
func alerts(conn net.Conn) {
	first := make([]byte, 512)
	if _, err := conn.Read(first); err == nil && first[0] == 0 {
		_, _ = conn.Write([]byte("\x15\x03\x03\x00\x02\x02\x50"))
	}
}

// The cause stays reachable: callers choose exit codes by it.
func TestFindingKeepsTheCause(t *testing.T) {
	t.Parallel()
	r := ladder(t, Options{Brokers: []string{refusing(t)}}).Climb(t.Context())
	if f, _ := r.Blocking(); !errors.Is(f.Err, syscall.ECONNREFUSED) {
		t.Errorf("blocked by %v, want connection refused", f.Err)
	}
}

// A broker that answers in the second half of the attempt still passes, though it has been asked
// who it is by then.
func TestSpeaksTakesALateAnswer(t *testing.T) {
	t.Parallel()
	addr := serve(t, func(conn net.Conn) {
		first := make([]byte, 4)
		if _, err := conn.Read(first); err != nil || first[0] != 0 {
			return
		}
		<-time.After(patient * 3 / 5)
		_, _ = conn.Write([]byte("\x00\x00\x00\x10\x00\x00\x00\x01\x00\x00\x00\x00\x00\x01\x00\x12\x00\x00\x00\x04"))
	})
	r := ladder(t, Options{Brokers: []string{addr}, Attempt: patient}).Reach(t.Context())
	wantFinding(t, Finding{Rung: "K2", Verdict: Pass, Evidence: addr + ": ApiVersions offers 1 requests"}, finding(t, r, "K2"))
}

// A frozen broker queues every connection made to it: it is not asked who it is again on each
// climb.
func TestStrangersAreNotAskedOnEveryClimb(t *testing.T) {
	t.Parallel()
	conns := make(chan struct{}, 100)
	addr := serve(t, func(conn net.Conn) {
		conns <- struct{}{}
		closes(conn)
	})
	l := ladder(t, Options{Brokers: []string{addr}})
	for range 5 {
		l.Reach(t.Context())
	}
	if want := 5 + 2; len(conns) != want {
		t.Errorf("%d connections in 5 climbs, want %d: one a climb, and HTTP and TLS once", len(conns), want)
	}
}

// A dialer that heeds nothing must not hold a climb.
func TestClimbIsBoundedWhateverTheDialerDoes(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	t.Cleanup(func() { close(release) })
	deaf := func(context.Context, string, string) (net.Conn, error) {
		<-release
		return nil, errors.New("released")
	}
	l := ladder(t, Options{Brokers: []string{"kafka:9092"}, Dial: deaf, Attempt: attempt})
	began := time.Now()
	r := l.Climb(t.Context())
	if took := time.Since(began); took > attempt+attempt/4+busy {
		t.Errorf("took %s, with %s for the attempt", took, attempt)
	}
	if f, _ := r.Blocking(); f.Rung != "K1" || f.Verdict != Wait {
		t.Errorf("blocked by %s %s, want K1 wait", f.Rung, f.Verdict)
	}
}

// One-shot commands do not pay for a dead bootstrap address when another one answers.
func TestReachIsContentWithOneAddress(t *testing.T) {
	t.Parallel()
	good := fakeKafka(t).ListenAddrs()[0]
	l := ladder(t, Options{Brokers: []string{serve(t, silent), refusing(t), good}})
	began := time.Now()
	r := l.Reach(t.Context())
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("took %s: waited for the silent address", took)
	}
	if !r.Ready || len(r.Rungs) != 3 || !slices.Equal(r.Speaking, []string{good}) {
		t.Errorf("ready %t with %d rungs, speaking %v; want ready with 3, and %s", r.Ready, len(r.Rungs), r.Speaking, good)
	}
}
