package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kafkactl/internal/yaml"
)

// format is a value of -o.
type format string

const (
	formatTable format = "table"
	formatWide  format = "wide"
	formatJSON  format = "json"
	formatYAML  format = "yaml"
	formatName  format = "name"
)

// formatFlag is -o as a flag: it refuses what the command cannot print.
type formatFlag struct {
	value   *format
	allowed []format
}

func (f *formatFlag) String() string {
	if f.value == nil { // pflag asks a zero value for its default
		return ""
	}
	return string(*f.value)
}

func (f *formatFlag) Type() string { return "format" }

func (f *formatFlag) Set(s string) error {
	if !slices.Contains(f.allowed, format(s)) {
		return fmt.Errorf("must be one of %s", joinFormats(f.allowed))
	}
	*f.value = format(s)
	return nil
}

// outputFlag adds -o with the formats the command knows, the first as default.
func (a *app) outputFlag(cmd *cobra.Command, allowed ...format) {
	a.format = formatTable
	a.outputFlagOf(cmd, &a.format, allowed...)
}

// outputFlagOf is outputFlag for a command whose answer is a stream of its own forms.
func (a *app) outputFlagOf(cmd *cobra.Command, value *format, allowed ...format) {
	flag := &formatFlag{value: value, allowed: allowed}
	cmd.Flags().VarP(flag, "output", "o", "output format: "+joinFormats(allowed))
	withEnv(cmd, "output")
}

func joinFormats(formats []format) string {
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = string(f)
	}
	return strings.Join(names, ", ")
}

// lacks reports whether the command cannot print a format that another one can.
func (f *formatFlag) lacks(name string) bool {
	return !slices.Contains(f.allowed, format(name)) && slices.Contains(allFormats(), format(name))
}

// allFormats are those of all commands together.
func allFormats() []format {
	return []format{
		formatTable, formatWide, formatJSON, formatYAML, formatName,
		formatLine, formatValue, formatKey, formatRaw,
	}
}

// outputOf is the -o of a command, nil for one that has none.
func outputOf(cmd *cobra.Command) *formatFlag {
	if flag := cmd.Flags().Lookup("output"); flag != nil {
		output, _ := flag.Value.(*formatFlag)
		return output
	}
	return nil
}

// header opens every JSON document. Fields are only ever added to a document; a
// change that is not an addition raises SchemaVersion.
type header struct {
	SchemaVersion int    `json:"schemaVersion"`
	Kind          string `json:"kind"`
}

func newHeader(kind string) header { return header{SchemaVersion: 1, Kind: kind} }

// answer is what a command has to say, in every format: one document for machines,
// text for people.
type answer struct {
	doc   any
	names []string
	text  func(w io.Writer, st styles, wide bool)
}

// print writes the answer to stdout in the format asked for.
func (a *app) print(v answer) error { return a.printTo(a.out, a.outTTY, v) }

// printTo is print to another stream, which may be a terminal.
func (a *app) printTo(w io.Writer, tty bool, v answer) error {
	switch a.format {
	case formatJSON:
		return writeJSON(w, v.doc, tty)
	case formatYAML:
		return writeYAML(w, v.doc)
	case formatName:
		for _, name := range v.names {
			fmt.Fprintln(w, name)
		}
		return nil
	default:
		v.text(w, a.tableStyles(w, tty), a.format == formatWide)
		return nil
	}
}

// writeJSON writes one object: indented where a person reads it, else on one line, as
// log collectors and line-wise tools want it. Text is not escaped for HTML.
func writeJSON(w io.Writer, doc any, indent bool) error {
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

// writeYAML writes the same document as writeJSON, field for field in its order.
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
