package term

import (
	"io"
	"strings"

	"github.com/charmbracelet/lipgloss"
)

// Styles are the only colours of the program, bound to one stream. A colour never says what a sign
// or a word does not say too.
type Styles struct {
	Good, Warn, Bad, Dim, Bold lipgloss.Style
	Width                      int  // lines of tables are no longer; 0: as long as they are
	Terminal                   bool // a person reads, and no script: see [Styles.Number] and [Styles.Table]
}

// NewStyles returns the styles of the stream that r renders for.
func NewStyles(r *lipgloss.Renderer) Styles {
	return Styles{
		Good: r.NewStyle().Foreground(lipgloss.Color("2")),
		Warn: r.NewStyle().Foreground(lipgloss.Color("3")),
		Bad:  r.NewStyle().Foreground(lipgloss.Color("1")),
		Dim:  r.NewStyle().Faint(true), // no colour of its own: some themes have "bright black" as their background
		Bold: r.NewStyle().Bold(true),
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
