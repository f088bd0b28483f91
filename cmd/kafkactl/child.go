package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
)

// onlyAfterDash takes a command to run after --, and nothing before it.
func onlyAfterDash(cmd *cobra.Command, args []string) error {
	if dash := cmd.ArgsLenAtDash(); len(args) > 0 && dash != 0 {
		return withHint(usagef("%s takes a command only after --", cmd.Name()), cmd.CommandPath()+" -- "+strings.Join(args, " "))
	}
	return nil
}

// clusterEnv is our environment, with where the cluster is for a command that is run
// against it.
func clusterEnv(brokers string) []string {
	return append(os.Environ(), "KAFKACTL_BROKERS="+brokers, "KAFKA_BOOTSTRAP_SERVERS="+brokers)
}

// runChild runs a command for the user to its end. How it ended is its own answer, also
// when ctx had it interrupted: nil for exit code 0, else [childExit]. Any other error means
// that it did not run.
func (a *app) runChild(ctx context.Context, cmd *exec.Cmd) error {
	if err := cmd.Start(); err != nil {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return noProgram(cmd.Args[0], err)
	}
	a.child.Store(cmd.Process)
	err := cmd.Wait() // is that of ctx, or of a stream, for a command that ended well
	a.child.Store(nil)
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

// killChild ends the command that runs for the user, if there is one.
func (a *app) killChild() {
	if child := a.child.Load(); child != nil {
		_ = child.Kill() // it may have ended by itself
	}
}

func noProgram(name string, err error) error {
	return withHint(asUsage(fmt.Errorf("run %s: %w", name, err)), "the command after -- must be a program on the PATH")
}
