package topicspec

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"kafkactl/internal/yaml"
)

// fieldState is the field of a topic that says that it shall not exist; absent is its only value.
const fieldState = "state"

// Absent reports whether the topic is declared not to exist.
func (t Topic) Absent() bool { return t.State == absent }

// Present returns the topics of desired that shall exist.
func Present(desired []Desired) []Desired {
	if !slices.ContainsFunc(desired, func(d Desired) bool { return d.Absent }) {
		return desired
	}
	return slices.DeleteFunc(slices.Clone(desired), func(d Desired) bool { return d.Absent })
}

// absent checks the state of a topic, and reports whether the topic is declared absent: it has nothing
// else to check then.
func (v *validator) absent(name string) bool {
	p := path{"topics", name}
	state, at := v.spec.Topics[name].State, p.to(fieldState)
	if !v.spec.has(at) {
		return false
	}
	if state != absent {
		hint := didYouMean(state, []string{absent})
		if hint == "" {
			hint = "; a topic without it shall exist"
		}
		v.addf(at, "state: must be %q, got %q%s", absent, state, hint)
		return false
	}
	if strings.HasPrefix(name, "_") {
		v.addf(at, "state: a topic whose name begins with _ is most often Kafka's or a tool's own: only kafkactl delete deletes it")
	}
	for _, field := range slices.Sorted(maps.Keys(fieldNames(reflect.TypeFor[Topic]()))) {
		if field != fieldState && field != "description" && v.spec.has(p.to(field)) {
			v.addf(p.to(field), "%s: a topic with state %s has nothing but a description", field, absent)
		}
	}
	return true
}

// newDeletion is the change that deletes a topic as it is.
func newDeletion(topic string, o Observed) Change {
	return Change{Topic: topic, Field: FieldTopic, Action: Delete, Before: o.Shape(), TopicID: o.ID, Stage: StageDelete}
}

// elsewhere blocks every deletion of a plan for desired when topics shall exist and none of them does: then
// the cluster is most likely not the one that the file is for.
func (p Plan) elsewhere(desired []Desired, observed map[string]Observed) Plan {
	present := Present(desired)
	exists := func(d Desired) bool { _, there := observed[d.Name]; return there }
	if len(present) == 0 || slices.ContainsFunc(present, exists) {
		return p
	}
	for i := range p.Changes {
		if c := &p.Changes[i]; c.Action == Delete {
			c.block("none of the declared topics is on this cluster: is it the right one?")
		}
	}
	return p
}

// Tombstones returns the lines that declare topics absent, to be put under topics in a topics file.
func Tombstones(topics []string) ([]byte, error) {
	if len(topics) == 0 {
		return nil, nil
	}
	list := mapping()
	for _, name := range slices.Sorted(slices.Values(topics)) {
		list.Content = append(list.Content, text(name), mapping(text(fieldState), text(absent)))
	}
	file, err := yaml.Write(mapping(text("topics"), list))
	if err != nil {
		return nil, err
	}
	_, lines, _ := strings.Cut(string(file), "\n")
	return []byte(lines), nil
}
