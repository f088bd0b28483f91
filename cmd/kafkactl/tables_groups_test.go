package main

import (
	"io"
	"testing"
)

// The tables of this room, on terminals of several widths and in pipes.
func TestGroupsTables(t *testing.T) {
	t.Parallel()
	checkTables(t, []shownTable{
		{name: "lag", answer: answer{text: func(w io.Writer, st styles, _ bool) { groupTable(sickGroups()).write(w, st, nil) }}},
		{name: "list-groups", answer: newGroupList(sickGroups())},
		{name: "describe-group", answer: answer{text: func(w io.Writer, st styles, _ bool) { groupDetailText(w, st, &sickGroups()[0]) }}},
	})
}
