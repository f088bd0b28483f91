package groups

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/groups"
	"kafkactl/internal/kafka"
)

const listGroupsLong = `Lists consumer groups, one line each, of the classic protocol and of KIP-848's: state,
members, how many topics they read, and the broker that coordinates them. -o wide adds
the assignor, the lag and the topics' names.

Groups that the client may not describe are absent, and so is what they read of topics
that it may not: Kafka does not tell that it exists. Where something may be missing, JSON
and YAML say partial: true, and an empty list says so on stderr.

When a broker does not answer, the groups it coordinates are missing: those of the
others are listed, it is named, and the command fails (exit 1).`

const listGroupsExample = `  kafkactl list groups
  kafkactl list groups -o wide
  kafkactl list groups -o json | jq -r '.groups[] | select(.members == 0).group'`

type listGroupsOptions struct {
	app *cli.App
	cli.Connection
}

// NewListGroupsCmd returns the command list groups.
func NewListGroupsCmd(a *cli.App) *cobra.Command {
	o := &listGroupsOptions{app: a}
	cmd := &cobra.Command{
		Use:     "groups",
		Aliases: []string{"group"},
		Short:   "List consumer groups",
		Long:    listGroupsLong,
		Example: listGroupsExample,
		Args:    func(cmd *cobra.Command, args []string) error { return cli.CheckArgs(cmd, "list groups", nil, args) },
		RunE:    func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context()) },
	}
	o.AddFlags(cmd, cli.AskTimeout)
	a.AddOutputFlag(cmd, cli.FormatTable, cli.FormatWide, cli.FormatJSON, cli.FormatYAML, cli.FormatName)
	return cmd
}

func (o *listGroupsOptions) run(ctx context.Context) error {
	s, err := o.app.Connect(ctx, &o.Connection)
	if err != nil {
		return err
	}
	defer s.Close()
	hides := askHidden(s.Ctx, s.Config, s.Groups, false)
	found, err := s.Groups.Lag(s.Ctx, groups.LagQuery{})
	if err != nil && len(found) == 0 {
		return err
	}
	h, unknown := hides(found)
	if err = cmp.Or(err, unknown); err != nil && len(found) == 0 {
		return err
	}
	if len(found) == 0 && noteNoGroups(o.app, h) {
		return nil
	}
	if err := o.app.Print(newGroupList(found, h)); err != nil {
		return err
	}
	return cmp.Or(err, unknownGroups(found))
}

// unknownGroups returns why some groups could not be looked at; nil when all could.
func unknownGroups(found []groups.GroupLag) error {
	var errs []error
	for _, g := range found {
		if g.Err != nil {
			errs = append(errs, fmt.Errorf("group %q: %w", g.Name, g.Err))
		}
	}
	switch {
	case len(errs) > 1: // the rows show the others
		return cli.WithCode(fmt.Errorf("%w; nor are %s known whole", errs[0], term.Count(len(errs)-1, "more group")), cli.ExitFailed)
	case len(errs) == 1:
		return cli.WithCode(errs[0], cli.ExitFailed)
	default:
		return nil
	}
}

// groupListDoc is a list of groups in JSON and YAML.
type groupListDoc struct {
	cli.Header
	Partial bool       `json:"partial,omitzero"` // what the client may not see would be missing
	Groups  []groupDoc `json:"groups"`
}

// groupDoc is one group of a list.
type groupDoc struct {
	groupHead
	Members int      `json:"members"`
	Topics  []string `json:"topics"`
	Error   string   `json:"error"` // why the group is not known completely
}

// groupHead is what every view of a group begins with.
type groupHead struct {
	Group       string `json:"group"`
	State       string `json:"state"`
	Protocol    string `json:"protocol"` // classic or consumer (KIP-848)
	Assignor    string `json:"assignor"`
	Coordinator int32  `json:"coordinator"`
	TotalLag    *int64 `json:"totalLag"` // null: some of it is not known
	KnownLag    int64  `json:"knownLag"`
	Unknown     int    `json:"unknownPartitions"` // whose lag is not in it
}

func newGroupHead(g *groups.GroupLag, h hidden) groupHead {
	head := groupHead{g.Name, g.State, g.Protocol, g.Assignor, g.Coordinator, g.Sum.Exact(), g.Sum.Known, g.Sum.Unknown}
	if h.unseen(g) {
		head.TotalLag = nil
	}
	return head
}

// newGroupList returns the list in every format.
func newGroupList(found []groups.GroupLag, h hidden) cli.Answer {
	doc := groupListDoc{cli.NewHeader("GroupList"), h.partial(), []groupDoc{}}
	names := make([]string, len(found))
	for i := range found {
		g := &found[i]
		line := groupDoc{newGroupHead(g, h), len(g.Members), cli.OrEmpty(g.Topics), ""}
		if g.Err != nil {
			line.Error = g.Err.Error()
		}
		doc.Groups, names[i] = append(doc.Groups, line), kafka.Printable(g.Name)
	}
	return cli.Answer{Doc: doc, Names: names, Text: func(w io.Writer, st term.Styles, wide bool) { groupRows(w, st, found, wide, h) }}
}

// groupRows writes one line a group.
func groupRows(w io.Writer, st term.Styles, found []groups.GroupLag, wide bool, h hidden) {
	heading := []string{"GROUP", "STATE", "PROTOCOL", "MEMBERS", "TOPICS", "COORDINATOR"}
	if wide {
		heading = append(heading, "ASSIGNOR", "LAG", "TOPIC NAMES")
	}
	rows, notes, marks := [][]string{heading}, []string{}, make([]term.Mark, len(found))
	for i := range found {
		g := &found[i]
		members, topics, assignor, lag, note := strconv.Itoa(len(g.Members)), strconv.Itoa(len(g.Topics)), term.OrDash(g.Assignor), g.Sum.String(), ""
		if h.unseen(g) {
			topics, lag, note = "-", "-", unseenText(h)
		}
		if g.Err != nil {
			members, topics, assignor, lag, note = "-", "-", "-", "-", st.Bad.Render(g.Err.Error())
			marks[i] = term.Amiss
		}
		row := []string{kafka.Printable(g.Name), groupState(st, g.State), g.Protocol, members, topics, strconv.Itoa(int(g.Coordinator))}
		if wide {
			row = append(row, assignor, lag, term.OrDash(strings.Join(g.Topics, ",")))
		}
		rows, notes = append(rows, row), append(notes, note)
	}
	st.Table(w, term.WithNotes(rows, notes), term.Layout{
		Numbers: []string{"MEMBERS", "TOPICS", "LAG"}, IDs: []string{"COORDINATOR"}, Optional: []string{"COORDINATOR", "PROTOCOL", "TOPICS"}, Marks: marks,
	})
}

// groupState returns Kafka's word, coloured by whether the group works.
func groupState(st term.Styles, state string) string {
	switch state {
	case "Stable":
		return st.Good.Render(state)
	case "Dead":
		return st.Bad.Render(state)
	case "Empty":
		return st.Dim.Render(state)
	default: // its members are being given their partitions
		return st.Warn.Render(state)
	}
}
