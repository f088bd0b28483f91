package topicspec

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Moved reports whether somebody wrote to a topic between two looks at it, or deleted and made it again: a log ends
// elsewhere. What is not known counts as moved.
func Moved(before, now Evidence) bool {
	return before.EndOffsets == nil || !slices.Equal(before.EndOffsets, now.EndOffsets)
}

// otherPartition is what growth does to a topic of which nothing else is known.
const otherPartition = "records of one key written from now on may go to another partition than before"

// GrowReason returns what more partitions do to those who read the topic, "" for nothing: it holds no record.
func (e Evidence) GrowReason() string {
	switch {
	case e.Records != nil && *e.Records == 0:
		return ""
	case e.Compacted != nil && *e.Compacted:
		return e.compacted() + ": where a key goes to another partition from now on, the old one keeps its last record for ever" + e.unknown()
	case e.Keyed != nil && !*e.Keyed:
		return "its records have no keys"
	case len(e.Readers) == 0 && len(e.Unknown) == 0:
		return otherPartition + "; no group has unread records"
	case len(e.Readers) == 0:
		return "records of one key may be read out of order" + e.unknown()
	default:
		return "records of one key may be read out of order: " + e.unread() + e.unknown()
	}
}

// TrimReason returns which records the brokers will remove and who has not read them, "" for none.
func (e Evidence) TrimReason() string {
	var text string
	switch {
	case e.Records == nil:
		text = "records may be removed, how many is not known" + e.extent()
	case *e.Records == 0:
		return ""
	case e.RecordsEstimated:
		text = fmt.Sprintf("up to about %s will be removed", plural(int(*e.Records), "record", "")) + e.extent()
	default:
		text = fmt.Sprintf("up to %s will be removed", plural(int(*e.Records), "record", "")) + e.extent()
	}
	if len(e.Readers) > 0 {
		text += "; " + e.unread()
	}
	return text + e.unknown()
}

// DeleteReason returns what speaks against deleting the topic; where nothing does, what is lost with it.
func (e Evidence) DeleteReason() string {
	var text string
	switch {
	case len(e.InUse) > 0:
		return "it is in use: " + strings.Join(e.InUse, "; ")
	case e.Records == nil:
		text = "how many records it holds is not known" + e.extent()
	case *e.Records == 0:
		text = "it holds no record"
	default:
		text = fmt.Sprintf("it holds %s", plural(int(*e.Records), "record", "")) + e.extent()
	}
	switch len(e.Readers) {
	case 0:
	case 1:
		text += "; " + shownGroup(e.Readers[0].Group) + " loses what it committed"
	default:
		names := make([]string, len(e.Readers))
		for i, r := range e.Readers {
			names[i] = shownGroup(r.Group)
		}
		text += "; " + listSome(names) + " lose what they committed"
	}
	return text + e.unknown()
}

// reason says what the data says about a change with a risk.
func (e Evidence) reason(risk Risk) string {
	switch risk {
	case RiskRekey:
		return e.GrowReason()
	case RiskTrim:
		return e.TrimReason()
	case RiskDelete:
		return e.DeleteReason()
	case NoRisk, RiskMove, RiskRevoke:
	}
	return ""
}

// compacted is "its 12 records are compacted by key".
func (e Evidence) compacted() string {
	switch {
	case e.Records == nil:
		return "its records are compacted by key"
	case *e.Records == 1:
		return "its 1 record is compacted by key"
	default:
		return fmt.Sprintf("its %d records are compacted by key", *e.Records)
	}
}

// extent is " (about 3.4 MiB, from 2026-11-01T10:00:00Z to 2026-11-22T10:00:00Z)", as far as it is known.
func (e Evidence) extent() string {
	var parts []string
	if e.Bytes != nil {
		parts = append(parts, "about "+sizeText(*e.Bytes))
	}
	switch {
	case e.Oldest != nil && e.Newest != nil:
		parts = append(parts, "from "+e.Oldest.Format(time.RFC3339)+" to "+e.Newest.Format(time.RFC3339))
	case e.Oldest != nil:
		parts = append(parts, "the oldest written "+e.Oldest.Format(time.RFC3339))
	case e.Newest != nil:
		parts = append(parts, "the newest written "+e.Newest.Format(time.RFC3339))
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, ", ") + ")"
}

// unread is "order-service-group has 40 unread, audit may have some unread".
func (e Evidence) unread() string {
	texts := make([]string, len(e.Readers))
	for i, r := range e.Readers {
		texts[i] = shownGroup(r.Group) + " may have some unread"
		if r.Unread != nil {
			texts[i] = fmt.Sprintf("%s has %d unread", shownGroup(r.Group), *r.Unread)
		}
	}
	return listSome(texts)
}

// unknown is " (not known: …)", "" where all is known.
func (e Evidence) unknown() string {
	if len(e.Unknown) == 0 {
		return ""
	}
	return " (not known: " + strings.Join(e.Unknown, "; ") + ")"
}

// shownGroup returns the name of a group for a line of text. Anybody may have chosen it: what a terminal would obey is
// escaped.
func shownGroup(name string) string {
	if name == "" || strings.ContainsFunc(name, func(r rune) bool { return !strconv.IsPrint(r) }) {
		return strconv.Quote(name)
	}
	return name
}

// listSome joins the first few texts and counts the others.
func listSome(texts []string) string {
	const most = 3
	if more := len(texts) - most; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(texts[:most], ", "), more)
	}
	return strings.Join(texts, ", ")
}
