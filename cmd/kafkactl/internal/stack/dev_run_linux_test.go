package stack

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"

	"kafkactl/cmd/kafkactl/internal/clitest"
)

// devRun is a kafkactl dev that runs a command.
type devRun struct {
	t        *testing.T
	cmd      *exec.Cmd
	mark     string   // in the environment of all that it starts
	terminal *os.File // nil without one
	ended    chan struct{}

	mu  sync.Mutex
	out bytes.Buffer // what all of them wrote
}

// Write takes what the programs write.
func (r *devRun) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.out.Write(p)
}

func (r *devRun) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return strings.ReplaceAll(r.out.String(), "\r\n", "\n")
}

// soon is the time for what takes a second at most on a machine with nothing else to do, and far less
// than the grace that a command has to end.
const soon = 5 * time.Second

// startDev starts kafkactl dev without topics and without a terminal, as CI does.
func startDev(t *testing.T, args ...string) *devRun {
	t.Helper()
	return newDevRun(t, append([]string{"--no-apply"}, args...)...).detached()
}

// startDevOnTerminal starts it as the program that a terminal talks to.
func startDevOnTerminal(t *testing.T, args ...string) *devRun {
	t.Helper()
	return newDevRun(t, append([]string{"--no-apply"}, args...)...).onTerminal()
}

// detached starts the program without a terminal.
func (r *devRun) detached() *devRun {
	r.t.Helper()
	r.cmd.Stdout, r.cmd.Stderr = r, r
	clitest.Detach(r.cmd)
	if err := r.cmd.Start(); err != nil {
		r.t.Fatal(err)
	}
	go r.wait()
	return r
}

// onTerminal starts the program on a terminal of its own.
func (r *devRun) onTerminal() *devRun {
	t := r.t
	t.Helper()
	r.cmd.Stdout, r.cmd.Stderr = nil, nil
	terminal, err := pty.Start(r.cmd)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = terminal.Close() })
	r.terminal = terminal
	go func() { _, _ = io.Copy(r, terminal) }()
	go r.wait()
	return r
}

func newDevRun(t *testing.T, args ...string) *devRun {
	t.Helper()
	cmd, _ := clitest.Program(t, append([]string{"dev"}, args...)...)
	r := &devRun{t: t, cmd: cmd, mark: "TEST_OF_DEV=" + cmd.Path + "$", ended: make(chan struct{})}
	// What is left by a test that fails keeps no pipe of it open.
	cmd.WaitDelay = time.Second
	// The programs that a command runs find kafkactl.
	cmd.Env = append(cmd.Env, r.mark, "PATH="+filepath.Dir(cmd.Path)+":"+os.Getenv("PATH"))
	t.Cleanup(func() {
		for _, id := range r.left() {
			_ = syscall.Kill(id, syscall.SIGKILL)
		}
	})
	return r
}

func (r *devRun) wait() {
	_ = r.cmd.Wait() // its exit code is in its state
	close(r.ended)
}

// until waits for a text in what the programs write.
func (r *devRun) until(text string) {
	r.t.Helper()
	r.eventually("it writes "+text, func() bool { return strings.Contains(r.String(), text) })
}

// patience is more than anything takes, also a first compilation on a busy machine.
const patience = 5 * time.Minute

func (r *devRun) eventually(what string, holds func() bool) {
	r.t.Helper()
	for start := time.Now(); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Since(start) > patience {
			r.t.Fatalf("not within %s: %s; written until then:\n%s", patience, what, r)
		}
	}
}

// signal signals kafkactl alone.
func (r *devRun) signal(signals ...syscall.Signal) {
	r.t.Helper()
	for _, s := range signals {
		if err := r.cmd.Process.Signal(s); err != nil {
			r.t.Fatal(err)
		}
	}
}

// press types at the terminal.
func (r *devRun) press(keys string) {
	r.t.Helper()
	if _, err := io.WriteString(r.terminal, keys); err != nil {
		r.t.Fatal(err)
	}
}

// wantEnd waits for the end and fails unless it comes with the code, in at most so long, and no
// process is left.
func (r *devRun) wantEnd(code int, within time.Duration) {
	r.t.Helper()
	start := time.Now()
	r.eventually("kafkactl ends", func() bool {
		select {
		case <-r.ended:
			return true
		default:
			return false
		}
	})
	if took := time.Since(start); took > within {
		r.t.Errorf("ended after %s, want at most %s", took.Round(time.Millisecond), within)
	}
	if got := r.cmd.ProcessState.ExitCode(); got != code {
		r.t.Errorf("want exit code %d, got %d", code, got)
	}
	if left := r.left(); len(left) > 0 {
		r.t.Errorf("processes are left: %v", left)
	}
	if r.t.Failed() {
		r.t.Logf("written:\n%s", r)
	}
}

// wantWritten fails unless what the programs wrote has the text so often. What they wrote last may be on
// its way still.
func (r *devRun) wantWritten(times int, text string) {
	r.t.Helper()
	if times > 0 {
		r.until(text)
	}
	if got := strings.Count(r.String(), text); got != times {
		r.t.Errorf("want %d times %q, got %d:\n%s", times, text, got, r)
	}
}

// left returns the processes that kafkactl and the command started and that have not ended.
func (r *devRun) left() []int {
	paths, err := filepath.Glob("/proc/[0-9]*/environ")
	if err != nil {
		r.t.Fatal(err)
	}
	var ids []int
	for _, path := range paths {
		text, err := os.ReadFile(path) // of a zombie it is empty
		if errors.Is(err, os.ErrPermission) || !bytes.Contains(text, []byte(r.mark)) {
			continue
		}
		if id, err := strconv.Atoi(filepath.Base(filepath.Dir(path))); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}
