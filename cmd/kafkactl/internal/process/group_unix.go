//go:build unix

package process

import (
	"errors"
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// group is the process group of a command. What moves to a group or a session of its own, as the
// daemon of a build tool does, is not in it and stays.
//
// The command gets a group of its own, so that a signal reaches all of it, once. At a terminal it
// stays in ours: the terminal gives Ctrl-C, Ctrl-Z and input to one group, in which a shell may have
// put the other programs of a pipeline, too. Then only what descends from this process is signalled.
type group struct {
	cmd    *exec.Cmd
	shared bool
}

// newGroup prepares a command that is not started yet.
func newGroup(cmd *exec.Cmd) group {
	g := group{cmd, inForeground()}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: !g.shared}
	g.prepare()
	return g
}

// inForeground reports whether this process is in the group that its terminal signals.
func inForeground() bool {
	tty, err := os.OpenFile("/dev/tty", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil { // no terminal
		return false
	}
	defer tty.Close() //nolint:errcheck // nothing was written
	foreground, err := unix.IoctlGetInt(int(tty.Fd()), unix.TIOCGPGRP)
	return err == nil && foreground == syscall.Getpgrp()
}

// pass passes on a signal that this process got. SIGTERM goes to the command alone: npm and others
// pass it on themselves, and who gets it twice may abort. SIGINT and SIGHUP go to the whole group, as
// terminals send them; in a shared group the terminal has done so already.
func (g group) pass(signal syscall.Signal) {
	switch {
	case signal == syscall.SIGTERM:
		_ = g.cmd.Process.Signal(signal)
	case !g.shared:
		g.signal(signal, -g.cmd.Process.Pid)
	}
}

// terminate asks what the command started, and left or has not told, to end.
func (g group) terminate() { g.signal(syscall.SIGTERM, g.others()...) }

// kill kills what is left.
func (g group) kill() {
	if !g.shared {
		g.signal(syscall.SIGKILL, -g.cmd.Process.Pid)
		return
	}
	g.signal(syscall.SIGKILL, g.members()...)
}

// signal signals processes or, with a minus, a group. One that has just ended is no error, and one
// of another user is not ours to end.
func (g group) signal(signal syscall.Signal, ids ...int) {
	for _, id := range ids {
		_ = syscall.Kill(id, signal)
	}
}

// alive reports whether a process of the group is left; the command itself has ended.
func (g group) alive() bool {
	if !g.shared && errors.Is(syscall.Kill(-g.cmd.Process.Pid, 0), syscall.ESRCH) {
		return false
	}
	return len(g.members()) > 0
}
