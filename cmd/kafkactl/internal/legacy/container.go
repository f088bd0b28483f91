package legacy

import (
	"path"
	"slices"
	"strings"
)

// insideContainer takes the words off args that run a command elsewhere, as docker exec -it kafka, and
// those of a shell there as sh -c "…". It returns args as they are where there are none. inside is
// true where that is a container.
func insideContainer(args []string) (words []string, inside bool) {
	engines := []string{"docker", "docker-compose", "podman", "podman-compose", "nerdctl", "kubectl", "oc"}
	if first := path.Base(args[0]); first != "sudo" && !slices.Contains(engines, first) {
		return args, false
	}
	for i, word := range args {
		base := path.Base(word)
		inside = inside || slices.Contains(engines, base)
		switch {
		case slices.Contains([]string{"sh", "bash", "ash", "dash"}, base) && i+2 < len(args) && isShellCommand(args[i+1]):
			return shellWords(args[i+2]), inside
		case calledTool(args[i:]) != nil:
			return args[i:], inside
		}
	}
	return nil, inside
}

// isShellCommand reports whether an option of a shell says that a command line follows: -c, -lc.
func isShellCommand(option string) bool {
	return strings.HasPrefix(option, "-") && !strings.HasPrefix(option, "--") && strings.HasSuffix(option, "c")
}

// shellWords splits a command line of a shell. It returns none of one with quotes or operators: only
// a shell knows what they do.
func shellWords(line string) []string {
	if strings.ContainsAny(line, "\"'`$&|;<>()\\*?\n") {
		return nil
	}
	return strings.Fields(line)
}

// withoutRunClass returns words with the tool in place of its class, which kafka-run-class or an old
// script names.
func withoutRunClass(words []string) []string {
	if strings.TrimSuffix(path.Base(words[0]), ".sh") == "kafka-run-class" && len(words) > 1 {
		words = words[1:]
	}
	class, isKafkas := words[0], strings.HasPrefix(words[0], "kafka.") || strings.HasPrefix(words[0], "org.apache.kafka.")
	if !isKafkas {
		return words
	}
	tool, known := map[string]string{
		"TopicCommand": "kafka-topics", "ConfigCommand": "kafka-configs", "ConsumerGroupCommand": "kafka-consumer-groups",
		"GetOffsetShell": "kafka-get-offsets", "ConsoleConsumer": "kafka-console-consumer", "ConsoleProducer": "kafka-console-producer",
		"AclCommand": "kafka-acls", "DeleteRecordsCommand": "kafka-delete-records", "LogDirsCommand": "kafka-log-dirs",
		"BrokerApiVersionsCommand": "kafka-broker-api-versions", "LeaderElectionCommand": "kafka-leader-election",
		"ReassignPartitionsCommand": "kafka-reassign-partitions", "DumpLogSegments": "kafka-dump-log",
	}[class[strings.LastIndex(class, ".")+1:]]
	if !known {
		return words
	}
	return append([]string{tool}, words[1:]...)
}
