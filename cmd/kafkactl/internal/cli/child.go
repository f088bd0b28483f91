package cli

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
)

// OnlyAfterDash takes a command to run after --, and nothing before it.
func OnlyAfterDash(cmd *cobra.Command, args []string) error {
	if dash := cmd.ArgsLenAtDash(); len(args) > 0 && dash != 0 {
		return WithHint(Usagef("%s takes a command only after --", cmd.Name()), cmd.CommandPath()+" -- "+strings.Join(args, " "))
	}
	return nil
}

// ClusterEnv is our environment, with where the cluster is for a command that is run
// against it.
func ClusterEnv(brokers string) []string {
	return append(os.Environ(), "KAFKACTL_BROKERS="+brokers, "KAFKA_BOOTSTRAP_SERVERS="+brokers)
}

// RunChild runs a command for the user to its end. How it ended is its own answer, also
// when ctx had it interrupted: nil for exit code 0, else [childExit]. Any other error means
// that it did not run.
func (a *App) RunChild(ctx context.Context, cmd *exec.Cmd) error {
	if err := cmd.Start(); err != nil {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return StartError(cmd.Args[0], err)
	}
	a.Child.Store(cmd.Process)
	err := cmd.Wait() // is that of ctx, or of a stream, for a command that ended well
	a.Child.Store(nil)
	if cmd.ProcessState == nil {
		return fmt.Errorf("wait for %s: %w", cmd.Args[0], err)
	}
	return statusOf(cmd.ProcessState)
}

// statusOf is how a process ended.
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

// StartError returns the error of a program that could not be started.
func StartError(name string, err error) error {
	return WithHint(AsUsage(fmt.Errorf("run %s: %w", name, err)), "the command after -- must be a program on the PATH")
}
