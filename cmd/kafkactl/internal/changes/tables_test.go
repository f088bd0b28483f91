package changes

import (
	"io"
	"testing"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/cmd/kafkactl/internal/term"
)

// The tables of this room, on terminals of several widths and in pipes.
func TestChangesTables(t *testing.T) {
	t.Parallel()
	clitest.CheckTables(t, []clitest.ShownTable{
		{Name: "plan", Wraps: true, Answer: cli.Answer{Text: func(w io.Writer, st term.Styles, wide bool) { PlanText(w, st, blockedPlan(), wide) }}},
		{Name: "report", Wraps: true, Answer: cli.Answer{Text: failedReport().Text}},
		{Name: "access-plan", Wraps: true, Answer: cli.Answer{Text: func(w io.Writer, st term.Styles, wide bool) { PlanText(w, st, accessPlan(), wide) }}},
		{Name: "access-report", Wraps: true, Answer: cli.Answer{Text: accessReport().Text}},
	})
}
