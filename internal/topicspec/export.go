package topicspec

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"kafkactl/internal/yaml"
)

// Export returns the smallest topics file that declares the topics as they are, by name: a plan from it
// against the same brokers is in sync. What all topics have alike is under defaults. Only what a topic sets
// itself is declared, none of the brokers' defaults. What a file cannot say is left alone, and a comment
// says so. A nil access leaves access out.
func Export(observed map[string]Observed, access *ExportedAccess) ([]byte, error) {
	var topics []exported
	for _, name := range slices.Sorted(maps.Keys(observed)) {
		topics = append(topics, newExported(name, observed[name]))
	}
	defaults := commonOf(topics)
	file := mapping(text("version"), number(Version))
	file.Content = append(file.Content, access.policy()...)
	if fields := defaults.fields(exported{}); len(fields.Content) > 0 {
		file.Content = append(file.Content, text("defaults"), fields)
	}
	file.Content = append(file.Content, access.services()...)
	list := mapping()
	for _, t := range topics {
		key := text(t.name)
		if len(t.left) > 0 {
			key.HeadComment = comment(t.left)
		}
		fields := t.fields(defaults)
		fields.Content = append(fields.Content, access.roles(t.name)...)
		list.Content = append(list.Content, key, fields)
	}
	file.Content = append(file.Content, text("topics"), list)
	return yaml.Write(file)
}

// exported is what a file says of a topic, or under defaults. 0 is a count that it does not say.
type exported struct {
	name                          string
	partitions, replicationFactor int
	config                        map[string]string // in canonical form
	left                          []string          // what it cannot say, as comments
}

func newExported(name string, o Observed) exported {
	t := exported{name: name, partitions: len(o.Replicas), config: map[string]string{}}
	if fewest, most := slices.Min(o.Replicas), slices.Max(o.Replicas); fewest == most {
		t.replicationFactor = most
	} else {
		t.leave("replicationFactor", fmt.Sprintf("its partitions have between %d and %d replicas", fewest, most))
	}
	desired := Desired{Name: name, Partitions: t.partitions, ReplicationFactor: t.replicationFactor, Config: Config{}}
	for _, key := range slices.Sorted(maps.Keys(o.Config)) {
		setting := o.Config[key]
		if !setting.Override || isThrottle(key) {
			continue
		}
		declared, _, err := checkSetting(key, Setting{Value: setting.Value}, hintOnFlag)
		if err != nil || !SameValue(key, declared.Value, setting.Value) {
			t.leave(key, "a topics file does not take "+strconv.Quote(setting.Value))
			continue
		}
		desired.Config[key], t.config[key] = declared, declared.Value
	}
	for _, c := range crossings() {
		if problem := c.problem(desired); problem != "" {
			key := c.fields[0][1]
			t.leave(key, problem)
			delete(desired.Config, key)
			delete(t.config, key)
		}
	}
	return t
}

func (t *exported) leave(field, why string) {
	t.left = append(t.left, fmt.Sprintf("%s is left alone: %s", field, why))
}

// commonOf returns the defaults of the topics: the counts that most of them have, and the settings that all
// have alike. A topic that lacks a setting would gain it, and one that has no count to declare would be held
// to the default.
func commonOf(topics []exported) exported {
	var common exported
	partitions, factors := map[int]int{}, map[int]int{}
	for i, t := range topics {
		partitions[t.partitions]++
		factors[t.replicationFactor]++
		if i == 0 {
			common.config = maps.Clone(t.config)
		}
		maps.DeleteFunc(common.config, func(key, value string) bool {
			mine, has := t.config[key]
			return !has || mine != value
		})
	}
	common.partitions = mostFrequent(partitions)
	if factors[0] == 0 {
		common.replicationFactor = mostFrequent(factors)
	}
	return common
}

// mostFrequent returns the number that was counted most often, the smallest of several.
func mostFrequent(counts map[int]int) int {
	best := 0
	for _, n := range slices.Sorted(maps.Keys(counts)) {
		if counts[n] > counts[best] {
			best = n
		}
	}
	return best
}

// fields returns what of t the defaults do not say.
func (t exported) fields(defaults exported) *yaml.Node {
	fields := mapping()
	add := func(name string, value *yaml.Node) { fields.Content = append(fields.Content, text(name), value) }
	if t.partitions != defaults.partitions {
		add(FieldPartitions, number(t.partitions))
	}
	if t.replicationFactor != 0 && t.replicationFactor != defaults.replicationFactor {
		add(FieldReplicationFactor, number(t.replicationFactor))
	}
	config := mapping()
	for _, key := range slices.Sorted(maps.Keys(t.config)) {
		if _, said := defaults.config[key]; !said {
			config.Content = append(config.Content, text(key), settingValue(key, t.config[key]))
		}
	}
	if len(config.Content) > 0 {
		add("config", config)
	}
	return fields
}

// plainValue is a value that YAML needs no quotes for, and that reads back as it is written.
var plainValue = regexp.MustCompile(`^(true|false|-?(0|[1-9][0-9]*)(\.[0-9]+)?)$`)

// settingValue returns a value as people write it: with a unit where that reads back as the same.
func settingValue(key, value string) *yaml.Node {
	human := Humanize(key, value)
	if back, err := canonical(key, human); err != nil || back != value {
		human = value
	}
	if plainValue.MatchString(human) {
		return &yaml.Node{Kind: yaml.ScalarNode, Value: human}
	}
	return written(human)
}

func mapping(content ...*yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.MappingNode, Content: content}
}

func number(n int) *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Value: strconv.Itoa(n)} }

// text is quoted where YAML would else take it for something else, or cannot show it.
func text(s string) *yaml.Node {
	node := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}
	if s == "<<" || strings.ContainsFunc(s, func(r rune) bool { return !strconv.IsPrint(r) }) {
		node.Style = yaml.DoubleQuotedStyle
	}
	return node
}
