package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"kafkactl/internal/admin"
)

// lagTable is lag by something, for people.
type lagTable struct {
	title         func(styles) string // above it, nil for none
	before, after []string            // headings on both sides of LAG
	rows          []lagRow
}

// lagRow is one line.
type lagRow struct {
	key           string // what it is about, the same at every look
	before, after []string
	sum           lagSum
	dash          bool // no lag is to be told
	note          string
	alarm         bool // something is lost
}

// tables are the lag by what was asked for: one table, or by partition one a named group.
func (o *lagOptions) tables(look lagLook) []lagTable {
	var tables []lagTable
	switch o.by.value {
	case lagByTopic:
		tables = []lagTable{topicTable(look)}
	case lagByPartition:
		tables = o.partitionTables(look)
	case lagByMember:
		tables = []lagTable{memberTable(look)}
	case lagByService:
		tables = []lagTable{o.serviceTable(look)}
	default:
		tables = []lagTable{groupTable(look)}
		if o.app.format == formatWide {
			tables[0].widen(look)
		}
	}
	if o.onlyLagging {
		for i := range tables {
			tables[i].rows = slices.DeleteFunc(tables[i].rows, func(r lagRow) bool { return !r.sum.some() })
		}
	}
	return tables
}

func groupTable(look lagLook) lagTable {
	t := lagTable{before: []string{"GROUP", "STATE", "MEMBERS", "TOPICS"}}
	for i := range look.groups {
		t.rows = append(t.rows, groupRow(&look.groups[i]))
	}
	return t
}

// widen adds what a table of groups leaves out.
func (t *lagTable) widen(look lagLook) {
	t.after = []string{"PROTOCOL", "COORDINATOR"}
	for i := range look.groups {
		t.rows[i].after = []string{look.groups[i].Protocol, strconv.Itoa(int(look.groups[i].Coordinator))}
	}
}

func groupRow(g *admin.GroupStanding) lagRow {
	alarm := slices.ContainsFunc(g.Partitions, func(p admin.PartitionStanding) bool { return p.Lost > 0 || p.Past > 0 })
	members, topics := strconv.Itoa(len(g.Members)), strconv.Itoa(len(g.Topics()))
	if g.Err != nil {
		members, topics = "-", "-"
	}
	return lagRow{
		key: g.Group, sum: sumOf(g), note: groupNote(g), alarm: alarm,
		before: []string{g.Group, orDash(g.State), members, topics},
	}
}

// groupNote is what a group's numbers do not tell, "" for nothing.
func groupNote(g *admin.GroupStanding) string {
	if g.Err != nil {
		return g.Err.Error()
	}
	var (
		notes                      []string
		lost                       int64
		past, never, gone, unknown int
	)
	for i := range g.Partitions {
		p := &g.Partitions[i]
		lost += p.Lost
		switch {
		case p.TopicGone:
			gone++
		case p.Lag < 0:
			unknown++
		case p.Past > 0:
			past++
		case p.Committed < 0:
			never++
		}
	}
	if len(g.Members) == 0 && sumOf(g).some() {
		notes = append(notes, "nobody reads it")
	}
	if lost > 0 {
		notes = append(notes, fmt.Sprintf("%d deleted unread", lost))
	}
	for _, n := range []struct {
		partitions int
		what       string
	}{{unknown, "unknown"}, {past, "committed past the end"}, {never, "never committed"}, {gone, "of deleted topics"}} {
		if n.partitions > 0 {
			notes = append(notes, count(n.partitions, "partition")+" "+n.what)
		}
	}
	return strings.Join(notes, "; ")
}

func topicTable(look lagLook) lagTable {
	t := lagTable{before: []string{"TOPIC", "GROUPS", "PARTITIONS"}}
	for _, at := range byTopic(look) {
		t.rows = append(t.rows, lagRow{
			key: at.topic, sum: at.sum,
			before: []string{at.topic, strconv.Itoa(len(at.groups)), strconv.Itoa(at.partitions)},
		})
	}
	return t
}

func memberTable(look lagLook) lagTable {
	t := lagTable{before: []string{"GROUP", "MEMBER", "PARTITIONS"}}
	for _, by := range byMember(look) {
		t.rows = append(t.rows, lagRow{
			key: by.group + "\x00" + by.id(), sum: by.sum,
			before: []string{by.group, memberText(by.member), strconv.Itoa(by.partitions)},
		})
	}
	return t
}

// memberText is a member for people: its ids are long, and made up by the client.
func memberText(m *admin.Member) string {
	if m == nil {
		return "-"
	}
	return m.ClientID + "@" + m.Host
}

func (o *lagOptions) serviceTable(look lagLook) lagTable {
	t := lagTable{before: []string{"SERVICE", "GROUP", "STATE", "MEMBERS", "TOPICS"}}
	for _, by := range o.byService(look) {
		row := lagRow{key: by.service + "\x00" + by.group, note: "no such group", before: []string{orDash(by.service), by.group, "-", "-", "-"}}
		if by.standing != nil {
			row = groupRow(by.standing)
			row.key = by.service + "\x00" + by.group
			row.before = append([]string{orDash(by.service)}, row.before...)
		} else {
			row.dash = true
		}
		t.rows = append(t.rows, row)
	}
	return t
}

// write writes the table; pace is nil unless lag is watched.
func (t lagTable) write(w io.Writer, st styles, pace lagPace) {
	heading := append(slices.Clone(t.before), "LAG")
	if pace != nil {
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
		lags, alarms = append(lags, r.sum.known), append(alarms, r.alarm || !r.sum.whole())
		row := append(slices.Clone(r.before), r.lagText(st))
		if pace != nil {
			row = append(row, pace[r.key].cells()...)
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
	st.table(w, rows, layout{numbers: lagNumbers(), ids: []string{"PARTITION", "COORDINATOR"}, optional: lagOptional(), marks: lagMarks(lags, alarms)})
}

// lagMarks are the marks of rows with so much lag: those where something is lost or not
// known, and the one with the most lag where there are several.
func lagMarks(lags []int64, alarms []bool) []mark {
	marks := make([]mark, len(lags))
	most := 0
	for i, lag := range lags {
		if alarms[i] {
			marks[i] = amiss
		}
		if lag > lags[most] {
			most = i
		}
	}
	if len(lags) > 1 && lags[most] > 0 && marks[most] == unmarked {
		marks[most] = worst
	}
	return marks
}

// lagNumbers are the columns that hold quantities, offsets and times.
func lagNumbers() []string {
	return []string{"MEMBERS", "TOPICS", "GROUPS", "PARTITIONS", "COMMITTED", "LOG-START", "END", "LAG", "DELTA", "RECORDS/S", "ETA", "TIME-LAG"}
}

// lagOptional are the columns that a narrow terminal can do without, the first one first.
func lagOptional() []string {
	return []string{"LOG-START", "END", "COMMITTED", "TOPICS", "PARTITIONS", "RECORDS/S", "DELTA"}
}
