package composefile

import (
	"slices"
	"strconv"
	"strings"
)

// broker is a Kafka process: a broker, a controller or both.
type broker struct {
	*service
	listeners  []endpoint // KAFKA_LISTENERS or what the image makes of the advertised ones; nil when not known
	advertised []endpoint // nil when not set or not known
	// protocols is KAFKA_LISTENER_SECURITY_PROTOCOL_MAP, nil when it is not set; mapped is false
	// when it is set to something that cannot be read.
	protocols map[string]string
	mapped    bool
	roles     []string // of KRaft, upper case; none with ZooKeeper
	quorum    quorumList
}

func newBroker(s *service) *broker {
	b := &broker{service: s, mapped: true}
	if roles := s.env("KAFKA_PROCESS_ROLES"); roles.known() {
		b.roles = parseNames(roles.value)
	}
	listeners, advertised := s.env("KAFKA_LISTENERS"), s.env("KAFKA_ADVERTISED_LISTENERS")
	b.advertised, _ = readEndpoints(advertised.value, nil)
	if listeners.known() {
		b.listeners, _ = readEndpoints(listeners.value, b.advertised)
	}
	var wrong []string
	if b.advertised, wrong = readEndpoints(advertised.value, b.listeners); len(wrong) > 0 && b.uncertain() {
		b.advertised = nil
	}
	if !listeners.set && b.stock() {
		// The start scripts of both images: the advertised ones with every host 0.0.0.0.
		for _, e := range b.advertised {
			b.listeners = append(b.listeners, endpoint{e.name, "0.0.0.0", e.port})
		}
	}
	if list := s.env("KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"); list.known() {
		b.protocols, b.mapped = parseProtocols(list.value)
	} else if list.set {
		b.mapped = false
	}
	b.quorum = readQuorumList(b)
	return b
}

// stock reports whether the image is a known one, and its own script starts the broker, from the
// environment alone.
func (b *broker) stock() bool { return (b.image.confluent() || b.image.apache()) && b.service.stock() }

// uncertain reports a command of its own that may start a broker, or may not: `KAFKA_NODE_ID: ignored`
// beside it is a common way to please the image.
func (b *broker) uncertain() bool { return b.overridden() && !b.startsBroker() }

// lacks reports whether a variable is certainly not set.
func (b *broker) lacks(name string) bool {
	return b.stock() && !b.env(name).set && !strings.Contains(b.script(), name)
}

// kraft reports whether the process runs without ZooKeeper.
func (b *broker) kraft() bool { return b.env("KAFKA_PROCESS_ROLES").set }

// controllerOnly reports whether no client talks to the process.
func (b *broker) controllerOnly() bool { return slices.Equal(b.roles, []string{"CONTROLLER"}) }

// controllerNames is controller.listener.names.
func (b *broker) controllerNames() []string {
	return parseNames(b.env("KAFKA_CONTROLLER_LISTENER_NAMES").value)
}

// protocol is the security protocol of a listener, "" when it is not known.
func (b *broker) protocol(name string) string {
	switch {
	case !b.mapped:
		return ""
	case b.protocols != nil:
		return b.protocols[name]
	case securityProtocol(name):
		return name
	default:
		return ""
	}
}

// binding is the listener of a port.
func (b *broker) binding(port int) (endpoint, bool) {
	i := slices.IndexFunc(b.listeners, func(e endpoint) bool { return e.port == port })
	if i < 0 {
		return endpoint{}, false
	}
	return b.listeners[i], true
}

// number is a whole number, ok only when the variable is known to be one.
func (b *broker) number(name string) (n int, ok bool) {
	n, err := strconv.Atoi(b.env(name).value)
	return n, err == nil
}

// logDirs is where the broker keeps its records, nil when not known. cp-kafka's script sets
// /var/lib/kafka/data; apache/kafka reads its own server.properties (/tmp/kraft-combined-logs) only
// while no setting is made by a variable, and with one Kafka's default holds, /tmp/kafka-logs.
func (b *broker) logDirs() []string {
	for _, name := range []string{"KAFKA_LOG_DIRS", "KAFKA_LOG_DIR"} {
		if dirs := b.env(name); dirs.known() {
			return strings.Split(strings.ReplaceAll(dirs.value, " ", ""), ",")
		} else if dirs.set {
			return nil
		}
	}
	switch {
	case !b.lacks("KAFKA_LOG_DIRS"):
		return nil
	case b.image.confluent():
		return []string{"/var/lib/kafka/data"}
	case b.configured():
		return []string{"/tmp/kafka-logs"}
	default:
		return []string{"/tmp/kraft-combined-logs"}
	}
}
