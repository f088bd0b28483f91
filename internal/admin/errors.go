package admin

import (
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kerr"
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

// brokerError is nil for code 0.
func brokerError(code int16, message *string) error {
	err := kerr.TypedErrorForCode(code)
	if err == nil {
		return nil
	}
	detail := err.Description
	if message != nil && *message != "" {
		detail = *message
	}
	return &BrokerError{Kafka: err, Detail: detail}
}

// NotFoundError is a named topic that does not exist.
type NotFoundError struct {
	Topic string
	// Near lists existing topics with similar names, nearest first.
	Near []string
}

func (e *NotFoundError) Error() string {
	return fmt.Sprintf("topic %q does not exist", e.Topic)
}

// Unwrap makes errors.Is(err, kerr.UnknownTopicOrPartition) work.
func (e *NotFoundError) Unwrap() error { return kerr.UnknownTopicOrPartition }

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
func notYet(err error) bool {
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
