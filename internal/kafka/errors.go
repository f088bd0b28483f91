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

// CodeError returns what a broker answered to the request with key about the topic or group called
// name, "" when it was about the cluster: nil for code 0, a [*DeniedError] for want of an ACL, a
// [*BrokerError] otherwise. message is the broker's own, nil when it sent none.
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

// ClientError gives an error that kgo or kadm returned the form of [CodeError]. An error that is
// not a broker's stays as it is.
func ClientError(key kmsg.Key, name string, err error, message string) error {
	var kafka *kerr.Error
	if !errors.As(err, &kafka) {
		return err
	}
	return CodeError(key, name, kafka.Code, &message)
}

// Refusal is [ClientError] for want of an ACL only, and leaves all other errors as they are: for
// readers and writers of records, which talk to the brokers themselves. key and name say what was
// asked, and about which topic or group.
func Refusal(key kmsg.Key, name string, err error) error {
	if !Unauthorized(err) {
		return err
	}
	return ClientError(key, name, err, "")
}

// Wrap puts what was asked before err, except before a [*DeniedError], which says it itself.
func Wrap(asked string, err error) error {
	if errors.As(err, new(*DeniedError)) {
		return err
	}
	return fmt.Errorf("%s: %w", asked, err)
}

// Unauthorized reports whether err is the brokers refusing who we are or what we may do.
func Unauthorized(err error) bool {
	for _, refusal := range []error{
		kerr.TopicAuthorizationFailed, kerr.ClusterAuthorizationFailed, kerr.GroupAuthorizationFailed,
		kerr.TransactionalIDAuthorizationFailed, kerr.SaslAuthenticationFailed, kerr.UnsupportedSaslMechanism, kerr.IllegalSaslState,
	} {
		if errors.Is(err, refusal) {
			return true
		}
	}
	return RefusedSASL(err) || RefusedTLS(err) && aboutCertificate(err)
}

// NotYet reports whether the same request may succeed a moment later. kgo repeats NOT_CONTROLLER
// and broken connections itself, but none of the others.
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

// NotOffered reports whether err says that the broker does not know the request. kgo asks no broker
// that does not list it, and its error for that has no name.
func NotOffered(err error) bool {
	return errors.Is(err, kerr.UnsupportedVersion) || err != nil && strings.Contains(err.Error(), "the broker has already indicated it will not know how to handle the request")
}

// NotCoordinating reports whether err says that the coordinator of a group is being found, made or
// moved: the same request succeeds once it is there.
func NotCoordinating(err error) bool {
	return errors.Is(err, kerr.CoordinatorNotAvailable) || errors.Is(err, kerr.CoordinatorLoadInProgress) || errors.Is(err, kerr.NotCoordinator)
}
