package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/yaml"
)

// Format is a value of -o.
type Format string

const (
	FormatTable Format = "table"
	FormatWide  Format = "wide"
	FormatJSON  Format = "json"
	FormatYAML  Format = "yaml"
	FormatName  Format = "name"
)

// FormatFlag is -o as a flag: it refuses what the command cannot print.
type FormatFlag struct {
	Value   *Format
	Allowed []Format

	preferred bool // set by KAFKACTL_OUTPUT, not by the command line
}

func (f *FormatFlag) String() string {
	if f.Value == nil { // pflag asks a zero value for its default
		return ""
	}
	return string(*f.Value)
}

// Type is what pflag calls the flag's values.
func (f *FormatFlag) Type() string { return "format" }

// Set takes a format that the command knows.
func (f *FormatFlag) Set(s string) error {
	if !slices.Contains(f.Allowed, Format(s)) {
		return fmt.Errorf("must be one of %s", JoinFormats(f.Allowed))
	}
	*f.Value = Format(s)
	return nil
}

// OutputFlag adds -o with the formats the command knows, the first as default.
func (a *App) OutputFlag(cmd *cobra.Command, allowed ...Format) {
	a.Format = FormatTable
	a.OutputFlagOf(cmd, &a.Format, allowed...)
}

// OutputFlagOf is OutputFlag for a command whose answer is a stream of its own forms.
func (a *App) OutputFlagOf(cmd *cobra.Command, value *Format, allowed ...Format) {
	flag := &FormatFlag{Value: value, Allowed: allowed}
	cmd.Flags().VarP(flag, "output", "o", "output format: "+JoinFormats(allowed))
	WithEnv(cmd, "output")
}

// JoinFormats lists formats for people.
func JoinFormats(formats []Format) string {
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = string(f)
	}
	return strings.Join(names, ", ")
}

// lacks reports whether the command cannot print a format that another one can.
func (f *FormatFlag) lacks(name string) bool {
	return !slices.Contains(f.Allowed, Format(name)) && slices.Contains(AllFormats(), Format(name))
}

// Refuse is for a command line whose flags or arguments leave no room for the format, although
// the command knows it. A format of KAFKACTL_OUTPUT is a preference and gives way to the default;
// one of -o is refused: the error is refusal then.
func (f *FormatFlag) Refuse(refusal error) error {
	if f == nil || !f.preferred {
		return refusal
	}
	*f.Value = f.Allowed[0]
	return nil
}

// AllFormats are those of all commands together.
func AllFormats() []Format {
	return []Format{
		FormatTable, FormatWide, FormatJSON, FormatYAML, FormatName,
		FormatLine, FormatValue, FormatKey, FormatRaw,
	}
}

// OutputOf is the -o of a command, nil for one that has none.
func OutputOf(cmd *cobra.Command) *FormatFlag {
	if flag := cmd.Flags().Lookup("output"); flag != nil {
		output, _ := flag.Value.(*FormatFlag)
		return output
	}
	return nil
}

// Header opens every JSON document. Fields are only ever added to a document; a
// change that is not an addition raises SchemaVersion.
type Header struct {
	SchemaVersion int    `json:"schemaVersion"`
	Kind          string `json:"kind"`
}

// NewHeader returns the header of a document of that kind.
func NewHeader(kind string) Header { return Header{SchemaVersion: 1, Kind: kind} }

// Answer is what a command has to say, in every format: one document for machines,
// text for people.
type Answer struct {
	Doc   any
	Names []string
	Text  func(w io.Writer, st term.Styles, wide bool)
}

// Print writes the answer to stdout in the format asked for.
func (a *App) Print(v Answer) error { return a.PrintTo(a.Out, a.OutTTY, v) }

// PrintTo is print to another stream, which may be a terminal.
func (a *App) PrintTo(w io.Writer, tty bool, v Answer) error {
	switch a.Format {
	case FormatJSON:
		return WriteJSON(w, v.Doc, tty)
	case FormatYAML:
		return writeYAML(w, v.Doc)
	case FormatName:
		for _, name := range v.Names {
			fmt.Fprintln(w, name)
		}
		return nil
	default:
		v.Text(w, a.tableStyles(w, tty), a.Format == FormatWide)
		return nil
	}
}

// WriteJSON writes one object: indented where a person reads it, else on one line, as
// log collectors and line-wise tools want it. Text is not escaped for HTML.
func WriteJSON(w io.Writer, doc any, indent bool) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	if indent {
		enc.SetIndent("", "  ")
	}
	if err := enc.Encode(doc); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	return nil
}

// writeYAML writes the same document as WriteJSON, field for field in its order.
func writeYAML(w io.Writer, doc any) error {
	text, err := json.Marshal(doc)
	if err != nil {
		return fmt.Errorf("write YAML: %w", err)
	}
	if err := yaml.WriteJSON(w, text); err != nil {
		return fmt.Errorf("write YAML: %w", err)
	}
	return nil
}

// OrEmpty makes sure that JSON says [] and not null.
func OrEmpty[T any](items []T) []T {
	if items == nil {
		return []T{}
	}
	return items
}

// Formats of -o for records, beside wide and json.
const (
	FormatLine  Format = "line"
	FormatValue Format = "value"
	FormatKey   Format = "key"
	FormatRaw   Format = "raw"
)
