package legacy

import (
	"slices"
	"strings"
)

// topicsCall is a call of kafka-topics.
type topicsCall struct {
	verb, topic string
	sick        bool // only partitions that are not well
	ifExists    bool
	rest        []string
}

// modernTopics maps kafka-topics.
func modernTopics(c *call) ([]string, *Refusal) {
	var t topicsCall
	for _, f := range c.flags {
		switch f.name {
		case "--list", "--describe", "--create", "--alter", "--delete":
			t.verb = strings.TrimPrefix(f.name, "--")
		case "--topic":
			t.topic = f.value
		case "--under-replicated-partitions", "--under-min-isr-partitions":
			t.sick, t.rest = true, append(t.rest, strings.TrimSuffix(f.name, "-partitions"))
		case "--unavailable-partitions":
			t.sick, t.rest = true, append(t.rest, "--offline")
		case "--if-exists":
			t.ifExists = true
		case "--exclude-internal", "--topics-with-overrides", "--partition-size-limit-per-response":
		case "--at-min-isr-partitions":
			return c.cannot(f.name+": kafkactl does not single these partitions out", "kafkactl describe --under-min-isr shows those with fewer")
		case "--replica-assignment":
			return c.cannot(f.name+": the brokers place the replicas", "leave it out and give --partitions and --replication-factor")
		case "--topic-id":
			return c.cannot(f.name+": kafkactl knows topics by their names", "kafkactl list -o wide shows which name has the id")
		default:
			t.rest = append(t.rest, f.words...)
		}
	}
	t.rest = append(t.rest, c.where...)
	return t.modern(c)
}

func (t topicsCall) modern(c *call) ([]string, *Refusal) {
	switch {
	case t.verb == "":
		return c.needs("one of --list, --describe, --create, --alter, --delete", "kafkactl --help lists the commands")
	case t.topic == "" && slices.Contains([]string{"create", "alter", "delete"}, t.verb):
		return c.needs("--topic", "kafkactl "+t.verb+" --help shows examples")
	case t.ifExists:
		return c.cannot("--if-exists: kafkactl says so where a topic does not exist", "leave it out: exit code 4 means that the topic is not there")
	case t.topic == "" && (t.sick || t.verb == "list"):
		return append([]string{t.verb}, t.rest...), nil
	case t.topic == "":
		return append([]string{"list"}, t.wide()...), nil // kafka-topics describes all of them
	}
	if t.verb == "create" {
		return slices.Concat([]string{"create", t.topic}, t.rest), nil
	}
	names, ok := topicPatterns(t.topic)
	isOne := len(names) == 1 && !strings.Contains(names[0], "*")
	switch {
	case !ok:
		return c.cannot("--topic "+t.topic+": kafkactl takes no regular expressions", "name topics, or use * and ? with kafkactl list: 'order.*'")
	case t.verb == "list":
		return slices.Concat([]string{"list"}, names, t.rest), nil
	case isOne && (t.verb == "describe" || t.verb == "delete"):
		return slices.Concat([]string{t.verb}, topicNamed(names[0]), t.rest), nil
	case isOne:
		return slices.Concat([]string{t.verb, names[0]}, t.rest), nil
	case t.verb == "describe" && !t.sick:
		return slices.Concat([]string{"list"}, names, t.wide()), nil
	case t.verb == "delete" && !strings.Contains(t.topic, "*"):
		return slices.Concat([]string{"delete"}, names, t.rest), nil
	}
	return c.cannot("--topic "+t.topic+": kafkactl "+t.verb+" takes one topic by its name", "kafkactl list "+quoted(names[0])+" -o name shows the names")
}

// wide returns the rest with -o wide, unless it names another format.
func (t topicsCall) wide() []string {
	if namesOutput(t.rest) {
		return t.rest
	}
	return append(slices.Clone(t.rest), "-o", "wide")
}

// topicPatterns returns the names, and the patterns with *, that Kafka's regular expressions for
// topics stand for: its tools take a|b, a,b and order.*. ok is false for any other expression.
func topicPatterns(expression string) (patterns []string, ok bool) {
	for _, item := range strings.FieldsFunc(expression, func(r rune) bool { return r == '|' || r == ',' }) {
		item = strings.ReplaceAll(strings.ReplaceAll(strings.TrimSpace(item), ".*", "*"), `\.`, ".")
		if strings.Trim(item, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-*") != "" || strings.Contains(item, "**") {
			return nil, false
		}
		patterns = append(patterns, item)
	}
	return patterns, len(patterns) > 0
}
