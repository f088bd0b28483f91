package composefile

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// requiredSettings: cp-kafka's configure script exits without KAFKA_ADVERTISED_LISTENERS (a
// controller alone has none), without a word on KRaft or ZooKeeper and, in KRaft since 7.4, without
// CLUSTER_ID. apache/kafka has defaults, which end with the first setting that is made; ZooKeeper it
// does not start with. Both exit without what TLS and SASL need.
func requiredSettings(stack *Stack, report reporter) {
	for _, b := range stack.brokers {
		require := func(variable, fix string) {
			report.fault(b.service, b.at(key("environment")), fmt.Sprintf("%s exits at its start without %s", b.image.name(), variable), fix)
		}
		requireSecurity(b, require)
		gone := b.env("KAFKA_ZOOKEEPER_CONNECT").set && b.image.kafka().atLeast(4, 0) // zookeeperGone
		if b.image.apache() && b.configured() && b.lacks("KAFKA_PROCESS_ROLES") && !gone {
			report.fault(b.service, b.at(key("environment")), fmt.Sprintf("%s reads no settings but these variables once there is one, and exits without KAFKA_PROCESS_ROLES", b.image.ref),
				strings.Join(missingKRaft(stack, b), ", "))
		}
		if !b.image.confluent() {
			continue
		}
		if b.lacks("KAFKA_ADVERTISED_LISTENERS") && !b.controllerOnly() {
			require("KAFKA_ADVERTISED_LISTENERS",
				fmt.Sprintf("KAFKA_ADVERTISED_LISTENERS: PLAINTEXT://%s:9092,PLAINTEXT_HOST://localhost:29092", b.Name))
		}
		if b.lacks("KAFKA_PROCESS_ROLES") && b.lacks("KAFKA_ZOOKEEPER_CONNECT") {
			if b.image.kafka().atLeast(4, 0) {
				require("KAFKA_PROCESS_ROLES", "KAFKA_PROCESS_ROLES: broker,controller")
			} else {
				require("KAFKA_ZOOKEEPER_CONNECT", "KAFKA_ZOOKEEPER_CONNECT: zookeeper:2181")
			}
		}
		if b.kraft() && b.lacks("CLUSTER_ID") && !b.overridden() && b.image.kafka().atLeast(3, 4) {
			require("CLUSTER_ID", "CLUSTER_ID: the output of `kafka-storage random-uuid`, written down once")
		}
	}
}

// missingKRaft returns what a combined node needs and the file does not set.
func missingKRaft(stack *Stack, b *broker) []string {
	bound := slices.Clone(b.listeners)
	if bound == nil {
		bound = []endpoint{{name: "PLAINTEXT", port: 9092}}
	}
	if !b.env("KAFKA_LISTENERS").set {
		for i := range bound {
			bound[i].host = ""
		}
	}
	port := freePort(bound)
	bound = append(bound, endpoint{name: "CONTROLLER", port: port})
	id, _, known := b.nodeID()
	if !known {
		id = stack.freeID(b)
	}
	var lines []string
	for _, row := range []struct{ name, value string }{
		{"KAFKA_PROCESS_ROLES", "broker,controller"},
		{"KAFKA_NODE_ID", strconv.Itoa(id)},
		{"KAFKA_LISTENERS", listenerList(bound)},
		{"KAFKA_CONTROLLER_LISTENER_NAMES", "CONTROLLER"},
		{"KAFKA_CONTROLLER_QUORUM_VOTERS", fmt.Sprintf("%d@%s:%d", id, b.Name, port)},
	} {
		listens := row.name == "KAFKA_LISTENERS" && b.lacks("KAFKA_CONTROLLER_LISTENER_NAMES")
		if b.lacks(row.name) && !(row.name == "KAFKA_NODE_ID" && known) || listens {
			lines = append(lines, row.name+": "+row.value)
		}
	}
	if _, mapped := b.protocols["CONTROLLER"]; b.protocols != nil && !mapped {
		const protocols = "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"
		lines = append(lines, protocols+": "+b.env(protocols).value+",CONTROLLER:PLAINTEXT")
	}
	return lines
}

// removedSettings: Kafka 3.0 dropped host.name, port and their advertised forms (KAFKA-12945);
// cp-kafka refuses to start with some of them, the rest has no effect: a leftover where
// advertised.listeners is set, and else clients are sent elsewhere.
func removedSettings(stack *Stack, report reporter) {
	for _, b := range stack.brokers {
		if !b.image.confluent() && !b.image.apache() {
			continue
		}
		for _, name := range []string{
			"KAFKA_HOST", "KAFKA_PORT", "KAFKA_ADVERTISED_HOST", "KAFKA_ADVERTISED_PORT", "KAFKA_HOST_NAME", "KAFKA_ADVERTISED_HOST_NAME",
		} {
			if !b.env(name).known() {
				continue
			}
			message := fmt.Sprintf("%s does nothing since Kafka 3.0", name)
			switch {
			case b.image.confluent() && !strings.HasSuffix(name, "_NAME"):
				report.fault(b.service, b.atEnv(name), fmt.Sprintf("%s exits at its start when %s is set", b.image.name(), name),
					"KAFKA_ADVERTISED_LISTENERS in its place")
			case b.image.kafka().below(3, 0):
			case b.env("KAFKA_ADVERTISED_LISTENERS").set:
				report.advice(b.service, b.atEnv(name), message, "remove "+name)
			default:
				report.fault(b.service, b.atEnv(name), message, "KAFKA_ADVERTISED_LISTENERS in its place")
			}
		}
	}
}

// autoCreate: auto.create.topics.enable is on by default, and so is the consumer's
// allow.auto.create.topics. A client that uses a name before the init has made the topic leaves one
// with num.partitions, 1, and --if-not-exists then counts it as done.
func autoCreate(stack *Stack, report reporter) {
	const variable = "KAFKA_AUTO_CREATE_TOPICS_ENABLE"
	creator := stack.topicCreator()
	if creator == nil {
		return
	}
	for _, b := range stack.brokers {
		value := b.env(variable)
		on := value.known() && !strings.EqualFold(value.value, "false")
		if (on || b.lacks(variable)) && !b.controllerOnly() {
			report.advice(b.service, b.atEnv(variable), fmt.Sprintf(
				"a client that touches a topic before %s has made it leaves one with 1 partition: auto.create.topics.enable is on%s",
				creator.Name, unlessSet(value, " by default")), variable+`: "false"`)
		}
	}
}

func unlessSet(s setting, text string) string {
	if s.set {
		return ""
	}
	return text
}
