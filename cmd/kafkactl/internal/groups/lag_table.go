package groups

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/groups"
	"kafkactl/internal/kafka"
)

// lagTable is lag by something, for people.
type lagTable struct {
	title         func(term.Styles) string // above it, nil for none
	before, after []string                 // headings on both sides of LAG
	rows          []lagRow
}

// lagRow is one line.
type lagRow struct {
	key           string // what it is about, the same in every snapshot
	before, after []string
	sum           groups.LagSum
	dash          bool // there is no lag to show
	note          string
}

// tables returns the lag by what was asked for: one table, or by partition one a named group.
func (o *lagOptions) tables(snapshot lagSnapshot) []lagTable {
	var tables []lagTable
	switch o.by {
	case lagByTopic:
		tables = []lagTable{topicTable(snapshot.topics)}
	case lagByPartition:
		tables = o.partitionTables(snapshot)
	case lagByMember:
		tables = []lagTable{memberTable(snapshot.members)}
	case lagByService:
		tables = []lagTable{serviceTable(snapshot.services, snapshot.hidden)}
	default:
		tables = []lagTable{groupTable(snapshot.Groups, snapshot.hidden)}
		if o.app.Format == cli.FormatWide {
			tables[0].widen(snapshot.Groups)
		}
	}
	if o.onlyLagging {
		for i := range tables {
			tables[i].rows = slices.DeleteFunc(tables[i].rows, func(r lagRow) bool { return !r.sum.Lagging() })
		}
	}
	return tables
}

func groupTable(found []groups.GroupLag, h hidden) lagTable {
	t := lagTable{before: []string{"GROUP", "STATE", "MEMBERS", "TOPICS"}}
	for i := range found {
		t.rows = append(t.rows, groupRow(&found[i], h))
	}
	return t
}

// widen adds what a table of groups leaves out.
func (t *lagTable) widen(found []groups.GroupLag) {
	t.after = []string{"PROTOCOL", "COORDINATOR"}
	for i := range found {
		t.rows[i].after = []string{found[i].Protocol, strconv.Itoa(int(found[i].Coordinator))}
	}
}

func groupRow(g *groups.GroupLag, h hidden) lagRow {
	members, topics := strconv.Itoa(len(g.Members)), strconv.Itoa(len(g.Topics))
	if g.Err != nil {
		members, topics = "-", "-"
	}
	note := groupNote(g)
	if h.unseen(g) {
		topics, note = "-", unseenText(h)
	}
	return lagRow{
		key: g.Name, sum: g.Sum, note: note,
		before: []string{kafka.Printable(g.Name), term.OrDash(g.State), members, topics},
	}
}

// groupNote returns what a group's numbers do not say, "" for nothing.
func groupNote(g *groups.GroupLag) string {
	if g.Err != nil {
		return g.Err.Error()
	}
	var notes []string
	if len(g.Members) == 0 && g.Sum.Lagging() {
		notes = append(notes, "nobody reads it")
	}
	if g.Sum.Lost > 0 {
		notes = append(notes, fmt.Sprintf("%d deleted unread", g.Sum.Lost))
	}
	for _, n := range []struct {
		partitions int
		what       string
	}{{g.Sum.Unknown, "unknown"}, {g.Sum.Past, "committed past the end"}, {g.Sum.Uncommitted, "never committed"}, {g.Sum.Gone, "of deleted topics"}} {
		if n.partitions > 0 {
			notes = append(notes, term.Count(n.partitions, "partition")+" "+n.what)
		}
	}
	if text := markersText(g.Sum.Markers, g.Sum.Aborted); text != "" {
		notes = append(notes, text)
	}
	if text := groupHiddenText(g); text != "" {
		notes = append(notes, text)
	}
	return strings.Join(notes, "; ")
}

// groupHiddenText says which open transactions keep the group from the end, "" for none.
func groupHiddenText(g *groups.GroupLag) string {
	partitions, first := 0, ""
	for i := range g.Partitions {
		if p := &g.Partitions[i]; p.Hidden > 0 {
			if partitions++; first == "" {
				first = cmp.Or(kafka.NameOpen(p.Open), "an open transaction")
			}
		}
	}
	if partitions == 0 {
		return ""
	}
	return fmt.Sprintf("%s held by %s", term.Count(partitions, "partition"), first)
}

func topicTable(topics []groups.TopicLag) lagTable {
	t := lagTable{before: []string{"TOPIC", "GROUPS", "PARTITIONS"}}
	for _, at := range topics {
		t.rows = append(t.rows, lagRow{
			key: at.Topic, sum: at.Sum,
			before: []string{at.Topic, strconv.Itoa(len(at.Groups)), strconv.Itoa(at.Partitions)},
		})
	}
	return t
}

func memberTable(members []groups.MemberLag) lagTable {
	t := lagTable{before: []string{"GROUP", "MEMBER", "PARTITIONS"}}
	for _, by := range members {
		t.rows = append(t.rows, lagRow{
			key: by.Group + "\x00" + by.ID(), sum: by.Sum,
			before: []string{kafka.Printable(by.Group), memberText(by.Member), strconv.Itoa(by.Partitions)},
		})
	}
	return t
}

// memberText returns a member for people: its ids are long, and made up by the client.
func memberText(m *groups.Member) string {
	if m == nil {
		return "-"
	}
	return kafka.Printable(m.ClientID) + "@" + kafka.Printable(m.Host)
}

func serviceTable(services []serviceLag, h hidden) lagTable {
	absent := "no such group"
	if h.partial() {
		absent += " that " + h.viewer + " may see"
	}
	t := lagTable{before: []string{"SERVICE", "GROUP", "STATE", "MEMBERS", "TOPICS"}}
	for _, by := range services {
		row := lagRow{before: []string{kafka.Printable(by.group), "-", "-", "-"}, note: absent, dash: true}
		if by.lag != nil {
			row = groupRow(by.lag, h)
		}
		row.key = by.service + "\x00" + by.group
		row.before = append([]string{term.OrDash(by.service)}, row.before...)
		t.rows = append(t.rows, row)
	}
	return t
}

// write writes the table; rates is nil unless lag is watched.
func (t lagTable) write(w io.Writer, st term.Styles, rates lagRates) {
	heading := append(slices.Clone(t.before), "LAG")
	if rates != nil {
		heading = append(heading, "DELTA", "RECORDS/S", "ETA")
	}
	heading = append(heading, t.after...)
	noted := slices.ContainsFunc(t.rows, func(r lagRow) bool { return r.note != "" })
	if noted {
		heading = append(heading, "NOTE")
	}
	rows := [][]string{heading}
	var lags []int64
	var alarms []bool
	for _, r := range t.rows {
		lags, alarms = append(lags, r.sum.Known), append(alarms, r.sum.Suspect() || !r.sum.Complete())
		row := append(slices.Clone(r.before), r.lagText(st))
		if rates != nil {
			row = append(row, rates[r.key].cells()...)
		}
		row = append(row, r.after...)
		if noted {
			row = append(row, noteStyle(st, r).Render(r.note))
		}
		rows = append(rows, row)
	}
	if t.title != nil {
		fmt.Fprintln(w, t.title(st))
	}
	st.Table(w, rows, term.Layout{Numbers: lagNumbers(), IDs: []string{"PARTITION", "COORDINATOR"}, Optional: lagOptional(), Marks: lagMarks(lags, alarms)})
}

// lagMarks returns the marks of rows with so much lag: those where something is lost or not known,
// and the one with the most lag where there are several.
func lagMarks(lags []int64, alarms []bool) []term.Mark {
	marks := make([]term.Mark, len(lags))
	most := 0
	for i, lag := range lags {
		if alarms[i] {
			marks[i] = term.Amiss
		}
		if lag > lags[most] {
			most = i
		}
	}
	if len(lags) > 1 && lags[most] > 0 && marks[most] == term.Unmarked {
		marks[most] = term.Worst
	}
	return marks
}

// lagNumbers returns the columns that hold quantities, offsets and times.
func lagNumbers() []string {
	return []string{"MEMBERS", "TOPICS", "GROUPS", "PARTITIONS", "COMMITTED", "LOG-START", "END", "LAG", "DELTA", "RECORDS/S", "ETA", "TIME-LAG"}
}

// lagOptional returns the columns that a narrow terminal can do without, the first one first.
func lagOptional() []string {
	return []string{"LOG-START", "END", "COMMITTED", "TOPICS", "PARTITIONS", "RECORDS/S", "DELTA"}
}
