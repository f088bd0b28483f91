package composefile

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// dialled is a broker address that a service is given.
type dialled struct {
	address
	at position
}

// bootstraps returns the broker addresses in the environment and the command of a service that is
// no broker: kafka-ui's KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS, kafdrop's KAFKA_BROKERCONNECT,
// kafkactl's and Console's variables, anything that ends in BOOTSTRAP_SERVERS, and the flags of
// kafkactl and of Kafka's tools.
func bootstraps(s *service) []dialled {
	var found []dialled
	for _, name := range slices.Sorted(maps.Keys(s.Environment)) {
		if strings.HasSuffix(name, "BOOTSTRAP_SERVERS") || strings.HasSuffix(name, "BOOTSTRAPSERVERS") ||
			slices.Contains([]string{"KAFKACTL_BROKERS", "KAFKA_BROKERS", "KAFKA_BROKERCONNECT"}, name) {
			for _, addr := range parseAddresses(s.env(name).value) {
				found = append(found, dialled{addr, s.atEnv(name)})
			}
		}
	}
	for _, addr := range flagAddresses(s) {
		found = append(found, dialled{addr, s.atScript()})
	}
	return found
}

// flagAddresses returns the broker addresses on the command lines of the tools, each once.
func flagAddresses(s *service) []address {
	if s.tools() == "" && s.image.name() != "kafkactl" && !strings.Contains(s.script(), "kafkactl") {
		return nil
	}
	words := strings.FieldsFunc(strings.ReplaceAll(s.script(), "=", " "), func(r rune) bool { return strings.ContainsRune(" \t\n;&|()'\"`", r) })
	var found []address
	for i := 1; i < len(words); i++ {
		if slices.Contains([]string{"-b", "--brokers", "--bootstrap-server", "--bootstrap-servers", "--broker-list"}, words[i-1]) {
			for _, addr := range parseAddresses(words[i]) {
				if !slices.Contains(found, addr) {
					found = append(found, addr)
				}
			}
		}
	}
	return found
}

// clientAddresses: in a container localhost is that container. A broker answers a client with the
// advertised address of the listener that the client dialled, so the listener for the machine is of
// no use between containers.
func clientAddresses(stack *Stack, report reporter) {
	for _, s := range stack.services {
		if stack.brokerOf(s) != nil || !s.ownNetwork() {
			continue
		}
		for _, d := range bootstraps(s) {
			if message := stack.wrongBroker(s, d.address); message != "" {
				report(s, d.at, message, stack.innerAddress(d.address))
			}
		}
	}
}

// wrongBroker returns why s cannot use the broker at addr, "" when it can.
func (s *Stack) wrongBroker(svc *service, addr address) string {
	if loopback(addr.host) && !s.sharesNetwork(svc.Name) {
		return fmt.Sprintf("inside the container %s is %s itself, not Kafka", addr, svc.Name)
	}
	if !s.resolvable(addr.host) && len(s.brokers) > 0 { // without any, the rest of the project is in other files
		return fmt.Sprintf("no container is called %s", addr.host)
	}
	b := s.brokerAt(addr.host)
	if b == nil || b.listeners == nil {
		return ""
	}
	listener, ok := b.binding(addr.port)
	if !ok {
		return fmt.Sprintf("%s does not listen on %d", b.Name, addr.port)
	}
	if slices.Contains(b.controllerNames(), listener.name) {
		return fmt.Sprintf("port %d of %s is the controllers', which no client is served on", addr.port, b.Name)
	}
	if adv, ok := named(b.advertised, listener.name); ok && loopback(adv.host) {
		return fmt.Sprintf("%s answers on %d with %s, which inside the container is %s itself", b.Name, addr.port, adv.address(), svc.Name)
	}
	return ""
}

// innerAddress returns the address at which containers find the broker that was meant.
func (s *Stack) innerAddress(meant address) string {
	candidates := slices.Clone(s.brokers)
	if b := s.brokerAt(meant.host); b != nil {
		candidates = slices.Insert(candidates, 0, b)
	}
	for _, b := range candidates {
		for _, adv := range b.advertised {
			if !viaHost(adv.host) && !slices.Contains(b.controllerNames(), adv.name) {
				return adv.address() + " in place of " + meant.String()
			}
		}
	}
	return "a listener that is advertised by a service's name, as PLAINTEXT://kafka:9092"
}

// zookeeperFlags: kafka-topics lost --zookeeper in Kafka 3.0 (KAFKA-12596), the other tools
// with ZooKeeper itself in 4.0.
func zookeeperFlags(stack *Stack, report reporter) {
	for _, s := range stack.services {
		v := s.image.kafka()
		for _, place := range []struct {
			script string
			at     position
		}{
			{s.script(), s.atScript()},
			{s.probe(), s.atProbe()},
		} {
			if !strings.Contains(place.script, "--zookeeper") || !strings.Contains(place.script, "kafka-topics") || !v.atLeast(3, 0) {
				continue
			}
			report(s, place.at, "kafka-topics has no --zookeeper since Kafka 3.0: the command fails", "--bootstrap-server "+stack.firstInner())
		}
	}
}

// firstInner returns a broker's address for containers.
func (s *Stack) firstInner() string {
	for _, b := range s.brokers {
		for _, adv := range b.advertised {
			if !viaHost(adv.host) {
				return adv.address()
			}
		}
	}
	return "kafka:9092"
}
