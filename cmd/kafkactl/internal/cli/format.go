package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
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

// AddOutputFlag adds -o with the formats the command knows, the first as default.
func (a *App) AddOutputFlag(cmd *cobra.Command, allowed ...Format) {
	a.Format = FormatTable
	a.AddOutputFlagTo(cmd, &a.Format, allowed...)
}

// AddOutputFlagTo is AddOutputFlag for a command whose answer is a stream of its own forms.
func (a *App) AddOutputFlagTo(cmd *cobra.Command, value *Format, allowed ...Format) {
	choice := &Choice[Format]{Kind: "format", value: value, allowed: allowed}
	cmd.Flags().VarP(choice, "output", "o", "output format: "+strings.Join(choice.Words(), ", "))
	MarkEnv(cmd, "output")
}

// AllFormats are those of all commands together.
func AllFormats() []Format {
	return []Format{
		FormatTable, FormatWide, FormatJSON, FormatYAML, FormatName,
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

// PrintTo writes the answer to w, in the format asked for; tty says whether w is a terminal. A
// reader that has closed the pipe is no failure: what a command found still decides its exit
// code.
func (a *App) PrintTo(w io.Writer, tty bool, v Answer) error {
	if err := a.printTo(w, tty, v); !readerGone(err) {
		return err
	}
	return nil
}

func (a *App) printTo(w io.Writer, tty bool, v Answer) error {
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
	var out bytes.Buffer // the encoder would keep the text of a failed write alone, and not its error
	if err := yaml.WriteJSON(&out, text); err != nil {
		return fmt.Errorf("write YAML: %w", err)
	}
	if _, err := w.Write(out.Bytes()); err != nil {
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
