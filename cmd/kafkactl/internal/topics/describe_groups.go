package topics

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/groups"
	"kafkactl/internal/kafka"
)

// topicGroup is a consumer group that has read from the topic, or is about to.
type topicGroup struct {
	group, state string
	members      int
	lag          int64 // what is known of it
	unknown      int   // partitions whose lag is not known
	err          string
	denied       bool // err is that the client may not ask for the group: it may have nothing to do with the topic
}

type topicGroupDoc struct {
	Group   string `json:"group"`
	State   string `json:"state"`
	Members int    `json:"members"`
	Lag     int64  `json:"lag"`
	Unknown int    `json:"unknownPartitions"` // those whose lag is not known
	Error   string `json:"error"`
}

// groupsText writes the groups. Several that may not be asked for are one line: who may describe the
// cluster is shown the names of all groups.
func groupsText(w io.Writer, st term.Styles, all []topicGroup) {
	denied := slices.DeleteFunc(slices.Clone(all), func(g topicGroup) bool { return !g.denied })
	if len(denied) > 1 {
		all = slices.DeleteFunc(slices.Clone(all), func(g topicGroup) bool { return g.denied })
	}
	if len(all) > 0 {
		groupTable(w, st, all)
	}
	if len(denied) > 1 {
		fmt.Fprintf(w, "%s it is not known whether %s read it: %s\n", st.Warn.Render("!"), st.Count(len(denied), "other group"), denied[0].err)
	}
}

func groupTable(w io.Writer, st term.Styles, all []topicGroup) {
	rows := [][]string{{"GROUP", "STATE", "MEMBERS", "LAG"}}
	notes, marks := make([]string, len(all)), make([]term.Mark, len(all))
	for i, g := range all {
		lag := strconv.FormatInt(g.lag, 10)
		if g.err != "" {
			lag = "-"
		}
		rows = append(rows, []string{kafka.Printable(g.group), term.OrDash(g.state), strconv.Itoa(g.members), lag})
		if notes[i] = g.note(st); notes[i] != "" {
			marks[i] = term.Amiss
		}
	}
	st.Table(w, term.WithNotes(rows, notes), term.Layout{Numbers: []string{"MEMBERS", "LAG"}, Marks: marks})
}

// note returns what a group's lag does not say, "" for nothing.
func (g topicGroup) note(st term.Styles) string {
	if g.err != "" {
		return st.Bad.Render(g.err)
	}
	var notes []string
	if g.unknown > 0 {
		notes = append(notes, st.Warn.Render(fmt.Sprintf("! and %s not known", st.Count(g.unknown, "partition"))))
	}
	if g.members == 0 && g.lag > 0 {
		notes = append(notes, st.Warn.Render("! nobody reads"))
	}
	return strings.Join(notes, " ")
}

// topicGroups holds the consumer groups that have to do with a topic.
type topicGroups struct {
	reading  []topicGroup
	known    []groups.Group // the same, as the brokers describe them
	declared []groups.Group // those that the topics file names
	notes    []string       // what could not be asked
}

// askGroups asks for the groups that read a topic, and for those named, side by side.
func askGroups(s *cli.Session, topic string, named []string) topicGroups {
	var found topicGroups
	var asking sync.WaitGroup
	var declaredErr error
	if len(named) > 0 {
		asking.Go(func() { found.declared, declaredErr = s.Groups.Describe(s.Ctx, named) })
	}
	hides := s.Config.AskHidden(s.Ctx, s.Groups.HidesGroups)
	lags, err := s.Groups.Lag(s.Ctx, groups.LagQuery{Topics: []string{topic}})
	asking.Wait()
	viewer, unknown := hides(len(lags) == 0)
	if viewer != "" {
		found.notes = append(found.notes, "groups that "+viewer+" may not see are missing, where there are any")
	}
	err = cmp.Or(err, unknown)
	if err != nil {
		found.notes = append(found.notes, fmt.Sprintf("not all groups are known: %v", err))
	}
	for _, g := range lags {
		found.known = append(found.known, g.Group)
		found.reading = append(found.reading, topicGroup{
			group: g.Name, state: g.State, members: len(g.Members), lag: g.Sum.Known, unknown: g.Sum.Unknown, err: term.ErrorText(g.Err),
			denied: kafka.Unauthorized(g.Err),
		})
	}
	if declaredErr != nil {
		found.notes = append(found.notes, fmt.Sprintf("it is not known whether the consumers' groups exist: %v", declaredErr))
		found.declared = nil
		for _, name := range named {
			found.declared = append(found.declared, groups.Group{Name: name, State: unknownState})
		}
	}
	return found
}

// addGroups completes the topic with its groups.
func (t *topicView) addGroups(found topicGroups) {
	t.groups, t.Notes = found.reading, append(t.Notes, found.notes...)
	t.declared.addGroups(found.declared, found.known)
}

// unknownState is the state of a group that could not be asked for, in Kafka's own word.
const unknownState = "Unknown"
