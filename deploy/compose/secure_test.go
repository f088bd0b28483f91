package compose_test

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl/scram"

	"kafkactl/internal/kafkatest"
)

const secureHost = "localhost:29092,localhost:29093,localhost:29094"

// passwords are the files that make up-secure makes.
var passwords = []string{"app", "kafka-ui", "kafka-ui-login"}

// The life of the secure stacks: from nothing, with what clients, nobody and Kafka UI may do; a killed broker; new
// certificates; gone.
func TestSecureStack(t *testing.T) {
	for _, file := range []string{"compose.secure.yaml", "compose.secure.zookeeper.yaml"} {
		t.Run(file, func(t *testing.T) {
			s := newSecureStack(t, file)
			began := time.Now()
			s.up()
			t.Logf("up --wait from nothing: %s", time.Since(began).Round(100*time.Millisecond))
			s.logIn()
			s.checkFirstProduce()
			s.checkReady(secureHost, 3)
			s.checkInSync()
			s.produce(secureHost)
			s.checkUI(3)
			s.checkVolumes()
			s.checkNobody()
			s.checkReadOnly()
			s.checkServices()
			s.checkNewPassword()
			s.checkPasswordsHidden()
			s.checkFiles()
			s.checkClients()
			if file == "compose.secure.zookeeper.yaml" {
				s.checkZooKeeperHidden()
			}

			old := s.serial("localhost:29093")
			s.renewCertificates()
			if s.serial("localhost:29093") != old {
				t.Error("kafka-2 shows a new certificate before it was restarted")
			}
			s.must("kill", "kafka-2")
			s.up()
			if s.serial("localhost:29093") == old {
				t.Error("kafka-2 shows the old certificate after its restart")
			}
			s.checkLastLine("11 topics, 56 bindings and 11 users in sync")
			s.checkReady(secureHost, 3)
			s.checkRecords(secureHost)

			s.must("down", "--volumes")
			if left := s.leftovers(); len(left) > 0 {
				t.Errorf("down --volumes left %v", left)
			}
		})
	}
}

// secureStack is a stack with the directory of its passwords.
type secureStack struct {
	*stack
	dir string
}

// newSecureStack makes the passwords as make up-secure does.
func newSecureStack(t *testing.T, file string) *secureStack {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "secure")
	s := &secureStack{newStack(t, file, "SECURE_DIR="+dir), dir}
	args := []string{"-C", "../..", "SECURE_DIR=" + dir}
	for _, name := range passwords {
		args = append(args, filepath.Join(dir, name))
	}
	if out, err := exec.Command("make", args...).CombinedOutput(); err != nil { //nolint:noctx // as in output
		t.Fatalf("make the passwords: %v\n%s", err, out)
	}
	return s
}

// logIn makes app.properties as make up-secure does, and opens a session of Kafka UI.
func (s *secureStack) logIn() {
	s.Helper()
	s.config = s.credentials("app")
	s.stack.login = s.loginAs("app")
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.Fatal(err)
	}
	s.browser = &http.Client{Jar: jar, Timeout: 30 * time.Second}
	form := url.Values{"username": {"admin"}, "password": {s.password("kafka-ui-login")}}
	request, err := http.NewRequestWithContext(s.Context(), http.MethodPost, "http://localhost:8081/login", strings.NewReader(form.Encode()))
	if err != nil {
		s.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := s.browser.Do(request)
	if err != nil {
		s.Fatal(err)
	}
	response.Body.Close() //nolint:errcheck,gosec // nothing is read
	if response.StatusCode != http.StatusOK {
		s.Errorf("Kafka UI refuses the login of admin: %s", response.Status)
	}
}

// credentials leaves what a service logs in with beside its password, as make credentials does, and returns the file.
func (s *secureStack) credentials(service string) string {
	s.Helper()
	make := exec.Command("make", "-C", "../..", "credentials", "SERVICE="+service, "STACK="+s.file, "SECURE_DIR="+s.dir) //nolint:noctx // as in output
	make.Env = append(os.Environ(), s.env...)
	if out, err := make.CombinedOutput(); err != nil {
		s.Fatalf("make credentials SERVICE=%s: %v\n%s", service, err, out)
	}
	return filepath.Join(s.dir, service+".properties")
}

// password is the content of a file of passwords.
func (s *secureStack) password(name string) string {
	s.Helper()
	return strings.TrimSuffix(read(s.T, filepath.Join(s.dir, name)), "\n")
}

func (s *secureStack) loginAs(user string) []kgo.Opt {
	s.Helper()
	auth := scram.Auth{User: user, Pass: s.password(user)}
	return []kgo.Opt{s.trust(), kgo.SASL(auth.AsSha512Mechanism())}
}

// trust is TLS with the stack's CA, and no login.
func (s *secureStack) trust() kgo.Opt {
	s.Helper()
	return kgo.DialTLSConfig(s.tlsConfig())
}

func (s *secureStack) tlsConfig() *tls.Config {
	s.Helper()
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM([]byte(read(s.T, filepath.Join(s.dir, "ca.crt")))) {
		s.Fatal("ca.crt holds no certificate")
	}
	return &tls.Config{RootCAs: roots}
}

// checkFirstProduce wants the first try of the first client to succeed: that is what exit code 0 of up promised.
func (s *secureStack) checkFirstProduce() {
	s.Helper()
	client := s.client(secureHost, kgo.RecordRetries(0), kgo.RequestRetries(0))
	defer client.Close()
	for _, topic := range declared {
		if err := client.ProduceSync(s.Context(), &kgo.Record{Topic: topic, Value: []byte("first")}).FirstErr(); err != nil {
			s.Errorf("the first produce to %s: %v", topic, err)
		}
	}
}

// checkInSync compares what was made with what the profile declares.
func (s *secureStack) checkInSync() {
	s.Helper()
	if out, err := s.kafkactl("plan", "--check", "--profile", "production", "-f", "../../topics.yaml"); err != nil {
		s.Errorf("the topics are not as topics.yaml declares them: %v\n%s", err, out)
	}
	if out, err := s.insideCommand("plan --check --profile secure").CombinedOutput(); err != nil {
		s.Errorf("topics, users and ACLs are not as topics.yaml declares them: %v\n%s", err, out)
	}
}

// checkFiles wants what holds a password to be readable by its owner alone, and by the owner of the directory.
func (s *secureStack) checkFiles() {
	s.Helper()
	for _, name := range slices.Concat([]string{"app.properties", "OrderService.properties"}, passwords, shopServices) {
		info, err := os.Stat(filepath.Join(s.dir, name))
		if err != nil {
			s.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			s.Errorf("%s has mode %s", name, info.Mode())
		}
	}
	owners := s.must("exec", "-T", "kafka", "stat", "-c", "%n %u %a", "/etc/kafka/secrets/ca.key", "/etc/kafka/secrets/kafka.pem")
	if want := "/etc/kafka/secrets/ca.key 0 600\n/etc/kafka/secrets/kafka.pem 1000 600\n"; owners != want {
		s.Errorf("keys in the brokers' container:\n%swant\n%s", owners, want)
	}
}

// A password that would mean something else to Spring is not handed to Kafka UI, and not shown.
func TestKafkaUIRefusesPassword(t *testing.T) {
	kafkatest.Require(t, kafkatest.Stack)
	images(t)
	for _, file := range secured() {
		command := services(t, file)["client-files"]["command"].([]any)
		script := strings.ReplaceAll(command[2].(string), "$$", "$")
		for name, text := range map[string]string{
			"empty": "", "short": "sekret", "quoted": `"correct-horse"`, "two lines": "correct-horse\nbattery", "a placeholder": "${correct.horse}",
		} {
			t.Run(file+" "+name, func(t *testing.T) {
				secrets := t.TempDir()
				if err := os.WriteFile(filepath.Join(secrets, "kafka-ui"), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
				out, err := exec.Command("docker", "run", "--rm", "--network", "none", "--user", "0", "--volume", secrets+":/secrets:ro", //nolint:noctx // as in output
					underTest("apache/kafka:4.3.1"), "bash", "-c", script).CombinedOutput()
				const want = "the password in the file kafka-ui must be 8 or more letters, digits, - _ . ~ on one line\n"
				if err == nil || string(out) != want {
					t.Errorf("client-files: %v, says %q, want %q", err, out, want)
				}
			})
		}
	}
}
