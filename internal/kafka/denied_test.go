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
		{kmsg.Produce, "a", kerr.ClusterAuthorizationFailed, `Write on topic "a"`, "Write --topic a"},
		{kmsg.CreateACLs, "", kerr.ClusterAuthorizationFailed, "Alter on cluster", "Alter --cluster"},
		{kmsg.AlterUserSCRAMCredentials, "", kerr.ClusterAuthorizationFailed, "Alter on cluster", "Alter --cluster"},
		{kmsg.DescribeClientQuotas, "", kerr.ClusterAuthorizationFailed, "DescribeConfigs on cluster", "DescribeConfigs --cluster"},
		{kmsg.AlterClientQuotas, "", kerr.ClusterAuthorizationFailed, "AlterConfigs on cluster", "AlterConfigs --cluster"},
		{kmsg.InitProducerID, "a", kerr.ClusterAuthorizationFailed, `Write on topic "a"`, "Write --topic a"},
	} {
		wantDenied(t, CodeError(test.key, test.name, test.kafka.Code, nil), test.want, test.flags)
	}
	if err := CodeError(kmsg.CreateTopics, "a", kerr.PolicyViolation.Code, kmsg.StringPtr("no")); err.Error() != "POLICY_VIOLATION: no" {
		t.Errorf("another refusal stays what it is: %v", err)
	}
}

// One grant is enough for a command that is refused while it only looks, and nothing is granted that
// would not mend the refusal.
func TestNeeds(t *testing.T) {
	t.Parallel()
	const grant = "an administrator grants it: kafka-acls --bootstrap-server … --add --allow-principal User:NAME --operation "
	denied := func(key kmsg.Key, name string, refusal *kerr.Error) error {
		return CodeError(key, name, refusal.Code, nil)
	}
	read := Needs{Operation: "Read", Topics: []string{"a", "b"}, Group: "it's"}
	for _, test := range []struct {
		name  string
		needs Needs
		err   error
		want  string
	}{
		{"topic", read, denied(kmsg.Metadata, "b", kerr.TopicAuthorizationFailed), grant + `Read --topic a --topic b --group 'it'\''s'`},
		{"group", read, denied(kmsg.OffsetCommit, "it's", kerr.GroupAuthorizationFailed), grant + `Read --topic a --topic b --group 'it'\''s'`},
		{"delete", Needs{Operation: "Delete"}, denied(kmsg.DescribeGroups, "g", kerr.GroupAuthorizationFailed), grant + "Delete --group g"},
		{"another operation", read, denied(kmsg.DescribeConfigs, "a", kerr.TopicAuthorizationFailed), grant + "DescribeConfigs --topic a"},
		{"cluster", read, denied(kmsg.DescribeQuorum, "", kerr.ClusterAuthorizationFailed), grant + "Describe --cluster"},
		{"no denial", read, kerr.PolicyViolation, ""},
	} {
		err := test.needs.Explain(test.err)
		var hinting interface{ Hint() string }
		hint := ""
		if errors.As(err, &hinting) {
			hint = hinting.Hint()
		}
		if hint != test.want || err.Error() != test.err.Error() || !errors.Is(err, errors.Unwrap(test.err)) && test.want != "" {
			t.Errorf("%s: %v, hint %s", test.name, err, hint)
		}
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
