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

// Screen is how large a terminal is, in characters; 0 is not known.
type Screen struct{ Columns, Rows int }

// ScreenOf returns the size that the terminal w has now: people change it while they look. It is
// zero where w is no terminal.
func ScreenOf(w io.Writer) Screen {
	if through, ok := w.(*InterruptibleWriter); ok {
		w = through.w
	}
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

// CanRedraw reports whether so many lines can be drawn and drawn over again. The cursor stands in
// the line below them, so they must be fewer than the rows.
func (s Screen) CanRedraw(lines int) bool { return s.Rows <= 1 || lines < s.Rows }

// FitLines splits text into lines that can be redrawn, none longer than the screen is wide. The
// last one counts the lines for which there is no room.
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

// Redraw returns what draws lines over those that were there, without a moment at which the screen
// is empty: each line is cleared behind its end, and the screen below the last one.
//
// No line wraps (7l … 7h), also where the width is not known.
func Redraw(lines []string) string {
	return "\x1b[?7l" + strings.Join(lines, "\x1b[K\r\n") + "\x1b[K\x1b[J\x1b[?7h"
}
