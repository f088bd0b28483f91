package kafkatest

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A test binary that is killed runs no cleanup, and JVMs left behind once filled a machine's
// memory.
func TestKilledTestProcessLeavesNoJVM(t *testing.T) {
	Require(t, Brokers)
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.CommandContext(t.Context(), exe)
	child.Env = append(os.Environ(), orphanEnv+"=1")
	stdout, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	line, _ := bufio.NewReader(stdout).ReadString('\n')
	dir := strings.TrimSpace(line)
	if !filepath.IsAbs(dir) {
		t.Fatalf("the child printed %q, want a directory", line)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if got := len(processesNaming(t, dir)); got != 2 {
		t.Errorf("%d processes of the child's cluster, want ZooKeeper and a broker", got)
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait()
	var left []string
	for range 100 {
		if left = processesNaming(t, dir); len(left) == 0 {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Errorf("5 s after the test process was killed these are left: %v", left)
}

// processesNaming are the ids of the processes that have dir on their command line; a zombie has
// none.
func processesNaming(t *testing.T, dir string) []string {
	t.Helper()
	lines, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, path := range lines {
		cmdline, err := os.ReadFile(path)
		if err == nil && bytes.Contains(cmdline, []byte(dir)) {
			ids = append(ids, filepath.Base(filepath.Dir(path)))
		}
	}
	return ids
}
