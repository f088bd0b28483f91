package clitest

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/internal/kafkatest"
)

// Tier 4: the program as a process against Apache Kafka as it is run for real.
// Apache's own tools make the drift and judge the result.

// RunResult is how one run of the program ended.
type RunResult struct {
	Stdout, Stderr string
	Code           int
	Took           time.Duration
}

func (r RunResult) String() string {
	return fmt.Sprintf("exit %d after %s\nstdout:\n%s\nstderr:\n%s", r.Code, r.Took.Round(time.Millisecond), r.Stdout, r.Stderr)
}

// Program is the real main in a process of its own, not started: the test binary
// run under the name kafkactl.
func Program(t *testing.T, args ...string) (*exec.Cmd, func(error) RunResult) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "kafkactl")
	if err := os.Symlink(self, link); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(link, args...) //nolint:noctx // ended by its own --timeout
	// A program built with -race otherwise sleeps for a second before it ends.
	cmd.Env = append(os.Environ(), "GORACE=atexit_sleep_ms=10")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	start := time.Now()
	return cmd, func(err error) RunResult {
		r := RunResult{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode(), time.Since(start)}
		if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
			t.Fatalf("run kafkactl: %v", err)
		}
		return r
	}
}

// Kafkactl runs the program to its end.
func Kafkactl(t *testing.T, args ...string) RunResult {
	t.Helper()
	cmd, result := Program(t, args...)
	return result(cmd.Run())
}

// Background starts the program; the function waits for its end.
func Background(t *testing.T, args ...string) (*exec.Cmd, func() RunResult) {
	t.Helper()
	cmd, result := Program(t, args...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	return cmd, func() RunResult {
		t.Helper()
		select {
		case err := <-ended:
			return result(err)
		case <-time.After(2 * time.Minute):
			_ = cmd.Process.Kill()
			t.Fatal("kafkactl did not end within 2 minutes")
			return RunResult{}
		}
	}
}

// Want fails the test unless the run ended with code and stdout matches every pattern.
func (r RunResult) Want(t *testing.T, code cli.ExitCode, stdout ...string) {
	t.Helper()
	if r.Code != int(code) {
		t.Fatalf("want exit %d, got %v", code, r)
	}
	for _, pattern := range stdout {
		if !regexp.MustCompile("(?m)" + pattern).MatchString(r.Stdout) {
			t.Fatalf("stdout does not match %q: %v", pattern, r)
		}
	}
}

// WantErr fails the test unless stderr matches every pattern.
func (r RunResult) WantErr(t *testing.T, stderr ...string) {
	t.Helper()
	for _, pattern := range stderr {
		if !regexp.MustCompile("(?m)" + pattern).MatchString(r.Stderr) {
			t.Fatalf("stderr does not match %q: %v", pattern, r)
		}
	}
}

// SpecFile writes a spec with the given topics section and default factor.
func SpecFile(t *testing.T, replicationFactor int, topics string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "topics.yaml")
	text := fmt.Sprintf("version: 1\ndefaults: {partitions: 3, replicationFactor: %d}\ntopics:\n%s", replicationFactor, topics)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// Apache runs one of Apache's tools, which must succeed.
func Apache(t *testing.T, c *kafkatest.Cluster, tool string, args ...string) string {
	t.Helper()
	out, err := c.CLI(t.Context(), tool, append([]string{"--bootstrap-server", "{b}"}, args...)...)
	if err != nil || out.Code != 0 {
		t.Fatalf("%s %v: exit %d, %v\n%s%s", tool, args, out.Code, err, out.Stdout, out.Stderr)
	}
	return out.Stdout
}

// CreateByHand makes a topic without the program. It returns when every broker knows it,
// which may be after the answer.
func CreateByHand(t *testing.T, c *kafkatest.Cluster, topic string, partitions, replicationFactor int) {
	t.Helper()
	f := NewField(t, c)
	if _, err := f.Adm.CreateTopic(t.Context(), int32(partitions), int16(replicationFactor), nil, topic); err != nil {
		t.Fatal(err)
	}
	for _, addr := range c.Addrs() {
		f.Until(addr+" knows "+topic, func() bool { return len(AskTopics(t, addr, topic)[0].Partitions) == partitions })
	}
}

// AlterByHand sets one setting of a topic without the program.
func AlterByHand(t *testing.T, c *kafkatest.Cluster, topic, key, value string) {
	t.Helper()
	change := kadm.AlterConfig{Op: kadm.SetConfig, Name: key, Value: &value}
	made, err := NewField(t, c).Adm.AlterTopicConfigs(t.Context(), []kadm.AlterConfig{change}, topic)
	if err != nil || made[0].Err != nil {
		t.Fatal(err, made)
	}
}

// GrowByHand gives a topic so many partitions without the program. It returns when every broker knows them.
func GrowByHand(t *testing.T, c *kafkatest.Cluster, topic string, partitions int) {
	t.Helper()
	f := NewField(t, c)
	made, err := f.Adm.UpdatePartitions(t.Context(), partitions, topic)
	if err != nil || made.Error() != nil {
		t.Fatal(err, made)
	}
	for _, addr := range c.Addrs() {
		f.Until(addr+" knows "+topic, func() bool { return len(AskTopics(t, addr, topic)[0].Partitions) == partitions })
	}
}

// Shapes is what Apache's kafka-topics says of each topic: "3 partitions, RF 1".
func Shapes(t *testing.T, c *kafkatest.Cluster) map[string]string {
	t.Helper()
	found := make(map[string]string)
	line := regexp.MustCompile(`(?m)^Topic: (\S+)\s.*PartitionCount: (\d+)\s+ReplicationFactor: (\d+)`)
	for _, m := range line.FindAllStringSubmatch(Apache(t, c, "kafka-topics", "--describe"), -1) {
		found[m[1]] = m[2] + " partitions, RF " + m[3]
	}
	return found
}

// WantShapes fails unless Apache's tool sees the topics so; others may be there.
func WantShapes(t *testing.T, c *kafkatest.Cluster, want map[string]string) {
	t.Helper()
	got := Shapes(t, c)
	for topic, shape := range want {
		if got[topic] != shape {
			t.Errorf("kafka-topics --describe %s: want %q, got %q", topic, shape, got[topic])
		}
	}
}

// StackShapes is how the 11 topics must look with a replication factor.
func StackShapes(replicationFactor int) map[string]string {
	want := make(map[string]string)
	for name := range strings.FieldsSeq(`order.created order.updated order.cancelled
		payment.pending payment.completed payment.failed
		cart.item.added cart.item.removed cart.cleared user.registered user.updated`) {
		want[name] = fmt.Sprintf("3 partitions, RF %d", replicationFactor)
	}
	return want
}

// Writes counts the requests a broker completed that could change a topic.
func Writes(t *testing.T, c *kafkatest.Cluster) map[string]int {
	t.Helper()
	all, err := c.Requests()
	if err != nil {
		t.Fatal(err)
	}
	found := make(map[string]int)
	for _, name := range []string{
		"CREATE_TOPICS", "CREATE_PARTITIONS", "INCREMENTAL_ALTER_CONFIGS", "ALTER_CONFIGS", "DELETE_TOPICS",
		"ALTER_PARTITION_REASSIGNMENTS", "ELECT_LEADERS", "DELETE_RECORDS", "PRODUCE",
	} {
		if all[name] > 0 {
			found[name] = all[name]
		}
	}
	return found
}
