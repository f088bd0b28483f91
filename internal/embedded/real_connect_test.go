package embedded_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kafkactl/internal/kafkatest"
)

// connectPatience is for records that pass.
const connectPatience = time.Minute

// A distributed worker keeps connectors, their positions and their states in topics that it makes
// itself, and its members are a group with a protocol of its own.
func TestRealConnectDistributed(t *testing.T) {
	program := javaProject(t, "connect").Program("org.apache.kafka.connect.cli.ConnectDistributed")
	eachKafka(t, func(t *testing.T, brokers string) {
		dir := t.TempDir()
		in, out := filepath.Join(dir, "in.txt"), filepath.Join(dir, "out.txt")
		writeLines(t, in, "one", "two", "three")

		worker := kafkatest.StartConnect(t, program, brokers)
		worker.Create("source", map[string]string{
			"connector.class": "FileStreamSource", "tasks.max": "1", "file": in, "topic": "connect.lines",
			"topic.creation.default.partitions": "2", "topic.creation.default.replication.factor": "-1",
		})
		worker.Create("sink", map[string]string{
			"connector.class": "FileStreamSink", "tasks.max": "1", "file": out, "topics": "connect.lines",
		})
		// One partition holds them all: a record without a key stays on it for as long as a batch.
		awaitLines(t, out, "one", "two", "three")
		worker.WaitRunning("source")
		worker.WaitRunning("sink")
		awaitPosition(t, worker, int64(len("one\ntwo\nthree\n")))
		if err := worker.Server.Stop(); err != nil {
			t.Fatal(err)
		}

		// Another worker finds the connectors and goes on where they were, now in transactions.
		writeLines(t, in, "one", "two", "three", "four")
		worker = kafkatest.StartConnect(t, program, brokers, "exactly.once.source.support=enabled")
		awaitLines(t, out, "one", "two", "three", "four")
		worker.Ask(http.MethodDelete, "/connectors/source", "", http.StatusNoContent)
		worker.Ask(http.MethodDelete, "/connectors/sink", "", http.StatusNoContent)
		if got := string(worker.Ask(http.MethodGet, "/connectors", "", http.StatusOK)); got != "[]" {
			t.Errorf("connectors after they were deleted: %s", got)
		}
		if err := worker.Server.Stop(); err != nil {
			t.Fatal(err)
		}
	})
}

// awaitPosition waits until the position of the source is stored, so that another worker finds it.
func awaitPosition(t *testing.T, w kafkatest.ConnectWorker, want int64) {
	t.Helper()
	awaitEqual(t, "stored position", fmt.Sprint([]int64{want}), func() string {
		var stored struct {
			Offsets []struct{ Offset struct{ Position int64 } }
		}
		if err := json.Unmarshal(w.Ask(http.MethodGet, "/connectors/source/offsets", "", http.StatusOK), &stored); err != nil {
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
