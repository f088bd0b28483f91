package stack

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

// testRunner is a program that runs the tests of a service; testdata/runners/README.md says which.
type testRunner struct {
	name    string
	command []string
	prepare func(t *testing.T) (env []string)
	ctrlC   int // its exit code after Ctrl-C
	term    int // and after SIGTERM
}

const runnersDir = "testdata/runners"

// leaving is how long a test may take to leave its group: KafkaJS waits for a fetch of up to 5 s.
const leaving = 5*time.Second + clitest.Busy

func testRunners() []testRunner {
	return []testRunner{
		{"npm test", []string{"npm", "--prefix", runnersDir + "/npm", "test"}, func(t *testing.T) []string {
			t.Helper()
			return []string{"NODE_PATH=" + kafkatest.NodeModules(t, clitest.InRepo("cmd", "kafkactl", "internal", "records", "testdata", "interop", "kafkajs"))}
		}, 130, 143},
		{"pytest", []string{"python3", "-m", "pytest", "-p", "no:cacheprovider", runnersDir + "/pytest"}, func(t *testing.T) []string {
			t.Helper()
			return []string{"PYTHONDONTWRITEBYTECODE=1", "PYTHONPATH=" + kafkatest.PythonPackages(t, runnersDir+"/pytest")}
		}, 2, 2},
		{"mvn test", []string{"mvn", "-B", "-q", "-f", runnersDir + "/maven/pom.xml", "test"}, func(t *testing.T) []string {
			t.Helper()
			kafkatest.Require(t, kafkatest.Brokers)
			return []string{"MAVEN_TARGET=" + t.TempDir(), "MAVEN_OPTS=-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"}
		}, 130, 143},
		{"go test", []string{"go", "test", "-count=1", "./" + runnersDir + "/golang"}, func(t *testing.T) []string {
			t.Helper()
			return nil
		}, 1, 143},
	}
}

// The exit code of a test runner is kafkactl's, and however it ends, its consumer has left the group
// and no process of it is left.
func TestRealDevRunners(t *testing.T) {
	t.Parallel()
	for _, runner := range testRunners() {
		t.Run(runner.name, func(t *testing.T) {
			t.Parallel()
			env := runner.prepare(t)
			t.Run("passes", func(t *testing.T) { runner.run(t, env, "pass").wantEnd(0, patience) })
			t.Run("fails", func(t *testing.T) { runner.run(t, env, "fail").wantEnd(1, patience) })
			t.Run("is killed", func(t *testing.T) {
				r := runner.run(t, env, "hang")
				r.untilLogged("ready")
				if err := syscall.Kill(r.command(), syscall.SIGKILL); err != nil {
					t.Fatal(err)
				}
				r.wantEnd(137, leaving)
			})
			t.Run("SIGTERM", func(t *testing.T) {
				r := runner.run(t, env, "hang")
				r.untilLogged("ready")
				r.signal(syscall.SIGTERM)
				r.wantEnd(runner.term, leaving)
				r.wantLog("ready\nsignal\nleft\n")
			})
			t.Run("Ctrl-C", func(t *testing.T) {
				r := runner.start(t, env, "hang", "--port", "0")
				r.onTerminal()
				r.untilLogged("ready")
				r.press(ctrlC)
				r.wantEnd(runner.ctrlC, leaving)
				r.untilLogged("left")
			})
			t.Run("second Ctrl-C", func(t *testing.T) {
				r := runner.start(t, env, "deaf", "--port", "0")
				r.onTerminal()
				r.untilLogged("ready")
				r.press(ctrlC)
				r.until("Ctrl-C again kills it")
				r.press(ctrlC)
				r.wantEnd(130, clitest.Busy)
			})
		})
	}
}

// Jobs of one machine run beside each other without a word about ports.
func TestRealDevRunnersInParallel(t *testing.T) {
	t.Parallel()
	runner := testRunners()[0]
	env := runner.prepare(t)
	kafkatest.UsualPort(t)
	runs := make([]runnerRun, 12)
	for i := range runs {
		runs[i] = runner.start(t, env, "pass")
		runs[i].detached()
	}
	for _, r := range runs {
		r.wantEnd(0, time.Minute)
		r.wantLog("ready\nleft\n")
	}
}

// runnerRun is a kafkactl dev that runs a test runner.
type runnerRun struct {
	*devRun
	log string
}

// start prepares a run below kafkactl dev. Without flags, it has no --port.
func (r testRunner) start(t *testing.T, env []string, then string, flags ...string) runnerRun {
	t.Helper()
	spec := clitest.SpecFile(t, 1, "  orders: {partitions: 1}\n")
	run := newDevRun(t, slices.Concat([]string{"-f", spec}, flags, []string{"--"}, r.command)...)
	log := filepath.Join(t.TempDir(), "log")
	run.cmd.Env = append(append(run.cmd.Env, env...), "LOG="+log, "THEN="+then)
	return runnerRun{run, log}
}

// run starts it without a terminal.
func (r testRunner) run(t *testing.T, env []string, then string) runnerRun {
	t.Helper()
	run := r.start(t, env, then, "--port", "0")
	run.detached()
	return run
}

// logged returns what the test wrote into its log.
func (r runnerRun) logged() string {
	text, _ := os.ReadFile(r.log) // nothing yet is nothing
	return string(text)
}

func (r runnerRun) untilLogged(line string) {
	r.t.Helper()
	r.eventually("the test logs "+line, func() bool { return strings.Contains(r.logged(), line+"\n") })
}

func (r runnerRun) wantLog(want string) {
	r.t.Helper()
	if diff := cmp.Diff(want, r.logged()); diff != "" {
		r.t.Errorf("log of the test (-want +got):\n%s", diff)
	}
}

// command returns the process that kafkactl started.
func (r runnerRun) command() int {
	r.t.Helper()
	for _, id := range r.left() {
		stat, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", id)) // it may have ended
		if strings.Contains(string(stat), fmt.Sprintf(" S %d ", r.cmd.Process.Pid)) {
			return id
		}
	}
	r.t.Fatal("kafkactl runs no command")
	return 0
}
