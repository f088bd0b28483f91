package access

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kafkactl/internal/kafkatest"
)

// connectWorkers pass lines from a file through a topic to another file: one makes all topics itself, the other writes in
// transactions, and its topics are declared.
func connectWorkers() []client {
	const declared = `
  connect-once.configs: {config: {cleanup.policy: compact}}
  connect-once.offsets: {config: {cleanup.policy: compact}}
  connect-once.status: {config: {cleanup.policy: compact}}
  connect-once.lines: {}
`
	finds := client{name: "connect-once", run: passLines(true), file: connectFile("connect-once", "exactlyOnce: true", "") + declared}
	// What a worker asks of topics that are there: a refusal tells it that somebody else cares for them, at level DEBUG.
	for _, topic := range []string{"configs", "offsets", "status"} {
		finds.harmless = append(finds.harmless,
			"CREATE Topic connect-once."+topic+" (CreateTopics)", "DESCRIBE_CONFIGS Topic connect-once."+topic+" (DescribeConfigs)")
	}
	slices.Sort(finds.harmless)
	makes := client{name: "connect", run: passLines(false), file: connectFile("connect", "exactlyOnce: false", ", createsTopics: true") + " {other: {}}\n"}
	return []client{makes, finds}
}

// connectFile is a topics file as far as the value of topics.
func connectFile(name, worker, source string) string {
	return fmt.Sprintf(`
services:
  Worker:
    principal: User:%s
    connect:
      {group: %[1]s, config: %[1]s.configs, offsets: %[1]s.offsets, status: %[1]s.status, %[2]s,
       connectors: {source: {produces: [%[1]s.lines]%[3]s}, sink-%[1]s: {consumes: [%[1]s.lines]}}}
topics:`, name, worker, source)
}

// passLines runs a worker and its connectors.
func passLines(exactlyOnce bool) func(*testing.T, authorized, client) []byte {
	return func(t *testing.T, a authorized, c client) []byte {
		t.Helper()
		more := []string{"exactly.once.source.support=disabled"}
		source := map[string]string{"topic.creation.default.partitions": "1", "topic.creation.default.replication.factor": "1"}
		if exactlyOnce {
			more[0], source = "exactly.once.source.support=enabled", map[string]string{}
			a.topics(t, []string{c.name + ".lines"}, nil)
			a.topics(t, []string{c.name + ".configs", c.name + ".offsets", c.name + ".status"}, map[string]*string{"cleanup.policy": new("compact")})
		}
		w := a.startWorker(t, c.name, more...)
		dir := t.TempDir()
		in, out := filepath.Join(dir, "in.txt"), filepath.Join(dir, "out.txt")
		const text = "one\ntwo\nthree\n"
		if err := os.WriteFile(in, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		source["connector.class"], source["tasks.max"], source["file"], source["topic"] = "FileStreamSource", "1", in, c.name+".lines"
		w.Create("source", source)
		w.Create("sink-"+c.name, map[string]string{"connector.class": "FileStreamSink", "tasks.max": "1", "file": out, "topics": c.name + ".lines"})
		for start := time.Now(); ; time.Sleep(50 * time.Millisecond) {
			got, err := os.ReadFile(out)
			if string(got) == text {
				break
			}
			if time.Since(start) > time.Minute {
				t.Fatalf("passed in a minute: %q (%v)", got, err)
			}
		}
		w.WaitRunning("source")
		w.WaitRunning("sink-" + c.name)
		if err := w.Server.Stop(); err != nil { // which commits
			t.Error(err)
		}
		log, err := w.Server.Log()
		if err != nil || !strings.Contains(string(log), "Kafka Connect stopped") {
			t.Errorf("the worker did not stop well: %v", err)
		}
		return log
	}
}

// startWorker starts a worker of a user, in a group and with topics of that name.
func (a authorized) startWorker(t *testing.T, name string, settings ...string) kafkatest.ConnectWorker {
	t.Helper()
	settings = append(settings, "group.id="+name, "config.storage.topic="+name+".configs",
		"offset.storage.topic="+name+".offsets", "status.storage.topic="+name+".status")
	for _, of := range []string{"", "producer.", "consumer.", "admin."} {
		settings = append(settings, a.login(name, of)...)
	}
	program := kafkatest.NewJavaProject(t, filepath.Join(programs, "java", "connect")).Program("org.apache.kafka.connect.cli.ConnectDistributed")
	return kafkatest.StartConnect(t, program, a.cluster.ListenerAddrs("LOGIN")[0], settings...)
}
