package legacy

import (
	"slices"
	"strings"
)

// modernOffsets maps kafka-get-offsets, once kafka.tools.GetOffsetShell: describe shows where each
// partition begins and ends, so the two usual times are one.
func modernOffsets(c *call) ([]string, *Refusal) {
	var topics, rest []string
	for _, f := range c.flags {
		switch f.name {
		case "--topic":
			topics = append(topics, f.value)
		case "--topic-partitions":
			for item := range strings.SplitSeq(f.value, ",") {
				name, _, _ := strings.Cut(strings.TrimSpace(item), ":")
				topics = append(topics, name)
			}
		case "--time":
			if !slices.Contains([]string{"-1", "-2", "latest", "earliest"}, f.value) {
				return c.cannot("--time "+f.value+": kafkactl shows where partitions begin and end", "kafkactl consume TOPIC --since TIME -n 1 shows the first record since a time, with its offset")
			}
		case "--partitions", "--exclude-internal-topics", "--max-wait-ms", "--offsets":
		default:
			rest = append(rest, f.words...)
		}
	}
	var names []string
	for _, topic := range topics {
		patterns, ok := topicPatterns(topic)
		if !ok || strings.Contains(topic, "*") {
			return c.cannot("--topic "+topic+": kafkactl takes no regular expressions here", "kafkactl describe TOPIC shows where the partitions of one topic begin and end")
		}
		for _, name := range patterns {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	if len(names) != 1 {
		return c.cannot("is asked about one topic at a time", "kafkactl describe TOPIC shows where its partitions begin and end")
	}
	return slices.Concat([]string{"describe"}, topicNamed(names[0]), rest, c.where), nil
}
