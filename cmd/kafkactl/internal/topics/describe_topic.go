package topics

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/admin"
	"kafkactl/internal/record"
	"kafkactl/internal/topicspec"
)

// topicView is a topic as its brokers describe it, with what the topics file and the consumer
// groups add.
type topicView struct {
	admin.TopicDetail
	declared declaration
	groups   []topicGroup
	count    int // of partitions, whether they are shown or not
}

// topicSum is what the partitions that are shown add up to.
type topicSum struct {
	minISR      int
	records     int64 // offsets between start and end; -1 when a leader did not answer
	first, last time.Time
	size        int64 // -1 when that of no replica is known
	leaderSize  int64
	replicas    int // all there are
	sized       int // those whose size is known
}

// sum adds up the partitions that are shown.
func (t topicView) sum() topicSum {
	sum := topicSum{size: -1, leaderSize: -1}
	for _, p := range t.PartitionList {
		sum.minISR = p.MinISR
		switch {
		case p.LogStart < 0 || p.End < 0 || sum.records < 0:
			sum.records = -1
		default:
			sum.records += p.End - p.LogStart
		}
		if !p.First.IsZero() && (sum.first.IsZero() || p.First.Before(sum.first)) {
			sum.first = p.First
		}
		if p.Last.After(sum.last) {
			sum.last = p.Last
		}
		sum.replicas, sum.sized = sum.replicas+len(p.Replicas), sum.sized+p.SizesKnown
		sum.size, sum.leaderSize = addKnown(sum.size, p.Size), addKnown(sum.leaderSize, p.LeaderSize)
	}
	return sum
}

// addKnown adds two counts, of which -1 stands for one that is not known.
func addKnown(a, b int64) int64 {
	if a < 0 || b < 0 {
		return max(a, b)
	}
	return a + b
}

// rate returns the mean number of records a second from the first to the last; -1 when it is not
// known.
func (s topicSum) rate() float64 {
	if s.records < 2 || !s.last.After(s.first) || s.first.IsZero() {
		return -1
	}
	return float64(s.records) * 1000 / (float64(s.last.UnixMilli()) - float64(s.first.UnixMilli())) // a Duration ends after 292 years
}

// text writes the topic for people, its health first.
func (t topicView) text(w io.Writer, st term.Styles, wide bool) {
	fmt.Fprintf(w, "%s: %s, %s, replication factor %d\n", st.Bold.Render(t.Name), healthText(st, t.PartitionList), st.Count(t.count, "partition"), t.ReplicationFactor)
	rows := [][]string{{"PARTITION", "LEADER", "REPLICAS", "IN-SYNC", "LOG-START", "END", "RECORDS", "SIZE", "HEALTH"}}
	marks := make([]term.Mark, len(t.PartitionList))
	for i, p := range t.PartitionList {
		if !p.Healthy() {
			marks[i] = term.Amiss
		}
		rows = append(rows, []string{
			strconv.Itoa(p.ID), leaderText(st, p), replicasText(st, p), inSyncText(st, p),
			term.OffsetText(p.LogStart), term.OffsetText(p.End), recordsText(p), term.SizeText(p.LeaderSize), issuesText(st, p),
		})
	}
	st.Table(w, rows, term.Layout{
		Numbers: []string{"LOG-START", "END", "RECORDS", "SIZE"}, IDs: []string{"PARTITION"},
		Optional: []string{"LOG-START", "END", "SIZE", "RECORDS"}, Marks: marks,
	})
	for _, note := range t.Notes {
		fmt.Fprintf(w, "%s %s\n", st.Warn.Render("!"), note)
	}
	sum := t.sum()
	rows = [][]string{{"records", sum.recordsText(st)}}
	if rate := sum.rate(); rate >= 0 {
		rows = append(rows, []string{"rate", st.Rate(rate) + " records/s between the first and the last"})
	}
	rows = append(rows, []string{"size", sum.sizeText(st)})
	st.Sentences(w, append(rows, t.declared.rows(st)...))
	if len(t.groups) > 0 {
		groupsText(w, st, t.groups)
	}
	settingsText(w, st, t.Config, wide)
}

func (s topicSum) recordsText(st term.Styles) string {
	switch {
	case s.records < 0:
		return "not known: a leader did not tell"
	case s.records == 0:
		return "none"
	case s.first.IsZero() || s.last.IsZero():
		return st.Number(s.records) + " at most"
	}
	return fmt.Sprintf("%s at most, from %s to %s", st.Number(s.records), secondsText(s.first), secondsText(s.last))
}

// secondsText returns a time without its milliseconds.
func secondsText(t time.Time) string {
	text := record.TimestampText(t)
	if !record.IsDate(t) {
		return text
	}
	return text[:len(text)-len(".123Z")] + "Z"
}

func (s topicSum) sizeText(st term.Styles) string {
	if s.size < 0 {
		return "not known"
	}
	on := "on " + st.Count(s.replicas, "replica")
	if s.sized < s.replicas {
		on = fmt.Sprintf("on %d of %d replicas, the others did not tell", s.sized, s.replicas)
	}
	return fmt.Sprintf("%s %s, %s of it on the leaders", term.SizeText(s.size), on, term.SizeText(s.leaderSize))
}

// settingsText writes the settings that are set somewhere, or all of them.
func settingsText(w io.Writer, st term.Styles, all []admin.Setting, wide bool) {
	settings := slices.Clone(all)
	if !wide {
		settings = slices.DeleteFunc(settings, func(s admin.Setting) bool { return !s.Override })
	}
	if len(settings) == 0 {
		fmt.Fprintln(w, "no settings of its own (-o wide lists the broker's)")
		return
	}
	rows := [][]string{{"SETTING", "VALUE", "SOURCE"}}
	for _, s := range settings {
		rows = append(rows, []string{s.Name, settingText(s), s.Source})
	}
	st.Table(w, rows, term.Layout{Optional: []string{"SOURCE"}})
}

// recordsText returns how many offsets lie between start and end: an upper bound of the records, as
// compaction and transactions leave gaps.
func recordsText(p admin.Partition) string {
	if p.LogStart < 0 || p.End < 0 {
		return "-"
	}
	return strconv.FormatInt(p.End-p.LogStart, 10)
}

// settingText returns the value, with a unit beside it where one helps.
func settingText(s admin.Setting) string {
	if human := topicspec.Humanize(s.Name, s.Value); human != s.Value {
		return fmt.Sprintf("%s (%s)", s.Value, human)
	}
	return term.OrDash(s.Value)
}
