package composefile

import (
	"cmp"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"
)

// service is one service of the project, with what is known of it.
type service struct {
	types.ServiceConfig
	image  image
	guess  image // what the image looks like where a variable of its name is not set; else the same
	source *sources
	blanks map[string]bool
}

// at returns the place of a key of the service.
func (s *service) at(steps ...step) position { return s.source.find(s.Name, steps...) }

// atEnv returns the place where a variable is set, or would be.
func (s *service) atEnv(name string) position {
	return s.at(key("environment"), key(s.spelled(name)))
}

// setting is an environment variable of a service. A value that is blank, or that a variable of the
// shell is to fill in, is set but not known.
type setting struct {
	value string
	set   bool
}

func (s setting) known() bool { return s.value != "" }

// env returns a variable of the service; one that is certainly empty is not set. Quotes around the whole value are left out: quotedValues
// reports them, and the other rules look at what was meant.
func (s *service) env(name string) setting {
	name = s.spelled(name)
	value, set := s.Environment[name]
	if !set || value == nil || s.blanks[*value] || s.blanks[name+"="+*value] {
		return setting{set: set}
	}
	text := unquoted(*value)
	return setting{value: text, set: text != ""}
}

// spelled returns the name under which the file sets a variable of the broker. In a Confluent or
// Apache image it may be Bitnami's, which foreignSettings reports: the other rules look at what was
// meant.
func (s *service) spelled(name string) string {
	if _, set := s.Environment[name]; set || !s.image.confluent() && !s.image.apache() {
		return name
	}
	if bitnami := bitnamiName(name); bitnami != "" {
		if _, set := s.Environment[bitnami]; set {
			return bitnami
		}
	}
	return name
}

// unquoted removes blanks around a value, and then one pair of quotes.
func unquoted(value string) string {
	value = strings.TrimSpace(value)
	if last := len(value) - 1; last > 0 && value[0] == value[last] && (value[0] == '"' || value[0] == '\'') &&
		!strings.ContainsRune(value[1:last], rune(value[0])) {
		return strings.TrimSpace(value[1:last])
	}
	return value
}

// script returns all commands that the file makes the container run.
func (s *service) script() string {
	return strings.Join(slices.Concat(s.Entrypoint, s.Command), " ")
}

// overridden reports whether the image's own command does not run, or not alone.
func (s *service) overridden() bool { return len(s.Entrypoint)+len(s.Command) > 0 }

// startsBroker reports a command that ends in what the image itself would run.
func (s *service) startsBroker() bool {
	return containsAny(s.script(), "/docker/run", "/docker/launch", "kafka-server-start", "start-kafka")
}

// isBroker reports brokers and controllers. Images of brokers also serve as a box of tools: then
// the command is another, or there is no setting of a broker.
func (s *service) isBroker() bool {
	configured := slices.ContainsFunc([]string{
		"KAFKA_ADVERTISED_LISTENERS", "KAFKA_PROCESS_ROLES", "KAFKA_ZOOKEEPER_CONNECT", "KAFKA_LISTENERS",
		"KAFKA_CONTROLLER_QUORUM_VOTERS", "KAFKA_CONTROLLER_QUORUM_BOOTSTRAP_SERVERS",
	}, func(name string) bool { return s.env(name).set })
	switch {
	case s.overridden() && !s.startsBroker() && s.tools() != "":
		return false
	case s.image.confluent(), s.image.apache(), deadBroker(s.image):
		return !s.overridden() || s.startsBroker() || configured
	case s.image.ui(), s.image.zookeeper():
		return false
	default:
		return s.env("KAFKA_ADVERTISED_LISTENERS").set || s.env("KAFKA_PROCESS_ROLES").set
	}
}

// stock reports whether a known image's own script starts the service, from the environment alone.
// Only then a variable that is absent is a setting that is not made.
func (s *service) stock() bool {
	return s.Build == nil && (!s.overridden() || s.startsBroker()) && !s.mountsProperties()
}

// configured reports whether some variable becomes a broker setting. apache/kafka then starts from
// that alone, without the server.properties it ships: KafkaDockerWrapper copies the file only where
// the environment gave nothing (KAFKA-17953, closed without a change; docker/examples/README.md
// says so).
func (s *service) configured() bool {
	for name := range s.Environment {
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

// mountsProperties reports a mounted file, or directory, of which the image takes its settings.
func (s *service) mountsProperties() bool {
	for _, volume := range s.Volumes {
		if strings.HasSuffix(volume.Target, ".properties") || strings.HasPrefix(volume.Target, "/mnt/shared/config") {
			return true
		}
	}
	for _, config := range s.Configs {
		if strings.HasSuffix(config.Target, ".properties") {
			return true
		}
	}
	return false
}

// tools returns the first of Kafka's command-line tools that the service runs, "" for none.
func (s *service) tools() string { return firstTool(s.script()) }

// ownNetwork reports whether localhost in the container is the container alone.
func (s *service) ownNetwork() bool {
	return s.NetworkMode != "host" && !strings.HasPrefix(s.NetworkMode, "service:") && !strings.HasPrefix(s.NetworkMode, "container:")
}

// restart is the restart policy as docker run writes it, "no" where none is set.
func (s *service) restart() string {
	if s.Restart == "" && s.Deploy != nil && s.Deploy.RestartPolicy != nil {
		switch s.Deploy.RestartPolicy.Condition {
		case "none":
			return "no"
		case "on-failure":
			return "on-failure"
		default:
			return "always"
		}
	}
	return cmp.Or(s.Restart, "no")
}

// containers is how many containers the service has.
func (s *service) containers() int { return s.GetScale() }

// hosts is the names by which containers of the project reach the service.
func (s *service) hosts() []string {
	names := []string{s.Name}
	for _, name := range []string{s.ContainerName, s.Hostname} {
		if name != "" {
			names = append(names, name)
		}
	}
	for _, network := range s.Networks {
		if network != nil {
			names = append(names, network.Aliases...)
		}
	}
	return names
}

// neverTogether reports that no single profile starts both services.
func neverTogether(a, b *service) bool {
	return len(a.Profiles) > 0 && len(b.Profiles) > 0 &&
		!slices.ContainsFunc(a.Profiles, func(profile string) bool { return slices.Contains(b.Profiles, profile) })
}
