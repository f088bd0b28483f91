package composefile

import (
	"cmp"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"
)

// Stack is what the files of one project say about its Kafka.
type Stack struct {
	source     *sources
	services   []*service // by name, whatever their profile
	brokers    []*broker
	zookeepers []*service
	uis        []*service
	// foreign reports that a network comes from elsewhere: names that are not in the files may
	// resolve.
	foreign bool
}

// newStack derives the model; blanks holds the texts in which a variable was not set.
func newStack(project *types.Project, source *sources, blanks map[string]bool) *Stack {
	s := &Stack{source: source}
	for _, network := range project.Networks {
		s.foreign = s.foreign || bool(network.External)
	}
	for _, config := range sortedServices(project) {
		svc := &service{ServiceConfig: config, source: source, blanks: blanks}
		if !blanks[config.Image] {
			svc.image = parseImage(config.Image)
		}
		s.services = append(s.services, svc)
		switch {
		case svc.isBroker():
			s.brokers = append(s.brokers, newBroker(svc))
		case svc.image.zookeeper() && !svc.overridden():
			s.zookeepers = append(s.zookeepers, svc)
		case svc.image.ui():
			s.uis = append(s.uis, svc)
		}
	}
	return s
}

// Files returns the files that were merged, as they were named or found.
func (s *Stack) Files() []string { return s.source.files }

// Services returns how many services the project has, those with a profile included.
func (s *Stack) Services() int { return len(s.services) }

// HasKafka reports whether there is anything to diagnose: a broker, a ZooKeeper or a UI.
func (s *Stack) HasKafka() bool { return len(s.brokers)+len(s.zookeepers)+len(s.uis) > 0 }

// service is one service of the project, with what is known of it.
type service struct {
	types.ServiceConfig
	image  image
	source *sources
	blanks map[string]bool
}

// at returns the place of a key of the service.
func (s *service) at(steps ...step) position { return s.source.find(s.Name, steps...) }

// atEnv returns the place where a variable is set, or would be.
func (s *service) atEnv(name string) position { return s.at(key("environment"), key(name)) }

// setting is an environment variable of a service. A value that is blank, or that a variable of the
// shell is to fill in, is set but not known.
type setting struct {
	value string
	set   bool
}

func (s setting) known() bool { return s.value != "" }

func (s *service) env(name string) setting {
	value, set := s.Environment[name]
	if !set || value == nil || s.blanks[*value] || s.blanks[name+"="+*value] {
		return setting{set: set}
	}
	return setting{value: strings.TrimSpace(*value), set: true}
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

// answering returns the services that a host name may lead to.
func (s *Stack) answering(host string) []*service {
	var found []*service
	for _, svc := range s.services {
		if slices.Contains(svc.hosts(), host) {
			found = append(found, svc)
		}
	}
	return found
}

// resolvable reports whether a container of the project finds host, as far as the files say: by a
// service's name or by a name that a service is given for it.
func (s *Stack) resolvable(host string) bool {
	if s.foreign || !containerName(host) || len(s.answering(host)) > 0 {
		return true
	}
	return slices.ContainsFunc(s.services, func(svc *service) bool {
		_, given := svc.ExtraHosts[host]
		linked := func(link string) bool {
			_, alias, _ := strings.Cut(link, ":")
			return alias == host || link == host
		}
		return given || slices.ContainsFunc(svc.Links, linked) || slices.ContainsFunc(svc.ExternalLinks, linked)
	})
}

// brokerAt returns the one broker that host leads to, nil when there is none or it is not certain.
func (s *Stack) brokerAt(host string) *broker {
	found := s.answering(host)
	if len(found) != 1 {
		return nil
	}
	return s.brokerOf(found[0])
}

// brokerOf is the service as a broker, nil when it is none.
func (s *Stack) brokerOf(svc *service) *broker {
	i := slices.IndexFunc(s.brokers, func(b *broker) bool { return b.service == svc })
	if i < 0 {
		return nil
	}
	return s.brokers[i]
}

func containsAny(text string, words ...string) bool {
	return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(text, word) })
}
