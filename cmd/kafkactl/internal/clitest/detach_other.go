//go:build !unix

package clitest

import "os/exec"

// Detach does nothing: this system has no terminals of that kind.
func Detach(*exec.Cmd) {}
