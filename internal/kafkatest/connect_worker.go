package kafkatest

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
)

// connectPatience is for a worker that starts, and for a group of workers that settles.
const connectPatience = time.Minute

// ConnectWorker is a distributed worker of Kafka Connect.
type ConnectWorker struct {
	Server *ServerProgram
	tb     testing.TB
	rest   string // the URL of its REST interface
}

// StartConnect starts a worker with Kafka's defaults and with more settings, as name=value, and returns when its REST
// interface serves. It is of the group connect, and its topics are connect.configs, connect.offsets and connect.status.
// The program is org.apache.kafka.connect.cli.ConnectDistributed.
func StartConnect(tb testing.TB, program ClientProgram, brokers string, settings ...string) ConnectWorker {
	tb.Helper()
	file := filepath.Join(tb.TempDir(), "worker.properties")
	lines := append([]string{
		"bootstrap.servers=" + brokers,
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
	}, settings...)
	if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		tb.Fatal(err)
	}
	server := program.Serve(tb, file)
	_, err := server.Await(regexp.MustCompile(`REST resources initialized; server is started and ready to handle requests`), connectPatience)
	if err != nil {
		tb.Fatal(err)
	}
	match, err := server.Await(regexp.MustCompile(`REST server listening at (http://127\.0\.0\.1:\d+)/`), connectPatience)
	if err != nil {
		tb.Fatal(err)
	}
	return ConnectWorker{server, tb, match[1]}
}

// Create makes a connector.
func (w ConnectWorker) Create(name string, config map[string]string) {
	w.tb.Helper()
	body, err := json.Marshal(map[string]any{"name": name, "config": config})
	if err != nil {
		w.tb.Fatal(err)
	}
	w.Ask(http.MethodPost, "/connectors", string(body), http.StatusCreated)
}

// Ask sends a request to the REST interface, fails the test unless the status is as wanted, and returns the answer. 409
// is asked again: the group of workers is settling.
func (w ConnectWorker) Ask(method, path, body string, want int) []byte {
	w.tb.Helper()
	for start := time.Now(); ; <-time.After(2 * pollEvery) {
		status, answer := w.send(method, path, body)
		if status == want {
			return answer
		}
		if status != http.StatusConflict || time.Since(start) > connectPatience {
			w.tb.Fatalf("%s %s: %d %s", method, path, status, answer)
		}
	}
}

func (w ConnectWorker) send(method, path, body string) (status int, answer []byte) {
	w.tb.Helper()
	req, err := http.NewRequestWithContext(w.tb.Context(), method, w.rest+path, strings.NewReader(body))
	if err != nil {
		w.tb.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		w.tb.Fatal(err)
	}
	answer, err = io.ReadAll(resp.Body)
	if closeErr := resp.Body.Close(); err != nil || closeErr != nil {
		w.tb.Fatal(err, closeErr)
	}
	return resp.StatusCode, answer
}

// WaitRunning waits until the connector and its one task run.
func (w ConnectWorker) WaitRunning(name string) {
	w.tb.Helper()
	type state struct{ State, Trace string }
	for start := time.Now(); ; <-time.After(2 * pollEvery) {
		var status struct {
			Connector state
			Tasks     []state
		}
		if err := json.Unmarshal(w.Ask(http.MethodGet, "/connectors/"+name+"/status", "", http.StatusOK), &status); err != nil {
			w.tb.Fatal(err)
		}
		if fmt.Sprint(status) == "{{RUNNING } [{RUNNING }]}" {
			return
		}
		if time.Since(start) > connectPatience {
			w.tb.Fatalf("connector %s does not run: %+v", name, status)
		}
	}
}
