package access

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kafkactl/internal/kafkatest"
)

// programs has the clients of services: its README.md says what each does.
const programs = "../embedded/testdata"

// client is a client of a service.
type client struct {
	name string // and that of its user
	// file has the service and its topics.
	file string
	// run runs the client, which must do its whole work, and returns what it logged.
	run func(t *testing.T, a authorized, c client) []byte
	// harmless lists what the client asks though it does without, as in wantJust.
	harmless []string
}

// Clients of each family do their work with just the rights that are derived, and need all of these: no log has a word of
// a refusal, the broker's has none of what a client needs, and it has a use of each right.
func TestRealClients(t *testing.T) {
	t.Parallel()
	clients := slices.Concat(scripts(), streamsApplications(), connectWorkers())
	var users []string
	for _, c := range clients {
		users = append(users, c.name)
	}
	a := startAuthorized(t, kafkatest.Kraft1, users...)
	refused := regexp.MustCompile(`(?i).*(authorization_?(failed|exception)|not authorized).*`)
	for _, c := range clients {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			bindings := a.grant(t, c.file)
			if line := refused.Find(c.run(t, a, c)); line != nil {
				t.Errorf("it logged: %s", line)
			}
			a.wantJust(t, "User:"+c.name, bindings, c.harmless...)
		})
	}
}

// scripts are the clients of other languages: consumers in groups, and transactional producers that send offsets.
func scripts() []client {
	return []client{
		{name: "kafkajs", run: script(kafkatest.NodeProgram, "client.js", "transactions", "fenced", "rebalance"), file: `
services:
  KafkaJS:
    principal: User:kafkajs
    group: [kafkajs.txn.group, kafkajs.txn.committed, kafkajs.txn.uncommitted, kafkajs.fenced.group, kafkajs.rebalance.group]
    transactionalId: [kafkajs.txn, kafkajs.fenced]
topics:
  kafkajs.txn.in: {consumers: [KafkaJS]}
  kafkajs.txn.out: {producers: [KafkaJS], consumers: [KafkaJS]}
  kafkajs.fenced: {producers: [KafkaJS], consumers: [KafkaJS]}
  kafkajs.rebalance: {producers: [KafkaJS], consumers: [KafkaJS]}
`},
		{name: "python", run: script(kafkatest.PythonProgram, "client.py", "groups", "transactions", "rebalance"), file: `
services:
  Python:
    principal: User:python
    group: [python.groups.group, python.txn.group, python.txn.committed, python.txn.uncommitted, python.rebalance.group]
    transactionalId: python.txn.id
topics:
  python.groups: {producers: [Python], consumers: [Python]}
  python.txn.in: {consumers: [Python]}
  python.txn: {producers: [Python], consumers: [Python]}
  python.rebalance: {consumers: [Python]}
`},
		{name: "librdkafka", run: script(kafkatest.PythonProgram, "client.py", "records", "transactions", "classic_group", "consumer_group"), file: `
services:
  Librdkafka:
    principal: User:librdkafka
    group: [librdkafka.records, librdkafka.txn.*, librdkafka.group.classic, librdkafka.group.consumer]
    transactionalId: librdkafka.txn.*
topics:
  librdkafka.compacted: {producers: [Librdkafka], config: {cleanup.policy: compact}}
  librdkafka.plain.records: {producers: [Librdkafka], consumers: [Librdkafka]}
  librdkafka.txn.in: {consumers: [Librdkafka]}
  librdkafka.txn: {producers: [Librdkafka], consumers: [Librdkafka]}
  librdkafka.group.classic: {consumers: [Librdkafka]}
  librdkafka.group.consumer: {consumers: [Librdkafka]}
`},
	}
}

// script runs scenarios of a program, which must see what is in seen.txt.
func script(language func(testing.TB, string) kafkatest.ClientProgram, file string, scenarios ...string) func(*testing.T, authorized, client) []byte {
	return func(t *testing.T, a authorized, c client) []byte {
		t.Helper()
		program := language(t, filepath.Join(programs, c.name, file)).With("KAFKA_BOOTSTRAP_SERVERS="+a.cluster.ListenerAddrs("LOGIN")[0],
			"KAFKA_SASL_USERNAME="+c.name, "KAFKA_SASL_PASSWORD="+secret(c.name))
		printed, logged, err := program.RunBoth(t.Context(), "", append([]string{a.cluster.Bootstrap(), c.name + "."}, scenarios...)...)
		if err != nil {
			t.Error(err)
		}
		seen, err := os.ReadFile(filepath.Join(programs, c.name, "seen.txt"))
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		for _, section := range strings.SplitAfter("\n"+string(seen), "\n## ")[1:] {
			section = strings.TrimSuffix(section, "## ")
			title, _, _ := strings.Cut(section, "\n")
			if slices.Contains(scenarios, strings.ReplaceAll(title, " ", "_")) {
				want = append(want, strings.Split(strings.TrimSuffix("## "+section, "\n"), "\n")...)
			}
		}
		if diff := cmp.Diff(want, strings.Split(strings.TrimSuffix(string(printed), "\n"), "\n")); diff != "" {
			t.Errorf("(-want +got):\n%s\nlogged:\n%s", diff, logged)
		}
		return append(printed, logged...)
	}
}

// streamsApplications count words, in transactions and, in a group of the protocol for Streams (KIP-1071), without.
func streamsApplications() []client {
	var all []client
	for guarantee, more := range map[string]string{"exactly_once_v2": "", "at_least_once": "group.protocol=streams"} {
		all = append(all, client{
			name: "streams-" + guarantee, file: fmt.Sprintf(`
services:
  WordCount: {principal: User:streams-%s, streams: {applicationId: word-count-%[1]s, exactlyOnce: %t}}
topics:
  lines-%[1]s: {consumers: [WordCount]}
  counts-%[1]s: {producers: [WordCount]}
`, guarantee, guarantee == "exactly_once_v2"),
			run: func(t *testing.T, a authorized, c client) []byte {
				t.Helper()
				dir := t.TempDir()
				file := filepath.Join(dir, "client.properties")
				// Default 30 s: how often records of repartition topics are deleted that are done with.
				settings := append(a.login(c.name, ""), "repartition.purge.interval.ms=100", more)
				if err := os.WriteFile(file, []byte(strings.Join(settings, "\n")), 0o600); err != nil {
					t.Fatal(err)
				}
				program := kafkatest.NewJavaProject(t, filepath.Join(programs, "java", "clients")).Program("WordCount", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn")
				printed, logged, err := program.RunBoth(t.Context(), "", a.cluster.Bootstrap(), dir, guarantee, file)
				if err != nil {
					t.Error(err)
				}
				want, err := os.ReadFile(filepath.Join(programs, "java", "clients", fmt.Sprintf("WordCount-%s.txt", guarantee)))
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(string(want), string(printed)); diff != "" {
					t.Errorf("(-want +got):\n%s\nlogged:\n%s", diff, logged)
				}
				return append(printed, logged...)
			},
		})
	}
	return all
}
