package root

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/youmark/pkcs8"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/cmd/kafkactl/internal/process"
	"kafkactl/internal/kafkatest"
)

// secretField is what commands with secrets are run against: brokers that take them or refuse them, ports where
// nobody answers, and files. Each user has a canary of its own as password: app0, app1 and so on.
type secretField struct {
	dir  string
	all  []canary // of the users
	key  canary   // the private key of the client, as PEM has it
	spec string
	// accessSpec has a service with a password of its own, which is no canary.
	accessSpec string
	addresses  map[string]string // of listeners, by name
	tokens     string            // where tokens are, in place of a password
	refusing   string            // the same, of a server that refuses and repeats what it was sent
}

// The listeners of a secretField.
const (
	taking   = "taking"   // logs the users in
	refusing = "refusing" // knows other passwords
	mutual   = "mutual"   // wants a client certificate
	closing  = "closing"  // closes the connection at the first byte, as a listener without TLS does
	dead     = "dead"     // refuses connections
	silent   = "silent"   // accepts them, and says nothing
)

func newSecretField(t *testing.T) *secretField {
	t.Helper()
	f := &secretField{dir: t.TempDir(), all: canaries(), addresses: make(map[string]string)}
	f.makeCertificates(t)
	server := f.serverTLS(t)
	wanting := server.Clone()
	wanting.ClientAuth, wanting.ClientCAs = tls.RequireAndVerifyClientCert, f.roots(t)
	for name, opts := range map[string][]kfake.Opt{
		taking:   f.logins(server),
		refusing: {kfake.TLS(server)},
		mutual:   {kfake.TLS(wanting), kfake.SeedTopics(1, "orders")},
	} {
		cluster, addrs := kafkatest.Fake(t, opts...)
		f.addresses[name] = addrs[0]
		if name == refusing {
			refuseLogins(cluster)
		}
	}
	f.addresses[dead] = "127.0.0.1:1"
	f.addresses[silent], f.addresses[closing] = port(t, false), port(t, true)
	f.tokens, f.refusing = f.tokenServers(t)
	f.spec = clitest.SpecFile(t, 1, "  orders: {partitions: 1}\n")
	password := f.write(t, "service-password", "of-the-service\n")
	f.accessSpec = f.write(t, "access.yaml", "version: 1\nservices:\n  OrderService: {principal: User:orders, scram: {password: {file: "+password+"}}}\n"+
		"topics:\n  orders: {partitions: 1, replicationFactor: 1, producers: [OrderService]}\n")
	return f
}

// logins are the options of a broker that logs all users in.
func (f *secretField) logins(server *tls.Config) []kfake.Opt {
	opts := []kfake.Opt{kfake.EnableSASL(), kfake.TLS(server), kfake.SeedTopics(1, "orders")}
	for i, c := range f.all {
		for _, mechanism := range []string{"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"} {
			opts = append(opts, kfake.Superuser(mechanism, user(i), c.text))
		}
	}
	return opts
}

// refuseLogins refuses passwords as Kafka does, and tokens in words that repeat them.
func refuseLogins(c *kfake.Cluster) {
	keep := func(key kmsg.Key, answer func(kmsg.Request) kmsg.Response) {
		c.ControlKey(key.Int16(), func(req kmsg.Request) (kmsg.Response, error, bool) {
			c.KeepControl()
			return answer(req), nil, true
		})
	}
	keep(kmsg.SASLHandshake, func(req kmsg.Request) kmsg.Response { return req.ResponseKind() })
	keep(kmsg.SASLAuthenticate, func(req kmsg.Request) kmsg.Response {
		sent, resp := req.(*kmsg.SASLAuthenticateRequest).SASLAuthBytes, req.ResponseKind().(*kmsg.SASLAuthenticateResponse)
		_, token, isToken := strings.Cut(strings.Trim(string(sent), "\x01"), "auth=Bearer ")
		if isToken {
			resp.SASLAuthBytes, _ = json.Marshal(map[string]string{"status": "invalid_token: " + token, "scope": url.QueryEscape(token)})
			return resp
		}
		if string(sent) == "\x01" { // the client has heard why; its own words are tested
			return resp
		}
		resp.ErrorCode = kerr.SaslAuthenticationFailed.Code
		resp.ErrorMessage = kmsg.StringPtr("Authentication failed: Invalid username or password")
		return resp
	})
}

func user(i int) string { return fmt.Sprintf("app%d", i) }

// port accepts connections, and either closes each at its first byte or says nothing.
func port(t *testing.T, closes bool) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				for _, err := conn.Read(make([]byte, 1)); err == nil && !closes; {
					_, err = conn.Read(make([]byte, 4096))
				}
			}()
		}
	}()
	return listener.Addr().String()
}

// makeCertificates makes the files of certs, with stores that the first canary opens, and its key once more as PEM
// that the canary opens.
func (f *secretField) makeCertificates(t *testing.T) {
	t.Helper()
	for i, c := range f.all {
		f.write(t, "password"+fmt.Sprint(i), c.text+"\n")
	}
	r := f.run(t, nil, "certs", "--out", f.at("certs"), "--node", "kafka=127.0.0.1", "--client", "app", "--p12", "--jks", "--password-file", f.at("password0"))
	r.Want(t, cli.ExitDone)
	f.wantHidden(t, "certs", r)
	text, err := os.ReadFile(f.at("certs/app.key"))
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(text)
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	f.key = newCanary(strings.Join(lines[1:len(lines)-1], "")[48:], 3*run) // what stands before is the same in all keys
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	locked, err := pkcs8.MarshalPrivateKey(key, []byte(f.all[0].text), nil)
	if err != nil {
		t.Fatal(err)
	}
	chain, err := os.ReadFile(f.at("certs/app.crt"))
	if err != nil {
		t.Fatal(err)
	}
	f.write(t, "locked.pem", string(pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: locked}))+string(chain))
}

func (f *secretField) serverTLS(t *testing.T) *tls.Config {
	t.Helper()
	own, err := tls.LoadX509KeyPair(f.at("certs/kafka.crt"), f.at("certs/kafka.key"))
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{own}, MinVersion: tls.VersionTLS12}
}

func (f *secretField) roots(t *testing.T) *x509.CertPool {
	t.Helper()
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM([]byte(f.text(t, "certs/ca.crt")))
	return pool
}

// tokenServers gives tokens that are made of the secret that was sent, or refuses it in all the words that a careless
// server could find.
func (f *secretField) tokenServers(t *testing.T) (giving, refusing string) {
	t.Helper()
	serve := func(answer func(w http.ResponseWriter, secret string)) string {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, secret, _ := r.BasicAuth()
			answer(w, secret)
		}))
		t.Cleanup(s.Close)
		return s.URL
	}
	var tries atomic.Int64
	return serve(func(w http.ResponseWriter, secret string) {
			_ = json.NewEncoder(w).Encode(map[string]any{"access_token": secret, "expires_in": 60})
		}), serve(func(w http.ResponseWriter, secret string) {
			echoes := []string{secret, url.QueryEscape(secret), fmt.Sprintf("%q", secret), fmt.Sprintf("%x", secret), string([]rune(secret)[:8]) + "…"}
			w.WriteHeader(http.StatusUnauthorized)
			_ = json.NewEncoder(w).Encode(map[string]string{
				"error": "invalid_client", "error_description": "no client has " + echoes[int(tries.Add(1))%len(echoes)],
			})
		})
}

func (f *secretField) at(name string) string { return filepath.Join(f.dir, name) }

func (f *secretField) write(t *testing.T, name, text string) string {
	t.Helper()
	if err := os.WriteFile(f.at(name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return f.at(name)
}

func (f *secretField) text(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(f.at(name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// run runs a command line in this process.
func (f *secretField) run(t *testing.T, env map[string]string, args ...string) clitest.RunResult {
	t.Helper()
	var out, err bytes.Buffer
	a := &cli.App{Version: "dev", Child: new(atomic.Pointer[process.Child]), Streams: cli.Streams{
		In: strings.NewReader("hello\n"), Out: &out, Err: &err,
		LookupEnv: func(name string) (string, bool) { value, set := env[name]; return value, set },
		Environ: func() (pairs []string) {
			for _, name := range slices.Sorted(maps.Keys(env)) {
				pairs = append(pairs, name+"="+env[name])
			}
			return pairs
		},
	}}
	code := execute(t.Context(), a, args)
	return clitest.RunResult{Stdout: out.String(), Stderr: err.String(), Code: int(code)}
}

// wantHidden fails the test when a run printed a part of any secret. Certificates are none, and what is in their base64 is
// there by chance.
func (f *secretField) wantHidden(t *testing.T, what string, r clitest.RunResult) {
	t.Helper()
	certificate := regexp.MustCompile(`(?s)-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----`)
	printed := certificate.ReplaceAllString(r.Stdout+"\n"+r.Stderr, "")
	for _, c := range append(slices.Clone(f.all), f.key) {
		if part := c.in(printed); part != "" {
			t.Errorf("%s: prints %q of a secret: %v", what, part, r)
		}
	}
}
