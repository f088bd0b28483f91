package clitest

import (
	"testing"
	"time"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/internal/kafkatest/docpage"
)

// The faults that a stack fails by, made on real brokers: each is reported by its own sentence,
// with the exit code that fits and in the time that was given. Faults of what is not a broker
// (ports, files, Compose files) are in matrix.txtar, those of brokers that nobody can make so in
// matrix_test.go, and all others by the evidence in internal/health's tests.

// Told is one fault and how a command must end on it.
type Told struct {
	Args   []string
	Code   cli.ExitCode
	Within time.Duration // of the command's end, start of the process included
	Stdout []string
	Stderr []string
	Docs   string // the block of docs/troubleshooting.md that quotes it, "": none
}

// Check runs the command and compares.
func (w Told) Check(t *testing.T) {
	t.Helper()
	r := Kafkactl(t, w.Args...)
	r.Want(t, w.Code, w.Stdout...)
	r.WantErr(t, w.Stderr...)
	if w.Docs != "" {
		docpage.Want(t, w.Docs, r.Stdout+"\n"+r.Stderr, r.Code)
	}
	if r.Took > w.Within {
		t.Errorf("took %s, want at most %s: %v", r.Took.Round(time.Millisecond), w.Within, r)
	}
}

// Busy is what a loaded machine may add to a command's time.
const Busy = 2 * time.Second
