//go:build unix

package clitest

import (
	"os/exec"
	"syscall"
)

// Detach runs a program without the terminal on which the tests may run: a signal that it gets then
// is its own alone, as in CI.
func Detach(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }
