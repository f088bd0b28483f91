package root

import (
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"kafkactl/cmd/kafkactl/internal/cli"
)

// secretCommand is a command that connects, with the arguments that it needs to do something.
type secretCommand struct {
	path []string
	args []string
}

// secretCommands are all commands that connect. One without a case here fails the test.
func secretCommands(t *testing.T, f *secretField) []secretCommand {
	t.Helper()
	cases := map[string][]string{
		"apply":          {"-f", f.spec},
		"plan":           {"-f", f.spec},
		"wait":           nil,
		"health":         {"-f", f.spec},
		"consume":        {"orders"},
		"produce":        {"orders"},
		"lag":            nil,
		"reset-offsets":  {"group", "--topic", "orders", "--to-beginning"},
		"export":         nil,
		"list":           nil,
		"list groups":    nil,
		"list acls":      nil,
		"can":            {"User:app", "read", "topic", "orders"},
		"describe":       {"orders"},
		"describe group": {"group"},
		"whoami":         {"--topic", "orders", "--group", "group"},
		"create":         {"orders"},
		"alter":          {"orders", "--partitions", "1"},
		"delete":         {"payments", "--yes"},
		"delete group":   {"group", "--yes"},
		// Which prints a password, and only that of the service.
		"describe access":    {"OrderService", "-f", f.accessSpec},
		"access credentials": {"OrderService", "-f", f.accessSpec},
	}
	var found []secretCommand
	var walk func(cmd *cobra.Command)
	walk = func(cmd *cobra.Command) {
		if _, connects := cli.ConnectionOf(cmd, 1); connects {
			name := strings.TrimPrefix(cmd.CommandPath(), "kafkactl ")
			args, known := cases[name]
			if !known {
				t.Errorf("%s connects, and no case here gives it a secret", name)
			}
			delete(cases, name)
			found = append(found, secretCommand{strings.Fields(name), args})
		}
		for _, sub := range cmd.Commands() {
			walk(sub)
		}
	}
	walk(newRootCmd(&cli.App{}))
	for name := range cases {
		t.Errorf("%s does not connect any more", name)
	}
	return append(found,
		secretCommand{[]string{"describe", "cluster"}, nil}, secretCommand{[]string{"list", "brokers"}, nil},
		secretCommand{[]string{"health"}, []string{"--probe"}}, secretCommand{[]string{"describe", "broker"}, []string{"0"}})
}

// takesTimeout reports whether the command has --timeout, as those have that ask a broker.
func (c secretCommand) takesTimeout() bool {
	cmd, _, err := newRootCmd(&cli.App{}).Find(c.path)
	return err == nil && cmd.Flags().Lookup("timeout") != nil
}

// takesJSON reports whether the command has -o json.
func (c secretCommand) takesJSON() bool {
	cmd, _, err := newRootCmd(&cli.App{}).Find(c.path)
	if err != nil {
		return false
	}
	output := cli.OutputFlag(cmd)
	return output != nil && output.Allows(cli.FormatJSON)
}

// line is a command line with more arguments.
func (c secretCommand) line(more ...string) []string { return slices.Concat(c.path, c.args, more) }
