package cli

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// WantsJSON reports, before the flags are understood, whether the answer of cmd is for a machine:
// then stderr must hold nothing but objects. The last -o in args decides, wherever it stands.
// Without one KAFKACTL_OUTPUT decides, for a command that can print JSON and for the root.
func (a *App) WantsJSON(cmd *cobra.Command, args []string) bool {
	output := OutputFlag(cmd)
	want := ""
	if !cmd.HasParent() || output != nil && output.Allows(FormatJSON) {
		want = a.Env("KAFKACTL_OUTPUT")
	}
	for len(args) > 0 && args[0] != "--" {
		arg, rest := args[0], args[1:]
		var value string
		var named bool
		if long, isLong := strings.CutPrefix(arg, "--"); isLong {
			value, named, args = longOutput(cmd.Flags(), long, rest)
		} else {
			value, named, args = shortOutput(cmd.Flags(), arg, rest)
		}
		if named {
			want = value
		}
	}
	return want == string(FormatJSON)
}

// longOutput reads --output value and --output=value; left are the arguments behind a flag
// and its value.
func longOutput(flags *pflag.FlagSet, arg string, rest []string) (value string, named bool, left []string) {
	name, value, joined := strings.Cut(arg, "=")
	named = name == "output"
	flag := flags.Lookup(name)
	if joined || len(rest) == 0 || !named && (flag == nil || flag.NoOptDefVal != "") {
		return value, named, rest
	}
	return rest[0], named, rest[1:]
}

// shortOutput reads -o value, -ovalue and -o=value, also behind other letters, as -fo json;
// left are the arguments behind the last letter and its value.
func shortOutput(flags *pflag.FlagSet, arg string, rest []string) (value string, named bool, left []string) {
	letters, isFlag := strings.CutPrefix(arg, "-")
	for isFlag && letters != "" {
		letter := letters[:1]
		letters = letters[1:]
		named = letter == "o"
		flag := flags.ShorthandLookup(letter)
		if !named && (flag == nil || flag.NoOptDefVal != "") {
			continue
		}
		if letters == "" && len(rest) > 0 {
			return rest[0], named, rest[1:]
		}
		return strings.TrimPrefix(letters, "="), named, rest
	}
	return "", false, rest
}
