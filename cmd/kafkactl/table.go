package main

import (
	"cmp"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
)

// shortestCut is the narrowest a cut column becomes, unless its heading is wider.
const shortestCut = 12

// columns is [columns] for st's stream: rows, of which the first is the heading, in
// lines that are no longer than the terminal is wide. Of the columns that are optional,
// named by their headings, it leaves out as many as it must, the first one first. When
// that is not enough it cuts cells, the widest column's first and never a number, and
// in the end the lines; "…" marks a cut. Rows of one cell are lines between the others,
// and left alone. Where there is no terminal, or -o wide asked for all, nothing is
// dropped or cut.
func (st styles) columns(w io.Writer, rows [][]string, optional ...string) {
	if st.width <= 0 || len(rows) == 0 {
		columns(w, rows)
		return
	}
	for _, title := range optional {
		if lineWidth(widthsOf(rows)) <= st.width {
			break
		}
		rows = without(rows, title)
	}
	columns(w, cutTo(rows, st.width))
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

// isLine tells a row that has no columns.
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
func cutTo(rows [][]string, width int) [][]string {
	widths := widthsOf(rows)
	if lineWidth(widths) <= width {
		return rows
	}
	narrow(widths, rows, width)
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
func narrow(widths []int, rows [][]string, width int) {
	least := make([]int, len(widths))
	var able []int
	for i := range widths {
		least[i] = max(shortestCut, lipgloss.Width(rows[0][i]))
		if !numeric(rows[1:], i) {
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

// numeric tells that column i holds numbers, or "-" in their place: half of a number
// would be another one.
func numeric(rows [][]string, i int) bool {
	return !slices.ContainsFunc(rows, func(row []string) bool {
		if isLine(row) || i >= len(row) {
			return false
		}
		text := strings.TrimSpace(ansi.Strip(row[i]))
		_, err := strconv.ParseFloat(text, 64)
		return err != nil && text != "-" && text != ""
	})
}
