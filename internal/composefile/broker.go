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
}

func newBroker(s *service) *broker {
	b := &broker{service: s, mapped: true}
	if roles := s.env("KAFKA_PROCESS_ROLES"); roles.known() {
		b.roles = parseNames(roles.value)
	}
	if list := s.env("KAFKA_ADVERTISED_LISTENERS"); list.known() {
		b.advertised = parseEndpoints(list.value)
	}
	switch list := s.env("KAFKA_LISTENERS"); {
	case list.known():
		b.listeners = parseEndpoints(list.value)
	case !list.set && b.stock():
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
	return b
}

// stock reports whether the image's own script starts the broker, from the environment alone. Only
// then a variable that is absent is a setting that is not made.
func (b *broker) stock() bool {
	if !b.image.confluent() && !b.image.apache() || b.overridden() && !b.startsBroker() {
		return false
	}
	for _, volume := range b.Volumes {
		if strings.HasSuffix(volume.Target, ".properties") || strings.HasPrefix(volume.Target, "/mnt/shared/config") {
			return false
		}
	}
	for _, config := range b.Configs {
		if strings.HasSuffix(config.Target, ".properties") {
			return false
		}
	}
	return true
}

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

// configured reports whether some variable becomes a broker setting. apache/kafka then starts from
// that alone, without the server.properties it ships: KafkaDockerWrapper copies the file only where
// the environment gave nothing (KAFKA-17953, closed without a change; docker/examples/README.md
// says so).
func (b *broker) configured() bool {
	for name := range b.Environment {
		if strings.HasPrefix(name, "KAFKA_") && !slices.Contains([]string{
			"KAFKA_VERSION", "KAFKA_HEAP_OPTS", "KAFKA_LOG4J_OPTS", "KAFKA_OPTS", "KAFKA_JMX_OPTS", "KAFKA_JMX_PORT",
			"KAFKA_JMX_HOSTNAME", "KAFKA_JVM_PERFORMANCE_OPTS", "KAFKA_GC_LOG_OPTS", "KAFKA_LOG4J_ROOT_LOGLEVEL",
			"KAFKA_LOG4J_LOGGERS", "KAFKA_TOOLS_LOG4J_LOGLEVEL",
		}, name) {
			return true
		}
	}
	return false
}

// clusterSize returns how many brokers, at most, share the broker's cluster: those with the same
// quorum or the same ZooKeeper. ok is false when the files do not say.
func (s *Stack) clusterSize(b *broker) (size int, ok bool) {
	cluster, ok := s.clusterKey(b)
	for _, other := range s.brokers {
		theirs, known := s.clusterKey(other)
		switch {
		case !ok || !known || theirs == "" && len(s.brokers) > 1:
			return 0, false
		case theirs == cluster && !other.controllerOnly():
			size += other.containers()
		}
	}
	return size, true
}

// clusterKey returns the same text for all brokers of one cluster, "" for a broker that names no
// other process; ok is false where members may be outside the files.
func (s *Stack) clusterKey(b *broker) (cluster string, ok bool) {
	for _, name := range []string{
		"KAFKA_CONTROLLER_QUORUM_VOTERS", "KAFKA_CONTROLLER_QUORUM_BOOTSTRAP_SERVERS", "KAFKA_ZOOKEEPER_CONNECT",
	} {
		list := b.env(name)
		if !list.set {
			continue
		}
		hosts, chroot, _ := strings.Cut(list.value, "/")
		members := strings.Split(strings.ReplaceAll(hosts, " ", ""), ",")
		for i, member := range members {
			_, member = cutLast(member, "@")
			host, _ := cutHost(member)
			switch {
			case loopback(host):
				members[i] = b.Name + ":" + member
			case len(s.answering(host)) == 0:
				return "", false
			}
		}
		slices.Sort(members)
		return strings.Join(members, ",") + "/" + chroot, true
	}
	return "", true
}

// cutLast splits at the last sep; without one all of text is after it.
func cutLast(text, sep string) (before, after string) {
	if i := strings.LastIndex(text, sep); i >= 0 {
		return text[:i], text[i+len(sep):]
	}
	return "", text
}

// cutHost splits host:port; a host alone has the port "".
func cutHost(text string) (host, port string) {
	host, port, _ = strings.Cut(text, ":")
	return host, port
}
