package admin

import (
	"errors"
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Any decision of the controller proves the write path; only "not yet" does not.
func TestWritable(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		fault *kerr.Error
		want  string
		err   error
	}{
		{"accepted", nil, "the brokers would make a topic", nil},
		{"not allowed", kerr.TopicAuthorizationFailed, "not proven: this user may not create topics", nil},
		{"against a policy", kerr.PolicyViolation, "the controller answers: POLICY_VIOLATION", nil},
		{"no controller yet", kerr.RequestTimedOut, "", kerr.RequestTimedOut},
		{"a policy that throws", kerr.UnknownServerError, "", kerr.UnknownServerError},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			ctx, cluster, c := dialFake(t)
			if test.fault != nil {
				cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.CreateTopics}, Count: -1, Err: test.fault})
			}
			got, err := c.Writable(ctx)
			if got != test.want || !errors.Is(err, test.err) {
				t.Errorf("%q, %v; want %q, %v", got, err, test.want, test.err)
			}
			if topics, err := c.ListTopics(ctx); err != nil || len(topics) > 0 {
				t.Errorf("topics after: %v, %v", topics, err)
			}
		})
	}
}
