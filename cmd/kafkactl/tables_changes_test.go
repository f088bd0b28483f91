package main

import (
	"io"
	"testing"
)

// The tables of this room, on terminals of several widths and in pipes.
func TestChangesTables(t *testing.T) {
	t.Parallel()
	checkTables(t, []shownTable{
		{name: "plan", wraps: true, answer: answer{text: func(w io.Writer, st styles, wide bool) { planText(w, st, blockedPlan(), wide) }}},
		{name: "report", wraps: true, answer: answer{text: failedReport().text}},
	})
}
