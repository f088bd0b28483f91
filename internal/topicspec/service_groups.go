package topicspec

import (
	"maps"
	"slices"

	"kafkactl/internal/acl"
)

// groups returns the consumer groups that the service names, none for one that assigns partitions itself.
func (service Service) groups() []NamePattern {
	if slices.Equal(service.Group, NameList{none}) {
		return nil
	}
	return service.Group.patterns()
}

// Groups returns the consumer groups of the service: those that it names, that of its Streams application, and those
// of its sink connectors. A group * is none of its own.
func (service Service) Groups() []NamePattern {
	return service.groupsWhere(func(sink Connector) bool { return len(sink.Consumes) > 0 })
}

func (service Service) groupsWhere(chosen func(Connector) bool) []NamePattern {
	all := slices.DeleteFunc(service.groups(), func(p NamePattern) bool { return p.Name == acl.Any })
	if service.Streams != nil {
		all = append(all, NamePattern{service.Streams.ApplicationID, acl.Literal})
	}
	if service.Connect == nil {
		return all
	}
	for _, name := range slices.Sorted(maps.Keys(service.Connect.Connectors)) {
		if chosen(service.Connect.Connectors[name]) {
			all = append(all, NamePattern{sinkGroup(name), acl.Literal})
		}
	}
	return all
}

// sinkGroup is the consumer group of a sink connector.
func sinkGroup(connector string) string { return "connect-" + connector }

// ServiceReader is a service that reads a topic in a group; Group is the zero value when the file names none.
type ServiceReader struct {
	Service string
	Group   NamePattern
}

// Readers lists who reads a topic: its consumers in their order, with every group of theirs, and then the services of
// sink connectors that read it, by name.
func (s *Spec) Readers(topic string) []ServiceReader {
	var readers []ServiceReader
	consumers := s.Topics[topic].Consumers
	reads := func(sink Connector) bool { return slices.Contains(sink.Consumes, topic) }
	for _, name := range consumers {
		groups := s.Services[name].groupsWhere(reads)
		if len(groups) == 0 {
			readers = append(readers, ServiceReader{Service: name})
		}
		for _, g := range groups {
			readers = append(readers, ServiceReader{name, g})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.Services)) {
		if slices.Contains(consumers, name) || s.Services[name].Connect == nil {
			continue
		}
		for connector, one := range s.Services[name].Connect.inOrder() {
			if reads(one) {
				readers = append(readers, ServiceReader{name, NamePattern{sinkGroup(connector), acl.Literal}})
			}
		}
	}
	return readers
}

// Writers lists the services that write a topic: its producers in their order, and then those of source connectors
// that write it, by name.
func (s *Spec) Writers(topic string) []string {
	writers := slices.Clone(s.Topics[topic].Producers)
	for _, name := range slices.Sorted(maps.Keys(s.Services)) {
		if s.Services[name].Connect == nil || slices.Contains(writers, name) {
			continue
		}
		for _, one := range s.Services[name].Connect.inOrder() {
			if slices.Contains(one.Produces, topic) {
				writers = append(writers, name)
				break
			}
		}
	}
	return writers
}

// inOrder ranges over the connectors by name.
func (c *Connect) inOrder() func(yield func(string, Connector) bool) {
	return func(yield func(string, Connector) bool) {
		for _, name := range slices.Sorted(maps.Keys(c.Connectors)) {
			if !yield(name, c.Connectors[name]) {
				return
			}
		}
	}
}
