package main

import (
	"errors"
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

// childError is how a command that was run for the user ended: [childExit], or a
// usage error when it could not be started.
func childError(name string, err error) error {
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit) && exit.ExitCode() >= 0:
		return &childExit{exit.ExitCode()}
	case errors.As(err, &exit): // ended by a signal: the shell's convention
		status, _ := exit.Sys().(syscall.WaitStatus)
		return &childExit{128 + int(status.Signal())}
	case err != nil:
		return noProgram(name, err)
	default:
		return nil
	}
}

func noProgram(name string, err error) error {
	return withHint(&usageError{fmt.Errorf("run %s: %w", name, err)}, "the command after -- must be a program on the PATH")
}
