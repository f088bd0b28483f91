package root

import (
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"kafkactl/cmd/kafkactl/internal/cli"
)

// Whoever puts a secret into a command line is told where it belongs, by any command, and it is not repeated.
func TestSecretsInCommandLines(t *testing.T) {
	t.Parallel()
	f := &secretField{dir: t.TempDir(), all: canaries(), key: newCanary("-", run)}
	var paths [][]string
	var walk func(cmd *cobra.Command)
	walk = func(cmd *cobra.Command) {
		if _, connects := cli.ConnectionOf(cmd, 1); connects || cmd.Name() == "dev" || cmd.Name() == "certs" || cmd.Name() == "validate" {
			paths = append(paths, strings.Fields(cmd.CommandPath())[1:])
		}
		for _, sub := range cmd.Commands() {
			walk(sub)
		}
	}
	walk(newRootCmd(&cli.App{}))
	given := [][]string{
		{"--sasl-password", "%"},
		{"--sasl-password=%"},
		{"--password", "%"},
		{"--password=%"},
		{"--ssl-keystore-password=%"},
		{"--tls-key-passphrase", "%"},
		{"-X", "sasl.password=%"},
		{"-Xsasl.password=%"},
		{"-X", "ssl.key.password=%"},
		{"--sasl.password", "%"},
		{"--sasl.jaas.config=%"},
		{"--client-secret", "%"},
		{"--command-property", "sasl.jaas.config=x password=%;"},
		{"--producer-property", "sasl.password=%"},
		{"--consumer-property=sasl.jaas.config=%"},
		{"--command-config", "sasl.password=%"},
		{"--nope", "sasl.password=%"},
		{"-o", "json", "--sasl-password", "%"},
		{"--timeout", "1s", "-X", "sasl.password=%"},
	}
	for i, path := range paths {
		for j, words := range given {
			asksNobody := path[0] == "access" && words[0] == "--timeout"
			if path[0] != "dev" && path[0] != "certs" && path[0] != "validate" && !asksNobody || words[0] != "--command-config" && words[0] != "--timeout" {
				f.refusesSecret(t, f.all[(i+j)%len(f.all)], slices.Concat(path, words))
			}
		}
	}
	for j, line := range []string{
		"kafka-topics.sh --list --sasl-password %", "kafka-topics --zookeeper zk:2181 --list --password %", "kafka-console-consumer --topic t --password %",
		"kafka-console-consumer --topic t --consumer-property sasl.password=%", "kafka-console-producer --topic t --producer-property ssl.key.password=%",
		"docker exec kafka kafka-consumer-groups --list --command-property sasl.password=%", "--sasl-password % list", "list --sasl-password %", "--password=% nope",
		"get topics -X sasl.password=%", "kafka-configs --alter --entity-type topics --entity-name t --add-config sasl.jaas.config=%",
		"kafka-configs --alter --entity-type users --entity-name u --add-config SCRAM-SHA-512=[password=%]", "kafka-storage format --add-scram SCRAM-SHA-512=[name=u,password=%]",
		"kafka-delegation-tokens --renew --hmac %", "cub kafka-ready -b k:9092 1 40 --password %", "describe topic t --sasl-password=%", "list -p%", "lag -P%",
	} {
		c := f.all[j%len(f.all)]
		var words []string
		for word := range strings.FieldsSeq(line) {
			words = append(words, strings.ReplaceAll(word, "%", c.text))
		}
		r := f.run(t, nil, words...)
		f.wantHidden(t, line, r)
		r.Want(t, cli.ExitUsage)
	}
}

// What else is read shows no secret: a topics file that names the variable of the password, and a Compose file with
// passwords, whatever is wrong with it.
func TestSecretsInOtherFiles(t *testing.T) {
	t.Parallel()
	f := &secretField{dir: t.TempDir(), all: canaries(), key: newCanary("-", run)}
	for _, c := range f.all {
		spec := f.write(t, "topics.yaml", "version: 1\ntopics:\n  orders: {partitions: \"${KAFKACTL_SASL_PASSWORD}\"}\n")
		for _, command := range [][]string{{"validate"}, {"plan"}, {"validate", "-o", "json"}, {"__complete", "consume"}} {
			words := slices.Concat(command, []string{"-f", spec})
			if command[0] == "__complete" {
				words = slices.Concat(command, []string{""})
			}
			r := f.run(t, map[string]string{"KAFKACTL_SASL_PASSWORD": c.text, "KAFKACTL_FILE": spec, "KAFKACTL_SASL_PASSWROD": c.text, "KAFKACTL_BROKERS": "127.0.0.1:1"}, words...)
			f.wantHidden(t, strings.Join(words, " "), r)
			if command[0] != "__complete" && (r.Code != int(cli.ExitUsage) || !strings.Contains(r.Stderr, "is a secret")) {
				t.Errorf("%q: want exit 2 and the reason: %v", words, r)
			}
		}
		quoted := "'" + strings.ReplaceAll(c.text, "'", "''") + "'"
		compose := f.write(t, "compose.yaml", strings.NewReplacer("%q", quoted, "%", strings.ReplaceAll(c.text, "'", "''")).Replace(composeWithSecrets))
		for _, format := range []string{"table", "json"} {
			r := f.run(t, nil, "doctor", compose, "-o", format)
			f.wantHidden(t, "doctor", r)
			if !strings.Contains(r.Stdout, "listener-syntax") {
				t.Errorf("doctor does not judge the file: %v", r)
			}
		}
	}
}

const composeWithSecrets = `services:
  kafka:
    image: apache/kafka:4.1.0
    environment:
      KAFKA_NODE_ID: 1
      KAFKA_PROCESS_ROLES: broker,controller
      KAFKA_LISTENERS: 'CLIENT://app:%@:9092,CONTROLLER://:9093'
      KAFKA_ADVERTISED_LISTENERS: 'CLIENT://app:%@localhost:9092'
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: CLIENT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT
      KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka:9093
      KAFKA_CONTROLLER_LISTENER_NAMES: CONTROLLER
      KAFKA_LISTENER_NAME_CLIENT_PLAIN_SASL_JAAS_CONFIG: 'org.apache.kafka.common.security.plain.PlainLoginModule required password="%" user_a="%";'
      KAFKA_SSL_KEYSTORE_PASSWORD: %q
      KAFKA_SSL_KEY_PASWORD: %q
      KAFKA_OPTS: '-Dpassword=%'
  init:
    image: kafkactl
    environment: {KAFKACTL_SASL_PASSWORD: %q, KAFKACTL_BROKERS: 'SASL_SSL://app:%@kafka:9092', KAFKACTL_SASL_PASSWROD: %q}
    command: ["apply", "--sasl-password", %q]
  app:
    image: app
    environment: {KAFKA_BROKERS: 'app:%@localhost:9092', SPRING_KAFKA_PROPERTIES_SASL_JAAS_CONFIG: 'x password="%";'}
`

func (f *secretField) refusesSecret(t *testing.T, c canary, words []string) {
	t.Helper()
	words = slices.Clone(words)
	for i := range words {
		words[i] = strings.ReplaceAll(words[i], "%", c.text)
	}
	r := f.run(t, nil, words...)
	f.wantHidden(t, strings.Join(words, " "), r)
	if r.Code != int(cli.ExitUsage) || !strings.Contains(r.Stderr, "no flag takes a password") || !strings.Contains(r.Stderr, "--sasl-password-file") {
		t.Errorf("%q: is not told where the secret belongs: %v", words, r)
	}
}

// What only looks like a secret is taken: data, names, and what belongs to the command that is run.
func TestNoSecretsInCommandLines(t *testing.T) {
	t.Parallel()
	root := newRootCmd(&cli.App{})
	for _, line := range []string{
		"produce t --data password=x", "produce t -H sasl.password=x", "wait -- psql --password=x", "dev -- run --sasl-password x", "list --sasl-password-file x",
		"consume password.changed --jq secret=x", "describe sasl.jaas.config", "create t --config retention.ms=1d", "produce t --data --sasl-password",
	} {
		cmd := completer{&cli.App{}}.findCommand(root, strings.Fields(line))
		if err := cli.CheckNoSecret(cmd, strings.Fields(line)); err != nil {
			t.Errorf("%s: %v", line, err)
		}
	}
}
