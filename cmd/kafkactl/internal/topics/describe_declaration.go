package topics

import (
	"fmt"
	"slices"
	"strings"

	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/acl"
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
	group   topicspec.NamePattern // its Name is "" when the file names none
	found   groups.Group          // its State is "" when there is no such group, or none was asked for
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
	d := declaration{file: file, found: found && !t.Absent(), absent: t.Absent(), producers: spec.Writers(topic)}
	for _, r := range spec.Readers(topic) {
		d.consumers = append(d.consumers, consumer{service: r.Service, group: r.Group})
	}
	return d
}

// groups returns the consumers' groups that the file names, each once. Those of a prefix are not among them.
func (d declaration) groups() []string {
	var names []string
	for _, c := range d.consumers {
		if c.group.One() && c.group.Name != "" && !slices.Contains(names, c.group.Name) {
			names = append(names, c.group.Name)
		}
	}
	return names
}

// addGroups notes what was found of the consumers' groups. A prefix becomes those of the reading groups that begin so.
func (d *declaration) addGroups(found, reading []groups.Group) {
	var all []consumer
	for _, c := range d.consumers {
		known := found
		if !c.group.One() {
			known = reading
		}
		before := len(all)
		for _, g := range known {
			if c.group.Name != "" && c.group.Matches(g.Name) {
				all = append(all, consumer{c.service, topicspec.NamePattern{Name: g.Name, Pattern: acl.Literal}, g})
			}
		}
		if len(all) == before {
			all = append(all, c)
		}
	}
	d.consumers = all
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
	if c.group.Name == "" {
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
