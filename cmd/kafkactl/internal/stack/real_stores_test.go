package stack_test

import (
	"crypto/x509"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

// The files of people with a secured Kafka, with ZooKeeper and without: PEM, JKS, PKCS12, and PKCS12 that is said to
// be JKS, made by keytool and by certs. Every command of a day works with them, Apache's tools do, and no file is
// changed.
func TestRealStores(t *testing.T) {
	ca := newAuthority(t, "kafkactl test CA")
	stores := newStores(t, ca)
	for flavour, authorizer := range map[kafkatest.Flavour]string{
		kafkatest.Kraft1: "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
		kafkatest.ZK1:    "kafka.security.authorizer.AclAuthorizer",
	} {
		t.Run(string(flavour), func(t *testing.T) {
			s := startSecuredOn(t, flavour, ca, map[string]string{
				"authorizer.class.name": authorizer, "super.users": "User:ANONYMOUS;User:app", // ANONYMOUS: the plain listener of these tests
				"ssl.principal.mapping.rules": "RULE:^CN=([^,]+).*$/$1/,DEFAULT",
			})
			files := s.storeFiles(t, stores)
			if flavour == kafkatest.ZK1 { // on the other TestRealSecuredListeners has them
				s.pemFiles(t, files)
			}
			t.Run("files", func(t *testing.T) {
				for name, file := range files {
					t.Run(name, func(t *testing.T) {
						t.Parallel()
						s.testDay(t, file, "stores."+name)
					})
				}
			})
		})
	}
}

// testDay runs what a day needs, kafkactl's and Apache's, and compares the file before and after.
func (s secured) testDay(t *testing.T, file, topic string) {
	before := contents(t, file)
	spec := clitest.SpecFile(t, 1, "  "+topic+": {partitions: 1}\n")
	for _, command := range []string{"wait --timeout 30s", "apply -f " + spec, "list", "health -f " + spec, "produce " + topic, "consume " + topic + " -o value", "lag"} {
		args := append(strings.Fields(command), "--config", file)
		cmd, result := clitest.Program(t, args...)
		cmd.Stdin = strings.NewReader("hello\n")
		r := result(cmd.Run())
		told(t, r, cli.ExitDone)
		if args[0] == "consume" && r.Stdout != "hello\n" || args[0] == "list" && !strings.Contains(r.Stdout, topic) {
			t.Errorf("%s: %v", command, r)
		}
	}
	bootstrap, _, _ := strings.Cut(strings.TrimPrefix(before, "bootstrap.servers="), "\n")
	out, err := s.CLI(t.Context(), "kafka-topics", "--bootstrap-server", bootstrap, "--command-config", file, "--list")
	if err != nil || out.Code != 0 || !strings.Contains(out.Stdout, topic) {
		t.Errorf("Apache's kafka-topics: exit %d, %v\n%s%s", out.Code, err, out.Stdout, out.Stderr)
	}
	if after := contents(t, file); after != before {
		t.Errorf("the file was changed: %s", after)
	}
}

func contents(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// pemFiles adds the files of people with PEM, and those without TLS.
func (s secured) pemFiles(t *testing.T, files map[string]string) {
	t.Helper()
	const plain = "sasl.mechanism=PLAIN\nsasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username=\"app\" password='" + canary + "-plain';\n"
	for name, file := range map[string][3]string{
		"scram-512": {"SECURE", "SASL_SSL", s.trust() + scram("SCRAM-SHA-512", canary+"-512")},
		"scram-256": {"SECURE", "SASL_SSL", s.trust() + scram("SCRAM-SHA-256", canary+"-256")},
		"sasl":      {"LOGIN", "SASL_PLAINTEXT", scram("SCRAM-SHA-512", canary+"-512")},
		"plain":     {"SECURE", "SASL_SSL", s.trust() + plain},
		"mutual":    {"MUTUAL", "SSL", s.trust() + "ssl.keystore.type=PEM\nssl.keystore.location=" + s.dir + "/app.pem\n"},
	} {
		files[name] = s.clientFile(t, name, file[0], file[1], file[2])
	}
}

// storeFiles returns a file for each kind of store: with a client certificate, and with a login.
func (s secured) storeFiles(t *testing.T, stores string) map[string]string {
	t.Helper()
	files := make(map[string]string)
	for _, maker := range []string{"keytool", "certs"} {
		for kind, store := range map[string][2]string{"jks": {"jks", "JKS"}, "p12": {"p12", "PKCS12"}, "p12-as-jks": {"p12", "JKS"}} {
			at := filepath.Join(stores, maker)
			trust := "ssl.truststore.type=" + store[1] + "\nssl.truststore.location=" + at + "/truststore." + store[0] + "\nssl.truststore.password=" + canary + "\n"
			key := "ssl.keystore.type=" + store[1] + "\nssl.keystore.location=" + at + "/app." + store[0] + "\nssl.keystore.password=" + canary + "\nssl.key.password=" + canary + "\n"
			name := maker + "-" + kind
			files[name] = s.clientFile(t, name, "MUTUAL", "SSL", trust+key)
			if maker == "keytool" {
				files[name+"-login"] = s.clientFile(t, name+"-login", "SECURE", "SASL_SSL", trust+scram("SCRAM-SHA-512", canary+"-512"))
			}
		}
	}
	return files
}

// newStores makes the stores of a client app, and truststores, with certs and with keytool, in directories of these
// names.
func newStores(t *testing.T, ca authority) (dir string) {
	t.Helper()
	kafkatest.Require(t, kafkatest.Brokers)
	dir = t.TempDir()
	certs, keytools := filepath.Join(dir, "certs"), filepath.Join(dir, "keytool")
	key, err := x509.MarshalPKCS8PrivateKey(ca.key)
	if err != nil {
		t.Fatal(err)
	}
	for _, made := range []string{certs, keytools} {
		if err := os.Mkdir(made, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range map[string]string{"certs/ca.crt": ca.pem(), "certs/ca.key": armoured("PRIVATE KEY", key), "password": canary + "\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	told(t, clitest.Kafkactl(t, "certs", "--out", certs, "--client", "app", "--p12", "--jks", "--password-file", filepath.Join(dir, "password")), cli.ExitDone)
	for extension, kind := range map[string]string{"jks": "JKS", "p12": "PKCS12"} {
		keytool(t, "-importkeystore", "-srckeystore", certs+"/app.p12", "-srcstoretype", "PKCS12", "-srcstorepass", canary,
			"-destkeystore", keytools+"/app."+extension, "-deststoretype", kind, "-deststorepass", canary)
		keytool(t, "-importcert", "-noprompt", "-alias", "ca", "-file", certs+"/ca.crt",
			"-keystore", keytools+"/truststore."+extension, "-storetype", kind, "-storepass", canary)
	}
	return dir
}

func keytool(t *testing.T, args ...string) {
	t.Helper()
	home, err := kafkatest.JavaHome()
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), filepath.Join(home, "bin", "keytool"), args...).CombinedOutput(); err != nil {
		t.Fatalf("keytool %v: %v\n%s", args, err, out)
	}
}
