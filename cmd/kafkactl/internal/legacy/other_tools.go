package legacy

import (
	"slices"
	"strings"
)

// withoutCounterpart lists tools that do what this program does not, each with what to use instead.
func withoutCounterpart() map[string]Refusal {
	const apaches = "use Apache's tool for it"
	return map[string]Refusal{
		"delete-records":               {"kafkactl deletes no records", "kafkactl alter TOPIC --config retention.ms=… lets Kafka do it, kafkactl delete TOPIC removes the topic"},
		"leader-election":              {"kafkactl elects no leaders", "kafkactl describe TOPIC shows leaders and preferred leaders; " + apaches},
		"preferred-replica-election":   {"kafkactl elects no leaders", "kafkactl describe TOPIC shows leaders and preferred leaders; " + apaches},
		"reassign-partitions":          {"kafkactl moves no replicas", "kafkactl describe TOPIC shows where they are, and which are being added; " + apaches},
		"log-dirs":                     {"kafkactl shows sizes by broker and by topic", "kafkactl describe broker ID shows its log directories, kafkactl describe TOPIC the bytes of each partition"},
		"client-metrics":               {"kafkactl does not configure metrics of clients", apaches},
		"delegation-tokens":            {"kafkactl has nothing to do with tokens", apaches},
		"dump-log":                     {"kafkactl reads records from the brokers, not from their files", "kafkactl consume TOPIC -o json"},
		"features":                     {"kafkactl changes no feature levels", "kafkactl describe cluster shows the release of each broker; " + apaches},
		"metadata-shell":               {"kafkactl reads metadata from the brokers, not from their files", "kafkactl describe cluster"},
		"mirror-maker":                 {"kafkactl copies no clusters", apaches},
		"producer-perf-test":           {"kafkactl measures no throughput", "kafkactl produce TOPIC --template … --repeat N --rate R makes load; " + apaches},
		"consumer-perf-test":           {"kafkactl measures no throughput", apaches},
		"share-consumer-perf-test":     {"kafkactl measures no throughput", apaches},
		"e2e-latency":                  {"kafkactl measures no latency", "kafkactl health --data-path writes and reads a record on every broker; " + apaches},
		"replica-verification":         {"kafkactl compares no replicas", "kafkactl describe --check finds replicas that are not in sync"},
		"run-class":                    {"kafkactl runs no Java classes", "kafkactl --help lists what it does"},
		"server-start":                 {"kafkactl starts no broker", "kafkactl dev runs an embedded Kafka for development"},
		"server-stop":                  {"kafkactl stops no broker", "docker compose stop kafka"},
		"console-share-consumer":       {"kafkactl joins no share group", "kafkactl consume TOPIC"},
		"share-groups":                 {"kafkactl knows consumer groups alone", apaches},
		"storage":                      {"kafkactl formats no storage", apaches},
		"streams-application-reset":    {"kafkactl resets the offsets of a group, not an application's own topics", "kafkactl reset-offsets GROUP --all-topics --to-beginning; " + apaches},
		"streams-groups":               {"kafkactl knows consumer groups alone", apaches},
		"transactions":                 {"kafkactl ends no transactions", apaches},
		"zookeeper-shell":              {"kafkactl reads of ZooKeeper what Kafka has registered there, and nothing else", "kafkactl health --zookeeper HOST:2181 compares it with the brokers; " + apaches},
		"verifiable-consumer":          {"kafkactl is no test driver", "kafkactl consume TOPIC --expect N"},
		"verifiable-producer":          {"kafkactl is no test driver", "kafkactl produce TOPIC --template … --repeat N"},
		"verifiable-share-consumer":    {"kafkactl is no test driver", apaches},
		"avro-console-consumer":        {"kafkactl asks no schema registry", "kafkactl consume TOPIC -o json shows bytes that are no text as base64"},
		"avro-console-producer":        {"kafkactl asks no schema registry", apaches},
		"json-schema-console-consumer": {"kafkactl asks no schema registry", "kafkactl consume TOPIC -o json shows bytes that are no text as base64"},
		"json-schema-console-producer": {"kafkactl asks no schema registry", apaches},
		"protobuf-console-consumer":    {"kafkactl asks no schema registry", "kafkactl consume TOPIC -o json shows bytes that are no text as base64"},
		"protobuf-console-producer":    {"kafkactl asks no schema registry", apaches},
	}
}

// probe maps kafka-broker-api-versions, which scripts call to see whether a broker answers.
func probe(c *call) ([]string, *Refusal) {
	return slices.Concat([]string{"health", "--probe"}, c.rest(), c.where), nil
}

// modernGroups maps kafka-groups --list.
func modernGroups(c *call) ([]string, *Refusal) {
	if len(c.flags) == 0 || c.flags[0].name != "--list" {
		return c.needs("--list", "kafkactl list groups")
	}
	for _, f := range c.flags[1:] {
		if slices.Contains([]string{"--group-type", "--protocol", "--share", "--streams"}, f.name) {
			return c.cannot(f.name+": kafkactl list groups lists consumer groups, and all of them", "kafkactl list groups -o json | jq '.groups[] | select(.protocol == \"consumer\")'")
		}
	}
	c.flags = slices.DeleteFunc(c.flags, func(f oldFlag) bool { return f.name == "--list" || f.name == "--consumer" })
	return slices.Concat([]string{"list", "groups"}, c.rest(), c.where), nil
}

// modernCluster maps kafka-cluster cluster-id and list-endpoints.
func modernCluster(c *call) ([]string, *Refusal) {
	return c.described([]string{"cluster-id", "list-endpoints"})
}

// modernQuorum maps kafka-metadata-quorum describe.
func modernQuorum(c *call) ([]string, *Refusal) {
	c.flags = slices.DeleteFunc(c.flags, func(f oldFlag) bool {
		return slices.Contains([]string{"--status", "--replication", "--human-readable"}, f.name)
	})
	return c.described([]string{"describe"})
}

// described maps the subcommands of a tool that show the cluster.
func (c *call) described(shown []string) ([]string, *Refusal) {
	if i := slices.IndexFunc(c.flags, func(f oldFlag) bool { return !strings.HasPrefix(f.name, "-") }); i >= 0 {
		if !slices.Contains(shown, c.flags[i].name) {
			return c.cannot(c.flags[i].name+": kafkactl has no counterpart of it", "kafkactl describe cluster shows brokers, controller and quorum")
		}
		c.flags = slices.Delete(c.flags, i, i+1)
	}
	return slices.Concat([]string{"describe", "cluster"}, c.rest(), c.where), nil
}

// rest returns the flags as they stood there.
func (c *call) rest() []string {
	var words []string
	for _, f := range c.flags {
		words = append(words, f.words...)
	}
	return words
}

// modernCub maps Confluent's cub, whose kafka-ready and zk-ready wait in the images.
//
//	cub kafka-ready -b kafka:9092 1 40  →  wait --min-brokers 1 --timeout 40s -b kafka:9092
//	cub zk-ready zookeeper:2181 40      →  wait --for zookeeper --zookeeper zookeeper:2181 --timeout 40s
func modernCub(c *call) ([]string, *Refusal) {
	var where, config, numbers []string
	for _, f := range oldFlags(c.args[1:]) {
		switch {
		case f.name == "-b":
			where = f.words
		case f.name == "-z":
			where = []string{"--zookeeper", f.value}
		case f.name == "-c", f.name == "--config":
			config = append(config, "--command-config", f.value)
		case f.name == "-s", f.name == "--security-protocol":
			config = append(config, "--security-protocol", f.value)
		case strings.HasPrefix(f.name, "-"):
			return c.cannot(c.args[0]+" "+f.name+": kafkactl wait has no such flag", "kafkactl wait --help")
		default:
			numbers = append(numbers, f.words...)
		}
	}
	if c.inside && len(where) > 0 {
		c.absent, where = where[1], nil
	}
	switch {
	case c.args[0] == "kafka-ready" && len(numbers) == 2:
		return slices.Concat([]string{"wait", "--min-brokers", numbers[0], "--timeout", numbers[1] + "s"}, where, config), nil
	case c.args[0] == "zk-ready" && len(numbers) == 2:
		return []string{"wait", "--for", "zookeeper", "--zookeeper", numbers[0], "--timeout", numbers[1] + "s"}, nil
	}
	return c.cannot(strings.Join(c.args, " ")+": kafkactl knows cub kafka-ready and cub zk-ready", "kafkactl wait --help")
}
