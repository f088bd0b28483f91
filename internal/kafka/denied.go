package kafka

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/acl"
)

// DataPathPrefix begins the name of every topic that a round trip of records makes for itself.
const DataPathPrefix = "kafkactl.data-path."

// DeniedError is a broker's refusal for want of an ACL: what is missing, and the grant that gives
// it. A broker denies before it looks, so the error does not mean that the resource exists.
type DeniedError struct {
	// Operation is Kafka's word as kafka-acls takes it, "DescribeConfigs".
	Operation string
	// Resource is `topic "order.created"`, `group "order-service-group"` or "cluster". Of several
	// it is the first with "and 2 more".
	Resource string
	Cause    *BrokerError

	flags []string // of kafka-acls, each for one resource
}

// Error is such as `not permitted: DescribeConfigs on topic "order.created"
// (TOPIC_AUTHORIZATION_FAILED)`.
func (e *DeniedError) Error() string {
	return fmt.Sprintf("not permitted: %s on %s (%s)", e.Operation, e.Resource, e.Cause.Kafka.Message)
}

// Unwrap makes errors.Is work with Kafka's error, and [Unauthorized].
func (e *DeniedError) Unwrap() error { return e.Cause }

// Hint returns the grant that is missing.
func (e *DeniedError) Hint() string {
	return Grant(e.Operation, e.flags...)
}

// denied returns the refusal as a [*DeniedError] when it is for want of an ACL, and as it is
// otherwise. key and name say what was asked: see [CodeError].
func denied(key kmsg.Key, name string, refusal *BrokerError) error {
	e := &DeniedError{Cause: refusal}
	var flag string
	on := refusal.Kafka
	if (key == kmsg.Produce || key == kmsg.InitProducerID) && on == kerr.ClusterAuthorizationFailed {
		// Of the producer id, which whoever may write to some topic gets (KIP-679, since Kafka 2.8).
		on = kerr.TopicAuthorizationFailed
	}
	switch on {
	case kerr.TopicAuthorizationFailed:
		e.Resource, flag = fmt.Sprintf("topic %q", name), topicFlag(name)
		switch {
		case key == kmsg.ConsumerGroupDescribe: // the broker does not say which topic
			e.Resource, flag = fmt.Sprintf("a topic of group %q", name), "--topic TOPIC"
		case strings.HasPrefix(name, DataPathPrefix): // the next try has another name
			flag = acl.Resource{Type: acl.Topic, Pattern: acl.Prefixed, Name: DataPathPrefix}.Flags()
		}
	case kerr.GroupAuthorizationFailed:
		e.Resource, flag = fmt.Sprintf("group %q", name), groupFlag(name)
	case kerr.ClusterAuthorizationFailed:
		e.Resource, flag = "cluster", clusterFlag
	default:
		return refusal
	}
	e.Operation, e.flags = operation(key), []string{flag}
	return e
}

// operation returns what the request with key must be permitted to do, in the words of KIP-11.
// It covers the requests that this program sends.
func operation(key kmsg.Key) string {
	switch key {
	case kmsg.CreateTopics:
		return "Create"
	case kmsg.CreatePartitions, kmsg.AlterPartitionAssignments, kmsg.ElectLeaders,
		kmsg.CreateACLs, kmsg.DeleteACLs, kmsg.AlterUserSCRAMCredentials:
		return "Alter"
	case kmsg.DeleteTopics, kmsg.DeleteGroups:
		return "Delete"
	case kmsg.DescribeConfigs, kmsg.DescribeClientQuotas:
		return "DescribeConfigs"
	case kmsg.IncrementalAlterConfigs, kmsg.AlterClientQuotas:
		return "AlterConfigs"
	case kmsg.Fetch, kmsg.OffsetCommit, kmsg.DescribeProducers:
		return "Read"
	case kmsg.Produce, kmsg.InitProducerID:
		return "Write"
	default: // Metadata, ListOffsets, DescribeGroups and all others that only look
		return "Describe"
	}
}

// Denials gathers what is not permitted, so that one error can name all of it.
type Denials []*DeniedError

// Add keeps err when it is a denial, and reports whether it is.
func (d *Denials) Add(err error) bool {
	var denied *DeniedError
	found := errors.As(err, &denied)
	if found {
		*d = append(*d, denied)
	}
	return found
}

// Err returns nil for no denials, and otherwise the first by name with the resources of the others
// in its grant. Brokers do not answer in the order of the question, nor all in the same.
func (d Denials) Err() error {
	slices.SortFunc(d, func(a, b *DeniedError) int { return cmp.Compare(a.Resource, b.Resource) })
	if all := d.Together(); all != nil {
		return all
	}
	return nil
}

// Together returns the first denial, with the resources of the others of the same operation in its
// grant. It is nil for no denials.
func (d Denials) Together() *DeniedError {
	if len(d) == 0 {
		return nil
	}
	all := *d[0]
	all.flags = nil
	for _, e := range d {
		for _, flag := range e.flags {
			if e.Operation == all.Operation && !slices.Contains(all.flags, flag) {
				all.flags = append(all.flags, flag)
			}
		}
	}
	if more := len(all.flags) - 1; more > 0 {
		all.Resource = fmt.Sprintf("%s and %d more", all.Resource, more)
	}
	return &all
}
