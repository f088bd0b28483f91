package legacy

import (
	"slices"
	"strings"
)

// Modernize maps the spellings of Apache's tools and of kubectl to ours; hint is the line that
// teaches the new spelling. Any other command line is returned as it is, with an empty hint.
//
//	topics --list --bootstrap-server X   →  list --bootstrap-server X
//	topics --describe --topic T          →  describe T
//	topics --describe --unavailable-partitions  →  describe --offline
//	kafka-console-consumer --topic T     →  consume T --offset end -f -o value
//	kafka-console-producer --topic T     →  produce T
//	kafka-consumer-groups --list         →  list groups
//	kafka-consumer-groups --describe …   →  describe group G
//	get cg                               →  list groups
//	get topics                           →  list topics
//	get topic T                          →  describe T
//	--version                            →  version
func Modernize(args []string) (modern []string, hint string) {
	if len(args) == 0 {
		return args, ""
	}
	switch {
	case args[0] == "--version":
		modern = append([]string{"version"}, args[1:]...)
	case args[0] == "get" && len(args) > 1 && (args[1] == "topics" || args[1] == "topic"):
		modern = modernGet(args[1:])
	case args[0] == "topics" || args[0] == "kafka-topics" || args[0] == "kafka-topics.sh":
		modern = modernTopics(args[1:])
	case args[0] == "console-consumer" || args[0] == "kafka-console-consumer" || args[0] == "kafka-console-consumer.sh":
		modern = consoleConsumer(args[1:])
	case args[0] == "console-producer" || args[0] == "kafka-console-producer" || args[0] == "kafka-console-producer.sh":
		modern = consoleProducer(args[1:])
	case args[0] == "consumer-groups" || args[0] == "kafka-consumer-groups" || args[0] == "kafka-consumer-groups.sh":
		modern = consumerGroups(args[1:])
	case args[0] == "get" || args[0] == "describe":
		modern = kubectlGroups(args)
	}
	if modern == nil {
		return args, ""
	}
	return modern, "note: this is now spelled: kafkactl " + strings.Join(modern, " ")
}

// modernGet maps kubectl's get: of one by its name, or of all.
func modernGet(old []string) []string {
	if len(old) > 1 && !strings.HasPrefix(old[1], "-") {
		return slices.Concat([]string{"describe"}, topicNamed(old[1]), old[2:])
	}
	return append([]string{"list", "topics"}, old[1:]...)
}

// modernTopics maps the flags of kafka-topics; nil when none of them is a verb.
func modernTopics(old []string) []string {
	verb, topic, sick := "", "", false
	var rest []string
	for i := 0; i < len(old); i++ {
		name, value, joined := strings.Cut(old[i], "=")
		switch name {
		case "--list", "--describe", "--create", "--alter", "--delete":
			verb = strings.TrimPrefix(name, "--")
		case "--topic":
			if !joined && i+1 < len(old) {
				i++
				value = old[i]
			}
			topic = value
		case "--under-replicated-partitions", "--under-min-isr-partitions":
			sick, rest = true, append(rest, strings.TrimSuffix(name, "-partitions"))
		case "--unavailable-partitions":
			sick, rest = true, append(rest, "--offline")
		default:
			rest = append(rest, old[i])
		}
	}
	if verb == "" {
		return nil
	}
	if verb == "describe" && topic == "" && !sick {
		verb = "list" // kafka-topics describes all of them
		if !namesOutput(rest) {
			rest = append(rest, "-o", "wide")
		}
	}
	switch {
	case topic == "" || verb == "list":
		return append([]string{verb}, rest...)
	case verb == "describe" || verb == "delete":
		return slices.Concat([]string{verb}, topicNamed(topic), rest)
	default:
		return slices.Concat([]string{verb, topic}, rest)
	}
}

// namesOutput reports whether args hold an -o, which then wins over ours.
func namesOutput(args []string) bool {
	return slices.ContainsFunc(args, func(arg string) bool {
		return strings.HasPrefix(arg, "-o") || arg == "--output" || strings.HasPrefix(arg, "--output=")
	})
}

// topicNamed is a topic as an argument of describe and delete, which take these names for
// the kind of thing that follows.
func topicNamed(name string) []string {
	if slices.Contains([]string{"topic", "group", "broker", "cluster"}, name) {
		return []string{"topic", name}
	}
	return []string{name}
}
