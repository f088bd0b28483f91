package term

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSentences(t *testing.T) {
	t.Parallel()
	rows := [][]string{
		{"! cart.cleared", "blocked", "\x1b[2mpartitions 3 → 1:\x1b[0m declare 3, or give --accept delete=1"},
		{"    hint: kafkactl delete cart.cleared makes it again"},
		{"+ a", "create", "short"},
	}
	for _, tt := range []struct {
		name  string
		width int
		want  string
	}{
		{"a pipe", 0, `
! cart.cleared  blocked  ` + "\x1b[2mpartitions 3 → 1:\x1b[0m" + ` declare 3, or give --accept delete=1
    hint: kafkactl delete cart.cleared makes it again
+ a             create   short
`},
		{"wide enough", 80, `
! cart.cleared  blocked  ` + "\x1b[2mpartitions 3 → 1:\x1b[0m" + ` declare 3, or give --accept delete=1
    hint: kafkactl delete cart.cleared makes it again
+ a             create   short
`},
		{"in its own column, and no flag is broken", 52, `
! cart.cleared  blocked  ` + "\x1b[2mpartitions 3 → 1:\x1b[0m" + ` declare
                         3, or give --accept
                         delete=1
    hint: kafkactl delete cart.cleared makes it
    again
+ a             create   short
`},
		{"too narrow: left to the terminal", 30, `
! cart.cleared  blocked  ` + "\x1b[2mpartitions 3 → 1:\x1b[0m" + ` declare 3, or give --accept delete=1
    hint: kafkactl delete
    cart.cleared makes it
    again
+ a             create   short
`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got bytes.Buffer
			Styles{Width: tt.width, Terminal: tt.width > 0, Bold: coloredBold()}.Sentences(&got, rows)
			if diff := cmp.Diff(tt.want[1:], got.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}
