package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"kafkactl/cmd/kafkactl/internal/process"
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
// against it: KAFKACTL_BROKERS, KAFKA_BOOTSTRAP_SERVERS as many programs read it, and the variables
// in also. Each is there once: of two, a program would take the first.
func ClusterEnv(brokers string, also ...string) []string {
	names := append([]string{"KAFKACTL_BROKERS", "KAFKA_BOOTSTRAP_SERVERS"}, also...)
	env := slices.DeleteFunc(os.Environ(), func(pair string) bool {
		name, _, _ := strings.Cut(pair, "=")
		return slices.Contains(names, name)
	})
	for _, name := range names {
		env = append(env, name+"="+brokers)
	}
	return env
}

// SecureEnv returns an environment with the variables of a secured cluster, each given as its name and its
// value, in the place of all that it says about the security of another one.
func SecureEnv(env []string, variables [][2]string) []string {
	env = slices.DeleteFunc(env, func(pair string) bool {
		name, _, _ := strings.Cut(pair, "=")
		rest, ours := strings.CutPrefix(name, envPrefix)
		return ours && (rest == "CONFIG" || rest == "SECURITY_PROTOCOL" || rest == "TLS" || strings.HasPrefix(rest, "TLS_") || strings.HasPrefix(rest, "SASL_")) ||
			strings.HasPrefix(name, "KAFKA_SASL_") || strings.HasPrefix(name, "KAFKA_SSL_") ||
			slices.ContainsFunc(variables, func(v [2]string) bool { return v[0] == name })
	})
	for _, v := range variables {
		env = append(env, v[0]+"="+v[1])
	}
	return env
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

// RunChild runs a command for the user to its end, as [process.Child.Run] does. The error is nil
// when it ended with exit code 0, and one that [IsChildExit] knows for any other code, also when ctx
// interrupted it. Any other error means that it did not run.
func (a *App) RunChild(ctx context.Context, cmd *exec.Cmd) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	child := process.New(cmd, process.Grace, a.Notef)
	a.Child.Store(child)
	state, err := child.Run(ctx)
	a.Child.Store(nil)
	switch {
	case err == nil:
		return statusOf(state)
	case cmd.Process == nil:
		return StartError(cmd.Args[0], err)
	default:
		return fmt.Errorf("wait for %s: %w", cmd.Args[0], err)
	}
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

// KillChild kills the command that runs for the user and what it started, if there is one.
func (a *App) KillChild() {
	if child := a.Child.Load(); child != nil {
		child.Kill()
	}
}

// StartError returns the usage error of a program that could not be started because of err.
func StartError(name string, err error) error {
	return WithHint(AsUsage(fmt.Errorf("run %s: %w", name, err)), "the command after -- must be a program on the PATH")
}
