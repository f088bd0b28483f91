//go:build unix && !linux

package process

import (
	"errors"
	"syscall"
)

// prepare does nothing: this system has no signal for the death of a parent, and nobody adopts
// processes.
func (group) prepare() {}

func (group) reapAdopted() (stop func()) { return func() {} }

// members returns the leader of the command's own group while somebody is in it. In a shared group
// it is the command itself until it ends: what that leaves cannot be told from the programs beside us.
func (g group) members() []int {
	id := g.cmd.Process.Pid
	at := -id
	if g.shared {
		at = id
	}
	if errors.Is(syscall.Kill(at, 0), syscall.ESRCH) {
		return nil
	}
	return []int{id}
}

// others returns the command's own group, which cannot be told apart here.
func (g group) others() []int {
	if g.shared {
		return nil
	}
	return []int{-g.cmd.Process.Pid}
}
