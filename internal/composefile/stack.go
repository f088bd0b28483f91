package composefile

import (
	"slices"
	"strings"
	"time"

	"github.com/compose-spec/compose-go/v2/types"

	"kafkactl/internal/yaml"
)

// Stack is what the files of one project say about its Kafka.
type Stack struct {
	source     *sources
	services   []*service // by name, whatever their profile
	brokers    []*broker
	zookeepers []*service
	uis        []*service
	unread     []*service // brokers whose image has settings of its own, which no rule reads
	// foreign reports that a network comes from elsewhere: names that are not in the files may
	// resolve.
	foreign bool
	subnets map[string][]string // of the networks that say theirs, by name
	files   map[string]string   // "secret NAME" or "config NAME": the file of this machine that it is
	now     time.Time           // zero where nobody asks for dates
	byHost  map[string][]*service
	// What the rules of the quorum ask for again and again, found once.
	clusters map[*broker][]*broker
	votes    map[*broker][]voter
	called   map[*broker][]int // the ids by which the lists of voters name a node
}

// newStack derives the model; blanks holds the texts in which a variable was not set.
func newStack(project *types.Project, source *sources, blanks map[string]bool) *Stack {
	s := &Stack{source: source, subnets: make(map[string][]string), files: fileObjects(project), byHost: make(map[string][]*service), votes: make(map[*broker][]voter)}
	for name, network := range project.Networks {
		s.foreign = s.foreign || bool(network.External)
		for _, pool := range network.Ipam.Config {
			s.subnets[name] = append(s.subnets[name], pool.Subnet)
		}
	}
	for _, config := range sortedServices(project) {
		svc := &service{ServiceConfig: config, source: source, blanks: blanks}
		svc.image, svc.guess = readImage(source, config, blanks)
		s.services = append(s.services, svc)
		for _, host := range slices.Compact(slices.Sorted(slices.Values(svc.hosts()))) {
			s.byHost[host] = append(s.byHost[host], svc)
		}
		switch {
		case svc.dialect() != "":
			s.unread = append(s.unread, svc)
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

// readImage returns the image of a service as far as the files say it. Where a variable is not set,
// the tag is not known or, when it stands before the name, the image is not; guess is then what it
// looks like.
func readImage(source *sources, config types.ServiceConfig, blanks map[string]bool) (known, guess image) {
	guess = parseImage(config.Image)
	if !blanks[config.Image] {
		return guess, guess
	}
	raw := ""
	if n := source.value(config.Name, key("image")); n != nil {
		raw = yaml.Resolve(n).Value
	}
	name, _ := cutLast(raw, ":")
	if name == "" || len(source.unset(name)) > 0 {
		return image{}, guess
	}
	guess.ref, guess.tag = raw, ""
	return guess, guess
}

// Files returns the files that were merged, as they were named or found.
func (s *Stack) Files() []string { return s.source.files }

// Services returns how many services the project has, those with a profile included.
func (s *Stack) Services() int { return len(s.services) }

// HasKafka reports whether there is anything to diagnose: a broker, a ZooKeeper or a UI.
func (s *Stack) HasKafka() bool {
	return len(s.brokers)+len(s.zookeepers)+len(s.uis)+len(s.unread) > 0
}

// answering returns the services that a host name may lead to.
func (s *Stack) answering(host string) []*service { return s.byHost[host] }

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
