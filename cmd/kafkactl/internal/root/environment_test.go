package root

import (
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"kafkactl/cmd/kafkactl/internal/cli"
)

// Each flag that says it has a variable stands in the help about variables, which also decides which
// ones are unknown.
func TestVariablesOfFlags(t *testing.T) {
	t.Parallel()
	inHelp := regexp.MustCompile(`\(env (\S+)\)`)
	a := &cli.App{Streams: cli.Streams{In: strings.NewReader(""), LookupEnv: func(string) (string, bool) { return "", false }}}
	table, marked := cli.EnvironmentTable(), 0
	var walk func(*cobra.Command)
	walk = func(cmd *cobra.Command) {
		cli.AddSecurityFlags(cmd)
		cmd.Flags().VisitAll(func(flag *pflag.Flag) {
			variable := inHelp.FindStringSubmatch(flag.Usage)
			if variable == nil {
				return
			}
			marked++
			if flag.Name == "command-config" { // --config, where that is a setting of a topic
				return
			}
			if row := regexp.MustCompile(`(?m)^  ` + variable[1] + ` +--` + flag.Name + ` `); !row.MatchString(table) {
				t.Errorf("%s --%s: no row for %s in\n%s", cmd.CommandPath(), flag.Name, variable[1], table)
			}
		})
		for _, sub := range cmd.Commands() {
			walk(sub)
		}
	}
	walk(newRootCmd(a))
	if marked < 20 {
		t.Errorf("only %d flags have a variable", marked)
	}
}
