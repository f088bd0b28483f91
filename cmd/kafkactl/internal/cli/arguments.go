package cli

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// ExactArgs is [cobra.ExactArgs] with a message that names the arguments that are missing.
func ExactArgs(names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error { return CheckArgs(cmd, cmd.Name(), names, args) }
}

// OneOrMoreArgs is [cobra.MinimumNArgs] of one, with a message that names what is missing.
func OneOrMoreArgs(name string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > 0 {
			return nil
		}
		return CheckArgs(cmd, cmd.Name(), []string{name}, args)
	}
}

// CheckArgs refuses more or fewer args than there are names. The message says that taker, such as
// "describe group", takes them.
func CheckArgs(cmd *cobra.Command, taker string, names, args []string) error {
	if len(args) == len(names) {
		return nil
	}
	hint := cmd.CommandPath() + " --help shows examples"
	if len(args) < len(names) {
		return WithHint(Usagef("%s needs %s", taker, strings.Join(names[len(args):], " ")), hint)
	}
	takes := cmp.Or(strings.Join(names, " "), "no arguments")
	return WithHint(Usagef("%s takes %s, got %s", taker, takes, strings.Trim(fmt.Sprintf("%q", args), "[]")), hint)
}
