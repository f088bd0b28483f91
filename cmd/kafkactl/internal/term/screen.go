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

// Width is how many columns the terminal has, 0 when it does not tell.
func Width(f *os.File) int {
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return width
}

// IsTerminal reports whether f is a terminal.
func IsTerminal(f *os.File) bool { return isatty.IsTerminal(f.Fd()) }

// Screen is how large a terminal is, in places; 0 is not known.
type Screen struct{ columns, Rows int }

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

// Holds tells whether so many lines can be drawn and taken away again: the cursor stands
// in the line below them.
func (s Screen) Holds(lines int) bool { return s.Rows <= 1 || lines < s.Rows }

// Fit is text as lines that the screen holds, none longer than it is wide; those that it
// does not hold are counted.
func (s Screen) Fit(text string) []string {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if !s.Holds(len(lines)) {
		kept := max(s.Rows-2, 0)
		lines = append(lines[:kept:kept], fmt.Sprintf("… and %d more lines", len(lines)-kept))
	}
	if s.columns > 0 {
		for i, line := range lines {
			lines[i] = ansi.Truncate(line, s.columns, "…")
		}
	}
	return lines
}

// Drawn is lines drawn over what was there, without a moment at which nothing is: each is
// cleared behind its end, and what is left below the last one.
//
// No line wraps (7l … 7h), also where the width is not known.
func Drawn(lines []string) string {
	return "\x1b[?7l" + strings.Join(lines, "\x1b[K\r\n") + "\x1b[K\x1b[J\x1b[?7h"
}
