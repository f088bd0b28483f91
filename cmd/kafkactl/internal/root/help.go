package root

import (
	"fmt"

	"github.com/spf13/cobra"

	"kafkactl/cmd/kafkactl/internal/cli"
)

// finishBuiltins gives cobra's own commands what ours have: examples, and an error
// for an argument that they would ignore.
func finishBuiltins(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, cmd := range root.Commands() {
		switch cmd.Name() {
		case "help":
			cmd.Short = "Explain a command"
			cmd.Example = "  kafkactl help apply\n  kafkactl help exit-codes"
			cmd.Args = func(_ *cobra.Command, args []string) error {
				if found, _, _ := root.Find(args); found != root {
					return nil
				}
				return noSuchCommand(root, args)
			}
		case "completion":
			cmd.Short = "Print the completion script for a shell"
			cmd.Long = `Prints the script that completes commands, flags and topic names in a shell;
kafkactl completion SHELL --help tells how to install it.`
			cmd.Example = "  source <(kafkactl completion bash)\n  kafkactl completion zsh > \"${fpath[1]}/_kafkactl\""
			cmd.Args = func(_ *cobra.Command, args []string) error {
				if len(args) == 0 {
					return nil
				}
				return cli.WithHint(cli.Usagef("unknown shell %q", args[0]), "kafkactl completion bash, fish, powershell or zsh")
			}
			cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
		}
	}
}

// newExitCodesHelp returns the help topic exit-codes. cli/exit_code.go has the codes themselves.
func newExitCodesHelp() *cobra.Command {
	return &cobra.Command{
		Use:   "exit-codes",
		Short: "What the exit codes mean",
		Long: `Every command ends with one of these:

    0  done; in sync; healthy
    1  failed, or some item of a batch failed or is blocked
    2  usage: the command line, a setting or the topics file is wrong; nothing was done
    3  a condition that was asked for is not met (plan --check found drift, apply
       --plan topics that changed after the plan was made, doctor a fault, health a cluster that is not ready, describe --check a sick partition,
       consume --expect too few records, consume --validate a wrong one, lag --max-lag
       or --max-time-lag a group that is further behind, certs --check a certificate
       that is missing or ends soon, can a principal that may not)
    4  a named topic, partition, group or broker does not exist
    5  timed out waiting
    6  refused: authentication or authorisation
  130  interrupted (SIGINT, SIGTERM, SIGHUP) with work unfinished; consume --follow has none,
       and ends with 0. A second signal ends any command at once

"dev -- CMD" and "wait -- CMD" end with the exit code of CMD, "health --probe" with
0 or 1. A reader that closes the pipe, as head does, is no failure. With -o json a failure is one object on stderr:
{"error":{"code":…,"kafkaError":…,"message":…,"hint":…}}.`,
	}
}

// newEnvironmentHelp returns the help topic environment. cli/variables.go has the variables
// themselves.
func newEnvironmentHelp() *cobra.Command {
	return &cobra.Command{
		Use:   "environment",
		Short: "Environment variables",
		Long: `A flag wins over its variable, a variable over the default.

` + cli.EnvironmentTable() + `
Any other variable whose name begins with KAFKACTL_ has no effect, and a note says so.
The topics file may use any variable as ${NAME} or ${NAME:-default}.`,
	}
}

// finishUsage leaves the flags of TLS and SASL out of what every command says about itself, but for one line.
func finishUsage(root *cobra.Command) {
	usual := root.UsageFunc()
	root.SetUsageFunc(func(cmd *cobra.Command) error {
		line, err := cli.HideSecurityFlags(cmd, func() error { return usual(cmd) })
		if line != "" && err == nil {
			_, err = fmt.Fprintf(cmd.OutOrStderr(), "\n%s\n", line)
		}
		return err
	})
}
