package root

import (
	"cmp"
	"errors"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"kafkactl/cmd/kafkactl/internal/access"
	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/groups"
	"kafkactl/cmd/kafkactl/internal/records"
	"kafkactl/cmd/kafkactl/internal/spec"
	"kafkactl/cmd/kafkactl/internal/stack"
	"kafkactl/cmd/kafkactl/internal/topics"
)

const rootLong = `kafkactl takes a Kafka stack from "containers are starting" to "every declared
topic is there and usable", and answers the daily questions after that.

It reads topics.yaml, waits until the brokers are truly ready, makes what is
missing, verifies it on every broker, and exits with a code that can be trusted.`

const rootExample = `  kafkactl apply                          # wait, then make the cluster match topics.yaml
  kafkactl plan --check                   # exit 3 when the cluster has drifted
  kafkactl wait --timeout 60s             # until the brokers are ready
  kafkactl health                         # every rung of readiness, once
  kafkactl list
  kafkactl describe order.created
  kafkactl consume order.created -f       # records as they come
  kafkactl lag                            # who is behind, worst first
  kafkactl dev -- go test ./...           # tests against an embedded Kafka`

// newRootCmd returns the whole command tree, which reads and writes the streams of a.
func newRootCmd(a *cli.App) *cobra.Command {
	root := &cobra.Command{
		Use:           "kafkactl",
		Short:         "Bootstrap and inspect Kafka topics",
		Long:          rootLong,
		Example:       rootExample,
		Args:          noSuchCommand,
		SilenceUsage:  true, // a runtime error is no reason to explain the flags
		SilenceErrors: true, // execute prints them
		RunE: func(cmd *cobra.Command, _ []string) error {
			return cmd.Help()
		},
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			if err := cmp.Or(a.BindEnv(cmd), cli.CheckAddresses(cmd)); err != nil {
				return cli.AsUsage(err)
			}
			if err := a.CheckPlace(); err != nil {
				return err
			}
			if output := cli.OutputFlag(cmd); output != nil && output.String() == string(cli.FormatJSON) {
				a.Format = cli.FormatJSON // also where the answer is a stream of its own forms
			}
			a.NoteUnknownVariables()
			if err := a.ReadSecurity(cmd); err != nil {
				return err
			}
			a.WarnOfSecurity(cmd)
			a.Started = true
			return a.CheckStdout(cmd)
		},
	}
	a.AddColorFlag(root)
	root.SetIn(a.In)
	root.SetOut(a.Out) // before cobra's completion command is made, which keeps the stream of that moment
	root.SetErr(a.Err)
	root.SetGlobalNormalizationFunc(oldFlagNames)
	root.SuggestionsMinimumDistance = 2 // edits; cobra's own check of the command line would set it
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		if words := cmd.Flags().Args(); !cmd.HasParent() && len(words) > 0 {
			return noSuchCommand(cmd, words) // its flags mean nothing to the root
		}
		if sentence := cli.ChoiceSentence(err); sentence != nil {
			return sentence
		}
		return cli.WithHint(cli.FlagError(err), flagAdvice(cmd, err))
	})
	addGroups(root, a)
	return root
}

// addGroups adds every command under the heading it has in the help.
func addGroups(root *cobra.Command, a *cli.App) {
	list, describe, remove := topics.NewListCmd(a), topics.NewDescribeCmd(a), spec.NewDeleteCmd(a)
	list.AddCommand(groups.NewListGroupsCmd(a), access.NewListACLsCmd(a))
	describe.AddCommand(groups.NewDescribeGroupCmd(a, topics.NamesakeOf(a)), access.NewDescribeAccessCmd(a))
	remove.AddCommand(groups.NewDeleteGroupCmd(a))
	for _, group := range []struct {
		id, title string
		commands  []*cobra.Command
	}{
		{"spec", "Declared topics:", []*cobra.Command{spec.NewApplyCmd(a), spec.NewPlanCmd(a), spec.NewExportCmd(a), spec.NewValidateCmd(a), spec.NewSchemaCmd(a)}},
		{"stack", "The stack:", []*cobra.Command{stack.NewWaitCmd(a), stack.NewHealthCmd(a), stack.NewDoctorCmd(a), stack.NewDevCmd(a), stack.NewCertsCmd(a)}},
		{"records", "Records:", []*cobra.Command{records.NewConsumeCmd(a), records.NewProduceCmd(a)}},
		{"groups", "Consumer groups:", []*cobra.Command{groups.NewLagCmd(a), groups.NewResetOffsetsCmd(a)}},
		{"topics", "Topics:", []*cobra.Command{list, describe, topics.NewWhoAmICmd(a), spec.NewCreateCmd(a), spec.NewAlterCmd(a), remove}},
		{"access", "Access:", []*cobra.Command{access.NewCanCmd(a), access.NewAccessCmd(a)}},
	} {
		root.AddGroup(&cobra.Group{ID: group.id, Title: group.title})
		for _, cmd := range group.commands {
			cmd.GroupID = group.id
			root.AddCommand(cmd)
		}
	}
	root.AddCommand(newVersionCmd(a), newExitCodesHelp(), newEnvironmentHelp(), newSecurityHelp())
	finishUsage(root)
	finishBuiltins(root)
	completer{a}.addCompletion(root)
}

// noSuchCommand names near commands for one that does not exist.
func noSuchCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	hint := "kafkactl --help lists the commands"
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		hint = "did you mean kafkactl " + strings.Join(near, " or ") + "?"
	}
	return cli.WithHint(cli.Usagef("unknown command %q", args[0]), hint)
}

// flagAdvice returns what to do about a flag that cmd does not take as it was given.
func flagAdvice(cmd *cobra.Command, err error) string {
	var unknown *pflag.NotExistError
	if errors.As(err, &unknown) && unknown.GetSpecifiedName() == "zookeeper" {
		return "ask the brokers: -b HOST:PORT; ZooKeeper is asked by apply, plan, wait and health"
	}
	return cmd.CommandPath() + " --help shows the flags"
}

// oldFlagNames maps the names of flags that Apache's tools use. Old command lines are for package
// legacy.
func oldFlagNames(_ *pflag.FlagSet, name string) pflag.NormalizedName {
	return pflag.NormalizedName(cli.FlagName(name))
}
