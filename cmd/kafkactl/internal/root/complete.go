package root

import (
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"kafkactl/cmd/kafkactl/internal/cli"
)

// noFiles makes the shell offer no files where nothing else is offered.
const noFiles = cobra.ShellCompDirectiveNoFileComp

// completer completes what is typed in a shell.
type completer struct{ *cli.App }

// addCompletion gives cmd and all commands below it their completion: of arguments by what the
// usage line calls them; of flags by the words that their value allows, else by their name, since a
// flag means the same everywhere. A flag with a completion of its own keeps it. addCompletion is
// called once the tree is whole.
func (a completer) addCompletion(cmd *cobra.Command) {
	for _, sub := range cmd.Commands() {
		a.addCompletion(sub)
	}
	if cmd.Name() == "can" {
		cmd.ValidArgsFunction = a.completeQuestion
	}
	if cmd.Runnable() && cmd.ValidArgsFunction == nil && len(cmd.ValidArgs) == 0 {
		cmd.ValidArgsFunction = a.completeArguments(cmd.Use)
	}
	for _, flags := range []*pflag.FlagSet{cmd.Flags(), cmd.PersistentFlags()} {
		flags.VisitAll(func(flag *pflag.Flag) {
			if complete := a.completeFlag(flag); complete != nil {
				_ = cmd.RegisterFlagCompletionFunc(flag.Name, complete) // it fails for one that has its own
			}
		})
	}
}

// findCommand returns the command that the arguments run, or complete, with the flags of TLS and SASL where it connects;
// the root where there is no such command.
func (a completer) findCommand(root *cobra.Command, args []string) *cobra.Command {
	words := args
	if len(args) > 0 && (args[0] == cobra.ShellCompRequestCmd || args[0] == cobra.ShellCompNoDescRequestCmd) {
		words = args[1:]
	}
	target, _, _ := root.Find(words)
	cli.AddSecurityFlags(target)
	target.Flags().VisitAll(func(flag *pflag.Flag) {
		if complete := a.completeFlag(flag); complete != nil {
			_ = target.RegisterFlagCompletionFunc(flag.Name, complete) // it fails for one that has its own
		}
	})
	if len(words) < len(args) {
		target, _, _ = root.Find(args)
	}
	return target
}

// completeFlag completes the values of a flag; nil leaves files to the shell.
func (a completer) completeFlag(flag *pflag.Flag) cobra.CompletionFunc {
	if takesFile(flag) || flag.NoOptDefVal != "" { // a switch needs no value
		return nil
	}
	if choice, ok := flag.Value.(interface{ Words() []string }); ok { // as every cli.Choice has them
		return cobra.FixedCompletions(choice.Words(), noFiles)
	}
	switch flag.Name {
	case "topic":
		return a.completeTopics
	case "group":
		return a.completeGroups
	case "partition":
		return a.completePartitions
	case "principal":
		return a.completePrincipals
	case "config":
		return completeConfig
	case "delete-config":
		return completeConfigNames
	case "profile":
		return a.completeProfiles
	case "for":
		return a.completeConditions
	default:
		return cobra.NoFileCompletions
	}
}

// takesFile reports whether MarkFlagFilename or MarkFlagDirname marked the flag.
func takesFile(flag *pflag.Flag) bool {
	_, file := flag.Annotations[cobra.BashCompFilenameExt]
	_, dir := flag.Annotations[cobra.BashCompSubdirsInDir]
	return file || dir
}

// argumentsUsage is how usage lines name arguments: "list [topics]", "lag [GROUP...]",
// "describe [topic|group] NAME".
const argumentsUsage = `^\S+(?: \[([a-z|]+)\])?(?: \[?([A-Z-]+)(\.\.\.)?\]?)?$`

// completeArguments completes the arguments that a usage line names: topics for TOPIC,
// groups for GROUP, and for NAME what the kind before it says, topics where it says
// nothing. A usage line of another form, with a command to run, leaves it to the shell.
func (a completer) completeArguments(use string) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, toComplete string) ([]string, cobra.ShellCompDirective) {
		parts := regexp.MustCompile(argumentsUsage).FindStringSubmatch(use)
		if parts == nil {
			return nil, cobra.ShellCompDirectiveDefault
		}
		kinds, name, many := strings.Split(parts[1], "|"), parts[2], parts[3] != ""
		kind := strings.ToLower(name)
		chosen := len(args) > 0 && slices.Contains(kinds, args[0])
		if chosen {
			kind, args = args[0], args[1:]
		}
		if name == "" || len(args) > 0 && !many {
			kind = "" // no more arguments
		}
		values, directive := a.completeKind(kind)(cmd, args, toComplete)
		if !chosen && len(args) == 0 && parts[1] != "" {
			values = append(offer(kinds, toComplete), values...)
		}
		return except(values, args), directive
	}
}

// completeKind completes the names of one kind of thing.
func (a completer) completeKind(kind string) cobra.CompletionFunc {
	switch kind {
	case "group", "groups":
		return a.completeGroups
	case "topic", "topics", "name":
		return a.completeTopics
	case "broker":
		return a.completeBrokers
	case "service":
		return a.completeServices
	default:
		return cobra.NoFileCompletions
	}
}

// offer returns the values that begin as the word under the cursor does. Shells would drop the
// others too, but slowly when there are ten thousand.
func offer(values []string, toComplete string) []string {
	return slices.DeleteFunc(slices.Clone(values), func(value string) bool { return !strings.HasPrefix(value, toComplete) })
}

// except is values without those that stand on the command line already.
func except(values, given []string) []string {
	return slices.DeleteFunc(values, func(value string) bool {
		name, _, _ := strings.Cut(value, "\t")
		return slices.Contains(given, name)
	})
}

// listed completes the last word of a list with commas: the items before it are kept,
// and not offered again.
func listed(values []string, toComplete string) []string {
	i := strings.LastIndex(toComplete, ",") + 1
	before := toComplete[:i]
	rest := except(offer(values, toComplete[i:]), strings.Split(before, ","))
	for k := range rest {
		rest[k] = before + rest[k]
	}
	return rest
}
