package main

import (
	"io"
	"strings"

	"github.com/charmbracelet/lipgloss"

	"kafkactl/internal/health"
)

// styles are the only colours of the program, bound to one stream. A colour never
// says what a sign or a word does not say too.
type styles struct {
	good, warn, bad, dim, bold lipgloss.Style
	width                      int  // lines of tables are no longer; 0: as long as they are
	terminal                   bool // a person reads, and no script: see [styles.number] and [styles.table]
}

func newStyles(r *lipgloss.Renderer) styles {
	return styles{
		good: r.NewStyle().Foreground(lipgloss.Color("2")),
		warn: r.NewStyle().Foreground(lipgloss.Color("3")),
		bad:  r.NewStyle().Foreground(lipgloss.Color("1")),
		dim:  r.NewStyle().Faint(true), // no colour of its own: some themes have "bright black" as their background
		bold: r.NewStyle().Bold(true),
	}
}

// columns writes rows with aligned columns, two blanks apart and never cut. Cells
// may be styled: escape sequences have no width. The last cell of a row is not padded,
// and makes no column wider: a row of one cell is a line between the others.
func columns(w io.Writer, rows [][]string) {
	widths := widthsBeforeLast(rows)
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			line.WriteString(cell)
			if i < len(row)-1 {
				line.WriteString(strings.Repeat(" ", widths[i]-lipgloss.Width(cell)+2))
			}
		}
		_, _ = io.WriteString(w, strings.TrimRight(line.String(), " ")+"\n")
	}
}

// verdictStyle colours a rung's verdict.
func verdictStyle(st styles, v health.Verdict) lipgloss.Style {
	switch v {
	case health.Pass:
		return st.good
	case health.Wait, health.Warn:
		return st.warn
	case health.Fail:
		return st.bad
	default:
		return st.dim
	}
}
