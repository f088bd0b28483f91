package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"golang.org/x/term"
)

// screen is how large a terminal is, in places; 0 is not known.
type screen struct{ columns, rows int }

// screenOf is the size now: people change it while they look.
func screenOf(w io.Writer) screen {
	file, ok := w.(*os.File)
	if !ok {
		return screen{}
	}
	columns, rows, err := term.GetSize(int(file.Fd()))
	if err != nil {
		return screen{}
	}
	return screen{columns, rows}
}

// holds tells whether so many lines can be drawn and taken away again: the cursor stands
// in the line below them.
func (s screen) holds(lines int) bool { return s.rows <= 1 || lines < s.rows }

// fit is text as lines that the screen holds, none longer than it is wide; those that it
// does not hold are counted.
func (s screen) fit(text string) []string {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if !s.holds(len(lines)) {
		kept := max(s.rows-2, 0)
		lines = append(lines[:kept:kept], fmt.Sprintf("… and %d more lines", len(lines)-kept))
	}
	if s.columns > 0 {
		for i, line := range lines {
			lines[i] = ansi.Truncate(line, s.columns, "…")
		}
	}
	return lines
}

// drawn is lines drawn over what was there, without a moment at which nothing is: each is
// cleared behind its end, and what is left below the last one.
//
// No line wraps (7l … 7h), also where the width is not known.
func drawn(lines []string) string {
	return "\x1b[?7l" + strings.Join(lines, "\x1b[K\r\n") + "\x1b[K\x1b[J\x1b[?7h"
}
