package topics

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/groups"
	"kafkactl/internal/topicspec"
)

// owners is what the topics file says of one topic.
type owners struct {
	file      string // "" when there is none
	declared  bool
	producers []string
	consumers []consumer
}

// consumer is a service that should read the topic.
type consumer struct {
	service string
	group   string       // "" when the file names none
	found   groups.Group // without a State when there is no such group, or none was asked
}

type consumerDoc struct {
	Service string `json:"service"`
	Group   string `json:"group"` // "": the topics file names none
	State   string `json:"state"` // "": there is no such group
	Members int    `json:"members"`
}

// owners reads who produces and consumes a topic. A file that was not named may be
// missing or broken: a topic can be looked at without it.
func (o *describeOptions) owners(topic string) (owners, error) {
	spec, found, err := o.spec.ParseIfThere(o.app)
	switch {
	case err != nil && o.spec.Flags.Changed("file"):
		return owners{}, err
	case err != nil:
		first, _, _ := strings.Cut(err.Error(), "\n")
		o.app.Notef("note: not told who produces and consumes: %s", first)
		return owners{}, nil
	case !found:
		return owners{}, nil
	}
	return ownersOf(spec, o.spec.File, topic), nil
}

func ownersOf(spec *topicspec.Spec, file, topic string) owners {
	declared, ok := spec.Topics[topic]
	found := owners{file: file, declared: ok, producers: declared.Producers}
	for _, service := range declared.Consumers {
		found.consumers = append(found.consumers, consumer{service: service, group: spec.Services[service].Group})
	}
	return found
}

// groups are those that the file names.
func (o owners) groups() []string {
	var names []string
	for _, c := range o.consumers {
		if c.group != "" && !slices.Contains(names, c.group) {
			names = append(names, c.group)
		}
	}
	return names
}

// meet takes in what was found of the groups.
func (o owners) meet(found []groups.Group) {
	for _, g := range found {
		for i := range o.consumers {
			if c := &o.consumers[i]; c.group == g.Name {
				c.found = g
			}
		}
	}
}

// rows are for people; there are none without a file.
func (o owners) rows(st term.Styles) [][]string {
	if o.file == "" {
		return nil
	}
	if !o.declared {
		return [][]string{{"produced by", fmt.Sprintf("- (%s does not declare it)", o.file)}}
	}
	consumers := make([]string, len(o.consumers))
	for i, c := range o.consumers {
		consumers[i] = c.text(st)
	}
	return [][]string{
		{"produced by", term.OrDash(strings.Join(o.producers, ", "))},
		{"consumed by", term.OrDash(strings.Join(consumers, ", "))},
	}
}

func (c consumer) text(st term.Styles) string {
	if c.group == "" {
		return c.service + " (names no group)"
	}
	switch c.found.State {
	case unknownState:
		return fmt.Sprintf("%s (%s: not known)", c.service, c.group)
	case "":
		return fmt.Sprintf("%s (%s: %s)", c.service, c.group, st.Warn.Render("! no such group"))
	}
	return fmt.Sprintf("%s (%s)", c.service, c.found)
}

// reader is a group that has read from the topic, or is about to.
type reader struct {
	group, state string
	members      int
	lag          int64 // what is known of it
	unknown      int   // partitions whose lag is not known
	err          string
}

type readerDoc struct {
	Group   string `json:"group"`
	State   string `json:"state"`
	Members int    `json:"members"`
	Lag     int64  `json:"lag"`
	Unknown int    `json:"unknownPartitions"` // those whose lag is not known
	Error   string `json:"error"`
}

func readersText(w io.Writer, st term.Styles, readers []reader) {
	rows := [][]string{{"GROUP", "STATE", "MEMBERS", "LAG"}}
	notes, marks := make([]string, len(readers)), make([]term.Mark, len(readers))
	for i, r := range readers {
		lag := strconv.FormatInt(r.lag, 10)
		if r.err != "" {
			lag = "-"
		}
		rows = append(rows, []string{r.group, term.OrDash(r.state), strconv.Itoa(r.members), lag})
		if notes[i] = r.note(st); notes[i] != "" {
			marks[i] = term.Amiss
		}
	}
	st.Table(w, term.WithNotes(rows, notes), term.Layout{Numbers: []string{"MEMBERS", "LAG"}, Marks: marks})
}

// note is what a reader's lag does not say, "" for nothing.
func (r reader) note(st term.Styles) string {
	if r.err != "" {
		return st.Bad.Render(r.err)
	}
	var notes []string
	if r.unknown > 0 {
		notes = append(notes, st.Warn.Render(fmt.Sprintf("! and %s not known", st.Count(r.unknown, "partition"))))
	}
	if r.members == 0 && r.lag > 0 {
		notes = append(notes, st.Warn.Render("! nobody reads"))
	}
	return strings.Join(notes, " ")
}

// readership is the groups that have to do with a topic.
type readership struct {
	groups   []reader
	declared []groups.Group // how the groups stand that the file names
	notes    []string       // what could not be asked
}

// askReaders asks for the groups of a topic, and for those that the file names.
func askReaders(s *cli.Session, topic string, named []string) readership {
	var found readership
	var asking sync.WaitGroup
	var declaredErr error
	if len(named) > 0 {
		asking.Go(func() { found.declared, declaredErr = s.Groups.Describe(s.Ctx, named) })
	}
	lags, err := s.Groups.Lag(s.Ctx, groups.LagQuery{Topics: []string{topic}})
	asking.Wait()
	if err != nil {
		found.notes = append(found.notes, fmt.Sprintf("not all groups are known: %v", err))
	}
	for _, g := range lags {
		found.groups = append(found.groups, reader{
			group: g.Name, state: g.State, members: len(g.Members), lag: g.Sum.Known, unknown: g.Sum.Unknown, err: term.ErrorText(g.Err),
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

// take adds the groups to the topic.
func (t *topicView) take(r readership) {
	t.groups, t.Notes = r.groups, append(t.Notes, r.notes...)
	t.owners.meet(r.declared)
}

// unknownState stands for the state of a group that could not be asked for: Kafka's own
// word for it.
const unknownState = "Unknown"
