package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"kafkactl/cmd/kafkactl/internal/term"
)

// OnlyAfterDash allows arguments after -- alone, where they are a command to run.
func OnlyAfterDash(cmd *cobra.Command, args []string) error {
	if dash := cmd.ArgsLenAtDash(); len(args) > 0 && dash != 0 {
		return WithHint(Usagef("%s takes a command only after --", cmd.Name()), cmd.CommandPath()+" -- "+strings.Join(args, " "))
	}
	return nil
}

// ClusterEnv returns our environment with the addresses of the cluster, for a command that is run
// against it: KAFKACTL_BROKERS, and KAFKA_BOOTSTRAP_SERVERS as many programs read it.
func ClusterEnv(brokers string) []string {
	return append(os.Environ(), "KAFKACTL_BROKERS="+brokers, "KAFKA_BOOTSTRAP_SERVERS="+brokers)
}

// ChildStreams returns the streams for a command that is run for the user: the process's own, also
// where one of them was closed.
func (a *App) ChildStreams() (in io.Reader, out, err io.Writer) {
	in, out = a.In, a.RawOut
	if closed, is := in.(*term.ClosedStream); is {
		in = closed.File
	}
	if closed, is := out.(*term.ClosedStream); is {
		out = closed.File
	}
	return in, out, a.RawErr
}

// CheckStdout refuses to begin a command whose answer would be lost, because stdout was closed. A
// command that is run for the user has an answer of its own.
func (a *App) CheckStdout(cmd *cobra.Command) error {
	closed, is := a.RawOut.(*term.ClosedStream)
	if !is || cmd.ArgsLenAtDash() >= 0 {
		return nil
	}
	return WithHint(fmt.Errorf("%w: the answer would be lost, and nothing was done", closed), "give it a file or a pipe, or /dev/null where nobody wants the answer")
}

// RunChild runs a command for the user to its end. The error is nil when it ended with exit code 0,
// and one that [IsChildExit] knows for any other code, also when ctx interrupted it. Any other
// error means that it did not run.
func (a *App) RunChild(ctx context.Context, cmd *exec.Cmd) error {
	if err := cmd.Start(); err != nil {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return StartError(cmd.Args[0], err)
	}
	a.Child.Store(cmd.Process)
	err := cmd.Wait() // even after exit code 0 it returns the error of ctx or of a stream
	a.Child.Store(nil)
	if cmd.ProcessState == nil {
		return fmt.Errorf("wait for %s: %w", cmd.Args[0], err)
	}
	return statusOf(cmd.ProcessState)
}

// statusOf returns how a process ended: nil for exit code 0, else [childExit].
func statusOf(state *os.ProcessState) error {
	code := state.ExitCode()
	if code < 0 { // ended by a signal: the shell's convention
		status, _ := state.Sys().(syscall.WaitStatus)
		code = 128 + int(status.Signal())
	}
	if code == 0 {
		return nil
	}
	return &childExit{code}
}

// KillChild ends the command that runs for the user, if there is one.
func (a *App) KillChild() {
	if child := a.Child.Load(); child != nil {
		_ = child.Kill() // it may have ended by itself
	}
}

// StartError returns the usage error of a program that could not be started because of err.
func StartError(name string, err error) error {
	return WithHint(AsUsage(fmt.Errorf("run %s: %w", name, err)), "the command after -- must be a program on the PATH")
}
