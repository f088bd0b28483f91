package composefile

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// clientFactors: Connect makes its three topics with 3 replicas unless it is told otherwise
// (DistributedConfig), and ends when the brokers are fewer; ksqlDB and Control Center make theirs
// with what their variables say. -1 is the broker's default.
func clientFactors(stack *Stack, report reporter) {
	for _, s := range stack.services {
		if stack.brokerOf(s) != nil {
			continue
		}
		size, ok := stack.sizeFor(s)
		if !ok {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(s.Environment)) {
			if n, err := strconv.Atoi(s.env(name).value); err == nil && n > size && namesFactor(name) {
				report.fault(s, s.atEnv(name), fmt.Sprintf("%d replicas in a cluster of %s: the topic cannot be made", n, brokerCount(size)),
					fmt.Sprintf("%s: %d", name, size))
			}
		}
		if missing := missingConnectFactors(s); len(missing) > 0 && size < 3 {
			lines := make([]string, len(missing))
			for i, name := range missing {
				lines[i] = fmt.Sprintf("%s: %d", name, size)
			}
			report.fault(s, s.at(key("environment")), fmt.Sprintf("not set: %s (default 3); a cluster of %s cannot meet that, and Connect ends",
				strings.Join(missing, ", "), brokerCount(size)), strings.Join(lines, ", "))
		}
	}
}

// sizeFor returns how many brokers the cluster has that a client is given.
func (s *Stack) sizeFor(client *service) (size int, ok bool) {
	for _, name := range slices.Sorted(maps.Keys(client.Environment)) {
		if !namesBrokers(name) {
			continue
		}
		for _, addr := range brokerAddresses(client.env(name).value) {
			if b := s.brokerAt(addr.host); b != nil {
				return s.clusterSize(b)
			}
		}
	}
	return 0, false
}

// namesFactor reports a variable of Connect, ksqlDB or Control Center that is a replication factor.
// Schema Registry takes what there is, and asks for no more.
func namesFactor(name string) bool {
	return regexp.MustCompile(`^(CONNECT|KSQL|CONTROL_CENTER|CONFLUENT|REPLICATOR)_.*REPLICA(TION|S)(_FACTOR)?$`).MatchString(name)
}

// missingConnectFactors returns the factors that a worker of Connect has by default, none where it is
// no worker of Confluent's images or is given more than variables.
func missingConnectFactors(s *service) []string {
	if !s.image.is("cp-kafka-connect", "cp-kafka-connect-base", "cp-server-connect", "cp-server-connect-base") || !s.stock() {
		return nil
	}
	var missing []string
	for _, topic := range []string{"CONFIG", "OFFSET", "STATUS"} {
		if name := "CONNECT_" + topic + "_STORAGE_REPLICATION_FACTOR"; !s.env(name).set && !strings.Contains(s.script(), name) {
			missing = append(missing, name)
		}
	}
	return missing
}

// toolFactors: kafka-topics --create with more replicas than there are brokers is refused
// (INVALID_REPLICATION_FACTOR), and so is what KAFKA_CREATE_TOPICS lists.
func toolFactors(stack *Stack, report reporter) {
	for _, s := range stack.services {
		for _, command := range s.shell().commands {
			n, ok := command.factor()
			if size, known := stack.sizeOf(command.bootstrap()); known && ok && (n > size || n == 0 || n < -1) {
				report.fault(s, s.atScript(), fmt.Sprintf("--replication-factor %d in a cluster of %s: the topic is refused", n, brokerCount(size)),
					fmt.Sprintf("--replication-factor %d", size))
			}
		}
	}
	for _, b := range stack.brokers {
		size, known := stack.clusterSize(b)
		for _, topic := range b.declaredTopics("KAFKA_CREATE_TOPICS") {
			if known && topic.factor > size && b.image.is("wurstmeister/kafka") {
				report.fault(b.service, b.atEnv("KAFKA_CREATE_TOPICS"), fmt.Sprintf("%d replicas of %s in a cluster of %s: the topic is refused", topic.factor, topic.name, brokerCount(size)),
					fmt.Sprintf("%s:%d:%d", topic.name, topic.partitions, size))
			}
		}
	}
}

// sizeOf returns the size of the cluster at a bootstrap address; of the only cluster of the stack
// where the address does not say.
func (s *Stack) sizeOf(addresses []address) (size int, ok bool) {
	for _, addr := range addresses {
		if b := s.brokerAt(addr.host); b != nil {
			return s.clusterSize(b)
		}
		if !loopback(addr.host) {
			return 0, false
		}
	}
	if len(s.brokers) == 0 || len(s.cluster(s.brokers[0])) != len(s.brokers) {
		return 0, false
	}
	return s.clusterSize(s.brokers[0])
}
