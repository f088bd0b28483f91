package term

import (
	"io"
	"strings"

	"github.com/charmbracelet/lipgloss"
)

// narrowestSentence is how many places a sentence needs to be wrapped in its column; where it
// has fewer the terminal wraps it.
const narrowestSentence = 24

// Sentences writes rows without a heading of which the last cell is a sentence: it is never
// cut. On a terminal that is too narrow it goes on in the lines below, in its own column; a
// row of one cell, which is a line between the others, goes on where it begins. Whatever a cell
// holds, it stays in its line: see [Safe].
func (st Styles) Sentences(w io.Writer, rows [][]string) {
	rows = st.safeRows(rows)
	if st.Width <= 0 {
		columns(w, rows)
		return
	}
	widths := widthsBeforeLast(rows)
	var wrapped [][]string
	for _, row := range rows {
		last := len(row) - 1
		indent := len(row[last]) - len(strings.TrimLeft(row[last], " "))
		for _, width := range widths[:last] {
			indent += width + 2
		}
		if st.Width-indent < narrowestSentence || indent+lipgloss.Width(row[last]) <= st.Width {
			wrapped = append(wrapped, row)
			continue
		}
		lines := wrap(strings.TrimLeft(row[last], " "), st.Width-indent)
		for i, line := range lines {
			lines[i] = strings.Repeat(" ", indent) + line
		}
		if last > 0 {
			lines[0] = lines[0][indent:]
		}
		wrapped = append(wrapped, append(row[:last:last], lines[0]))
		for _, line := range lines[1:] {
			wrapped = append(wrapped, []string{line})
		}
	}
	columns(w, wrapped)
}

// widthsBeforeLast is how wide [columns] makes each column but a row's last.
func widthsBeforeLast(rows [][]string) []int {
	var widths []int
	for _, row := range rows {
		for i, cell := range row[:max(len(row)-1, 0)] {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], lipgloss.Width(cell))
		}
	}
	return widths
}

// wrap is text, which may be coloured, in lines of so many places. It is broken at blanks alone,
// never inside a flag or a name: what is copied from a terminal must be whole.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for word := range strings.SplitSeq(text, " ") {
		switch {
		case line == "":
			line = word
		case lipgloss.Width(line)+1+lipgloss.Width(word) > width:
			lines, line = append(lines, line), word
		default:
			line += " " + word
		}
	}
	return append(lines, line)
}
