package embedded_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kafkactl/internal/kafkatest"
)

// connectPatience is for a worker that starts, a group that settles, records that pass.
const connectPatience = time.Minute

// A distributed worker keeps connectors, their positions and their states in topics that it makes
// itself, and its members are a group with a protocol of its own.
func TestRealConnectDistributed(t *testing.T) {
	program := javaProject(t, "connect").Program("org.apache.kafka.connect.cli.ConnectDistributed")
	eachKafka(t, func(t *testing.T, brokers string) {
		dir := t.TempDir()
		in, out := filepath.Join(dir, "in.txt"), filepath.Join(dir, "out.txt")
		writeLines(t, in, "one", "two", "three")

		worker := startConnect(t, program, brokers)
		worker.create(t, "source", map[string]string{
			"connector.class": "FileStreamSource", "tasks.max": "1", "file": in, "topic": "connect.lines",
			"topic.creation.default.partitions": "2", "topic.creation.default.replication.factor": "-1",
		})
		worker.create(t, "sink", map[string]string{
			"connector.class": "FileStreamSink", "tasks.max": "1", "file": out, "topics": "connect.lines",
		})
		// One partition holds them all: a record without a key stays on it for as long as a batch.
		awaitLines(t, out, "one", "two", "three")
		worker.wantRunning(t, "source")
		worker.wantRunning(t, "sink")
		worker.awaitPosition(t, int64(len("one\ntwo\nthree\n")))
		if err := worker.server.Stop(); err != nil {
			t.Fatal(err)
		}

		// Another worker finds the connectors and goes on where they were, now in transactions.
		writeLines(t, in, "one", "two", "three", "four")
		worker = startConnect(t, program, brokers, "exactly.once.source.support=enabled")
		awaitLines(t, out, "one", "two", "three", "four")
		worker.want(t, http.MethodDelete, "/connectors/source", "", http.StatusNoContent)
		worker.want(t, http.MethodDelete, "/connectors/sink", "", http.StatusNoContent)
		if got := string(worker.want(t, http.MethodGet, "/connectors", "", http.StatusOK)); got != "[]" {
			t.Errorf("connectors after they were deleted: %s", got)
		}
		if err := worker.server.Stop(); err != nil {
			t.Fatal(err)
		}
	})
}

// connectWorker is a distributed worker of Kafka Connect.
type connectWorker struct {
	server *kafkatest.ServerProgram
	rest   string // the URL of its REST interface
}

// startConnect starts a worker with Kafka's defaults and more settings, and returns when its REST
// interface serves.
func startConnect(t *testing.T, program kafkatest.ClientProgram, brokers string, settings ...string) connectWorker {
	t.Helper()
	file := filepath.Join(t.TempDir(), "worker.properties")
	writeLines(t, file, append(settings,
		"bootstrap.servers="+brokers,
		"listeners=http://127.0.0.1:0",
		"group.id=connect",
		"config.storage.topic=connect.configs", "config.storage.replication.factor=-1",
		"offset.storage.topic=connect.offsets", "offset.storage.replication.factor=1",
		"status.storage.topic=connect.status", "status.storage.replication.factor=1",
		"key.converter=org.apache.kafka.connect.storage.StringConverter",
		"value.converter=org.apache.kafka.connect.storage.StringConverter",
		"offset.flush.interval.ms=500",       // default 60 s
		"scheduled.rebalance.max.delay.ms=0", // default 5 min: the wait for a worker that comes back
		"plugin.discovery=service_load",      // default hybrid_warn, which reads every class
	)...)
	server := program.Serve(t, file)
	_, err := server.Await(regexp.MustCompile(`REST resources initialized; server is started and ready to handle requests`), connectPatience)
	if err != nil {
		t.Fatal(err)
	}
	match, err := server.Await(regexp.MustCompile(`REST server listening at (http://127\.0\.0\.1:\d+)/`), connectPatience)
	if err != nil {
		t.Fatal(err)
	}
	return connectWorker{server, match[1]}
}

func (w connectWorker) create(t *testing.T, name string, config map[string]string) {
	t.Helper()
	body, err := json.Marshal(map[string]any{"name": name, "config": config})
	if err != nil {
		t.Fatal(err)
	}
	w.want(t, http.MethodPost, "/connectors", string(body), http.StatusCreated)
}

// want sends a request, fails the test unless the status is as wanted, and returns the answer. 409 is
// asked again: the group of workers is settling.
func (w connectWorker) want(t *testing.T, method, path, body string, want int) []byte {
	t.Helper()
	for start := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		status, answer := w.ask(t, method, path, body)
		if status == want {
			return answer
		}
		if status != http.StatusConflict || time.Since(start) > connectPatience {
			t.Fatalf("%s %s: %d %s", method, path, status, answer)
		}
	}
}

func (w connectWorker) ask(t *testing.T, method, path, body string) (status int, answer []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, w.rest+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	answer, err = io.ReadAll(resp.Body)
	if closeErr := resp.Body.Close(); err != nil || closeErr != nil {
		t.Fatal(err, closeErr)
	}
	return resp.StatusCode, answer
}

// wantRunning waits until the connector and its one task run.
func (w connectWorker) wantRunning(t *testing.T, name string) {
	t.Helper()
	type state struct{ State, Trace string }
	awaitEqual(t, "status of "+name, "RUNNING [RUNNING]", func() string {
		var status struct {
			Connector state
			Tasks     []state
		}
		if err := json.Unmarshal(w.want(t, http.MethodGet, "/connectors/"+name+"/status", "", http.StatusOK), &status); err != nil {
			t.Fatal(err)
		}
		var tasks []string
		for _, task := range status.Tasks {
			tasks = append(tasks, task.State+task.Trace)
		}
		return fmt.Sprint(status.Connector.State, " ", tasks)
	})
}

// awaitPosition waits until the position of the source is stored, so that another worker finds it.
func (w connectWorker) awaitPosition(t *testing.T, want int64) {
	t.Helper()
	awaitEqual(t, "stored position", fmt.Sprint([]int64{want}), func() string {
		var stored struct {
			Offsets []struct{ Offset struct{ Position int64 } }
		}
		if err := json.Unmarshal(w.want(t, http.MethodGet, "/connectors/source/offsets", "", http.StatusOK), &stored); err != nil {
			t.Fatal(err)
		}
		var positions []int64
		for _, offset := range stored.Offsets {
			positions = append(positions, offset.Offset.Position)
		}
		return fmt.Sprint(positions)
	})
}

func writeLines(t *testing.T, file string, lines ...string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
}

func awaitLines(t *testing.T, file string, lines ...string) {
	t.Helper()
	awaitEqual(t, file, strings.Join(lines, "\n")+"\n", func() string {
		text, err := os.ReadFile(file)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		return string(text)
	})
}

// awaitEqual waits until got returns what is wanted.
func awaitEqual(t *testing.T, what, want string, got func() string) {
	t.Helper()
	for start := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		last := got()
		if last == want {
			return
		}
		if time.Since(start) > connectPatience {
			t.Fatalf("%s (-want +got):\n%s", what, cmp.Diff(want, last))
		}
	}
}
