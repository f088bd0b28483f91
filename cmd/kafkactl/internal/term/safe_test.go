package term

import (
	"io"
	"strings"
	"testing"

	"github.com/charmbracelet/lipgloss"
	"github.com/google/go-cmp/cmp"
	"github.com/muesli/termenv"
)

// coloredBold is the style of a stream with colours.
func coloredBold() lipgloss.Style {
	r := lipgloss.NewRenderer(io.Discard)
	r.SetColorProfile(termenv.ANSI)
	return r.NewStyle().Bold(true)
}

func TestSafe(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, plain, colored string }{
		{"plain größe", "plain größe", "plain größe"},
		{"\x1b[1;31mred\x1b[0m", `\u001b[1;31mred\u001b[0m`, "\x1b[1;31mred\x1b[0m"},
		{"\x1b[2J\x1b[mx", `\u001b[2J\u001b[mx`, `\u001b[2J` + "\x1b[mx"},
		{"\x1b]0;title\x07", `\u001b]0;title\u0007`, `\u001b]0;title\u0007`},
		{"a\x1b", `a\u001b`, `a\u001b`},
		{"a\x1b[1;", `a\u001b[1;`, `a\u001b[1;`},
		{"\u009b31m\u202e", `\u009b31m\u202e`, `\u009b31m\u202e`},
		{"a\n\r\tb\x7f", `a\n\r\tb\u007f`, `a\n\r\tb\u007f`},
		{"\xff\xfe", `\xff\xfe`, `\xff\xfe`},
	} {
		if diff := cmp.Diff([2]string{tt.plain, tt.colored}, [2]string{Safe(tt.text, false), Safe(tt.text, true)}); diff != "" {
			t.Errorf("%q: %s", tt.text, diff)
		}
	}
	if got := SafeLines("a\nb\r\n", false); got != "a\nb\\r\n" {
		t.Errorf("lines: %q", got)
	}
}

// Whatever a cell holds, a table has a line for each row, and so has a list of sentences.
func TestCellsStayInTheirLines(t *testing.T) {
	t.Parallel()
	rows := [][]string{{"NAME", "NOTE"}, {"a\nb", "\x1b[2Jx\ty"}, {"c", "\x1b[35md\u2028"}}
	for _, st := range []Styles{{}, {Terminal: true, Width: 30}, {Terminal: true, Bold: coloredBold()}} {
		for name, write := range map[string]func(io.Writer){
			"table":     func(w io.Writer) { st.Table(w, rows, Layout{}) },
			"sentences": func(w io.Writer) { st.Sentences(w, rows) },
		} {
			var got strings.Builder
			write(&got)
			if lines := strings.Count(got.String(), "\n"); lines != len(rows) || strings.ContainsAny(got.String(), "\t\u2028") || strings.Contains(got.String(), "\x1b[2J") {
				t.Errorf("%s in %d lines:\n%q", name, lines, got.String())
			}
		}
	}
}
