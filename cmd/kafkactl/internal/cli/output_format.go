package cli

import (
	"strings"

	"github.com/spf13/cobra"
)

// Format is a value of -o.
type Format string

// Formats of -o. The last four are for records alone, and the one before them for topics.
const (
	FormatTable Format = "table" // for people: as wide as the terminal
	FormatWide  Format = "wide"  // with all there is to know, and nothing cut
	FormatJSON  Format = "json"  // one object, or one a line for a stream
	FormatYAML  Format = "yaml"  // the same document
	FormatName  Format = "name"  // names alone, one a line

	FormatMarkdown   Format = "markdown"   // for a pull request
	FormatTombstones Format = "tombstones" // lines of a topics file that declare topics absent

	FormatLine  Format = "line"  // one line a record, for people
	FormatValue Format = "value" // the value, one a line
	FormatKey   Format = "key"   // the key, one a line
	FormatRaw   Format = "raw"   // the bytes of the value
)

// AddOutputFlag adds -o with the formats that the command can print. table, the default, is
// among them.
func (a *App) AddOutputFlag(cmd *cobra.Command, allowed ...Format) {
	a.Format = FormatTable
	a.AddOutputFlagTo(cmd, &a.Format, allowed...)
}

// AddOutputFlagTo is AddOutputFlag for a command whose answer is a stream with formats of its
// own. The format goes to value, which holds the default.
func (a *App) AddOutputFlagTo(cmd *cobra.Command, value *Format, allowed ...Format) {
	choice := &Choice[Format]{Kind: "format", value: value, allowed: allowed}
	cmd.Flags().VarP(choice, "output", "o", "output format: "+strings.Join(choice.Words(), ", "))
	MarkEnv(cmd, "output")
}

// AllFormats lists the formats of all commands together.
func AllFormats() []Format {
	return []Format{
		FormatTable, FormatWide, FormatJSON, FormatYAML, FormatName, FormatMarkdown, FormatTombstones,
		FormatLine, FormatValue, FormatKey, FormatRaw,
	}
}

// OutputFlag returns the -o of a command, nil for one that has none.
func OutputFlag(cmd *cobra.Command) *Choice[Format] {
	if flag := cmd.Flags().Lookup("output"); flag != nil {
		output, _ := flag.Value.(*Choice[Format])
		return output
	}
	return nil
}
