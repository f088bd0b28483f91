package embedded_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/sasl"
	"github.com/twmb/franz-go/pkg/sasl/scram"

	"kafkactl/internal/embedded"
	"kafkactl/internal/kafkatest"
)

const (
	loginsFile  = "testdata/logins.txt"
	rightUser   = "app"
	rightSecret = "right-pw"
)

// The logins of a real Kafka, as TestRealLogins writes them, go the same way on the embedded one.
func TestLogins(t *testing.T) {
	t.Parallel()
	want, err := os.ReadFile(loginsFile)
	if err != nil {
		t.Fatal(err)
	}
	users := embedded.Security{Users: map[string]string{rightUser: rightSecret}}
	secured := start(t, embedded.Config{Brokers: 1, Security: users}).Addrs()[0]
	open := start(t, embedded.Config{Brokers: 1}).Addrs()[0]
	if diff := cmp.Diff(string(want), loginsOf(t, secured, open)); diff != "" {
		t.Errorf("(-Kafka 4.3 +embedded):\n%s", diff)
	}
}

// A real Kafka still answers so.
func TestRealLogins(t *testing.T) {
	kafkatest.Require(t, kafkatest.Brokers)
	const module = "org.apache.kafka.common.security."
	cluster := kafkatest.Start(t, kafkatest.Options{
		Flavour:   kafkatest.Kraft1,
		Listeners: []kafkatest.Listener{{Name: "LOGIN", Protocol: "SASL_PLAINTEXT"}},
		Props: map[string]string{
			"sasl.enabled.mechanisms":                            "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512",
			"listener.name.login.plain.sasl.jaas.config":         module + `plain.PlainLoginModule required user_` + rightUser + `="` + rightSecret + `";`,
			"listener.name.login.scram-sha-256.sasl.jaas.config": module + "scram.ScramLoginModule required;",
			"listener.name.login.scram-sha-512.sasl.jaas.config": module + "scram.ScramLoginModule required;",
		},
	})
	client, err := kgo.NewClient(kgo.SeedBrokers(cluster.Addrs()...))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	for _, mechanism := range []kadm.ScramMechanism{kadm.ScramSha256, kadm.ScramSha512} { // Kafka takes one of a user in a request
		upsert := kadm.UpsertSCRAM{User: rightUser, Mechanism: mechanism, Iterations: 4096, Password: rightSecret}
		if answers, err := kadm.NewClient(client).AlterUserSCRAMs(t.Context(), nil, []kadm.UpsertSCRAM{upsert}); err != nil || answers.Error() != nil {
			t.Fatal(err, answers.Error())
		}
	}
	got := loginsOf(t, cluster.ListenerAddrs("LOGIN")[0], cluster.Addrs()[0])
	if *update {
		if err := os.WriteFile(loginsFile, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(loginsFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("(-before +now):\n%s", diff)
	}
}

// loginsOf logs in, in right ways and wrong ones, and returns what is seen of it as text.
func loginsOf(t *testing.T, secured, open string) string {
	t.Helper()
	var text strings.Builder
	for _, scenario := range logins() {
		addr := secured
		if scenario.open {
			addr = open
		}
		l := &login{client: dial(t, addr)}
		if err := l.conn.SetDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		scenario.run(l)
		fmt.Fprintf(&text, "## %s\n", scenario.name)
		for _, line := range l.seen {
			fmt.Fprintf(&text, "\t%s\n", line)
		}
	}
	return text.String()
}

type loginScenario struct {
	name string
	open bool // on a listener without SASL
	run  func(*login)
}

func logins() []loginScenario {
	scenarios := []loginScenario{
		{name: "no SASL here", open: true, run: func(l *login) { l.versions(3); l.handshake(0, "PLAIN"); l.handshake(1, "PLAIN"); l.token(2, "") }},
		{name: "unknown mechanism", run: func(l *login) { l.versions(3); l.handshake(1, "GSSAPI"); l.handshake(1, "PLAIN") }},
		{name: "unknown mechanism, v0", run: func(l *login) { l.handshake(0, "plain") }},
		{name: "a request before the login", run: func(l *login) { l.metadata() }},
		{name: "a request after ApiVersions", run: func(l *login) { l.versions(3); l.metadata() }},
		{name: "a token before the handshake", run: func(l *login) { l.token(2, "\x00app\x00right-pw") }},
		{name: "ApiVersions twice", run: func(l *login) { l.versions(0); l.versions(0) }},
		{name: "ApiVersions of the future", run: func(l *login) { l.versions(99); l.versions(3); l.plain("app", "right-pw") }},
		{name: "ApiVersions for a token", run: func(l *login) { l.handshake(1, "PLAIN"); l.versions(3) }},
		{name: "a handshake for a token", run: func(l *login) { l.handshake(1, "PLAIN"); l.handshake(1, "PLAIN") }},
		{name: "a request for a token", run: func(l *login) { l.handshake(1, "PLAIN"); l.metadata() }},
		{name: "a huge request", run: func(l *login) { l.raw(1 << 20) }},
		{name: "PLAIN", run: func(l *login) {
			l.versions(3)
			l.plain("app", "right-pw")
			l.metadata()
			l.handshake(1, "PLAIN")
			l.token(1, "x")
			l.metadata()
		}},
		{name: "PLAIN without ApiVersions", run: func(l *login) { l.plain("app", "right-pw"); l.versions(3); l.versions(3) }},
		{name: "PLAIN, v0", run: func(l *login) { l.handshake(0, "PLAIN"); l.bare("\x00app\x00right-pw"); l.metadata() }},
		{name: "PLAIN, v0, wrong password", run: func(l *login) { l.handshake(0, "PLAIN"); l.bare("\x00app\x00wrong") }},
		{name: "PLAIN as oneself", run: func(l *login) { l.handshake(1, "PLAIN"); l.token(0, "app\x00app\x00right-pw") }},
	}
	for _, of := range [][2]string{
		{"wrong password", "\x00app\x00wrong"},
		{"unknown user", "\x00nobody\x00right-pw"},
		{"no user", "\x00\x00right-pw"},
		{"no password", "\x00app\x00"},
		{"two parts", "app\x00right-pw"},
		{"four parts", "\x00app\x00right\x00pw"},
		{"as another", "admin\x00app\x00right-pw"},
		{"empty", ""},
	} {
		scenarios = append(scenarios, loginScenario{name: "PLAIN, " + of[0], run: func(l *login) { l.handshake(1, "PLAIN"); l.token(2, of[1]) }})
	}
	return append(scenarios, scramLogins()...)
}

func scramLogins() []loginScenario {
	var scenarios []loginScenario
	for _, of := range []func(user, password string) sasl.Mechanism{
		func(user, password string) sasl.Mechanism {
			return scram.Auth{User: user, Pass: password}.AsSha256Mechanism()
		},
		func(user, password string) sasl.Mechanism {
			return scram.Auth{User: user, Pass: password}.AsSha512Mechanism()
		},
	} {
		name := of("", "").Name()
		for _, as := range [][3]string{
			{"", "app", "right-pw"}, {", wrong password", "app", "wrong"}, {", unknown user", "nobody", "right-pw"}, {", user with a comma", "a,b=c", "right-pw"},
		} {
			scenarios = append(scenarios, loginScenario{name: name + as[0], run: func(l *login) { l.handshake(1, name); l.scram(1, of(as[1], as[2])); l.metadata() }})
		}
		scenarios = append(scenarios,
			loginScenario{name: name + ", v0", run: func(l *login) { l.handshake(0, name); l.scram(-1, of("app", "right-pw")); l.metadata() }},
			loginScenario{name: name + ", v0, wrong password", run: func(l *login) { l.handshake(0, name); l.scram(-1, of("app", "wrong")) }},
		)
		for _, first := range [][2]string{
			{"no message", "x"},
			{"channel binding", "p=tls-unique,,n=app,r=nonce"},
			{"no nonce", "n,,n=app"},
			{"as another", "n,a=admin,n=app,r=nonce"},
			{"empty", ""},
			{"extensions", "n,,n=app,r=nonce,tokenauth=true"},
		} {
			scenarios = append(scenarios, loginScenario{name: name + ", " + first[0], run: func(l *login) { l.handshake(1, name); l.token(1, first[1]) }})
		}
		scenarios = append(scenarios, loginScenario{name: name + ", another nonce", run: func(l *login) {
			l.handshake(1, name)
			l.token(1, "n,,n=app,r=nonce")
			l.token(1, "c=biws,r=other,p=AAAA")
		}})
	}
	return scenarios
}

// login is a client of which is kept what it sees.
type login struct {
	*client
	seen  []string
	ended bool
}

func (l *login) see(format string, args ...any) {
	l.seen = append(l.seen, fmt.Sprintf(format, args...))
}

// asked keeps the end of the connection; it reports whether there is an answer.
func (l *login) asked(what string, err error) bool {
	if err != nil && !l.ended {
		l.see("%s: closed", what)
	}
	l.ended = l.ended || err != nil
	return err == nil
}

func (l *login) versions(version int16) {
	if l.ended {
		return
	}
	req := kmsg.NewPtrApiVersionsRequest()
	req.ClientSoftwareName, req.ClientSoftwareVersion = "test", "1"
	if version > req.MaxVersion() {
		l.future()
		return
	}
	if resp, err := ask[*kmsg.ApiVersionsResponse](l.client, version, req); l.asked("ApiVersions", err) {
		l.see("ApiVersions: %s", codeText(resp.ErrorCode))
	}
}

// future asks for a version of ApiVersions that nobody has; the answer is in version 0.
func (l *login) future() {
	_, err := l.conn.Write([]byte{0, 0, 0, 21, 0, 18, 0, 99, 0, 0, 0, 1, 0xff, 0xff, 0, 2, 'a', 2, 'b', 0, 0xff, 0xff, 0xff, 0xff, 0})
	if err == nil {
		var body []byte
		if body, err = l.read(); err == nil {
			l.see("ApiVersions v99: %s", codeText(int16(binary.BigEndian.Uint16(body[4:]))))
		}
	}
	l.asked("ApiVersions v99", err)
}

func (l *login) handshake(version int16, mechanism string) {
	if l.ended {
		return
	}
	req := kmsg.NewPtrSASLHandshakeRequest()
	req.Mechanism = mechanism
	begin := time.Now()
	if resp, err := ask[*kmsg.SASLHandshakeResponse](l.client, version, req); l.asked("SaslHandshake", err) {
		l.see("SaslHandshake %s: %s %v%s", mechanism, codeText(resp.ErrorCode), resp.SupportedMechanisms, late(resp.ErrorCode, begin))
	}
}

// token sends a token and returns the answer's; false when there is none.
func (l *login) token(version int16, token string) (answer []byte, ok bool) {
	if l.ended {
		return nil, false
	}
	req := kmsg.NewPtrSASLAuthenticateRequest()
	req.SASLAuthBytes = []byte(token)
	begin := time.Now()
	got, err := ask[*kmsg.SASLAuthenticateResponse](l.client, version, req)
	if !l.asked("SaslAuthenticate", err) {
		return nil, false
	}
	words := "null"
	if got.ErrorMessage != nil {
		words = *got.ErrorMessage
	}
	l.see("SaslAuthenticate: %s, words %s, token %t, for %d ms%s",
		codeText(got.ErrorCode), words, len(got.SASLAuthBytes) > 0, got.SessionLifetimeMillis, late(got.ErrorCode, begin))
	return got.SASLAuthBytes, got.ErrorCode == 0
}

// bare sends a token without a request around it, and returns the answer's.
func (l *login) bare(token string) (answer []byte, ok bool) {
	if l.ended {
		return nil, false
	}
	_, err := l.conn.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(token))), token...))
	if err == nil {
		answer, err = l.read()
	}
	if !l.asked("token", err) {
		return nil, false
	}
	l.see("token: token %t", len(answer) > 0)
	return answer, true
}

func (l *login) plain(user, password string) {
	l.handshake(1, "PLAIN")
	l.token(2, "\x00"+user+"\x00"+password)
}

// scram logs in by tokens in requests of a version, or bare ones for version -1.
func (l *login) scram(version int16, mechanism sasl.Mechanism) {
	session, message, err := mechanism.Authenticate(context.Background(), "")
	for done := false; !done && err == nil; {
		send := func(token string) ([]byte, bool) { return l.token(version, token) }
		if version < 0 {
			send = l.bare
		}
		answer, ok := send(string(message))
		if !ok {
			return
		}
		done, message, err = session.Challenge(answer)
	}
	if err != nil {
		l.see("client: %v", err)
	}
}

// metadata sends a request that only those have answered who are logged in.
func (l *login) metadata() {
	if l.ended {
		return
	}
	if _, err := ask[*kmsg.MetadataResponse](l.client, 9, kmsg.NewPtrMetadataRequest()); l.asked("Metadata", err) {
		l.see("Metadata: answered")
	}
}

// raw sends the size of a request, and zeros for a part of it.
func (l *login) raw(size uint32) {
	_, err := l.conn.Write(append(binary.BigEndian.AppendUint32(nil, size), make([]byte, 100)...))
	if err == nil {
		_, err = l.read()
	}
	l.asked("request", err)
}

// late says of a refused login whether the answer came as late as Kafka sends it: passwords are not to be tried
// quickly.
func late(code int16, since time.Time) string {
	switch {
	case code != kerr.SaslAuthenticationFailed.Code && code != kerr.UnsupportedSaslMechanism.Code:
		return ""
	case time.Since(since) < 95*time.Millisecond: // not 100: the clocks of two processes
		return ", at once"
	}
	return ", late"
}

func codeText(code int16) string {
	if err := kerr.TypedErrorForCode(code); err != nil {
		return err.Message
	}
	return "ok"
}
