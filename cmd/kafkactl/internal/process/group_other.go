//go:build !unix

package process

import (
	"os/exec"
	"syscall"
)

// group is a command alone: on this system only it can be ended, and only by force. The console
// gives Ctrl-C to every program on it.
type group struct{ cmd *exec.Cmd }

func newGroup(cmd *exec.Cmd) group { return group{cmd} }

func (group) reapAdopted() (stop func()) { return func() {} }

func (group) pass(syscall.Signal) {}

func (group) terminate() {}

func (g group) kill() { _ = g.cmd.Process.Kill() }

func (group) alive() bool { return false }
