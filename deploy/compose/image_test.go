package compose_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kafkactl/internal/kafkatest"
)

// The image by itself; the tests of the stack use it as kafka-init and over the network.
func checkImage(t *testing.T) {
	kafkatest.Require(t, kafkatest.Stack)
	images(t)

	t.Run("holds three files, is small, and is not root", func(t *testing.T) {
		var inspected []struct {
			Size   int
			Config struct {
				User   string
				Labels map[string]string
			}
			RootFS struct{ Layers []string }
		}
		if err := json.Unmarshal([]byte(docker(t, "image", "inspect", testImage)), &inspected); err != nil {
			t.Fatal(err)
		}
		image := inspected[0]
		if image.Size >= 34e6 {
			t.Errorf("the image has %d bytes", image.Size)
		}
		if image.Config.User != "65532:65532" {
			t.Errorf("the image runs as %q", image.Config.User)
		}
		if got := image.Config.Labels["org.opencontainers.image.version"]; got != "0.0.0-test" {
			t.Errorf("the version label is %q", got)
		}
		if got := docker(t, "run", "--rm", testImage, "version", "-o", "json"); !strings.Contains(got, `"0.0.0-test"`) {
			t.Errorf("the program's version is not the image's: %s", got)
		}
	})

	t.Run("holds the topics file", func(t *testing.T) {
		if got := docker(t, "run", "--rm", testImage, "validate"); got != "topics.yaml: valid, 11 topics" {
			t.Errorf("validate says %q", got)
		}
		file := t.TempDir() + "/mounted.yaml"
		if err := os.WriteFile(file, []byte("version: 1\ntopics: {a.topic: }\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		if got := docker(t, "run", "--rm", "-v", file+":/topics.yaml:ro", testImage, "validate"); got != "topics.yaml: valid, 1 topic" {
			t.Errorf("with a mounted file validate says %q", got)
		}
	})

	t.Run("runs in a terminal", func(t *testing.T) {
		id := docker(t, "create", "--tty", testImage, "wait", "-b", "nowhere:9092", "--timeout", "300ms")
		defer docker(t, "rm", id)
		docker(t, "start", id)
		docker(t, "wait", id)
		if got := docker(t, "logs", id); !strings.Contains(got, "\x1b[") {
			t.Errorf("no colour in a terminal: %q", got)
		}
	})

	t.Run("logs objects with -o json and no terminal", func(t *testing.T) {
		got := docker(t, "run", "--rm", testImage, "validate", "-o", "json")
		if strings.Contains(got, "\n") || !json.Valid([]byte(got)) {
			t.Errorf("not one object a line: %s", got)
		}
	})

	// As process 1 a program has no default action for a signal: without a handler of its own it would be killed after
	// the grace period, here one second, with 137.
	t.Run("ends on SIGTERM", func(t *testing.T) {
		id := docker(t, "run", "--detach", testImage, "wait", "-b", "nowhere:9092", "--timeout", "60s")
		defer docker(t, "rm", "--force", id)
		for start := time.Now(); ; { // a signal before the handler is there would be lost
			if log, _ := exec.Command("docker", "logs", id).CombinedOutput(); len(log) > 0 { //nolint:noctx // as in output
				break
			}
			if time.Since(start) > 30*time.Second {
				t.Fatal("the container says nothing")
			}
		}
		docker(t, "stop", "--time", "1", id)
		if diff := cmp.Diff("130", docker(t, "inspect", "--format", "{{.State.ExitCode}}", id)); diff != "" {
			t.Errorf("exit code after SIGTERM (-want +got):\n%s", diff)
		}
	})
}
