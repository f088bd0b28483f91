package clitest

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/charmbracelet/lipgloss"
	"github.com/google/go-cmp/cmp"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
)

// Update is the flag -update: golden files are written anew instead of compared.
var Update = flag.Bool("update", false, "write the golden files anew")

// StylesFor are the colours a stream gets with these settings.
func StylesFor(tty bool, noColor string) term.Styles {
	a := &cli.App{Streams: cli.Streams{LookupEnv: func(name string) (string, bool) { return noColor, name == "NO_COLOR" }}}
	return term.NewStyles(a.Renderer(io.Discard, tty))
}

// CheckGolden compares with a file that is written anew with -update. It shows what a
// terminal would not, in angle brackets.
func CheckGolden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", "recordview", name+".txt")
	visible := visible(string(got))
	if *Update {
		if err := os.WriteFile(file, []byte(visible), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), visible); diff != "" {
		t.Error(diff)
	}
}

func visible(text string) string {
	var out strings.Builder
	for i, r := range text {
		switch {
		case r == utf8.RuneError:
			fmt.Fprintf(&out, "<%02x>", text[i])
		case r == '\x1b':
			out.WriteString("<ESC>")
		case term.IsUnsafe(r) && r != '\n':
			fmt.Fprintf(&out, "<U+%04X>", r)
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}

// ShownTable is an answer that golden files hold, for terminals of several widths and for pipes.
type ShownTable struct {
	Name  string
	Wraps bool // its last column is a sentence, which is never cut
	cli.Answer
}

// CheckTables compares the answers with testdata/tables. -update writes the files again.
func CheckTables(t *testing.T, tables []ShownTable) {
	t.Helper()
	shapes := []struct {
		name    string
		width   int
		noColor string
		format  cli.Format
	}{
		{"80", 80, "", cli.FormatTable},
		{"120", 120, "", cli.FormatTable},
		{"80-nocolor", 80, "1", cli.FormatTable},
		{"120-nocolor", 120, "1", cli.FormatTable},
		{"pipe", 0, "", cli.FormatTable},
		{"pipe-wide", 0, "", cli.FormatWide},
	}
	for _, table := range tables {
		for _, shape := range shapes {
			t.Run(table.Name+"-"+shape.name, func(t *testing.T) {
				t.Parallel()
				var out bytes.Buffer
				env := map[string]string{"NO_COLOR": shape.noColor}
				a := &cli.App{Color: "auto", Format: shape.format, Streams: cli.Streams{
					Out: &out, OutTTY: shape.width > 0,
					OutWidth:  func() int { return shape.width },
					LookupEnv: func(name string) (string, bool) { value, ok := env[name]; return value, ok },
				}}
				if err := a.Print(table.Answer); err != nil {
					t.Fatal(err)
				}
				goldenTable(t, filepath.Join("testdata", "tables", table.Name+"-"+shape.name+".txt"), out.String())
				if !table.Wraps {
					checkWidth(t, out.String(), shape.width)
				}
				if colored := strings.Contains(out.String(), "\x1b["); colored != (shape.width > 0 && shape.noColor == "") {
					t.Errorf("colored is %t", colored)
				}
			})
		}
	}
}

// goldenTable compares text with a golden file, or writes it with -update.
func goldenTable(t *testing.T, file, text string) {
	t.Helper()
	if *Update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v: the same test with -update writes it", err)
	}
	if diff := cmp.Diff(string(want), text); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

// checkWidth holds the lines of tables to a width. A sentence, which has no columns, may
// wrap.
func checkWidth(t *testing.T, text string, width int) {
	t.Helper()
	for line := range strings.Lines(text) {
		if !strings.Contains(line, "  ") {
			continue
		}
		if w := lipgloss.Width(strings.TrimSuffix(line, "\n")); width > 0 && w > width {
			t.Errorf("a line of %d on a terminal of %d columns: %q", w, width, line)
		}
	}
}
