package compose_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// question is a command of kafkactl, and what whoever types it must get.
type question struct {
	name   string
	inside bool // in a container of the image, which must find out where it is; otherwise on the host
	ask    string
	code   int
	says   []string // each is in what both streams show
}

// What a container's start and a busy machine may add to a command's own time, which no question here gives more than 1 s.
const (
	hostBound   = 4 * time.Second
	insideBound = 10 * time.Second
)

// checkAnswers puts questions side by side: most of the time they wait.
func (s *stack) checkAnswers(name string, questions ...question) {
	s.Helper()
	binary := s.binary()
	s.Run(name, func(t *testing.T) {
		for _, q := range questions {
			t.Run(q.name, func(t *testing.T) {
				t.Parallel()
				cmd, bound := exec.Command(binary, strings.Fields(q.ask)...), hostBound //nolint:noctx // as in output
				cmd.Env = append(os.Environ(), "KAFKACTL_PLACE=host")                   // the tests may run in a container
				if q.inside {
					cmd, bound = s.insideCommand(q.ask), insideBound
				}
				began := time.Now()
				out, err := cmd.CombinedOutput()
				took := time.Since(began)
				if code := exitCode(t, err); code != q.code {
					t.Errorf("exit code %d, want %d", code, q.code)
				}
				if took > bound {
					t.Errorf("took %s, want at most %s", took, bound)
				}
				for _, want := range q.says {
					if !strings.Contains(string(out), want) {
						t.Errorf("does not say %q", want)
					}
				}
				if t.Failed() {
					t.Logf("kafkactl %s:\n%s", q.ask, out)
				}
			})
		}
	})
}

// insideCommand is kafkactl in the containers' network, set up as kafka-init is.
func (s *stack) insideCommand(ask string) *exec.Cmd {
	args := []string{"run", "--rm", "-T", "--no-deps", "kafka-init"}
	return composeCommand(s.file, s.env, append(args, strings.Fields(ask)...)...)
}

func exitCode(t *testing.T, err error) int {
	t.Helper()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return exit.ExitCode()
	}
	t.Fatal(err)
	return -1
}

// checkWrongAddresses asks a stack that is up at the addresses that people try first: those of the other place.
func (s *stack) checkWrongAddresses() {
	s.Helper()
	s.checkAnswers(
		"wrong addresses",
		question{
			name: "the port of the network from the host", ask: "wait -b localhost:9092 --timeout 1s", code: 5,
			says: []string{
				"K1 TCP accepts: localhost:9092: connection refused\n",
				"\nhint: localhost:9092 is the listener for the containers' network; from the host localhost:29092 answers: use -b localhost:29092\n",
			},
		},
		question{
			name: "a container's name from the host", ask: "wait -b kafka:9092 --timeout 1s", code: 5,
			says: []string{
				"K0 name resolves: kafka:9092: ",
				"\nhint: kafka:9092 is the listener for the containers' network; from the host localhost:29092 answers: use -b localhost:29092\n",
			},
		},
		question{
			name: "localhost in a container", inside: true, ask: "wait -b localhost:29092 --timeout 1s", code: 5,
			says: []string{
				"K1 TCP accepts: localhost:29092: connection refused\n",
				"\nhint: inside a container localhost is the container itself; kafka:9092 answers: use -b kafka:9092\n",
			},
		},
		question{
			name: "the host's listener in a container", inside: true, ask: "wait -b kafka:29092 --timeout 1s", code: 5,
			says: []string{
				"K4 advertised addresses answer: kafka:29092 answers, but sends clients on to localhost:29092 (broker 1): connection refused",
				"\nhint: kafka:29092 is the listener for the host; in the containers' network kafka:9092 answers: use -b kafka:9092\n",
			},
		},
	)
}

// checkHealth wants every rung to pass from the host, ZooKeeper's too. Where there is none it is asked for all the same,
// as by those who carry their settings over from a release that had one: the rungs are skipped, and say why.
func (s *stack) checkHealth(host string, replicationFactor int) {
	s.Helper()
	args := []string{"health", "-b", host, "--zookeeper", "localhost:2181", "-f", "../../topics.yaml", "--strict", "-o", "json"}
	if replicationFactor > 1 {
		args = append(args, "--profile", "production")
	}
	out, err := output(s.binary(), args...)
	if err != nil {
		s.Error(err)
	}
	var readiness struct {
		Mode  string
		Rungs []struct{ Rung, Verdict, Evidence string }
	}
	if err := json.Unmarshal([]byte(out), &readiness); err != nil {
		s.Fatal(err)
	}
	got, want := map[string]string{}, map[string]string{}
	for _, r := range readiness.Rungs {
		got[r.Rung] = r.Verdict
		if r.Verdict == "skip" {
			got[r.Rung] = r.Evidence
		}
	}
	for _, rung := range []string{"K0", "K1", "K2", "K3", "K4", "K5", "K6", "K7", "K8"} {
		want[rung] = "pass"
	}
	for _, rung := range []string{"Z1", "Z2", "Z5"} {
		want[rung] = "pass"
		if readiness.Mode == "kraft" {
			want[rung] = "KRaft cluster (brokers offer DescribeQuorum): ZooKeeper is not used"
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		s.Errorf("health from the host (-want +got):\n%s", diff)
	}
	if _, hasZooKeeper := s.containers()["zookeeper"]; hasZooKeeper != (readiness.Mode == "zookeeper") {
		s.Errorf("the mode is %q", readiness.Mode)
	}
}

// checkProbe is what a health check in the network gets: one line and an exit code.
func (s *stack) checkProbe(code int, line string) {
	s.Helper()
	cmd := s.insideCommand("health --probe -b kafka:9092")
	var out bytes.Buffer
	cmd.Stdout = &out // what Compose says of the container is on stderr
	began := time.Now()
	if got := exitCode(s.T, cmd.Run()); got != code {
		s.Errorf("the probe's exit code is %d, want %d", got, code)
	}
	if took := time.Since(began); took > insideBound {
		s.Errorf("the probe took %s", took)
	}
	if got := out.String(); strings.Count(got, "\n") != 1 || !strings.HasPrefix(got, line) {
		s.Errorf("the probe says %q, want one line that begins with %q", got, line)
	}
}

// ZooKeeper 30 s late: the broker retries for 40 s, and kafka-init waits and says for what. So does who asks meanwhile:
// the host's port is open, because the engine listens there for a Kafka that does not yet.
func TestLateZooKeeper(t *testing.T) {
	s := newStack(t, "compose.yaml")
	s.must("up", "--detach", "--no-deps", "kafka", "kafka-init")
	late := time.NewTimer(30 * time.Second)
	const notYet = "K2 speaks Kafka: localhost:29092: accepts TCP, then closes: a proxy whose Kafka is not up yet, or TLS is required\n"
	s.checkAnswers(
		"no Kafka yet",
		question{
			name: "from the host", ask: "wait -b localhost:29092 --timeout 1s", code: 5,
			says: []string{notYet, "\nhint: look whether the broker is up (`docker compose logs kafka`)"},
		},
		question{name: "a probe from the host", ask: "health --probe -b localhost:29092", code: 1, says: []string{"not ready: " + notYet}},
		question{
			name: "with ZooKeeper, from the host", ask: "wait -b localhost:29092 --zookeeper localhost:2181 --timeout 1s", code: 5,
			says: []string{
				notYet, "hint: ZooKeeper comes first: see Z1\n",
				"\nhint: ZooKeeper comes first: localhost:2181: connection refused; is ZooKeeper started? `docker compose ps zookeeper` shows it\n",
			},
		},
		question{
			name: "with ZooKeeper, inside", inside: true, ask: "wait --timeout 1s", code: 5,
			says: []string{
				// Which words the engine's resolver has for a name it does not know depends on the host's.
				"K1 TCP accepts: kafka:9092: connection refused\nhint: ZooKeeper comes first: zookeeper:2181: ",
				`only in its network: is "zookeeper" started, `,
			},
		},
	)
	s.checkProbe(1, "not ready: K1 TCP accepts: kafka:9092: connection refused")
	t.Run("image", checkImage) // passes the time
	<-late.C
	if c := s.containers()["kafka-init"]; c.State != "running" {
		t.Fatalf("kafka-init is %s, exit code %d", c.State, c.ExitCode)
	}
	s.up()
	s.checkReady("localhost:29092", 1)
	log := s.must("logs", "--no-log-prefix", "--no-color", "kafka-init")
	for _, want := range []string{"waiting for K1", "11 topics: 11 created"} {
		if !strings.Contains(log, want) {
			t.Errorf("kafka-init does not say %q:\n%s", want, log)
		}
	}
}

// A host port that is not the advertised one: the broker answers there, and sends clients to a port that nobody published.
func TestRemappedPort(t *testing.T) {
	s := newStack(t, "compose.kraft.yaml")
	override := filepath.Join(t.TempDir(), "remap.yaml")
	const remapped = "services:\n  kafka:\n    ports: !override [\"127.0.0.1::29092\"]\n" // any free one
	if err := os.WriteFile(override, []byte(remapped), 0o644); err != nil {
		t.Fatal(err)
	}
	s.must("-f", override, "up", "--wait", "--wait-timeout", "180", "kafka")
	_, port, _ := strings.Cut(strings.TrimSpace(s.must("-f", override, "port", "kafka", "29092")), ":")
	s.checkAnswers("remapped port", question{
		name: "from the host", ask: fmt.Sprintf("wait -b localhost:%s --timeout 1s", port), code: 5,
		says: []string{
			fmt.Sprintf("K4 advertised addresses answer: localhost:%s answers, but sends clients on to localhost:29092 (broker 1): connection refused\n", port),
			fmt.Sprintf("\nhint: advertised port 29092 is not the port that was reached, %s: publish it 1:1, as in \"29092:29092\", or advertise localhost:%[1]s\n", port),
		},
	})
}
