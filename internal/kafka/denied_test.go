package kafka

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// What no request of a fake can be made to answer, and names that a shell would break.
func TestBrokerErrorDenied(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		key   kmsg.Key
		name  string
		kafka *kerr.Error
		want  string
		flags string
	}{
		{kmsg.ListGroups, "", kerr.ClusterAuthorizationFailed, "Describe on cluster", "Describe --cluster"},
		{kmsg.ConsumerGroupDescribe, "g", kerr.GroupAuthorizationFailed, `Describe on group "g"`, "Describe --group g"},
		{kmsg.ConsumerGroupDescribe, "g", kerr.TopicAuthorizationFailed, `Describe on a topic of group "g"`, "Describe --topic TOPIC"},
		{kmsg.DescribeGroups, "it's", kerr.GroupAuthorizationFailed, `Describe on group "it's"`, `Describe --group 'it'\''s'`},
		{kmsg.Produce, "a", kerr.ClusterAuthorizationFailed, "IdempotentWrite on cluster", "IdempotentWrite --cluster"},
	} {
		wantDenied(t, CodeError(test.key, test.name, test.kafka.Code, nil), test.want, test.flags)
	}
	if err := CodeError(kmsg.CreateTopics, "a", kerr.PolicyViolation.Code, kmsg.StringPtr("no")); err.Error() != "POLICY_VIOLATION: no" {
		t.Errorf("another refusal stays what it is: %v", err)
	}
}

// wantDenied fails unless err is for want of an ACL, and says which.
func wantDenied(t *testing.T, err error, want, flags string) {
	t.Helper()
	var denied *DeniedError
	if !errors.As(err, &denied) || !Unauthorized(err) {
		t.Fatalf("want a denial, got %v", err)
	}
	got := []string{denied.Error(), denied.Hint()}
	told := []string{
		"not permitted: " + want + " (" + denied.Cause.Kafka.Message + ")",
		"an administrator grants it: kafka-acls --bootstrap-server … --add --allow-principal User:NAME --operation " + flags,
	}
	if diff := cmp.Diff(told, got); diff != "" {
		t.Error(diff)
	}
}
