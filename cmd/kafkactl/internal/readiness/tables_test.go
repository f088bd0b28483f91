package readiness

import (
	"io"
	"testing"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/cmd/kafkactl/internal/term"
)

// The tables of this room, on terminals of several widths and in pipes.
func TestReadinessTables(t *testing.T) {
	t.Parallel()
	clitest.CheckTables(t, []clitest.ShownTable{
		{Name: "health", Wraps: true, Answer: cli.Answer{Text: func(w io.Writer, st term.Styles, _ bool) { TimedLadderText(w, st, notReady()) }}},
	})
}
