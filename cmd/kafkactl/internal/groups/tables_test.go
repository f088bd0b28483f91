package groups

import (
	"io"
	"testing"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/cmd/kafkactl/internal/term"
)

// The tables of this room, on terminals of several widths and in pipes.
func TestGroupsTables(t *testing.T) {
	t.Parallel()
	clitest.CheckTables(t, []clitest.ShownTable{
		{Name: "lag", Answer: cli.Answer{Text: func(w io.Writer, st term.Styles, _ bool) { groupTable(sampleGroups(), hidden{}).write(w, st, nil) }}},
		{Name: "list-groups", Answer: newGroupList(sampleGroups(), hidden{})},
		{Name: "describe-group", Answer: cli.Answer{Text: func(w io.Writer, st term.Styles, _ bool) { groupDetailText(w, st, &sampleGroups()[0], hidden{}) }}},
	})
}
