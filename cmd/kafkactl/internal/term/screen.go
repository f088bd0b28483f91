package term

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/mattn/go-isatty"
	"golang.org/x/term"
)

// IsTerminal reports whether f is a terminal.
func IsTerminal(f *os.File) bool { return isatty.IsTerminal(f.Fd()) }

// Screen is how large a terminal is, in places; 0 is not known.
type Screen struct{ Columns, Rows int }

// ScreenOf is the size now: people change it while they look.
func ScreenOf(w io.Writer) Screen {
	file, ok := w.(*os.File)
	if !ok {
		return Screen{}
	}
	columns, rows, err := term.GetSize(int(file.Fd()))
	if err != nil {
		return Screen{}
	}
	return Screen{columns, rows}
}

// CanRedraw tells whether so many lines can be drawn and taken away again: the cursor stands
// in the line below them.
func (s Screen) CanRedraw(lines int) bool { return s.Rows <= 1 || lines < s.Rows }

// FitLines is text as lines that the screen holds, none longer than it is wide; those that it
// does not hold are counted.
func (s Screen) FitLines(text string) []string {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if !s.CanRedraw(len(lines)) {
		kept := max(s.Rows-2, 0)
		lines = append(lines[:kept:kept], fmt.Sprintf("… and %d more lines", len(lines)-kept))
	}
	if s.Columns > 0 {
		for i, line := range lines {
			lines[i] = ansi.Truncate(line, s.Columns, "…")
		}
	}
	return lines
}

// Redraw is lines drawn over what was there, without a moment at which nothing is: each is
// cleared behind its end, and what is left below the last one.
//
// No line wraps (7l … 7h), also where the width is not known.
func Redraw(lines []string) string {
	return "\x1b[?7l" + strings.Join(lines, "\x1b[K\r\n") + "\x1b[K\x1b[J\x1b[?7h"
}
