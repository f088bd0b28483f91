package stack

import (
	"syscall"
	"testing"
)

const ctrlC = "\x03"

// A Ctrl-C that is typed reaches the command once, by the terminal, and the command has its time.
func TestDevOnTerminal(t *testing.T) {
	t.Parallel()
	r := startDevOnTerminal(t, "--port", "0", "--", "sh", "-c", politely)
	r.until("started")
	r.press(ctrlC)
	r.wantEnd(5, soon)
	r.wantWritten(1, "heard-INT")
	r.wantWritten(1, "heard-")
	r.wantWritten(1, "bye")
}

// The command reads the terminal, and suspends with it.
func TestDevCommandReadsTerminal(t *testing.T) {
	t.Parallel()
	r := startDevOnTerminal(t, "--port", "0", "--", "sh", "-c", `echo started; read line; echo "got $line"; exit 4`)
	r.until("started")
	r.press("a line\n")
	r.wantEnd(4, soon)
	r.wantWritten(1, "got a line")
}

func TestSecondCtrlCOnTerminal(t *testing.T) {
	t.Parallel()
	r := startDevOnTerminal(t, "--port", "0", "--", "sh", "-c",
		`trap '' INT TERM HUP; sh -c 'while :; do sleep 0.1; done' & echo started; while :; do sleep 0.1; done`)
	r.until("started")
	r.press(ctrlC)
	r.until("waiting up to 10s for sh to end; Ctrl-C again kills it")
	r.press(ctrlC)
	r.wantEnd(130, soon)
}

// A SIGTERM to kafkactl alone reaches what the command started, although the terminal's group is
// that of others, too.
func TestTermOnTerminal(t *testing.T) {
	t.Parallel()
	r := startDevOnTerminal(t, "--port", "0", "--", "env", "POLITELY="+politely, "sh", "-c", `sh -c "$POLITELY" & wait`)
	r.until("started")
	r.signal(syscall.SIGTERM)
	r.wantEnd(143, soon)
	r.wantWritten(1, "heard-TERM")
	r.wantWritten(1, "bye")
}

// What the command leaves is ended at a terminal, too.
func TestDevLeavesNothingOnTerminal(t *testing.T) {
	t.Parallel()
	r := startDevOnTerminal(t, "--port", "0", "--", "sh", "-c", `(sh -c 'sleep 60 & sleep 60' &) ; exit 3`)
	r.wantEnd(3, soon)
	r.wantWritten(1, "sh left processes running: they are ended, too")
}

// A shell has other programs in the terminal's group, as those of a pipeline. They are not ours.
func TestDevSparesTheProgramsBesideIt(t *testing.T) {
	t.Parallel()
	r := newDevRun(t)
	r.cmd.Path, r.cmd.Args = "/bin/sh", []string{"sh", "-c", `sleep 60 & beside=$!
		kafkactl dev --no-apply --port 0 -- sh -c 'sleep 60 & exit 3'; echo code $?
		kill -0 $beside && echo beside; kill $beside; wait $beside; exit 0`}
	r.onTerminal()
	r.wantEnd(0, soon)
	r.wantWritten(1, "sh left processes running: they are ended, too\ncode 3\nbeside\n")
}

// Who waits for a process that it left to be gone must not wait for one that has ended.
func TestAdoptedProcessesAreLetGo(t *testing.T) {
	t.Parallel()
	r := startDevOnTerminal(t, "--port", "0", "--", "sh", "-c",
		`id=$(sh -c 'sleep 0.2 >/dev/null & echo $!'); while kill -0 $id 2>/dev/null; do sleep 0.02; done; echo gone`)
	r.wantEnd(0, soon)
	r.wantWritten(1, "gone")
}
