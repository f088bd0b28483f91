package main

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"kafkactl/internal/health"
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

func newRootCmd(a *app) *cobra.Command {
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
			if err := a.bindEnv(cmd); err != nil {
				return asUsage(err)
			}
			if err := checkColor(a.color); err != nil {
				return err
			}
			if err := checkPlace(a.env("KAFKACTL_PLACE")); err != nil {
				return err
			}
			if output := outputOf(cmd); output != nil && *output.value == formatJSON {
				a.format = formatJSON // also where the answer is a stream of its own forms
			}
			a.started = true
			return nil
		},
	}
	root.PersistentFlags().StringVar(&a.color, "color", "auto", "auto, always or never; NO_COLOR turns it off too")
	root.SetGlobalNormalizationFunc(oldFlagNames)
	root.SuggestionsMinimumDistance = 2 // edits; cobra's own check of the command line would set it
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		if words := cmd.Flags().Args(); !cmd.HasParent() && len(words) > 0 {
			return noSuchCommand(cmd, words) // its flags mean nothing to the root
		}
		return withHint(asUsage(err), cmd.CommandPath()+" --help shows the flags")
	})
	addGroups(root, a)
	return root
}

// addGroups adds every command under the heading it has in the help.
func addGroups(root *cobra.Command, a *app) {
	list, describe, remove := newListCmd(a), newDescribeCmd(a), newDeleteCmd(a)
	list.AddCommand(newListGroupsCmd(a))
	describe.AddCommand(newDescribeGroupCmd(a, namesakeOf(a)))
	remove.AddCommand(newDeleteGroupCmd(a))
	for _, group := range []struct {
		id, title string
		commands  []*cobra.Command
	}{
		{"spec", "Declared topics:", []*cobra.Command{newApplyCmd(a), newPlanCmd(a), newValidateCmd(a), newSchemaCmd(a)}},
		{"stack", "The stack:", []*cobra.Command{newWaitCmd(a), newHealthCmd(a), newDoctorCmd(a), newDevCmd(a)}},
		{"records", "Records:", []*cobra.Command{newConsumeCmd(a), newProduceCmd(a)}},
		{"groups", "Consumer groups:", []*cobra.Command{newLagCmd(a), newResetOffsetsCmd(a)}},
		{"topics", "Topics:", []*cobra.Command{list, describe, newCreateCmd(a), newAlterCmd(a), remove}},
	} {
		root.AddGroup(&cobra.Group{ID: group.id, Title: group.title})
		for _, cmd := range group.commands {
			cmd.GroupID = group.id
			root.AddCommand(cmd)
		}
	}
	root.AddCommand(newVersionCmd(a), newExitCodesHelp(), newEnvironmentHelp())
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
	return withHint(usagef("unknown command %q", args[0]), hint)
}

// oldFlagNames maps the names Apache's tools use.
func oldFlagNames(_ *pflag.FlagSet, name string) pflag.NormalizedName {
	switch name {
	case "bootstrap-server", "bootstrap-servers", "broker-list", "broker":
		name = "brokers"
	}
	return pflag.NormalizedName(name)
}

func checkColor(color string) error {
	switch color {
	case "auto", "always", "never":
		return nil
	default:
		return usagef("--color must be auto, always or never, got %q", color)
	}
}

func checkPlace(place string) error {
	switch health.Place(place) {
	case "", health.OnHost, health.InContainer:
		return nil
	default:
		return usagef("KAFKACTL_PLACE must be %s or %s, got %q", health.OnHost, health.InContainer, place)
	}
}

// exactArgs is cobra.ExactArgs with a message that names what is missing.
func exactArgs(names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error { return countArgs(cmd, cmd.Name(), names, args) }
}

// someArgs is exactArgs for one argument or more.
func someArgs(name string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > 0 {
			return nil
		}
		return countArgs(cmd, cmd.Name(), []string{name}, args)
	}
}

// countArgs refuses more or fewer arguments than names; named is what takes them.
func countArgs(cmd *cobra.Command, named string, names, args []string) error {
	if len(args) == len(names) {
		return nil
	}
	hint := cmd.CommandPath() + " --help shows examples"
	if len(args) < len(names) {
		return withHint(usagef("%s needs %s", named, strings.Join(names[len(args):], " ")), hint)
	}
	takes := cmp.Or(strings.Join(names, " "), "no arguments")
	return withHint(usagef("%s takes %s, got %s", named, takes, strings.Trim(fmt.Sprintf("%q", args), "[]")), hint)
}

// notef writes a note for people to stderr; there are none with -o json.
func (a *app) notef(format string, args ...any) {
	if a.format != formatJSON {
		fmt.Fprintf(a.err, format+"\n", args...)
	}
}
