package compose_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"kafkactl/internal/kafkatest"
)

// embeddedClients has the libraries that the tests of the embedded Kafka install.
const embeddedClients = "../../internal/embedded/testdata/"

// checkClients lets the services' clients log in on the host's listener, with the files that the stack left there: each
// writes a record and reads it as a member of a group of its own.
func (s *secureStack) checkClients() {
	s.Helper()
	files := []string{secureHost, filepath.Join(s.dir, "ca.crt"), "app", filepath.Join(s.dir, "app"), declared[0]}
	s.Run("clients", func(t *testing.T) {
		for _, client := range []struct{ program, script, variable, packages string }{
			{"node", "kafkajs.js", "NODE_PATH", kafkatest.NodeModules(t, embeddedClients+"kafkajs")},
			{"python3", "kafka_python.py", "PYTHONPATH", kafkatest.PythonPackages(t, embeddedClients+"python")},
			{"python3", "librdkafka.py", "PYTHONPATH", kafkatest.PythonPackages(t, embeddedClients+"librdkafka")},
		} {
			t.Run(client.script, func(t *testing.T) {
				t.Parallel()
				args := append([]string{"testdata/clients/" + client.script}, files...)
				cmd := exec.Command(client.program, append(args, "app-"+client.script)...) //nolint:noctx // as in output
				cmd.Env = append(os.Environ(), client.variable+"="+client.packages)
				if out, err := cmd.CombinedOutput(); err != nil {
					t.Errorf("%s: %v\n%s", client.script, err, out)
				}
			})
		}
		t.Run("java", func(t *testing.T) {
			t.Parallel()
			checkJavaTool(t, s.config)
		})
	})
}

// checkJavaTool lists the topics with Apache's own tool, which takes the file unchanged.
func checkJavaTool(t *testing.T, config string) {
	t.Helper()
	java, err := kafkatest.JavaHome()
	if err != nil {
		t.Fatal(err)
	}
	jars, err := kafkatest.JarDir(kafkatest.Kraft1)
	if err != nil {
		t.Fatal(err)
	}
	out, err := output(filepath.Join(java, "bin", "java"), "-XX:TieredStopAtLevel=1", "-cp", filepath.Join(jars, "*"),
		"org.apache.kafka.tools.TopicCommand", "--bootstrap-server", secureHost, "--command-config", config, "--list")
	if err != nil || !strings.Contains(out, declared[0]) {
		t.Errorf("kafka-topics --list: %v\n%s", err, out)
	}
}
