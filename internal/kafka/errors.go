package kafka

import (
	"errors"
	"fmt"
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// BrokerError is a broker's refusal: Kafka's error and the broker's own words.
type BrokerError struct {
	Kafka *kerr.Error
	// Detail is the broker's message; Kafka's description when it sent none.
	Detail string
}

// Error starts with Kafka's error name, "INVALID_CONFIG: Invalid value 7d for …".
func (e *BrokerError) Error() string { return e.Kafka.Message + ": " + e.Detail }

// Unwrap makes errors.Is(err, kerr.InvalidConfig) work.
func (e *BrokerError) Unwrap() error { return e.Kafka }

// brokerError is what a broker answered to the request with key about the topic or
// group called name, "" when it was about the cluster: nil for code 0, a
// [*DeniedError] for want of an ACL, a [*BrokerError] otherwise.
func CodeError(key kmsg.Key, name string, code int16, message *string) error {
	err := kerr.TypedErrorForCode(code)
	if err == nil {
		return nil
	}
	detail := err.Description
	if message != nil && *message != "" {
		detail = *message
	}
	return denied(key, name, &BrokerError{Kafka: err, Detail: detail})
}

// brokersError gives what kgo or kadm returned the form of brokerError; an error that
// is no broker's stays as it is.
func ClientError(key kmsg.Key, name string, err error, message string) error {
	var kafka *kerr.Error
	if !errors.As(err, &kafka) {
		return err
	}
	return CodeError(key, name, kafka.Code, &message)
}

// Refusal gives an error of who talks to the brokers itself, as readers and writers of
// records do, the form that this package's have: a [*DeniedError] for want of an ACL.
// key and name say what was asked, and about which topic or group.
func Refusal(key kmsg.Key, name string, err error) error {
	if !Unauthorized(err) {
		return err
	}
	return ClientError(key, name, err, "")
}

// failed puts what was asked before err, unless err tells that itself.
func Wrap(asked string, err error) error {
	if errors.As(err, new(*DeniedError)) {
		return err
	}
	return fmt.Errorf("%s: %w", asked, err)
}

// Resource is what a name is the name of.
type Resource string

// What can be asked for by name.
const (
	ResourceTopic Resource = "topic"
	ResourceGroup Resource = "group"
)

// NotFoundError is something named that does not exist.
type NotFoundError struct {
	Resource Resource
	Name     string
	// Near lists existing ones with similar names, nearest first.
	Near []string
}

func (e *NotFoundError) Error() string {
	return fmt.Sprintf("%s %q does not exist", e.Resource, e.Name)
}

// Hint is where to find the name that was meant.
func (e *NotFoundError) Hint() string {
	switch {
	case len(e.Near) > 0:
		return "did you mean " + strings.Join(e.Near, ", ") + "?"
	case e.Resource == ResourceGroup:
		return "kafkactl lag shows the groups there are"
	default:
		return "kafkactl list shows the topics there are"
	}
}

// Unwrap makes errors.Is with Kafka's error for it work.
func (e *NotFoundError) Unwrap() error {
	if e.Resource == ResourceGroup {
		return kerr.GroupIDNotFound
	}
	return kerr.UnknownTopicOrPartition
}

// MissingPartitionError is a partition that was named and is not there.
type MissingPartitionError struct {
	Topic     string
	Partition int32
	Count     int
}

func (e *MissingPartitionError) Error() string {
	return fmt.Sprintf("topic %q has no partition %d: it has %d, from 0", e.Topic, e.Partition, e.Count)
}

// Unauthorized tells that err is the brokers refusing who we are or what we may.
func Unauthorized(err error) bool {
	for _, refusal := range []error{
		kerr.TopicAuthorizationFailed, kerr.ClusterAuthorizationFailed, kerr.GroupAuthorizationFailed,
		kerr.TransactionalIDAuthorizationFailed, kerr.SaslAuthenticationFailed, kerr.UnsupportedSaslMechanism, kerr.IllegalSaslState,
	} {
		if errors.Is(err, refusal) {
			return true
		}
	}
	return false
}

// notYet tells that the same request may succeed a moment later. kgo repeats
// NOT_CONTROLLER and broken connections itself, but none of the others.
func NotYet(err error) bool {
	for _, passing := range []error{
		kerr.RequestTimedOut, kerr.ThrottlingQuotaExceeded, kerr.NotController, kerr.BrokerNotAvailable,
		kerr.LeaderNotAvailable, kerr.UnknownTopicOrPartition, kerr.NetworkException, kerr.ReassignmentInProgress, kerr.UnknownServerError,
	} {
		if errors.Is(err, passing) {
			return true
		}
	}
	return false
}
