package term

import (
	"cmp"
	"io"
	"slices"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
)

// WithNotes adds a column NOTE to a table, unless all notes are empty. There is one note for each
// row below the heading.
func WithNotes(rows [][]string, notes []string) [][]string {
	if strings.Join(notes, "") == "" {
		return rows
	}
	for i, note := range slices.Concat([]string{"NOTE"}, notes) {
		if note != "" {
			rows[i] = append(rows[i], note)
		}
	}
	return rows
}

// shortestCut is the narrowest a cut column becomes, unless its heading is wider.
const shortestCut = 12

// Layout is how the columns of a table, named by their headings, and its rows are shown.
type Layout struct {
	Numbers  []string // quantities and offsets: aligned at the right, thousands separated, never cut
	IDs      []string // numbers that are names, such as a partition's: aligned at the right, never cut
	Optional []string // left out where the terminal is too narrow, the first one first
	Marks    []Mark   // of the rows below the heading, in their order; a short list leaves the others unmarked
}

// Mark makes a row of a long table visible at first glance.
type Mark int

// The marks of a row.
const (
	Unmarked Mark = iota
	Amiss         // "!": something is wrong with it, and its words say what
	Worst         // ">": no row has more of what the table is about
)

// Table writes rows, of which the first is the heading, with aligned columns.
//
// On a terminal the lines are no longer than it is wide: columns that are optional are
// left out, then cells are cut, the widest column's first and never a number, and in the
// end the lines; "…" marks a cut. -o wide drops and cuts nothing. Columns of numbers are
// aligned at the right, and where a row is marked all get a place for it on the left.
//
// Elsewhere scripts read: every column is there, whole and aligned at the left, and a
// number is its digits. A row of one cell is a line between the others, and left alone.
//
// Whatever a cell holds, it stays in its line: see [Safe].
func (st Styles) Table(w io.Writer, rows [][]string, l Layout) {
	if len(rows) == 0 {
		return
	}
	rows = st.safeRows(rows)
	if st.Terminal {
		rows = st.separate(rows, l.Numbers)
	}
	marked := st.Terminal && slices.ContainsFunc(l.Marks, func(m Mark) bool { return m != Unmarked })
	if st.Width > 0 {
		width := st.Width
		if marked {
			width -= 2
		}
		rows = fitted(rows, l, width)
	}
	if st.Terminal {
		rows = alignRight(rows, l)
	}
	if marked {
		rows = st.marked(rows, l.Marks)
	}
	columns(w, slices.Concat([][]string{st.dimmed(rows[0])}, rows[1:]))
}

// fitted is rows with the columns left out and the cells cut that do not fit.
func fitted(rows [][]string, l Layout, width int) [][]string {
	for _, title := range l.Optional {
		if lineWidth(widthsOf(rows)) <= width {
			break
		}
		rows = without(rows, title)
	}
	return cutTo(rows, width, l)
}

// separate is rows with the thousands apart in the columns of those titles.
func (st Styles) separate(rows [][]string, titles []string) [][]string {
	return mapCells(rows, func(i int, cell string) string {
		if !slices.Contains(titles, rows[0][i]) {
			return cell
		}
		return st.GroupDigitsIn(cell)
	})
}

// alignRight is rows with the cells of number columns as wide as their column.
func alignRight(rows [][]string, l Layout) [][]string {
	widths := widthsOf(rows)
	return mapCells(rows, func(i int, cell string) string {
		if !l.isNumber(rows[0][i]) {
			return cell
		}
		return strings.Repeat(" ", max(0, widths[i]-lipgloss.Width(cell))) + cell
	})
}

// isNumber reports whether the column of that heading holds numbers, or "-" in their place.
func (l Layout) isNumber(title string) bool {
	return slices.Contains(l.Numbers, title) || slices.Contains(l.IDs, title)
}

// marked is rows with a place on the left for their marks; the name of a marked row is bold.
func (st Styles) marked(rows [][]string, marks []Mark) [][]string {
	with := make([][]string, len(rows))
	for r, row := range rows {
		with[r] = slices.Clone(row)
		m := Unmarked
		if r > 0 && r <= len(marks) {
			m = marks[r-1]
		}
		switch m {
		case Amiss:
			with[r][0] = st.Bad.Bold(true).Render("!") + " " + st.Bold.Render(row[0])
		case Worst:
			with[r][0] = st.Warn.Bold(true).Render(">") + " " + st.Bold.Render(row[0])
		default:
			with[r][0] = "  " + row[0]
		}
	}
	return with
}

// dimmed is a heading, quieter than what stands below it.
func (st Styles) dimmed(heading []string) []string {
	cells := make([]string, len(heading))
	for i, cell := range heading {
		title := strings.TrimLeft(cell, " ")
		cells[i] = strings.Repeat(" ", len(cell)-len(title)) + st.Dim.Render(title)
	}
	return cells
}

// mapCells is rows with every cell changed by its column's number; a line between rows,
// and what stands beyond the heading's columns, are left alone.
func mapCells(rows [][]string, change func(i int, cell string) string) [][]string {
	changed := make([][]string, len(rows))
	for r, row := range rows {
		changed[r] = row
		if isLine(row) && len(rows[0]) > 1 {
			continue
		}
		changed[r] = slices.Clone(row)
		for i := range changed[r][:min(len(row), len(rows[0]))] {
			changed[r][i] = change(i, row[i])
		}
	}
	return changed
}

// widthsOf is how wide each column is, by its widest cell.
func widthsOf(rows [][]string) []int {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		if isLine(row) {
			continue
		}
		for i, cell := range row[:min(len(row), len(widths))] {
			widths[i] = max(widths[i], lipgloss.Width(cell))
		}
	}
	return widths
}

// lineWidth is how long lines of such columns are, with two blanks between them.
func lineWidth(widths []int) int {
	total := 2 * (len(widths) - 1)
	for _, width := range widths {
		total += width
	}
	return total
}

// isLine reports whether a row is a line between the others, without columns.
func isLine(row []string) bool { return len(row) == 1 }

// without is rows without the column of that heading, or all of them when there is none.
func without(rows [][]string, title string) [][]string {
	i := slices.IndexFunc(rows[0], func(heading string) bool { return ansi.Strip(heading) == title })
	if i < 0 {
		return rows
	}
	kept := make([][]string, len(rows))
	for r, row := range rows {
		kept[r] = row
		if !isLine(row) && i < len(row) {
			kept[r] = slices.Delete(slices.Clone(row), i, i+1)
		}
	}
	return kept
}

// cutTo is rows with cells cut until their lines are at most width wide.
func cutTo(rows [][]string, width int, l Layout) [][]string {
	widths := widthsOf(rows)
	if lineWidth(widths) <= width {
		return rows
	}
	narrow(widths, rows[0], width, l)
	cut := make([][]string, len(rows))
	for r, row := range rows {
		cut[r] = row
		if isLine(row) {
			continue
		}
		cut[r] = slices.Clone(row)
		at := 0 // where the cell begins
		for i := range cut[r] {
			room := widths[min(i, len(widths)-1)]
			cut[r][i] = ansi.Truncate(cut[r][i], max(0, min(room, width-at)), "…")
			at += room + 2
		}
	}
	return cut
}

// narrow takes from the widest of the columns that may be cut, a place at a time, until
// the lines fit or nothing is left to take.
func narrow(widths []int, heading []string, width int, l Layout) {
	least := make([]int, len(widths))
	var able []int
	for i := range widths {
		least[i] = max(shortestCut, lipgloss.Width(heading[i]))
		if !l.isNumber(heading[i]) { // half of a number would be another one
			able = append(able, i)
		}
	}
	for lineWidth(widths) > width {
		able = slices.DeleteFunc(able, func(i int) bool { return widths[i] <= least[i] })
		if len(able) == 0 {
			return
		}
		widths[slices.MaxFunc(able, func(i, j int) int { return cmp.Compare(widths[i], widths[j]) })]--
	}
}
