package composefile

import (
	"fmt"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"
)

// createdTopics: wurstmeister/kafka makes the topics that KAFKA_CREATE_TOPICS lists, and Debezium's
// image those of CREATE_TOPICS. Nobody else does: Confluent's, Apache's and Bitnami's images take the
// variable for a setting, which no broker asks for (confluentinc/cp-docker-images#694,
// confluentinc/kafka-images#70, bitnami/containers#77410). Clients then find no topic, or one of their
// first asking with one partition. It is a leftover where a service of the stack makes the same topics.
func createdTopics(stack *Stack, report reporter) {
	var said []string
	for _, s := range stack.services {
		for _, variable := range topicListVariables() {
			raw := s.Environment[variable]
			if raw == nil || !s.env(variable).set || !s.deafTo(variable) || variable == "KAFKA_TOPICS" && stack.shared(s, variable) {
				continue
			}
			if slices.Contains(said, variable+"="+*raw) { // the other brokers of a cluster
				continue
			}
			said = append(said, variable+"="+*raw)
			topics := s.declaredTopics(variable)
			message := fmt.Sprintf("%s does not read %s", s.image.ref, variable)
			if maker := stack.makerOf(topics); maker != nil {
				report.advice(s, s.atEnv(variable), fmt.Sprintf("%s: %s makes the topics", message, maker.Name), "remove "+variable)
				continue
			}
			report.fault(s, s.atEnv(variable), message+": no topic is made", stack.topicsFix(s, topics))
		}
	}
}

// deafTo reports an image that certainly starts from its own script and has no use for the variable.
func (s *service) deafTo(variable string) bool {
	switch {
	case s.Build != nil, s.mountsStart(), strings.Contains(s.script(), variable):
		return false
	case s.overridden() && !s.startsBroker() && !containsAny(s.script(), "redpanda start", "kafka/run.sh"):
		return false
	case s.image.is("wurstmeister/kafka"):
		return variable != "KAFKA_CREATE_TOPICS"
	case s.image.is("debezium/kafka"):
		return variable != "CREATE_TOPICS"
	default:
		return s.image.confluent() || s.image.apache() || s.image.bitnami() ||
			s.image.is("confluentinc/confluent-local", "redpandadata/redpanda", "vectorized/redpanda", "strimzi/kafka")
	}
}

// mountsStart reports a mounted file that the image's own start runs.
func (s *service) mountsStart() bool {
	return slices.ContainsFunc(s.Volumes, func(volume types.ServiceVolumeConfig) bool {
		return containsAny(volume.Target, "/etc/confluent", "/etc/kafka/docker", "docker-entrypoint-initdb.d", "/opt/bitnami/scripts")
	})
}

// shared reports a variable that another service has, too: of clients, in a list that all are given.
func (s *Stack) shared(svc *service, variable string) bool {
	return slices.ContainsFunc(s.services, func(other *service) bool {
		_, set := other.Environment[variable]
		return set && other.image.name() != svc.image.name()
	})
}

// makerOf returns the service whose commands name every one of the topics, nil for none.
func (s *Stack) makerOf(topics []declaredTopic) *service {
	i := slices.IndexFunc(s.services, func(svc *service) bool {
		words := strings.FieldsFunc(svc.script(), func(r rune) bool { return strings.ContainsRune(" \t\n;&|()'\"`$=:,", r) })
		return len(topics) > 0 && svc.createsTopics() && !slices.ContainsFunc(topics, func(topic declaredTopic) bool {
			return !slices.Contains(words, topic.name)
		})
	})
	if i < 0 {
		return nil
	}
	return s.services[i]
}

// topicsFix writes what the list says as a topics.yaml.
func (s *Stack) topicsFix(svc *service, topics []declaredTopic) string {
	size := 0
	if b := s.brokerOf(svc); b != nil {
		if n, known := s.clusterSize(b); known {
			size = n
		}
	}
	if file := topicsFile(topics, size); file != "" {
		return "a service that runs kafkactl apply, with this topics.yaml:\n" + file
	}
	return "topics.yaml, and a service that runs kafkactl apply"
}
