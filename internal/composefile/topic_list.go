package composefile

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// declaredTopic is one topic of KAFKA_CREATE_TOPICS; numbers are 0 where none is written.
type declaredTopic struct {
	name               string
	partitions, factor int
	config             []string // "KEY: VALUE" as topics.yaml has it
}

// topicListVariables returns the variables in which an image, or who writes for it, has a list of topics.
func topicListVariables() []string {
	return []string{"KAFKA_CREATE_TOPICS", "KAFKA_CREATE_TOPIC", "KAFKA_CFG_CREATE_TOPICS", "CREATE_TOPICS", "KAFKA_TOPICS"}
}

// declaredTopics reads a variable of the service.
func (s *service) declaredTopics(variable string) []declaredTopic {
	return parseDeclaredTopics(s.env(variable).value, s.env("KAFKA_CREATE_TOPICS_SEPARATOR").value)
}

// parseDeclaredTopics reads NAME:PARTITIONS:REPLICAS:POLICY,… as wurstmeister's create-topics.sh does, of
// which all but the name may be missing. Each character of separator ends a topic, as in bash's IFS; "" is a
// comma. A new line does so, too, and a blank between two that have colons. The policy goes into a command as
// it is, so that people write further settings behind it: "compact --config=retention.ms=1000". Of two topics
// of one name the first is made.
func parseDeclaredTopics(list, separator string) []declaredTopic {
	var topics []declaredTopic
	for _, entry := range topicEntries(list, separator) {
		words := strings.Fields(entry)
		if len(words) == 0 {
			continue
		}
		parts := append(strings.Split(words[0], ":"), "", "", "")
		topic := declaredTopic{name: parts[0]}
		topic.partitions, _ = strconv.Atoi(parts[1])
		topic.factor, _ = strconv.Atoi(parts[2])
		if regexp.MustCompile(`^(compact|delete)(,(compact|delete))?$`).MatchString(parts[3]) {
			topic.config = append(topic.config, "cleanup.policy: "+quotedYAML(parts[3]))
		}
		for _, word := range words[1:] {
			if m := regexp.MustCompile(`^(?:--config=)?([a-z.]+)=([A-Za-z0-9._,-]+)$`).FindStringSubmatch(word); m != nil {
				topic.config = append(topic.config, m[1]+": "+quotedYAML(m[2]))
			} else if word != "--config" {
				topic.name = entry // which is no name of a topic
			}
		}
		if !slices.ContainsFunc(topics, func(other declaredTopic) bool { return other.name == topic.name }) {
			topics = append(topics, topic)
		}
	}
	return topics
}

// topicEntries splits the list into topics.
func topicEntries(list, separator string) []string {
	if inner, ansi := strings.CutPrefix(separator, "$'"); ansi { // bash's $'\n'
		separator = strings.NewReplacer(`\n`, "\n", `\t`, "\t").Replace(strings.TrimSuffix(inner, "'"))
	}
	if separator == "" {
		separator = ","
	}
	list = regexp.MustCompile(`[ \t]*:[ \t]*`).ReplaceAllString(list, ":")
	var entries []string
	for _, part := range strings.FieldsFunc(list, func(r rune) bool { return r == '\n' || strings.ContainsRune(separator, r) }) {
		entry := ""
		for _, word := range strings.Fields(part) {
			if strings.Contains(entry, ":") && strings.Contains(word, ":") {
				entries, entry = append(entries, entry), ""
			}
			entry = strings.TrimSpace(entry + " " + word)
		}
		entries = append(entries, entry)
	}
	return entries
}

// quotedYAML writes a text as a scalar in a line of YAML: with quotes where it is no plain word.
func quotedYAML(text string) string {
	word := regexp.MustCompile(`^[A-Za-z][A-Za-z0-9._-]*$`).MatchString(text)
	value := regexp.MustCompile(`^(?i)(true|false|null|yes|no|on|off|y|n)$`).MatchString(text)
	if word && !value || regexp.MustCompile(`^-?[1-9][0-9]*$`).MatchString(text) {
		return text
	}
	return strconv.Quote(text)
}

// topicName reports whether Kafka takes the name.
func topicName(name string) bool {
	return regexp.MustCompile(`^[a-zA-Z0-9._-]{1,249}$`).MatchString(name) && name != "." && name != ".."
}

// topicsFile writes topics as a topics.yaml, in a cluster of size brokers, 0 where the files do not say; "" where
// a name is none or two names collide (a.b and a_b are one metric).
func topicsFile(topics []declaredTopic, size int) string {
	seen := make(map[string]bool)
	var text strings.Builder
	text.WriteString("version: 1\ntopics:\n")
	for _, topic := range topics {
		folded := strings.ReplaceAll(topic.name, ".", "_")
		if !topicName(topic.name) || seen[folded] {
			return ""
		}
		seen[folded] = true
		var fields []string
		note := ""
		if topic.partitions > 0 {
			fields = append(fields, fmt.Sprintf("partitions: %d", topic.partitions))
		}
		if size > 0 && topic.factor > size {
			note = fmt.Sprintf("  # %d in the list, of %s", topic.factor, brokerCount(size))
			topic.factor = size
		}
		if topic.factor > 0 {
			fields = append(fields, fmt.Sprintf("replicationFactor: %d", topic.factor))
		}
		if len(topic.config) > 0 {
			fields = append(fields, fmt.Sprintf("config: {%s}", strings.Join(topic.config, ", ")))
		}
		fmt.Fprintf(&text, "  %s: {%s}%s\n", topicKey(topic.name), strings.Join(fields, ", "), note)
	}
	if len(topics) == 0 {
		return ""
	}
	return strings.TrimSuffix(text.String(), "\n")
}

// topicKey writes a name as a key: a number is none.
func topicKey(name string) string {
	if quoted := quotedYAML(name); quoted != name || name[0] == '-' || name[0] <= '9' {
		return strconv.Quote(name)
	}
	return name
}
