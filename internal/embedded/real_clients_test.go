package embedded_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kafkactl/internal/embedded"
	"kafkactl/internal/kafkatest"
)

// What the clients of services see on a real Kafka, they see on the embedded one: testdata/README.md
// has the programs.
func TestRealClients(t *testing.T) {
	for name, program := range map[string]func(testing.TB, string) kafkatest.ClientProgram{
		"kafkajs/client.js":      kafkatest.NodeProgram,
		"platformatic/client.js": kafkatest.NodeProgram,
		"python/client.py":       kafkatest.PythonProgram,
		"librdkafka/client.py":   kafkatest.PythonProgram,
		"aiokafka/client.py":     kafkatest.PythonProgram,
	} {
		for kafka, bootstrap := range map[string]func(*testing.T) string{
			"kafka": sharedBootstrap, "embedded": embeddedBootstrap,
		} {
			t.Run(filepath.Dir(name)+"/"+kafka, func(t *testing.T) {
				t.Parallel()
				script := filepath.Join("testdata", name)
				wantSeen(t, program(t, script), bootstrap(t), filepath.Join(filepath.Dir(script), "seen.txt"))
			})
		}
	}
}

// wantSeen fails the test unless the program sees what the file says.
func wantSeen(t *testing.T, program kafkatest.ClientProgram, bootstrap, file string) {
	t.Helper()
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	// Topics and groups of this run: the real brokers are shared, with runs before it too (-count).
	prefix := fmt.Sprintf("%s.%s.", filepath.Base(filepath.Dir(file)), strconv.FormatInt(time.Now().UnixNano(), 36))
	got, err := program.Run(t.Context(), "", bootstrap, prefix)
	if err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// sharedBootstrap is the address of a real Kafka.
func sharedBootstrap(t *testing.T) string {
	t.Helper()
	return kafkatest.Shared(t, kafkatest.Kraft1).Bootstrap()
}

// embeddedBootstrap is the address of an embedded Kafka that ends with the test.
func embeddedBootstrap(t *testing.T) string {
	t.Helper()
	c, err := embedded.Start(t.Context(), embedded.Config{Brokers: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return strings.Join(c.Addrs(), ",")
}
