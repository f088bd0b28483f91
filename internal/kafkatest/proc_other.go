//go:build !linux

package kafkatest

import "os/exec"

// dieWithParent does nothing here: only Close ends the children, so a killed test process leaves
// them behind.
func dieWithParent(*exec.Cmd) {}
