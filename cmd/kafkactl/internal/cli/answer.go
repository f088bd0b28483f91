package cli

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/yaml"
)

// Header opens every JSON document. Fields are only ever added to a document; a change that is
// not an addition raises SchemaVersion.
type Header struct {
	SchemaVersion int    `json:"schemaVersion"`
	Kind          string `json:"kind"`
}

// NewHeader returns the header of a document of that kind.
func NewHeader(kind string) Header { return Header{SchemaVersion: 1, Kind: kind} }

// Answer is what a command prints, in every format.
type Answer struct {
	// Doc is the document of -o json and -o yaml. It opens with a [Header].
	Doc any
	// Names is the answer to -o name, one a line; what a terminal would obey is escaped.
	Names []string
	// Text writes the answer for people; wide is true with -o wide.
	Text func(w io.Writer, st term.Styles, wide bool)
	// Markdown writes the answer to -o markdown; nil where the command has no such format.
	Markdown func(w io.Writer)
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
	if a.Format == FormatJSON || a.Format == FormatYAML {
		if tty {
			w = &safeWriter{w, a.colored(tty)}
		}
		if a.Format == FormatYAML {
			return writeYAML(w, v.Doc)
		}
		return WriteJSON(w, v.Doc, tty)
	}
	// A write to a stream that can be interrupted costs as much as some hundred lines of text.
	buffer := bufio.NewWriterSize(w, 64<<10)
	lines := &safeWriter{buffer, a.colored(tty)}
	switch a.Format {
	case FormatName:
		for _, name := range v.Names {
			fmt.Fprintln(lines, term.Safe(name, false))
		}
	case FormatMarkdown:
		v.Markdown(lines)
	default:
		v.Text(lines, a.tableStyles(w, tty), a.Format == FormatWide)
	}
	if err := buffer.Flush(); err != nil {
		return fmt.Errorf("write the answer: %w", err)
	}
	return nil
}

// safeWriter writes lines of text in which a terminal obeys nothing but colours. Each Write must have
// whole characters and sequences.
type safeWriter struct {
	w      io.Writer
	colors bool
}

// Write returns the length of text when all of it is written.
func (s *safeWriter) Write(text []byte) (int, error) {
	if _, err := io.WriteString(s.w, term.SafeLines(string(text), s.colors)); err != nil {
		return 0, err
	}
	return len(text), nil
}

// WriteJSON writes one object: indented where a person reads it, else on one line, as log
// collectors and line-wise tools want it. Text is not escaped for HTML.
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

// OrEmpty returns items, or an empty list in place of nil: JSON says [] and never null.
func OrEmpty[T any](items []T) []T {
	if items == nil {
		return []T{}
	}
	return items
}
