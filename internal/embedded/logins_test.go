package embedded_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
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
