package composefile

import (
	"fmt"
	"strconv"
	"strings"
)

// The last release of Confluent Platform's line with ZooKeeper (Kafka 3.9), as far as
// the fixes name a tag.
const lastWithZooKeeper = "7.9.2"

// zookeeperTags: Confluent Platform 8 (Kafka 4) ships no ZooKeeper; confluentinc/kafka-images
// has no such directory from 8.0 on, and no tag was pushed.
func zookeeperTags(stack *Stack, report reporter) {
	for _, s := range stack.zookeepers {
		if s.image.name() == "cp-zookeeper" && s.image.tagVersion().atLeast(8, 0) {
			path := strings.Join(s.image.path, "/")
			report.fault(s, s.at(key("image")), fmt.Sprintf("%s does not exist: Confluent Platform 8 has no ZooKeeper", s.image.ref),
				fmt.Sprintf("image: %s:%s and the same tag for cp-kafka; or KRaft: no ZooKeeper, KAFKA_PROCESS_ROLES on the brokers", path, lastWithZooKeeper))
		}
	}
}

// zookeeperGone: Kafka 4.0 removed ZooKeeper mode (KIP-833); "latest" of both images is past it.
// zookeeper.connect is then an unknown setting, and the broker stops for want of process.roles; with
// them it is a leftover.
func zookeeperGone(stack *Stack, report reporter) {
	for _, b := range stack.brokers {
		if !b.env("KAFKA_ZOOKEEPER_CONNECT").set || !b.image.kafka().atLeast(4, 0) {
			continue
		}
		fix := "remove KAFKA_ZOOKEEPER_CONNECT"
		if !b.kraft() {
			fix = "KAFKA_PROCESS_ROLES: broker,controller in its place, with KAFKA_NODE_ID, KAFKA_CONTROLLER_QUORUM_VOTERS and KAFKA_CONTROLLER_LISTENER_NAMES"
			if b.image.confluent() {
				fix = fmt.Sprintf("image: %s:%s, or %s", strings.Join(b.image.path, "/"), lastWithZooKeeper, fix)
			}
		}
		release := b.image.ref
		if b.image.latest() {
			release += " is Kafka 4 or later, which"
		}
		report.byUse(!b.kraft(), b.service, b.atEnv("KAFKA_ZOOKEEPER_CONNECT"), release+" has no ZooKeeper mode: only KRaft is left", fix)
	}
}

// zookeeperConnects: the broker waits 40 s for ZooKeeper (KAFKA_CUB_ZK_TIMEOUT), then exits; a name
// that no container has, or a port that ZooKeeper does not listen on, never answers.
func zookeeperConnects(stack *Stack, report reporter) {
	for _, b := range stack.brokers {
		connect := b.env("KAFKA_ZOOKEEPER_CONNECT")
		if !connect.known() || b.image.kafka().atLeast(4, 0) {
			continue
		}
		if mended := oneChroot(connect.value); mended != connect.value {
			_, path, _ := strings.Cut(connect.value, "/")
			report.fault(b.service, b.atEnv("KAFKA_ZOOKEEPER_CONNECT"), "what follows the first / is one path for all hosts: the broker asks the first host alone, and under /"+path,
				"KAFKA_ZOOKEEPER_CONNECT: "+mended)
			connect.value = mended
		}
		list, _, _ := strings.Cut(connect.value, "/")
		for _, server := range parseAddresses(list) {
			if message := stack.wrongZooKeeper(b, server); message != "" {
				report.fault(b.service, b.atEnv("KAFKA_ZOOKEEPER_CONNECT"), message, "KAFKA_ZOOKEEPER_CONNECT: "+stack.zookeeperAddress())
			}
		}
	}
}

// oneChroot moves the path of every host behind the last one, where ZooKeeper reads it
// (ConnectStringParser); a list with one path, or none, stays as it is.
func oneChroot(connect string) string {
	first, rest, found := strings.Cut(connect, "/")
	if !found || !strings.Contains(rest, ",") || placeholder(connect) {
		return connect
	}
	hosts := strings.Split(first, ",")
	path, _, _ := strings.Cut(rest, ",")
	for entry := range strings.SplitSeq(rest[len(path):], ",") {
		if host, _, _ := strings.Cut(strings.TrimSpace(entry), "/"); host != "" {
			hosts = append(hosts, host)
		}
	}
	return strings.Join(hosts, ",") + "/" + path
}

// wrongZooKeeper returns why the broker will not find ZooKeeper at server, "" when it will.
func (s *Stack) wrongZooKeeper(b *broker, server address) string {
	found := s.answering(server.host)
	switch {
	case loopback(server.host) && b.ownNetwork() && !s.sharesNetwork(b.Name):
		return fmt.Sprintf("inside the container %s is the broker itself, not ZooKeeper", server)
	case !s.resolvable(server.host):
		return fmt.Sprintf("no container is called %s: the broker gives up after 40 s", server.host)
	case len(found) != 1:
		return ""
	}
	if port := clientPort(found[0]); port != 0 && port != server.port {
		return fmt.Sprintf("%s listens on %d, not on %d: the broker gives up after 40 s", found[0].Name, port, server.port)
	}
	return ""
}

// clientPort is where a ZooKeeper of a known image listens, 0 when not known.
func clientPort(s *service) int {
	if s.overridden() {
		return 0
	}
	switch {
	case s.image.name() == "cp-zookeeper":
		port, _ := strconv.Atoi(s.env("ZOOKEEPER_CLIENT_PORT").value)
		return port
	case s.image.officialZooKeeper() && !s.env("ZOO_CFG_EXTRA").set && len(s.Volumes) == 0:
		return 2181
	default:
		return 0
	}
}

// zookeeperAddress is what a broker should connect to.
func (s *Stack) zookeeperAddress() string {
	if len(s.zookeepers) == 0 {
		return "zookeeper:2181, with a service zookeeper"
	}
	z := s.zookeepers[0]
	if port := clientPort(z); port != 0 {
		return fmt.Sprintf("%s:%d", z.Name, port)
	}
	return z.Name + ":2181"
}

// zookeeperWhitelists: cp-zookeeper's properties template has no place for the four-letter words
// (confluentinc/kafka-images#122); the variable is read by nobody.
func zookeeperWhitelists(stack *Stack, report reporter) {
	const variable = "ZOOKEEPER_4LW_COMMANDS_WHITELIST"
	for _, s := range stack.zookeepers {
		if list := s.env(variable); s.image.name() == "cp-zookeeper" && list.known() {
			report.advice(s, s.atEnv(variable), "cp-zookeeper ignores "+variable,
				"KAFKA_OPTS: -Dzookeeper.4lw.commands.whitelist="+list.value+", or none: srvr needs no whitelist")
		}
	}
}

// zookeeperSessions: a broker that was killed leaves /brokers/ids/N until its session ends
// (zookeeper.session.timeout.ms, 18 s since 2.5, 6 s before). A broker that starts sooner finds it
// and exits, "node already exists and owner does not match": a restart policy and a short session
// bring it back. A broker that boots within that session still fails an `up --wait`, unless it
// waits first (deploy/compose/compose.yaml).
func zookeeperSessions(stack *Stack, report reporter) {
	const variable = "KAFKA_ZOOKEEPER_SESSION_TIMEOUT_MS"
	for _, b := range stack.brokers {
		v := b.image.kafka()
		if !b.image.confluent() || b.kraft() || !b.env("KAFKA_ZOOKEEPER_CONNECT").set || v.atLeast(4, 0) {
			continue
		}
		var fixes []string
		session, known := b.number(variable)
		if known && session > 10000 || b.lacks(variable) && !v.below(2, 5) {
			fixes = append(fixes, variable+`: "6000"`)
		}
		if b.restart() == "no" {
			fixes = append(fixes, "restart: unless-stopped")
		}
		if len(fixes) > 0 {
			report.advice(b.service, b.atEnv(variable), fmt.Sprintf(
				"a broker that was killed and starts again at once finds its own registration in ZooKeeper%s and exits%s",
				sessionLength(b, session, known), unlessRestarted(b)), strings.Join(fixes, ", "))
		}
	}
}

func sessionLength(b *broker, session int, known bool) string {
	switch {
	case known:
		return fmt.Sprintf(" (for %d ms)", session)
	case b.lacks("KAFKA_ZOOKEEPER_SESSION_TIMEOUT_MS") && !b.image.kafka().below(2, 5):
		return " (for 18 s)"
	default:
		return ""
	}
}

func unlessRestarted(b *broker) string {
	if b.restart() == "no" {
		return "; nothing starts it again"
	}
	return ""
}
