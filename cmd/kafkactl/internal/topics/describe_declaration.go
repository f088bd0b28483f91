package topics

import (
	"fmt"
	"slices"
	"strings"

	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/groups"
	"kafkactl/internal/topicspec"
)

// declaration is what the topics file says of one topic.
type declaration struct {
	file      string // "" when there is none
	found     bool   // the file declares the topic
	absent    bool   // the file declares that it shall not exist
	producers []string
	consumers []consumer
}

// consumer is a service that should read the topic.
type consumer struct {
	service string
	group   string       // "" when the file names none
	found   groups.Group // its State is "" when there is no such group, or none was asked for
}

type consumerDoc struct {
	Service string `json:"service"`
	Group   string `json:"group"` // "": the topics file names none
	State   string `json:"state"` // "": there is no such group
	Members int    `json:"members"`
}

// declaration reads who produces and consumes a topic. A file that was not named by a flag may be
// missing or broken: a topic can be described without it.
func (o *describeOptions) declaration(topic string) (declaration, error) {
	spec, found, err := o.spec.ParseIfThere(o.app)
	switch {
	case err != nil && o.spec.Flags.Changed("file"):
		return declaration{}, err
	case err != nil:
		first, _, _ := strings.Cut(err.Error(), "\n")
		o.app.Notef("note: not told who produces and consumes: %s", first)
		return declaration{}, nil
	case !found:
		return declaration{}, nil
	}
	return declarationOf(spec, o.spec.File, topic), nil
}

func declarationOf(spec *topicspec.Spec, file, topic string) declaration {
	t, found := spec.Topics[topic]
	d := declaration{file: file, found: found && !t.Absent(), absent: t.Absent(), producers: t.Producers}
	for _, service := range t.Consumers {
		d.consumers = append(d.consumers, consumer{service: service, group: spec.Services[service].Group})
	}
	return d
}

// groups returns the consumers' groups that the file names, each once.
func (d declaration) groups() []string {
	var names []string
	for _, c := range d.consumers {
		if c.group != "" && !slices.Contains(names, c.group) {
			names = append(names, c.group)
		}
	}
	return names
}

// addGroups notes what was found of the consumers' groups.
func (d declaration) addGroups(found []groups.Group) {
	for _, g := range found {
		for i := range d.consumers {
			if c := &d.consumers[i]; c.group == g.Name {
				c.found = g
			}
		}
	}
}

// rows returns the declaration for people; there are none without a file.
func (d declaration) rows(st term.Styles) [][]string {
	if d.file == "" {
		return nil
	}
	if d.absent {
		return [][]string{{"produced by", fmt.Sprintf("- (%s declares it absent)", d.file)}}
	}
	if !d.found {
		return [][]string{{"produced by", fmt.Sprintf("- (%s does not declare it)", d.file)}}
	}
	consumers := make([]string, len(d.consumers))
	for i, c := range d.consumers {
		consumers[i] = c.text(st)
	}
	return [][]string{
		{"produced by", term.OrDash(strings.Join(d.producers, ", "))},
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
