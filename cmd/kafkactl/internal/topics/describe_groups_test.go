package topics

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kafkactl/cmd/kafkactl/internal/clitest"
)

// Who may describe the cluster, and not its groups, is shown the name of every group of it: they are one line,
// and not one each.
func TestGroupsThatMayNotBeAskedFor(t *testing.T) {
	t.Parallel()
	denied := func(name string) topicGroup {
		return topicGroup{group: name, err: "not permitted: Describe on group \"" + name + "\"", denied: true}
	}
	read := topicGroup{group: "billing", state: "Stable", members: 1}
	const header = "GROUP    STATE   MEMBERS  LAG\n"
	for _, test := range []struct {
		name   string
		groups []topicGroup
		want   string
	}{
		{"one", []topicGroup{denied("a")}, "GROUP  STATE  MEMBERS  LAG  NOTE\na      -      0        -    not permitted: Describe on group \"a\"\n"},
		{"some", []topicGroup{denied("a"), read, denied("b")}, header + "billing  Stable  1        0\n! it is not known whether 2 other groups read it: not permitted: Describe on group \"a\"\n"},
		{"all", []topicGroup{denied("a"), denied("b")}, "! it is not known whether 2 other groups read it: not permitted: Describe on group \"a\"\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			groupsText(&out, clitest.StylesFor(true, "1"), test.groups)
			if diff := cmp.Diff(test.want, out.String()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
