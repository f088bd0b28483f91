package term

import (
	"strings"
	"unicode/utf8"
)

// Safe returns text that a terminal only shows: what it would obey is escaped as [AppendSafe] does,
// line ends too. With colors, the escape sequences of colours stay: those that [Styles] write.
func Safe(text string, colors bool) string { return safe(text, colors, "") }

// SafeLines is Safe for a text of lines, whose ends stay.
func SafeLines(text string, colors bool) string { return safe(text, colors, "\n") }

func safe(text string, colors bool, keep string) string {
	if utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return IsUnsafe(r) && !strings.ContainsRune(keep, r) }) {
		return text
	}
	var out []byte
	for text != "" {
		color := -1
		if colors {
			color = strings.Index(text, "\x1b[")
		}
		if color < 0 {
			return string(AppendSafe(out, []byte(text), keep))
		}
		out = AppendSafe(out, []byte(text[:color]), keep)
		length := colorLength(text[color:])
		if length == 0 {
			out, length = AppendSafe(out, []byte("\x1b"), ""), 1
		} else {
			out = append(out, text[color:color+length]...)
		}
		text = text[color+length:]
	}
	return string(out)
}

// colorLength returns the length of the sequence for a colour (SGR, ECMA-48) at the beginning of a
// text, 0 when that is another one.
func colorLength(text string) int {
	rest := strings.TrimLeft(text[2:], "0123456789;")
	if !strings.HasPrefix(rest, "m") {
		return 0
	}
	return len(text) - len(rest) + 1
}

// colors reports whether the styles write any.
func (st Styles) colors() bool { return NewStyleCodes(st.Bold).Before != "" }

// safeRows is rows whose cells hold no more than colours and what can be seen, so that each stays in
// its line and its column.
func (st Styles) safeRows(rows [][]string) [][]string {
	colors := st.colors()
	clean := make([][]string, len(rows))
	for r, row := range rows {
		clean[r] = make([]string, len(row))
		for i, cell := range row {
			clean[r][i] = Safe(cell, colors)
		}
	}
	return clean
}
