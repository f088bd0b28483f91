package stack

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
	"kafkactl/internal/properties"
)

// loginClient is a client of services that logs in with what dev puts into the environment.
type loginClient struct {
	script  string // in internal/embedded/testdata
	program func(tb testing.TB, script string) kafkatest.ClientProgram
	refused string // the name of its error for a wrong password
}

func loginClients() []loginClient {
	java := func(tb testing.TB, script string) kafkatest.ClientProgram {
		tb.Helper()
		project := kafkatest.NewJavaProject(tb, filepath.Dir(script))
		return project.Program(filepath.Base(script), "-Dorg.slf4j.simpleLogger.defaultLogLevel=off")
	}
	return []loginClient{
		{"kafkajs/login.js", kafkatest.NodeProgram, "KafkaJSSASLAuthenticationError"},
		{"platformatic/login.js", kafkatest.NodeProgram, "SASL_AUTHENTICATION_FAILED"},
		{"python/login.py", kafkatest.PythonProgram, "KafkaTimeoutError"}, // which has nothing of the refusal
		{"librdkafka/login.py", kafkatest.PythonProgram, "_AUTHENTICATION"},
		{"aiokafka/login.py", kafkatest.PythonProgram, "KafkaConnectionError"}, // it logs the refusal
		{"java/clients/Login", java, "SaslAuthenticationException"},
	}
}

// seen is what the program of a client prints.
func (c loginClient) seen(sasl bool) []string {
	if !sasl {
		return []string{"certificate: none"}
	}
	return []string{
		"PLAIN: PLAIN", "SCRAM-SHA-256: SCRAM-SHA-256", "SCRAM-SHA-512: SCRAM-SHA-512",
		"wrong PLAIN: " + c.refused, "wrong SCRAM-SHA-512: " + c.refused,
	}
}

// The clients of services log in with the files and variables of dev, by each mechanism and by a certificate, and
// say of a wrong password what they say of it to a broker: on a real Kafka that has the same files, which shows
// that the test is right, and on the embedded one.
func TestRealDevLogins(t *testing.T) {
	t.Parallel()
	kafkatest.Require(t, kafkatest.Brokers)
	envs := realSecured(t)
	for _, client := range loginClients() {
		t.Run(filepath.Dir(client.script), func(t *testing.T) {
			t.Parallel()
			program := client.program(t, clitest.InRepo("internal", "embedded", "testdata", filepath.FromSlash(client.script)))
			for _, sasl := range []bool{true, false} {
				prefix := "login." + strings.ReplaceAll(filepath.Dir(client.script), "/", ".")
				argv, env := program.Command(prefix)
				// Below a kafkactl that waits for the real Kafka, and below one that is the embedded one.
				wantLogins(t, client.seen(sasl), slices.Concat(env, envs[sasl]), slices.Concat([]string{"wait", "--"}, argv))
				flags := []string{"dev", "--port", "0", "-f", loginTopics(t, prefix), "--tls"}
				if sasl {
					flags = append(flags, "--sasl", "--sasl-mechanism", "SCRAM-SHA-256")
				} else {
					flags = append(flags, "--tls-client-auth")
				}
				wantLogins(t, client.seen(sasl), env, slices.Concat(flags, []string{"--"}, argv))
			}
		})
	}
}

// A service of Spring Boot needs nothing but the variables of dev.
func TestRealDevSpring(t *testing.T) {
	t.Parallel()
	dir := clitest.InRepo("internal", "embedded", "testdata", "java", "spring")
	want, err := os.ReadFile(filepath.Join(dir, "Service.txt"))
	if err != nil {
		t.Fatal(err)
	}
	program := kafkatest.NewJavaProject(t, dir).Program("service.Service")
	argv, env := program.Command("--logging.config=" + filepath.Join(dir, "logback.xml"))
	flags := []string{"dev", "--port", "0", "--no-apply", "--sasl", "--tls", "--tls-client-auth", "--"}
	wantLogins(t, strings.Split(strings.TrimSpace(string(want)), "\n"), env, slices.Concat(flags, argv))
}

// wantLogins runs kafkactl, and fails the test unless the program below it prints the lines.
func wantLogins(t *testing.T, want, env, args []string) {
	t.Helper()
	cmd, end := clitest.Program(t, args...)
	cmd.Env = append(cmd.Env, env...)
	r := end(cmd.Run())
	if diff := cmp.Diff(want, strings.Split(strings.TrimSpace(r.Stdout), "\n")); diff != "" || r.Code != 0 {
		t.Errorf("%v (-want +got):\n%s\n%s", args, diff, r)
	}
}

// loginTopics writes the topics file of a client.
func loginTopics(t *testing.T, prefixes ...string) string {
	t.Helper()
	text := "version: 1\ntopics:\n"
	for _, prefix := range prefixes {
		for _, name := range []string{"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "none"} {
			text += fmt.Sprintf("  %s.%s: {partitions: 1}\n", prefix, name)
		}
	}
	file := filepath.Join(t.TempDir(), "topics.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// realSecured starts a real Kafka with the files that dev makes, and returns the environment of its clients: with
// SASL, and without.
func realSecured(t *testing.T) map[bool][]string {
	t.Helper()
	with := devSecurity{tls: true, sasl: true, mechanism: properties.ScramSHA256, dir: t.TempDir()}
	without := devSecurity{tls: true, clientAuth: true, dir: t.TempDir()}
	secured := map[bool]*devSecured{true: nil, false: nil}
	for sasl, security := range map[bool]*devSecurity{true: &with, false: &without} {
		d, _, err := security.prepare(t.Context(), &cli.App{}, "", "")
		if err != nil {
			t.Fatal(err)
		}
		secured[sasl] = d
	}
	cluster := kafkatest.Start(t, kafkatest.Options{
		Flavour:   kafkatest.Kraft1,
		Listeners: []kafkatest.Listener{{Name: "LOGIN", Protocol: "SASL_SSL"}, {Name: "MUTUAL", Protocol: "SSL"}},
		Props:     brokerProps(secured),
	})
	addScram(t, cluster, defaultUser, secured[true].passwords[defaultUser])
	var prefixes []string
	for _, client := range loginClients() {
		prefixes = append(prefixes, "login."+strings.ReplaceAll(filepath.Dir(client.script), "/", "."))
	}
	if r := clitest.Kafkactl(t, "apply", "-b", cluster.Bootstrap(), "-f", loginTopics(t, prefixes...)); r.Code != 0 {
		t.Fatal(r)
	}
	envs := map[bool][]string{}
	for sasl, listener := range map[bool]string{true: "LOGIN", false: "MUTUAL"} {
		addrs := cluster.ListenerAddrs(listener)
		if err := secured[sasl].writeProperties(addrs); err != nil {
			t.Fatal(err)
		}
		envs[sasl] = append(envs[sasl], "KAFKACTL_BROKERS="+addrs[0])
		for _, variable := range secured[sasl].variables() {
			envs[sasl] = append(envs[sasl], variable[0]+"="+variable[1])
		}
	}
	return envs
}

// brokerProps are the properties of a broker with the files of dev.
func brokerProps(secured map[bool]*devSecured) map[string]string {
	const module = "org.apache.kafka.common.security."
	login := "listener.name.login."
	props := map[string]string{
		"sasl.enabled.mechanisms":                "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512",
		login + "plain.sasl.jaas.config":         fmt.Sprintf("%splain.PlainLoginModule required user_%s=%q;", module, defaultUser, secured[true].passwords[defaultUser]),
		login + "scram-sha-256.sasl.jaas.config": module + "scram.ScramLoginModule required;",
		login + "scram-sha-512.sasl.jaas.config": module + "scram.ScramLoginModule required;",
		"listener.name.mutual.ssl.client.auth":   "required",
	}
	for sasl, listener := range map[bool]string{true: login, false: "listener.name.mutual."} {
		for store, file := range map[string]string{"keystore": nodeName + ".pem", "truststore": "ca.crt"} {
			props[listener+"ssl."+store+".type"] = "PEM"
			props[listener+"ssl."+store+".location"] = secured[sasl].path(file)
		}
	}
	return props
}

// addScram makes a user of both mechanisms, one after another: Kafka takes one of a user in a request.
func addScram(t *testing.T, cluster *kafkatest.Cluster, user, password string) {
	t.Helper()
	for _, mechanism := range []string{"SCRAM-SHA-256", "SCRAM-SHA-512"} {
		out, err := cluster.CLI(t.Context(), "kafka-configs", "--bootstrap-server", cluster.Bootstrap(), "--alter",
			"--entity-type", "users", "--entity-name", user, "--add-config", fmt.Sprintf("%s=[password=%s]", mechanism, password))
		if err != nil || out.Code != 0 {
			t.Fatal(err, out.Stderr)
		}
	}
}
