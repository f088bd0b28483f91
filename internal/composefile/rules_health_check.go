package composefile

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"
)

// firstTool is the first of Kafka's and Confluent's command-line tools in a script, each of which
// starts a JVM; "" for none. Names are looked for as words: kafka-2 and kafka-broker are hosts.
func firstTool(script string) string {
	words := strings.FieldsFunc(script, func(r rune) bool { return strings.ContainsRune(" \t\n;&|()'\"`$[],", r) })
	for _, word := range words {
		word = strings.TrimSuffix(word[strings.LastIndex(word, "/")+1:], ".sh")
		if slices.Contains([]string{
			"kafka-topics", "kafka-configs", "kafka-acls", "kafka-broker-api-versions", "kafka-cluster", "kafka-console-consumer",
			"kafka-console-producer", "kafka-consumer-groups", "kafka-features", "kafka-get-offsets", "kafka-leader-election",
			"kafka-log-dirs", "kafka-metadata-quorum", "kafka-reassign-partitions", "kafka-run-class", "kafka-storage",
			"zookeeper-shell", "zkServer", "zkCli", "cub", "ub",
		}, word) {
			return word
		}
	}
	return ""
}

// probe is the command of a service's health check, "" for none.
func (s *service) probe() string {
	if s.HealthCheck == nil || s.HealthCheck.Disable || len(s.HealthCheck.Test) < 2 {
		return ""
	}
	return strings.Join(s.HealthCheck.Test[1:], " ")
}

// probeShell is the check as its shell reads it.
func (s *service) probeShell() shellScript {
	switch {
	case s.probe() == "":
		return shellScript{}
	case s.HealthCheck.Test[0] == "CMD-SHELL":
		return shellScript{commands: parseShell(s.probe(), shellCommand{})}
	default:
		return readShell(s.HealthCheck.Test[1:])
	}
}

// probeTool is the first of Kafka's tools that the check runs, "" for none.
func (s *service) probeTool() string {
	for _, program := range s.probeShell().programs() {
		if tool := firstTool(program); tool != "" {
			return tool
		}
	}
	return ""
}

func (s *service) atProbe() position { return s.at(key("healthcheck"), key("test")) }

// jvmProbes: the tools are JVM programs. Each probe costs about a second of a core, and takes the
// broker's KAFKA_HEAP_OPTS for its own (bitnami/containers#56544).
func jvmProbes(stack *Stack, report reporter) {
	for _, z := range stack.zookeepers {
		if tool := z.probeTool(); tool != "" && hopelessForZooKeeper(z) == "" {
			report.advice(z, z.atProbe(), jvmMessage(tool), srvrLine(z))
		}
	}
	for _, b := range stack.brokers {
		if fault, _ := stack.hopelessForBroker(b); fault != "" {
			continue // hopelessProbes has the same remedy
		}
		if tool := b.probeTool(); tool != "" {
			report.advice(b.service, b.atProbe(), jvmMessage(tool), portProbeLine(b))
		}
	}
}

func jvmMessage(tool string) string {
	return tool + " starts a JVM for every probe: a second of CPU each time, with the memory settings of the service itself"
}

// portProbeLine returns a probe that only opens the broker's port. Whether the broker is ready is
// for kafkactl wait to say.
func portProbeLine(b *broker) string {
	host, port := "127.0.0.1", 9092
	for _, e := range b.listeners {
		if !slices.Contains(b.controllerNames(), e.name) || b.controllerOnly() {
			port = e.port
			if e.host != "" && !anyAddress(e.host) {
				host = e.host
			}
			break
		}
	}
	return fmt.Sprintf(`test: ["CMD", "bash", "-c", "exec 3<>/dev/tcp/%s/%d"]`, host, port)
}

func srvrLine(z *service) string {
	port := clientPort(z)
	if port == 0 {
		port = 2181
	}
	return fmt.Sprintf(`test: ["CMD-SHELL", "echo srvr | nc -w 2 localhost %d | grep -q ^Mode"]`, port)
}

// ruokProbes: since ZooKeeper 3.5.3 only srvr is on the default whitelist. A ruok that is refused
// is answered with a sentence, and nc exits 0: a check that looks for imok is never green, and one
// that does not always. Where it is allowed, imok only says that the process is there, with a quorum
// or without.
func ruokProbes(stack *Stack, report reporter) {
	for _, z := range stack.zookeepers {
		confluent := z.image.name() == "cp-zookeeper"
		old := confluent && z.image.tagVersion().below(5, 4) // ZooKeeper 3.4
		if !strings.Contains(z.probe(), "ruok") || old || !confluent && !z.image.officialZooKeeper() {
			continue
		}
		options, set := z.env("KAFKA_OPTS"), z.env("ZOO_4LW_COMMANDS_WHITELIST")
		if !confluent {
			options, set = set, z.env("ZOO_CFG_EXTRA")
		}
		if options.set && !options.known() || !confluent && set.set || containsAny(options.value, "ruok", "whitelist=*", "*") {
			continue
		}
		const why = "ruok is not on ZooKeeper's default whitelist (only srvr is), so that "
		if strings.Contains(z.probe(), "imok") {
			report.fault(z, z.atProbe(), why+"the answer is never imok: the check can never succeed", srvrLine(z))
		} else {
			report.advice(z, z.atProbe(), why+"the answer says nothing; allowed, imok is said without a quorum too", srvrLine(z))
		}
	}
}

// missingProbes: Compose ends `up` with "container … has no healthcheck configured" when a service
// waits for service_healthy of another without a check. None of these images brings its own.
func missingProbes(stack *Stack, report reporter) {
	for _, s := range stack.services {
		for _, name := range slices.Sorted(maps.Keys(s.DependsOn)) {
			if s.DependsOn[name].Condition != types.ServiceConditionHealthy {
				continue
			}
			i := slices.IndexFunc(stack.services, func(other *service) bool { return other.Name == name })
			if i < 0 || !unprobed(stack.services[i]) {
				continue
			}
			awaited := stack.services[i]
			fix := "condition: service_started, or a healthcheck in " + name
			if b := stack.brokerOf(awaited); b != nil {
				fix = "in " + name + ": healthcheck: {" + portProbeLine(b) + "}"
			} else if slices.Contains(stack.zookeepers, awaited) {
				fix = "in " + name + ": healthcheck: {" + srvrLine(awaited) + "}"
			}
			report.fault(s, s.at(key("depends_on"), key(name)), fmt.Sprintf(
				"%s waits until %s is healthy, which has no health check: `up` fails", s.Name, name), fix)
		}
	}
}

func unprobed(s *service) bool {
	bare := s.image.confluent() || s.image.apache() || s.image.is("cp-zookeeper", "provectuslabs/kafka-ui", "kafbat/kafka-ui")
	if check := s.HealthCheck; check != nil {
		return check.Disable || len(check.Test) > 0 && check.Test[0] == "NONE" || bare && len(check.Test) == 0
	}
	return bare
}
