package root

import (
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
    3  a condition that was asked for is not met (plan --check found drift, doctor a
       fault, health a cluster that is not ready, describe --check a sick partition,
       consume --expect too few records, consume --validate a wrong one, lag --max-lag
       or --max-time-lag a group that is further behind)
    4  a named topic, partition, group or broker does not exist
    5  timed out waiting
    6  refused: authentication or authorisation
  130  interrupted (SIGINT, SIGTERM) with work unfinished; consume --follow has none,
       and ends with 0. A second signal ends any command at once

"dev -- CMD" and "wait -- CMD" end with the exit code of CMD, "health --probe" with
0 or 1. A reader that closes the pipe, as head does, is no failure. With -o json a failure is one object on stderr:
{"error":{"code":…,"kafkaError":…,"message":…,"hint":…}}.`,
	}
}

// newEnvironmentHelp returns the help topic environment. [cli.MarkEnv] marks the flags that have a
// variable.
func newEnvironmentHelp() *cobra.Command {
	return &cobra.Command{
		Use:   "environment",
		Short: "Environment variables",
		Long: `A flag wins over its variable, a variable over the default.

  KAFKACTL_BROKERS      --brokers      bootstrap addresses (default localhost:29092)
  KAFKACTL_ZOOKEEPER    --zookeeper    ZooKeeper addresses (default: not asked)
  KAFKACTL_TIMEOUT      --timeout      time for the whole command, as 90s or 2m
  KAFKACTL_MIN_BROKERS  --min-brokers  brokers that must be there
  KAFKACTL_FILE         --file         the topics file (default topics.yaml)
  KAFKACTL_PROFILE      --profile      profile of the topics file
  KAFKACTL_OUTPUT       --output       output format; a command that lacks it keeps its default
  KAFKACTL_PLACE        -              host or container: where the advice about names and
                                       ports is for (default: found out)
  KAFKACTL_COMPLETION_TIMEOUT
                        -              how long a completion may ask the cluster (default 250ms)
  NO_COLOR              --color never  any value turns colour off
  TZ                    -              time zone of times that are shown, and of those that are
                                       given without one

The topics file may use any variable as ${NAME} or ${NAME:-default}.`,
	}
}
