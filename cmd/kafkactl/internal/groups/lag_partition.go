package groups

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/charmbracelet/lipgloss"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/groups"
	"kafkactl/internal/kafka"
)

// partitionTables returns one table a named group; all other groups' partitions share one, the
// worst first.
func (o *lagOptions) partitionTables(snapshot lagSnapshot) []lagTable {
	headings := []string{"TOPIC", "PARTITION", "COMMITTED", "LOG-START", "END"}
	after := []string{"TIME-LAG", "MEMBER"}
	if o.app.Format == cli.FormatWide {
		after = append(after, "MEMBER-ID", "INSTANCE-ID")
	}
	all := lagTable{before: append([]string{"GROUP"}, headings...), after: after}
	var tables []lagTable
	for i := range snapshot.Groups {
		g := &snapshot.Groups[i]
		t := lagTable{title: func(st term.Styles) string { return groupTitle(st, g) }, before: headings, after: after}
		for j := range g.Partitions {
			row := o.partitionRow(snapshot, g, &g.Partitions[j])
			t.rows = append(t.rows, row)
			row.before = append([]string{kafka.Printable(g.Name)}, row.before...)
			all.rows = append(all.rows, row)
		}
		tables = append(tables, t)
	}
	if len(o.groups) > 0 {
		return tables
	}
	slices.SortStableFunc(all.rows, func(a, b lagRow) int { return cmp.Or(groups.WorseLag(a.sum, b.sum), cmp.Compare(a.key, b.key)) })
	return []lagTable{all}
}

// groupTitle returns text such as "order-service-group: Stable, 2 members, lag 54".
func groupTitle(st term.Styles, g *groups.GroupLag) string {
	members := "no members"
	if n := len(g.Members); n > 0 {
		members = term.Count(n, "member")
	}
	return fmt.Sprintf("%s: %s, %s, lag %s", st.Bold.Render(kafka.Printable(g.Name)), term.OrDash(g.State), members, st.GroupDigitsIn(g.Sum.String()))
}

func (o *lagOptions) partitionRow(snapshot lagSnapshot, g *groups.GroupLag, p *groups.PartitionLag) lagRow {
	row := lagRow{
		key: fmt.Sprintf("%s\x00%s\x00%010d", g.Name, p.Topic, p.Partition),
		before: []string{
			p.Topic, strconv.Itoa(int(p.Partition)), term.OffsetText(p.Committed), term.OffsetText(p.LogStart), term.OffsetText(p.End),
		},
		after: []string{"-", memberText(p.Member)},
		note:  partitionNote(p),
	}
	row.sum.Add(p)
	row.dash = p.TopicGone || p.Lag < 0
	if behind, known := snapshot.TimeLag(p); known {
		row.after[0] = term.ShortMillis(behind)
	}
	if o.app.Format == cli.FormatWide {
		id, instance := "-", "-"
		if p.Member != nil {
			id, instance = orDash(p.Member.ID), orDash(p.Member.InstanceID)
		}
		row.after = append(row.after, id, instance)
	}
	return row
}

// orDash returns what a client has called itself, "-" for nothing.
func orDash(name string) string {
	if name == "" {
		return "-"
	}
	return kafka.Printable(name)
}

// partitionNote returns what the offsets of a partition mean, "" when they speak for themselves.
func partitionNote(p *groups.PartitionLag) string {
	var notes []string
	switch {
	case p.TopicGone:
		return "the topic was deleted"
	case p.Lag < 0:
		return "lag unknown"
	case p.Committed < 0:
		notes = append(notes, "nothing committed")
	case p.Past > 0:
		notes = append(notes, fmt.Sprintf("committed %d past the end", p.Past))
	case p.Lost > 0:
		notes = append(notes, fmt.Sprintf("%d deleted unread", p.Lost))
	}
	if text := markersText(p.Markers, p.Aborted); text != "" {
		notes = append(notes, text)
	}
	switch {
	case p.Hidden > 0:
		notes = append(notes, hiddenText(p))
	case p.Unlooked != nil:
		notes = append(notes, unlookedText(p))
	}
	return strings.Join(notes, "; ")
}

// markersText says which offsets that are not read are no lag, "" for none.
func markersText(markers, aborted int64) string {
	var parts []string
	if aborted > 0 {
		parts = append(parts, term.Count(int(aborted), "aborted record"))
	}
	if markers > 0 {
		parts = append(parts, term.Count(int(markers), "transaction marker"))
	}
	if len(parts) == 0 {
		return ""
	}
	return strings.Join(parts, " and ") + " not counted"
}

// hiddenText says which open transaction keeps readers of committed records from the end.
func hiddenText(p *groups.PartitionLag) string {
	return fmt.Sprintf("%s hidden by %s", term.Count(int(p.Hidden), "offset"), cmp.Or(kafka.NameOpen(p.Open), "a transaction that is still open"))
}

// unlookedText says why a small lag may be no lag.
func unlookedText(p *groups.PartitionLag) string {
	return fmt.Sprintf("it is not known whether these are transaction markers alone: %v", p.Unlooked)
}

// lagText returns a row's lag; "-" where there is nothing that could lag, or one partition of which
// it is not known.
func (r lagRow) lagText(st term.Styles) string {
	switch {
	case r.dash:
		return "-"
	case !r.sum.Complete():
		return st.Bad.Render(r.sum.String())
	case r.sum.Known > 0:
		return st.Warn.Render(r.sum.String())
	default:
		return st.Good.Render(r.sum.String())
	}
}

// noteStyle colours a note: red where something is lost or not known.
func noteStyle(st term.Styles, r lagRow) lipgloss.Style {
	if r.sum.Suspect() || !r.sum.Complete() {
		return st.Bad
	}
	return st.Warn
}
