package composefile

import (
	"regexp"
	"slices"
	"strings"
)

// Unread is a broker of which the rules say nothing: its settings are written in a way of its own.
type Unread struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Service string `json:"service"`
	Image   string `json:"image"`  // as written, with its variables filled in; "" where the service is built
	Reason  string `json:"reason"` // how the settings are written
}

// NotUnderstood returns the brokers that were not looked at, by name. Where there is one, no
// finding does not mean that nothing is wrong.
func (s *Stack) NotUnderstood() []Unread {
	var unread []Unread
	for _, svc := range s.unread {
		at := svc.at(key("image"))
		unread = append(unread, Unread{at.file, at.line, at.column, svc.Name, svc.guess.ref, svc.dialect()})
	}
	return unread
}

// dialect is how some images write their settings.
type dialect struct {
	images []string
	reason string
}

// The dialects that need more than one place.
const (
	bitnamiDialect = "the variables of Bitnami's image (KAFKA_CFG_…, KAFKA_KRAFT_CLUSTER_ID) are not read"
	commandDialect = "its settings are in its command and in files, which are not read"
	unknownDialect = "the image is not known, and it has none of the variables that Confluent's and Apache's images read"
	fileDialect    = "its settings are in a mounted file, which is not read"
)

func dialects() []dialect {
	return []dialect{
		{[]string{"redpandadata/redpanda", "vectorized/redpanda"}, "Redpanda's flags and redpanda.yaml are not read"},
		{[]string{"debezium/kafka"}, "the variables of Debezium's image (ADVERTISED_HOST_NAME, NODE_ROLE, CREATE_TOPICS) are not read"},
		{[]string{"strimzi/kafka", "ubuntu/kafka", "automqinc/automq"}, commandDialect},
		{
			[]string{"lensesio/fast-data-dev", "landoop/fast-data-dev", "lensesio/box", "landoop/kafka-lenses-dev"},
			"the variables of this image (ADV_HOST, BROKER_PORT) are not read",
		},
		{[]string{"spotify/kafka"}, "the variables of this image (ADVERTISED_HOST, ADVERTISED_PORT) are not read"},
		{[]string{"confluentinc/confluent-local"}, "the defaults of this image are its own, and are not read"},
	}
}

// dialect returns why nothing is said of a broker, "" for a broker whose settings are read and for
// what is no broker.
func (s *service) dialect() string {
	if !s.mayRunBroker() {
		return ""
	}
	if s.guess.bitnami() {
		return bitnamiDialect
	}
	for _, d := range dialects() {
		if s.guess.is(d.images...) {
			return d.reason
		}
	}
	switch known := s.image.confluent() || s.image.apache(); {
	case s.image.zookeeper(), s.image.ui():
		return ""
	case known && !s.configured() && s.mountsProperties():
		return fileDialect
	case known:
		return ""
	case s.speaksBitnami():
		return bitnamiDialect
	case !deadBroker(s.image) && !s.isBroker() && s.calledBroker():
		return unknownDialect
	default:
		return ""
	}
}

// mayRunBroker is false where the service certainly runs a tool, Connect or MirrorMaker.
func (s *service) mayRunBroker() bool {
	script := s.script()
	switch {
	case s.startsBroker(), !s.overridden():
		return true
	default:
		return s.tools() == "" && !regexp.MustCompile(`\bconnect-(distributed|standalone|mirror)|mirror-maker|\brpk (topic|cluster|acl|group|registry)\b`).MatchString(script)
	}
}

// speaksBitnami reports a broker with its settings as Bitnami's image reads them.
func (s *service) speaksBitnami() bool {
	return slices.ContainsFunc([]string{
		"KAFKA_CFG_ADVERTISED_LISTENERS", "KAFKA_CFG_LISTENERS", "KAFKA_CFG_PROCESS_ROLES", "KAFKA_CFG_ZOOKEEPER_CONNECT",
	}, func(name string) bool {
		_, set := s.Environment[name]
		return set
	})
}

// bitnamiVariables returns the variables that only images of Bitnami's line read, by name.
func (s *service) bitnamiVariables() []string {
	var names []string
	for name := range s.Environment {
		if strings.HasPrefix(name, "KAFKA_CFG_") ||
			slices.Contains([]string{"KAFKA_KRAFT_CLUSTER_ID", "KAFKA_ENABLE_KRAFT", "ALLOW_PLAINTEXT_LISTENER"}, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// bitnamiName is the name that Bitnami's image gives a variable, "" where it has none of its own.
func bitnamiName(name string) string {
	switch {
	case name == "CLUSTER_ID":
		return "KAFKA_KRAFT_CLUSTER_ID"
	case strings.HasPrefix(name, "KAFKA_") && !strings.HasPrefix(name, "KAFKA_CFG_"):
		return "KAFKA_CFG_" + strings.TrimPrefix(name, "KAFKA_")
	default:
		return ""
	}
}

// calledBroker reports an image, or the name of a service whose image says nothing, that is a
// broker's. A client of Kafka has a further word in its name: kafka-connect, flink-kafka.
func (s *service) calledBroker() bool {
	broker := regexp.MustCompile(`^(docker-)?(kafka|redpanda|automq)([-_](kraft|zookeeper|broker|server|native|standalone|single|node|docker|cluster|dev|[0-9]+)|[0-9]+)*$`)
	if s.guess.name() != "" {
		return broker.MatchString(s.guess.name())
	}
	return s.Build != nil && broker.MatchString(s.Name)
}
