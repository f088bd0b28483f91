package composefile

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// declaredTopic is one topic of KAFKA_CREATE_TOPICS; numbers are 0 where none is written.
type declaredTopic struct {
	name               string
	partitions, factor int
	policy             string
}

// createTopicsVariables returns the variables in which images of other people take a list of topics.
func createTopicsVariables() []string { return []string{"KAFKA_CREATE_TOPICS", "CREATE_TOPICS"} }

// parseDeclaredTopics reads NAME:PARTITIONS:REPLICAS:POLICY,… as wurstmeister's create-topics.sh
// does, of which all but the name may be missing.
func parseDeclaredTopics(list string) []declaredTopic {
	var topics []declaredTopic
	for _, entry := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == '\n' }) {
		parts := strings.Split(strings.TrimSpace(entry), ":")
		if parts[0] == "" {
			continue
		}
		parts = append(parts, "", "", "")
		topic := declaredTopic{name: parts[0], policy: strings.TrimSpace(parts[3])}
		topic.partitions, _ = strconv.Atoi(strings.TrimSpace(parts[1]))
		topic.factor, _ = strconv.Atoi(strings.TrimSpace(parts[2]))
		topics = append(topics, topic)
	}
	return topics
}

// createdTopics: wurstmeister/kafka makes the topics that KAFKA_CREATE_TOPICS lists, and Debezium's
// image those of CREATE_TOPICS. Confluent's, Apache's and Bitnami's images do not, and take it for a
// setting that nobody asks for.
func createdTopics(stack *Stack, report reporter) {
	for _, s := range stack.services {
		deaf := s.image.confluent() || s.image.apache() || s.image.bitnami() || s.image.is("redpandadata/redpanda", "strimzi/kafka")
		if !deaf || s.overridden() && !s.startsBroker() && !slices.Contains(stack.unread, s) {
			continue
		}
		for _, variable := range createTopicsVariables() {
			list := s.env(variable)
			if !list.set || strings.Contains(s.script(), variable) {
				continue
			}
			report.fault(s, s.atEnv(variable), fmt.Sprintf("%s does not read %s: no topic is made", s.image.ref, variable), topicsFile(list.value))
		}
	}
}

// topicsFile writes what the variable lists as a topics.yaml.
func topicsFile(list string) string {
	topics := parseDeclaredTopics(list)
	if len(topics) == 0 || placeholder(list) {
		return "topics.yaml, and a service that runs kafkactl apply"
	}
	var text strings.Builder
	text.WriteString("a service that runs kafkactl apply, with this topics.yaml:\nversion: 1\ntopics:\n")
	for _, topic := range topics {
		var fields []string
		if topic.partitions > 0 {
			fields = append(fields, fmt.Sprintf("partitions: %d", topic.partitions))
		}
		if topic.factor > 0 {
			fields = append(fields, fmt.Sprintf("replicationFactor: %d", topic.factor))
		}
		if topic.policy != "" {
			fields = append(fields, fmt.Sprintf("config: {cleanup.policy: %s}", topic.policy))
		}
		fmt.Fprintf(&text, "  %s: {%s}\n", topic.name, strings.Join(fields, ", "))
	}
	return strings.TrimSuffix(text.String(), "\n")
}
