package main

import (
	"io"
	"testing"
)

// The tables of this room, on terminals of several widths and in pipes.
func TestReadinessTables(t *testing.T) {
	t.Parallel()
	checkTables(t, []shownTable{
		{name: "health", wraps: true, answer: answer{text: func(w io.Writer, st styles, _ bool) { ladderText(w, st, notReady(), true) }}},
	})
}
