package root

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
)

// Every command does its whole job with the rights of the table and no others, and each of these rights is needed:
// without it the command says what is missing, or shows less, as the table has it.
func TestRealRights(t *testing.T) {
	rows := slices.DeleteFunc(rightsTable(), rightsRow.isHeading)
	s := startRights(t, len(rows))
	for i, row := range rows {
		user := fmt.Sprintf("user-%d", i)
		t.Run(strings.TrimSpace(row.command+" "+row.when), func(t *testing.T) {
			whole := s.run(t, row, user, row.least)
			if whole.Code != int(row.exit) || !finds(row.shows, whole) {
				t.Fatalf("with all rights it does not show %q: %v", row.shows, whole)
			}
			for k, r := range row.least {
				less := s.run(t, row, user, slices.Delete(slices.Clone(row.least), k, k+1))
				r.without.check(t, "without "+r.String(), whole, less)
				weaker, implied := r.implied()
				if !implied || row.every {
					continue
				}
				rights := slices.Clone(row.least)
				rights[k] = weaker
				r.named().check(t, "with no more than "+r.String()+" implies", whole, s.run(t, row, user, rights))
			}
			for _, other := range rows {
				if row.every && other.command == row.command {
					s.run(t, other, user, row.least).Want(t, cli.ExitDone, other.shows)
				}
			}
		})
	}
}

// check compares a run that lacks a right with the run that had all of them.
func (l loss) check(t *testing.T, how string, whole, less clitest.RunResult) {
	t.Helper()
	shown := l.shows == "" || finds(l.shows, less) && !finds(l.shows, whole)
	lacking := l.lacks == "" || finds(l.lacks, whole) && !finds(l.lacks, less)
	if less.Code != int(l.code) || !shown || !lacking {
		t.Errorf("%s: want exit %d, and only then %q, not %q; got %v, and with all rights %v", how, l.code, l.shows, l.lacks, less, whole)
	}
}

// implied returns the right that this one implies, where a command may get further with it before it is refused.
func (r right) implied() (weaker right, implied bool) {
	switch r.operation { //nolint:exhaustive // no other operation implies one
	case kmsg.ACLOperationRead, kmsg.ACLOperationWrite, kmsg.ACLOperationAlter, kmsg.ACLOperationDelete:
		return right{on: r.on, operation: kmsg.ACLOperationDescribe}, true
	case kmsg.ACLOperationAlterConfigs:
		return right{on: r.on, operation: kmsg.ACLOperationDescribeConfigs}, true
	}
	return right{}, false
}

// named is what is lost with no more than what the right implies.
func (r right) named() loss {
	if r.weaker != (loss{}) {
		return r.weaker
	}
	return loss{code: cli.ExitRefused, shows: "not permitted: " + r.operationName() + " on "}
}

func (r right) String() string { return r.operationName() + " on " + r.on }

func finds(pattern string, r clitest.RunResult) bool {
	return regexp.MustCompile("(?m)" + pattern).MatchString(r.Stdout + "\n" + r.Stderr)
}
