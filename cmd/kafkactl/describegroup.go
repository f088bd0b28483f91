package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"kafkactl/internal/groups"
	"kafkactl/internal/kafka"
)

const describeGroupLong = `Tells all about one consumer group: its state, protocol, assignor and coordinator, its
members with the partitions each has, and how far it has read every partition. A
partition of which nothing is committed counts from the log start. Records that were
deleted unread are no lag, and are told beside it. Without a name the topic that is
called group is described, if there is one.`

const describeGroupExample = `  kafkactl describe group order-service-group
  kafkactl describe group order-service-group -o json | jq '.partitions[] | select(.lag > 0)'`

type describeGroupOptions struct {
	app *app
	connection
	group string
}

// namesake describes the topic that is called word, as a kind of thing is. The error is missing
// where there is no such topic.
type namesake func(ctx context.Context, c *connection, word string, missing error) error

// newDescribeGroupCmd returns the command describe group. Without a group it is the topic that is
// called group, which topic describes.
func newDescribeGroupCmd(a *app, topic namesake) *cobra.Command {
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
			return countArgs(cmd, "describe group", []string{"GROUP"}, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return topic(cmd.Context(), &o.connection, "group", countArgs(cmd, "describe group", []string{"GROUP"}, nil))
			}
			o.group = args[0]
			return o.run(cmd.Context())
		},
	}
	o.addFlags(cmd, askTimeout)
	a.outputFlag(cmd, formatTable, formatWide, formatJSON, formatYAML)
	return cmd
}

func (o *describeGroupOptions) run(ctx context.Context) error {
	if err := checkGroup(o.group); err != nil {
		return err
	}
	s, err := o.app.connect(ctx, &o.connection)
	if err != nil {
		return err
	}
	defer s.Close()
	found, err := s.groups.Lag(s.ctx, groups.LagQuery{Groups: []string{o.group}})
	var missing *kafka.NotFoundError
	if errors.As(err, &missing) && len(missing.Near) == 0 {
		return withHint(err, "kafkactl list groups shows the groups there are")
	}
	if err != nil {
		return err
	}
	g := &found[0]
	if g.Err != nil {
		return withCode(fmt.Errorf("describe group %q: %w", g.Name, g.Err), exitFailed)
	}
	if err := o.app.print(answer{doc: newGroupDetailDoc(g), text: func(w io.Writer, st styles, _ bool) { groupDetailText(w, st, g) }}); err != nil {
		return err
	}
	if sum := g.Sum; !sum.Whole() {
		return withCode(fmt.Errorf("the lag of %s is not known", count(sum.Unknown, "partition")), exitFailed)
	}
	return nil
}

// groupDetailDoc is one group in JSON and YAML. A lag is null where it is not known.
type groupDetailDoc struct {
	header
	groupHead
	Members    []lagMemberDoc    `json:"members"`
	Partitions []lagPartitionDoc `json:"partitions"`
}

func newGroupDetailDoc(g *groups.GroupLag) groupDetailDoc {
	doc := groupDetailDoc{newHeader("Group"), newGroupHead(g), newMemberDocs(g), []lagPartitionDoc{}}
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
func groupDetailText(w io.Writer, st styles, g *groups.GroupLag) {
	protocol, members := g.Protocol+" protocol", "no members"
	if g.Assignor != "" {
		protocol += " (" + g.Assignor + ")"
	}
	if n := len(g.Members); n > 0 {
		members = count(n, "member")
	}
	fmt.Fprintf(w, "%s: %s, %s, %s, coordinator broker %d\n", st.bold.Render(g.Name), groupState(st, g.State), members, protocol, g.Coordinator)
	if len(g.Partitions) == 0 {
		fmt.Fprintln(w, "nothing committed, nothing assigned")
	} else {
		fmt.Fprintln(w, groupLagLine(st, g))
	}
	if len(g.Members) > 0 {
		rows := [][]string{{"MEMBER", "ID", "PARTITIONS"}}
		for _, m := range g.Members {
			rows = append(rows, []string{memberText(&m), memberName(&m), assignedText(m.Assigned)})
		}
		st.table(w, rows, layout{optional: []string{"ID"}})
	}
	if len(g.Partitions) > 0 {
		rows, marks := groupPositionRows(st, g)
		st.table(w, rows, layout{
			numbers: []string{"COMMITTED", "LOG-START", "END", "LAG"}, ids: []string{"PARTITION"},
			optional: []string{"LOG-START", "MEMBER", "END"}, marks: marks,
		})
	}
}

// groupLagLine is such as "lag 22 in 6 partitions of 2 topics".
func groupLagLine(st styles, g *groups.GroupLag) string {
	sum := g.Sum
	text := fmt.Sprintf("lag %s in %s of %s", st.separated(sum.String()), st.count(len(g.Partitions), "partition"), count(len(g.Topics), "topic"))
	if sum.Unknown > 0 {
		text += fmt.Sprintf(", not known of %d", sum.Unknown)
	}
	return text
}

// groupPositionRows is one line a partition, and which of them stand out.
func groupPositionRows(st styles, g *groups.GroupLag) ([][]string, []mark) {
	rows := [][]string{{"TOPIC", "PARTITION", "COMMITTED", "LOG-START", "END", "LAG", "MEMBER"}}
	notes, lags, alarms := []string{}, []int64{}, []bool{}
	for _, p := range g.Partitions {
		rows = append(rows, []string{
			p.Topic, strconv.Itoa(int(p.Partition)), offsetText(p.Committed), offsetText(p.LogStart), offsetText(p.End), offsetText(p.Lag), memberText(p.Member),
		})
		notes = append(notes, positionNote(st, &p))
		lags, alarms = append(lags, p.Lag), append(alarms, p.Lost > 0 || p.Past > 0 || p.Lag < 0 && !p.TopicGone)
	}
	return withNotes(rows, notes), lagMarks(lags, alarms)
}

// withNotes adds a column to a table, where there is anything to put in it: one note
// for each row below the heading.
func withNotes(rows [][]string, notes []string) [][]string {
	if strings.Join(notes, "") == "" {
		return rows
	}
	for i, note := range slices.Concat([]string{"NOTE"}, notes) {
		if note != "" {
			rows[i] = append(rows[i], note)
		}
	}
	return rows
}

// positionNote says what the numbers of a partition do not.
func positionNote(st styles, p *groups.PartitionLag) string {
	note := partitionNote(p)
	switch {
	case p.Lag < 0 && p.Err != nil && !p.TopicGone:
		return st.bad.Render(note + ": " + p.Err.Error())
	case p.Lost > 0, p.Past > 0:
		return st.bad.Render(note)
	case note != "":
		return st.dim.Render(note)
	default:
		return ""
	}
}

// memberName identifies a member: its instance id where it is static, otherwise its id.
func memberName(m *groups.Member) string {
	if m.InstanceID != "" {
		return m.InstanceID
	}
	return m.ID
}

// assignedText is such as "order.created:0-2,5 order.updated:1"; partitions are in
// order.
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
	return orDash(text.String())
}
