package kafka

import (
	"fmt"
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"
)

// Resource is the kind of thing that a name is given to.
type Resource string

// What can be asked for by name.
const (
	ResourceTopic Resource = "topic"
	ResourceGroup Resource = "group"
)

// NotFoundError says that something was named and does not exist.
type NotFoundError struct {
	Resource Resource
	Name     string
	// Near lists existing names that are similar, nearest first.
	Near []string
}

// Error is such as `topic "order.created" does not exist`.
func (e *NotFoundError) Error() string {
	return fmt.Sprintf("%s %q does not exist", e.Resource, e.Name)
}

// Hint says which names are similar, or else where to find the name that was meant.
func (e *NotFoundError) Hint() string {
	switch {
	case len(e.Near) > 0:
		near := make([]string, len(e.Near))
		for i, name := range e.Near {
			near[i] = Printable(name)
		}
		return "did you mean " + strings.Join(near, ", ") + "?"
	case e.Resource == ResourceGroup:
		return "kafkactl lag shows the groups there are"
	default:
		return "kafkactl list shows the topics there are"
	}
}

// Unwrap makes errors.Is work with Kafka's error: GROUP_ID_NOT_FOUND for a group, and
// UNKNOWN_TOPIC_OR_PARTITION for a topic.
func (e *NotFoundError) Unwrap() error {
	if e.Resource == ResourceGroup {
		return kerr.GroupIDNotFound
	}
	return kerr.UnknownTopicOrPartition
}

// MissingPartitionError says that a partition was named and the topic does not have it.
type MissingPartitionError struct {
	Topic     string
	Partition int32
	Count     int // how many it has
}

// Error says how many partitions there are.
func (e *MissingPartitionError) Error() string {
	return fmt.Sprintf("topic %q has no partition %d: it has %d, from 0", e.Topic, e.Partition, e.Count)
}
