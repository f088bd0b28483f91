package stack_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
)

// reauthWithin is how long a login holds for the broker of these tests. kgo logs in anew a second before.
const reauthWithin = 3 * time.Second

// tokenServer gives tokens that are good for an hour, and says that they are for a second: each login asks for one.
type tokenServer struct {
	url    string
	asked  atomic.Int32
	status atomic.Int32 // of the answers
}

func newTokenServer(t *testing.T) *tokenServer {
	t.Helper()
	s := new(tokenServer)
	s.status.Store(http.StatusOK)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		s.asked.Add(1)
		w.WriteHeader(int(s.status.Load()))
		_, _ = fmt.Fprintf(w, `{"access_token":%q,"expires_in":1}`, unsignedToken(time.Hour))
	}))
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

// unsignedToken is a token of app, as the validator of Kafka for development takes it.
func unsignedToken(good time.Duration) string {
	claims := fmt.Sprintf(`{"sub":"app","iat":%d,"exp":%d}`, time.Now().Unix()-60, time.Now().Add(good).Unix())
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(`{"alg":"none"}`)) + "." + encode([]byte(claims)) + "."
}

// A follow that outlasts its logins loses no record and says nothing of them: with a password, with tokens of a server,
// each of which is asked for, and with those of a file that is written anew. Once there is no new token, it ends as a
// refused login.
func TestRealReauthentication(t *testing.T) {
	s := startSecured(t, map[string]string{"connections.max.reauth.ms": fmt.Sprint(reauthWithin.Milliseconds())})
	field := clitest.NewField(t, s.Cluster)
	field.Topic("long", 1)
	tokens, refusing, gone := newTokenServer(t), newTokenServer(t), newTokenServer(t)
	fromServer := func(tokens *tokenServer) string {
		return "sasl.mechanism=OAUTHBEARER\nsasl.login.callback.handler.class=org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler\n" +
			"sasl.oauthbearer.token.endpoint.url=" + tokens.url + "\nsasl.oauthbearer.client.credentials.client.id=app\n" +
			"sasl.oauthbearer.client.credentials.client.secret=" + canary + "\n"
	}
	fromFile := func(name string) string {
		return "sasl.mechanism=OAUTHBEARER\nsasl.login.callback.handler.class=org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler\n" +
			"sasl.oauthbearer.token.endpoint.url=file://" + s.file(t, name, unsignedToken(4*time.Second)) + "\n"
	}
	follows := map[string]*follow{
		"scram":           s.follow(t, "scram", scram("SCRAM-SHA-512", canary+"-512")),
		"token server":    s.follow(t, "tokens", fromServer(tokens)),
		"token file":      s.follow(t, "token-file", fromFile("token")),
		"refusing server": s.follow(t, "refusing", fromServer(refusing)),
		"server gone":     s.follow(t, "gone", fromServer(gone)),
		"stale file":      s.follow(t, "stale", fromFile("stale-token")),
	}
	lasting := []string{"scram", "token server", "token file"}
	written := s.writeWhile(t, field, lasting, follows, refusing, gone)
	for _, name := range lasting {
		r := follows[name].interrupt(t)
		told(t, r, cli.ExitDone)
		if got := clitest.Lines(r.Stdout); !slices.Equal(got, written) {
			t.Errorf("%s: %d records, want %d: %v", name, len(got), len(written), r)
		}
		if strings.Contains(strings.ReplaceAll(r.Stderr, "not encrypted", ""), "SASL") || strings.Contains(r.Stderr, "still trying") || strings.Contains(r.Stderr, "refused") {
			t.Errorf("%s tells of its logins: %v", name, r)
		}
	}
	if asked := tokens.asked.Load(); asked < 4 {
		t.Errorf("%d tokens in %s, want one for each login", asked, 4*reauthWithin)
	}
	for name, want := range map[string]string{
		"refusing server": `no token for OAUTHBEARER: .* refuses the client id and secret: 401 Unauthorized`,
		"server gone":     `the token of OAUTHBEARER ended, and there is no new one: .*502 Bad Gateway`,
		"stale file":      `login refused: SASL_AUTHENTICATION_FAILED: .*invalid_token.*\nhint: check the token`,
	} {
		r := follows[name].ended(t)
		told(t, r, cli.ExitRefused)
		r.WantErr(t, want)
	}
}

// writeWhile writes records while the logins of all end several times, and returns them. Meanwhile token files are
// written anew, but for one, and two of the servers stop giving tokens.
func (s secured) writeWhile(t *testing.T, field *clitest.Field, lasting []string, follows map[string]*follow, refusing, gone *tokenServer) (written []string) {
	t.Helper()
	client := field.Dial()
	for start, i := time.Now(), 0; time.Since(start) < 4*reauthWithin; i++ {
		prefix := fmt.Sprintf("r%d-", i)
		field.Write(client, "long", 1, prefix, 1)
		s.file(t, "token", unsignedToken(4*time.Second)) // not at once: it is empty for a moment
		if i == 0 {
			for _, f := range follows {
				f.until(t, prefix)
			}
			refusing.status.Store(http.StatusUnauthorized)
			gone.status.Store(http.StatusBadGateway)
		}
		time.Sleep(100 * time.Millisecond)
	}
	field.Write(client, "long", 1, "last-", 1)
	for _, name := range lasting {
		follows[name].until(t, "last-")
	}
	return clitest.Lines(field.Kafkactl("consume", "long", "--from-beginning", "-o", "value").Stdout)
}

// follow is a consume -f under way.
type follow struct {
	stdout buffer
	stderr buffer
	signal func()
	wait   func() clitest.RunResult
}

// buffer is output that can be looked at while it is written.
type buffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

func (s secured) follow(t *testing.T, name, login string) *follow {
	t.Helper()
	file := s.clientFile(t, "follow-"+name, "LOGIN", "SASL_PLAINTEXT", login)
	cmd, result := clitest.Program(t, "consume", "long", "-f", "--from-beginning", "-o", "value", "--config", file)
	f := new(follow)
	cmd.Stdout, cmd.Stderr = &f.stdout, &f.stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	f.signal = func() { _ = cmd.Process.Signal(syscall.SIGINT) }
	f.wait = func() clitest.RunResult {
		var err error
		select {
		case err = <-done:
		case <-time.After(time.Minute):
			_ = cmd.Process.Signal(os.Kill)
			err = <-done
			t.Errorf("%s did not end", name)
		}
		r := result(err)
		r.Stdout, r.Stderr = f.stdout.String(), f.stderr.String()
		return r
	}
	return f
}

// until waits for a text in the output.
func (f *follow) until(t *testing.T, text string) {
	t.Helper()
	for start := time.Now(); !strings.Contains(f.stdout.String(), text); time.Sleep(10 * time.Millisecond) {
		if time.Since(start) > time.Minute {
			t.Fatalf("%q does not come; stdout:\n%.2000s\nstderr:\n%s", text, f.stdout.String(), f.stderr.String())
		}
	}
}

// interrupt ends it as a person does.
func (f *follow) interrupt(t *testing.T) clitest.RunResult {
	t.Helper()
	f.signal()
	return f.wait()
}

// ended waits until it ends by itself.
func (f *follow) ended(t *testing.T) clitest.RunResult {
	t.Helper()
	return f.wait()
}
