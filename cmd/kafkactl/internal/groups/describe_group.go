package groups

import (
	"cmp"
	"context"
	"errors"
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

const describeGroupLong = `Tells all about one consumer group: its state, protocol, assignor and coordinator, its
members with the partitions each has, and how far it has read every partition. A
partition of which nothing is committed counts from the log start. Records that were
deleted unread are no lag, and are told beside it. Topics that the client may not describe
are left out by the brokers; JSON and YAML say partial: true then. Without a name the topic that is
called group is described, if there is one.`

const describeGroupExample = `  kafkactl describe group order-service-group
  kafkactl describe group order-service-group -o json | jq '.partitions[] | select(.lag > 0)'`

type describeGroupOptions struct {
	app *cli.App
	cli.Connection
	group string
}

// describeTopicFunc describes the topic that has the name word, which is also the name of a kind of
// thing. Where there is no such topic, it returns missing.
type describeTopicFunc func(ctx context.Context, c *cli.Connection, word string, missing error) error

// NewDescribeGroupCmd returns the command describe group. Without a group it is the topic that is
// called group, which topic describes.
func NewDescribeGroupCmd(a *cli.App, topic describeTopicFunc) *cobra.Command {
	o := &describeGroupOptions{app: a}
	cmd := &cobra.Command{
		Use:     "group GROUP",
		Short:   "Tell all about one consumer group",
		Long:    describeGroupLong,
		Example: describeGroupExample,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			return cli.CheckArgs(cmd, "describe group", []string{"GROUP"}, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return topic(cmd.Context(), &o.Connection, "group", cli.CheckArgs(cmd, "describe group", []string{"GROUP"}, nil))
			}
			o.group = args[0]
			return o.run(cmd.Context())
		},
	}
	o.AddFlags(cmd, cli.AskTimeout)
	a.AddOutputFlag(cmd, cli.FormatTable, cli.FormatWide, cli.FormatJSON, cli.FormatYAML)
	return cmd
}

func (o *describeGroupOptions) run(ctx context.Context) error {
	s, err := o.app.Connect(ctx, &o.Connection)
	if err != nil {
		return err
	}
	defer s.Close()
	hides := askHidden(s.Ctx, s.Config, s.Groups, true)
	found, err := s.Groups.Lag(s.Ctx, groups.LagQuery{Groups: []string{o.group}})
	var missing *kafka.NotFoundError
	if errors.As(err, &missing) && len(missing.Near) == 0 {
		return cli.WithHint(err, "kafkactl list groups shows the groups there are")
	}
	if err != nil {
		return err
	}
	g := &found[0]
	if g.Err != nil {
		return cli.WithCode(fmt.Errorf("describe group %q: %w", g.Name, g.Err), cli.ExitFailed)
	}
	h, err := hides(found)
	if err != nil {
		return err
	}
	if err := o.app.Print(cli.Answer{Doc: newGroupDetailDoc(g, h), Text: func(w io.Writer, st term.Styles, _ bool) { groupDetailText(w, st, g, h) }}); err != nil {
		return err
	}
	if sum := g.Sum; !sum.Complete() {
		return cli.WithCode(fmt.Errorf("the lag of %s is not known", term.Count(sum.Unknown, "partition")), cli.ExitFailed)
	}
	return nil
}

// groupDetailDoc is one group in JSON and YAML. A lag is null where it is not known.
type groupDetailDoc struct {
	cli.Header
	Partial bool `json:"partial,omitzero"` // topics that the client may not see would be missing
	groupHead
	Members    []lagMemberDoc    `json:"members"`
	Partitions []lagPartitionDoc `json:"partitions"`
}

func newGroupDetailDoc(g *groups.GroupLag, h hidden) groupDetailDoc {
	doc := groupDetailDoc{cli.NewHeader("Group"), h.partial(), newGroupHead(g, h), newMemberDocs(g), []lagPartitionDoc{}}
	for i := range g.Partitions {
		doc.Partitions = append(doc.Partitions, newLagPartitionDoc(groups.LagView{}, &g.Partitions[i]))
	}
	return doc
}

func newMemberDocs(g *groups.GroupLag) []lagMemberDoc {
	docs := []lagMemberDoc{}
	for i := range g.Members {
		m := &g.Members[i]
		doc := lagMemberDoc{m.ID, m.InstanceID, m.ClientID, m.Host, []partitionRef{}}
		for _, p := range m.Assigned {
			doc.Partitions = append(doc.Partitions, partitionRef(p))
		}
		docs = append(docs, doc)
	}
	return docs
}

// groupDetailText writes the group for people.
func groupDetailText(w io.Writer, st term.Styles, g *groups.GroupLag, h hidden) {
	protocol, members := g.Protocol+" protocol", "no members"
	if g.Assignor != "" {
		protocol += " (" + g.Assignor + ")"
	}
	if n := len(g.Members); n > 0 {
		members = term.Count(n, "member")
	}
	fmt.Fprintf(w, "%s: %s, %s, %s, coordinator broker %d\n", st.Bold.Render(kafka.Printable(g.Name)), groupState(st, g.State), members, protocol, g.Coordinator)
	switch {
	case h.unseen(g):
		fmt.Fprintln(w, "nothing committed, nothing assigned that "+h.viewer+" may see")
	case len(g.Partitions) == 0:
		fmt.Fprintln(w, "nothing committed, nothing assigned")
	default:
		fmt.Fprintln(w, groupLagLine(st, g))
	}
	if len(g.Members) > 0 {
		rows := [][]string{{"MEMBER", "ID", "PARTITIONS"}}
		for _, m := range g.Members {
			rows = append(rows, []string{memberText(&m), memberName(&m), assignedText(m.Assigned)})
		}
		st.Table(w, rows, term.Layout{Optional: []string{"ID"}})
	}
	if len(g.Partitions) > 0 {
		rows, marks := groupPartitionRows(st, g)
		st.Table(w, rows, term.Layout{
			Numbers: []string{"COMMITTED", "LOG-START", "END", "LAG"}, IDs: []string{"PARTITION"},
			Optional: []string{"LOG-START", "MEMBER", "END"}, Marks: marks,
		})
	}
}

// groupLagLine returns text such as "lag 22 in 6 partitions of 2 topics".
func groupLagLine(st term.Styles, g *groups.GroupLag) string {
	sum := g.Sum
	text := fmt.Sprintf("lag %s in %s of %s", st.GroupDigitsIn(sum.String()), st.Count(len(g.Partitions), "partition"), term.Count(len(g.Topics), "topic"))
	if sum.Unknown > 0 {
		text += fmt.Sprintf(", not known of %d", sum.Unknown)
	}
	return text
}

// groupPartitionRows returns one line a partition, and which of them stand out.
func groupPartitionRows(st term.Styles, g *groups.GroupLag) ([][]string, []term.Mark) {
	rows := [][]string{{"TOPIC", "PARTITION", "COMMITTED", "LOG-START", "END", "LAG", "MEMBER"}}
	notes, lags, alarms := []string{}, []int64{}, []bool{}
	for _, p := range g.Partitions {
		rows = append(rows, []string{
			p.Topic, strconv.Itoa(int(p.Partition)), term.OffsetText(p.Committed), term.OffsetText(p.LogStart), term.OffsetText(p.End), term.OffsetText(p.Lag), memberText(p.Member),
		})
		notes = append(notes, positionNote(st, &p))
		lags, alarms = append(lags, p.Lag), append(alarms, p.Lost > 0 || p.Past > 0 || p.Lag < 0 && !p.TopicGone)
	}
	return term.WithNotes(rows, notes), lagMarks(lags, alarms)
}

// positionNote says what the numbers of a partition do not.
func positionNote(st term.Styles, p *groups.PartitionLag) string {
	note := partitionNote(p)
	switch {
	case p.Lag < 0 && p.Err != nil && !p.TopicGone:
		return st.Bad.Render(note + ": " + p.Err.Error())
	case p.Lost > 0, p.Past > 0:
		return st.Bad.Render(note)
	case note != "":
		return st.Dim.Render(note)
	default:
		return ""
	}
}

// memberName identifies a member: its instance id where it is static, otherwise its id.
func memberName(m *groups.Member) string {
	return kafka.Printable(cmp.Or(m.InstanceID, m.ID))
}

// assignedText returns text such as "order.created:0-2,5 order.updated:1"; partitions are in order.
func assignedText(assigned []kafka.TopicPartition) string {
	var text strings.Builder
	for i := 0; i < len(assigned); {
		first, last := i, i
		for last+1 < len(assigned) && assigned[last+1].Topic == assigned[first].Topic && assigned[last+1].Partition == assigned[last].Partition+1 {
			last++
		}
		switch {
		case first > 0 && assigned[first-1].Topic == assigned[first].Topic:
			text.WriteString(",")
		case first > 0:
			text.WriteString(" " + assigned[first].Topic + ":")
		default:
			text.WriteString(assigned[first].Topic + ":")
		}
		text.WriteString(strconv.Itoa(int(assigned[first].Partition)))
		if last > first {
			text.WriteString("-" + strconv.Itoa(int(assigned[last].Partition)))
		}
		i = last + 1
	}
	return term.OrDash(text.String())
}
