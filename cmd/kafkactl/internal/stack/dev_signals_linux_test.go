package stack

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"
)

// politely is a shell command that says which signals it gets, and ends half a second after the
// first one with exit code 5.
const politely = `
for s in INT TERM HUP; do trap "echo heard-$s; ended=yes" $s; done
echo started
until [ $ended ]; do sleep 0.02; done
for i in 1 2 3 4 5; do sleep 0.1; done
echo bye; exit 5`

// A signal to kafkactl alone, as CI sends it, reaches the command and what it started as the same
// signal, once. SIGTERM is the command's to pass on; one that does not has 3 s until it is done.
func TestDevPassesSignalsOn(t *testing.T) {
	t.Parallel()
	const (
		ending  = `sh -c "$POLITELY" & wait`
		waiting = `trap : TERM INT HUP; sh -c "$POLITELY"; exit $?`
		passing = `trap "told=yes" TERM; sh -c "$POLITELY" & node=$!; wait; [ $told ] && kill -TERM $node; wait $node; exit $?`
	)
	for _, tc := range []struct {
		name, script string
		signal       syscall.Signal
		heard        string
		code         int
		within       time.Duration
	}{
		{"SIGINT", politely, syscall.SIGINT, "INT", 5, soon},
		{"SIGTERM", politely, syscall.SIGTERM, "TERM", 5, soon},
		{"SIGHUP", politely, syscall.SIGHUP, "HUP", 5, soon},
		{"SIGINT below one that waits", waiting, syscall.SIGINT, "INT", 5, soon},
		{"SIGTERM below one that waits", waiting, syscall.SIGTERM, "TERM", 5, 3*time.Second + soon},
		{"SIGHUP below one that waits", waiting, syscall.SIGHUP, "HUP", 5, soon},
		{"SIGTERM below one that ends", ending, syscall.SIGTERM, "TERM", 143, soon},
		{"SIGTERM below one that passes it on", passing, syscall.SIGTERM, "TERM", 5, soon},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := startDev(t, "--port", "0", "--", "env", "POLITELY="+politely, "sh", "-c", tc.script)
			r.until("started")
			r.signal(tc.signal)
			r.wantEnd(tc.code, tc.within)
			r.wantWritten(1, "heard-")
			r.wantWritten(1, "heard-"+tc.heard)
			r.wantWritten(1, "bye")
		})
	}
}

// npm and timeout pass on a signal that their group got: the second one within milliseconds is no
// second Ctrl-C.
func TestDevTakesEchoForOneSignal(t *testing.T) {
	t.Parallel()
	r := startDev(t, "--port", "0", "--", "sh", "-c", politely)
	r.until("started")
	r.signal(syscall.SIGINT, syscall.SIGINT, syscall.SIGTERM)
	r.wantEnd(5, soon)
	r.wantWritten(1, "heard-")
	r.wantWritten(1, "bye")
}

// What does not listen is killed after 10 s, with all that it started; the exit code says so.
func TestDevKillsTheDeaf(t *testing.T) {
	t.Parallel()
	const deaf = `trap '' INT TERM HUP; sh -c 'while :; do sleep 0.1; done' & echo started; wait; while :; do sleep 0.1; done`
	t.Run("after the grace", func(t *testing.T) {
		t.Parallel()
		r := startDev(t, "--port", "0", "--", "sh", "-c", deaf)
		r.until("started")
		start := time.Now()
		r.signal(syscall.SIGTERM)
		r.wantEnd(137, 10*time.Second+soon)
		if took := time.Since(start); took < 9*time.Second {
			t.Errorf("killed after %s, want about 10s", took)
		}
		r.wantWritten(1, "waiting up to 10s for sh to end; a second signal kills it\n")
		r.wantWritten(1, "sh did not end within 10s: killed\n")
	})
	t.Run("at the second signal", func(t *testing.T) {
		t.Parallel()
		r := startDev(t, "--port", "0", "--", "sh", "-c", deaf)
		r.until("started")
		r.signal(syscall.SIGINT)
		r.until("waiting up to 10s for sh to end; Ctrl-C again kills it\n")
		r.signal(syscall.SIGINT)
		r.wantEnd(130, soon)
	})
	t.Run("what it left", func(t *testing.T) {
		t.Parallel()
		r := startDev(t, "--port", "0", "--", "sh", "-c", `trap '' TERM; sleep 60 & exit 3`)
		r.wantEnd(3, 10*time.Second+soon)
		r.wantWritten(1, "sh left processes running: they are ended, too\n")
		r.wantWritten(1, "waiting up to 10s for what sh left to end; Ctrl-C kills it\n")
	})
}

// A daemon that moved to a session of its own, such as a build tool's, is left.
func TestDevLeavesDaemons(t *testing.T) {
	t.Parallel()
	const ready = "TEST_OF_DEV_DAEMON"
	if file := os.Getenv(ready); file != "" {
		becomeDaemon(t, file)
	}
	r := newDevRun(t, "--no-apply", "--port", "0", "--", "sh", "-c",
		`"$0" -test.run '^TestDevLeavesDaemons$' >/dev/null 2>&1 & until [ -e "$`+ready+`" ]; do sleep 0.01; done`, os.Args[0])
	r.cmd.Env = append(r.cmd.Env, ready+"="+filepath.Join(t.TempDir(), "ready"))
	r.detached()
	r.eventually("kafkactl ends", func() bool { return !slices.Contains(r.left(), r.cmd.Process.Pid) })
	if left := r.left(); len(left) != 1 {
		t.Errorf("want the daemon, got %v", left)
	}
	r.wantWritten(0, "left processes running")
}

// becomeDaemon moves this process to a session of its own, says so by a file, and sleeps.
func becomeDaemon(t *testing.T, file string) {
	t.Helper()
	sleep, err := exec.LookPath("sleep")
	if err == nil {
		_, err = syscall.Setsid()
	}
	if err == nil {
		err = os.WriteFile(file, nil, 0o600)
	}
	if err == nil {
		err = syscall.Exec(sleep, []string{"sleep", "60"}, os.Environ())
	}
	t.Fatal(err)
}

// A kafkactl that is killed takes the command with it.
func TestKilledDevLeavesNoCommand(t *testing.T) {
	t.Parallel()
	r := startDev(t, "--port", "0", "--", "sh", "-c", politely)
	r.until("started")
	r.signal(syscall.SIGKILL)
	r.until("heard-TERM")
	r.until("bye")
	r.eventually("no process is left", func() bool { return len(r.left()) == 0 })
}
