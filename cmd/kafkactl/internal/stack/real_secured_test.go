package stack_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
)

// A client.properties for each listener works unchanged, and so do the flags for people without one; what is
// refused is told in one sentence, at once, and no secret is in any of it.
func TestRealSecuredListeners(t *testing.T) {
	s := startSecured(t)
	t.Run("files", s.testFiles)
	t.Run("flags", s.testFlags)
	t.Run("refused", s.testRefused)
}

func (s secured) testFiles(t *testing.T) {
	const plain = "sasl.mechanism=PLAIN\nsasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username=\"app\" password='" + canary + "-plain';\n"
	const bearer = "sasl.mechanism=OAUTHBEARER\nsasl.jaas.config=org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub=\"app\";\n"
	for name, file := range map[string]string{
		"scram-512":    s.clientFile(t, "scram-512", "SECURE", "SASL_SSL", s.trust()+scram("SCRAM-SHA-512", canary+"-512")),
		"scram-256":    s.clientFile(t, "scram-256", "SECURE", "SASL_SSL", s.trust()+scram("SCRAM-SHA-256", canary+"-256")),
		"sasl":         s.clientFile(t, "sasl", "LOGIN", "SASL_PLAINTEXT", scram("SCRAM-SHA-512", canary+"-512")),
		"plain":        s.clientFile(t, "plain", "SECURE", "SASL_SSL", s.trust()+plain),
		"bearer":       s.clientFile(t, "bearer", "LOGIN", "SASL_PLAINTEXT", bearer),
		"mutual":       s.clientFile(t, "mutual", "MUTUAL", "SSL", s.trust()+"ssl.keystore.type=PEM\nssl.keystore.location="+s.dir+"/app.pem\n"),
		"encrypted":    s.clientFile(t, "encrypted", "ENCRYPTED", "SSL", s.trust()),
		"librdkafka":   s.clientFile(t, "librdkafka", "SECURE", "sasl_ssl", "ssl.ca.location="+s.dir+"/ca.pem\nsasl.mechanisms=SCRAM-SHA-512\nsasl.username=app\nsasl.password="+canary+"-512\n"),
		"without name": s.clientFile(t, "without-name", "ENCRYPTED", "SSL", s.trust()+"ssl.endpoint.identification.algorithm=\n"),
	} {
		t.Run(name, func(t *testing.T) { s.testCommands(t, file, "secured."+strings.ReplaceAll(name, " ", "-")) })
	}
}

// testCommands runs every command that connects, once.
func (s secured) testCommands(t *testing.T, file, topic string) {
	spec := clitest.SpecFile(t, 1, "  "+topic+": {}\n")
	for _, command := range []string{
		"wait --timeout 30s", "apply -f " + spec, "plan --check -f " + spec, "list", "health -f " + spec, "health --probe",
		"create " + topic + ".more --partitions 1 --command-config " + file,
		"alter " + topic + ".more --partitions 2 --command-config " + file,
		"produce " + topic, "consume " + topic + " --group " + topic + " -o value", "lag", "lag " + topic,
		"describe " + topic, "describe cluster", "list groups", "list brokers", "describe group " + topic, "whoami",
		"reset-offsets " + topic + " --topic " + topic + " --to-beginning --execute", "delete group " + topic + " --yes", "delete " + topic + ".more --yes",
	} {
		args := strings.Fields(command)
		if !strings.Contains(command, "--command-config") {
			args = append(args, "--config", file)
		}
		cmd, result := clitest.Program(t, args...)
		cmd.Stdin = strings.NewReader("hello\n")
		r := result(cmd.Run())
		told(t, r, cli.ExitDone)
		if args[0] == "consume" && r.Stdout != "hello\n" {
			t.Errorf("%s: %v", command, r)
		}
		if warned := strings.Count(r.Stderr, "warning: "); strings.Contains(file, "without-name") && warned != 1 || !strings.Contains(file, "without-name") && strings.Contains(r.Stderr, "names in the") {
			t.Errorf("%s: want the warning once where names are not verified: %v", command, r)
		}
	}
}

func (s secured) testFlags(t *testing.T) {
	secure, mutual := s.ListenerAddrs("SECURE")[0], s.ListenerAddrs("MUTUAL")[0]
	password := s.file(t, "password.txt", canary+"-512\n")
	ca, login := s.dir+"/ca.pem", "--sasl-mechanism SCRAM-SHA-512 --sasl-username app"
	wrong := s.clientFile(t, "wrong", "SECURE", "SASL_SSL", s.trust()+scram("SCRAM-SHA-512", canary+"-wrong"))
	for name, line := range map[string]string{
		"login":             "-b " + secure + " --tls --tls-ca " + ca + " " + login + " --sasl-password-file " + password,
		"certificate":       "-b " + mutual + " --tls-ca " + ca + " --tls-cert " + s.dir + "/app.crt --tls-key " + s.dir + "/app.key",
		"flag over file":    "--config " + wrong + " --sasl-password-file " + password,
		"protocol":          "-b " + s.ListenerAddrs("LOGIN")[0] + " --security-protocol SASL_PLAINTEXT " + login + " --sasl-password-file " + password,
		"name of another":   "-b " + strings.Replace(secure, "127.0.0.1", "localhost", 1) + " --tls-ca " + ca + " --tls-server-name 127.0.0.1 " + login + " --sasl-password-file " + password,
		"old spelling":      "--command-config " + wrong + " --sasl-password-file " + password,
		"brokers over file": "-b " + secure + " --config " + wrong + " --sasl-password-file " + password,
	} {
		t.Run(name, func(t *testing.T) {
			told(t, clitest.Kafkactl(t, strings.Fields("list "+line)...), cli.ExitDone)
		})
	}
	t.Run("variables", func(t *testing.T) {
		cmd, result := clitest.Program(t, "list")
		cmd.Env = append(os.Environ(), "KAFKACTL_BROKERS="+secure, "KAFKACTL_TLS_CA="+ca, "KAFKACTL_SASL_MECHANISM=SCRAM-SHA-512",
			"KAFKACTL_SASL_USERNAME=app", "KAFKACTL_SASL_PASSWORD="+canary+"-512")
		told(t, result(cmd.Run()), cli.ExitDone)
	})
	t.Run("variable over file", func(t *testing.T) {
		cmd, result := clitest.Program(t, "list")
		cmd.Env = append(os.Environ(), "KAFKACTL_CONFIG="+wrong, "KAFKACTL_SASL_PASSWORD="+canary+"-512")
		told(t, result(cmd.Run()), cli.ExitDone)
	})
}

func (s secured) testRefused(t *testing.T) {
	password := s.clientFile(t, "wrong-password", "SECURE", "SASL_SSL", s.trust()+scram("SCRAM-SHA-512", canary+"-wrong"))
	spec := clitest.SpecFile(t, 1, "  refused: {}\n")
	for _, command := range []string{
		"list", "wait", "apply -f " + spec, "plan -f " + spec, "health", "consume refused", "produce refused", "lag", "describe cluster", "list groups", "create refused",
	} {
		args := append(strings.Fields(command), "--command-config", password)
		before := s.refusals(t)
		cmd, result := clitest.Program(t, args...)
		cmd.Stdin = strings.NewReader("hello\n")
		r := result(cmd.Run())
		told(t, r, cli.ExitRefused)
		r.WantErr(t, `login refused: SASL_AUTHENTICATION_FAILED`, `^hint: check the user name and the password`)
		if tries := s.refusals(t) - before; r.Took > 2*time.Second+clitest.Busy || tries != 1 {
			t.Errorf("%s: %d tries to log in, want 1: %v", command, tries, r)
		}
	}
	for _, w := range []struct {
		line, stderr string
		code         cli.ExitCode
	}{
		{"-b " + s.ListenerAddrs("MUTUAL")[0] + " --tls-ca " + s.dir + "/ca.pem", `TLS refused: the broker wants a client certificate`, cli.ExitRefused},
		{"-b " + s.Addrs()[0] + " --tls", `no broker can be reached: .*: the port speaks PLAINTEXT; kafkactl was told TLS\nhint: connect without TLS`, cli.ExitFailed},
		{"-b " + s.ListenerAddrs("ENCRYPTED")[0] + " --tls", `certificate not verified: its authority "CN=kafkactl test CA" is not trusted\nhint: .*--tls-ca`, cli.ExitFailed},
		{"-b " + s.ListenerAddrs("ENCRYPTED")[0] + " --tls-ca " + s.dir + "/ca.pem --tls-server-name kafka-1", `certificate not verified: it is for 127.0.0.1, and must be for "kafka-1"\nhint: .*--tls-server-name 127.0.0.1`, cli.ExitFailed},
		{"-b " + s.ListenerAddrs("SECURE")[0] + " --tls-ca " + s.dir + "/ca.pem", s.ListenerAddrs("SECURE")[0] + `: login required: the listener offers OAUTHBEARER, PLAIN, SCRAM-SHA-256, SCRAM-SHA-512\nhint: log in with `, cli.ExitRefused},
		{"-b " + s.ListenerAddrs("ENCRYPTED")[0] + " --command-config " + password, `login refused: the listener has no login \(ILLEGAL_SASL_STATE\)\nhint: connect without a login`, cli.ExitRefused},
	} {
		r := clitest.Kafkactl(t, strings.Fields("list "+w.line)...)
		told(t, r, w.code)
		r.WantErr(t, w.stderr)
	}
}

// refusals returns how many logins the broker refused so far.
func (s secured) refusals(t *testing.T) int {
	t.Helper()
	log, err := os.ReadFile(s.Dir() + "/broker-1.log")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Count(string(log), "invalid credentials with SASL mechanism")
}

// told fails the test unless the run ended with code, and told no secret.
func told(t *testing.T, r clitest.RunResult, code cli.ExitCode) {
	t.Helper()
	if strings.Contains(r.Stdout+r.Stderr, canary) {
		t.Errorf("tells a secret: %v", r)
	}
	r.Want(t, code)
}
