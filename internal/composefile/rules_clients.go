package composefile

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"
)

// clientAddresses: in a container localhost is that container. A broker answers a client with the
// advertised address of the listener that the client dialled, so the listener for the machine is of
// no use between containers.
func clientAddresses(stack *Stack, report reporter) {
	for _, s := range stack.services {
		if stack.brokerOf(s) != nil || slices.Contains(stack.unread, s) || slices.Contains(stack.zookeepers, s) || !s.ownNetwork() {
			continue
		}
		for _, d := range bootstraps(s) {
			if !d.named && !stack.listensOn(s, d.address) {
				continue
			}
			if message := stack.wrongBroker(s, d.address); message != "" {
				report.fault(s, d.at, message, stack.innerAddress(d.address))
			}
		}
		webServers(stack, s, report)
	}
}

// listensOn reports that addr is certainly a broker's for clients, seen from s: the machine's
// address and a port of a broker that s does not have itself, or a broker and a port that it
// advertises as the machine's.
func (s *Stack) listensOn(svc *service, addr address) bool {
	if b := s.brokerAt(addr.host); b != nil {
		listener, bound := b.binding(addr.port)
		adv, advertised := named(b.advertised, listener.name)
		return bound && advertised && loopback(adv.host)
	}
	if !loopback(addr.host) || svc.opens(addr.port) {
		return false
	}
	return slices.ContainsFunc(s.brokers, func(b *broker) bool {
		ports, _ := b.published()
		onPort := func(e endpoint) bool { return e.port == addr.port && !slices.Contains(b.controllerNames(), e.name) }
		return publishes(ports, addr.port) && b.clientPort(ports, addr.port) || slices.ContainsFunc(b.listeners, onPort) || slices.ContainsFunc(b.advertised, onPort)
	})
}

// opens reports that the files say of the service itself that it listens on a port.
func (s *service) opens(port int) bool {
	text := strconv.Itoa(port)
	return slices.ContainsFunc(s.Ports, func(p types.ServicePortConfig) bool { return int(p.Target) == port }) || slices.Contains(s.Expose, text)
}

// clientPort reports that a port of the machine leads to a listener of the broker.
func (b *broker) clientPort(ports []published, port int) bool {
	return slices.ContainsFunc(ports, func(p published) bool {
		_, ok := b.binding(p.target)
		return ok && p.covers(port)
	})
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

// webServers: the same of the URLs of Schema Registry, Connect and ksqlDB. Landoop's UIs hand theirs
// to the browser, which is on the machine.
func webServers(stack *Stack, s *service, report reporter) {
	if s.image.is("schema-registry-ui", "kafka-connect-ui", "kafka-topics-ui") {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(s.Environment)) {
		for _, kind := range servers() {
			if !kind.variable.MatchString(flatName(name)) || ownAddress(name) || s.image.is(kind.images...) {
				continue
			}
			for _, u := range webAddresses(s.env(name).value) {
				port, _ := strconv.Atoi(u.Port())
				fix := stack.serverAddress(kind, u.Port())
				switch {
				case loopback(u.Hostname()) && !stack.sharesNetwork(s.Name) && !s.opens(port):
					report.fault(s, s.atEnv(name), fmt.Sprintf("inside the container %s is %s itself, not %s", u.Host, s.Name, kind.what), fix)
				case !loopback(u.Hostname()) && !stack.resolvable(u.Hostname()) && len(stack.brokers) > 0:
					report.fault(s, s.atEnv(name), fmt.Sprintf("no container is called %s", u.Hostname()), fix)
				}
			}
		}
	}
}

// serverAddress returns how containers reach a web server of the stack.
func (s *Stack) serverAddress(kind server, port string) string {
	i := slices.IndexFunc(s.services, func(svc *service) bool { return svc.image.is(kind.images...) })
	if i < 0 {
		return fmt.Sprintf("the name of the service that runs %s, or no such variable", kind.what)
	}
	return fmt.Sprintf("http://%s:%s", s.services[i].Name, port)
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
			report.fault(s, place.at, "kafka-topics has no --zookeeper since Kafka 3.0: the command fails", "--bootstrap-server "+stack.firstInner())
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
