package access

import (
	"io"
	"testing"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/access"
	"kafkactl/internal/topicspec"
)

// What a service may do, on terminals of several widths and in pipes.
func TestServiceTables(t *testing.T) {
	t.Parallel()
	sick := viewsOf(sickShop(t))
	desired := shopAccess(t)
	derived := viewsOf(desired, comparison{})
	open := access.Diff(desired, access.Observed{NoAuthorizer: true}, topicspec.Consent{})
	unchecked := viewsOf(desired, comparison{asked: true, changes: open.Changes, AccessCompared: open.Compared})
	of := func(v serviceAccess) cli.Answer {
		return cli.Answer{Text: func(w io.Writer, st term.Styles, _ bool) { v.text(w, st) }}
	}
	clitest.CheckTables(t, []clitest.ShownTable{
		{Name: "describe-access", Wraps: true, Answer: of(sick[0])},
		{Name: "describe-access-denied", Wraps: true, Answer: of(sick[1])},
		{Name: "describe-access-absent", Wraps: true, Answer: of(sick[2])},
		{Name: "describe-access-derived", Wraps: true, Answer: of(derived[0])},
		{Name: "describe-access-open", Wraps: true, Answer: of(unchecked[1])},
		{Name: "describe-access-list", Answer: cli.Answer{Text: func(w io.Writer, st term.Styles, _ bool) { listText(w, st, sick) }}},
		{Name: "describe-access-list-derived", Answer: cli.Answer{Text: func(w io.Writer, st term.Styles, _ bool) { listText(w, st, derived) }}},
	})
}
