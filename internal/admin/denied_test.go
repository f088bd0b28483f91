package admin

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// Every request that is refused for want of an ACL names the one, and at once: not
// that there is no topic, and not what the deadline says.
func TestDenied(t *testing.T) {
	t.Parallel()
	observe := func(ctx context.Context, c *Client) error {
		_, err := c.Observe(ctx, []string{"a"})
		return err
	}
	describe := func(ctx context.Context, c *Client) error {
		_, err := c.DescribeTopic(ctx, "a")
		return err
	}
	settle := func(ctx context.Context, c *Client) error { return c.Settle(ctx, topics("a")) }
	settings := topics("a")
	settings[0].Config = topicspec.Config{"retention.ms": {Value: "1000"}}
	more := topics("a")
	more[0].Partitions = 5
	validate := func(desired []topicspec.Desired) func(context.Context, *Client) error {
		return func(ctx context.Context, c *Client) error {
			plan, err := c.Plan(ctx, desired)
			if err != nil {
				return err
			}
			return c.Validate(ctx, plan.Plan)
		}
	}
	for _, test := range []struct {
		name  string
		fault kfake.Fault
		ask   func(context.Context, *Client) error
		want  string // what is missing, and of whom
		flags string // of the grant
	}{
		{"look", kfake.Fault{Keys: []kmsg.Key{kmsg.Metadata}, Topic: "a"}, observe, `Describe on topic "a"`, "Describe --topic a"},
		{"describe", kfake.Fault{Keys: []kmsg.Key{kmsg.Metadata}, Topic: "a"}, describe, `Describe on topic "a"`, "Describe --topic a"},
		{"look, settings", kfake.Fault{Keys: []kmsg.Key{kmsg.DescribeConfigs}, Resource: "a"}, observe, `DescribeConfigs on topic "a"`, "DescribeConfigs --topic a"},
		{"describe, settings", kfake.Fault{Keys: []kmsg.Key{kmsg.DescribeConfigs}, Resource: "a"}, describe, `DescribeConfigs on topic "a"`, "DescribeConfigs --topic a"},
		{"settle", kfake.Fault{Keys: []kmsg.Key{kmsg.Metadata}, Topic: "a"}, settle, `Describe on topic "a"`, "Describe --topic a"},
		{"settle, settings", kfake.Fault{Keys: []kmsg.Key{kmsg.DescribeConfigs}, Resource: "a"}, settle, `DescribeConfigs on topic "a"`, "DescribeConfigs --topic a"},
		{"create", kfake.Fault{Keys: []kmsg.Key{kmsg.CreateTopics}, Topic: "new"}, validate(topics("a", "new")), `Create on topic "new"`, "Create --topic new"},
		{
			"create, old broker",
			kfake.Fault{Keys: []kmsg.Key{kmsg.CreateTopics}, Topic: "new", Err: kerr.ClusterAuthorizationFailed},
			validate(topics("new")),
			`Create on cluster`, "Create --cluster",
		},
		{"grow", kfake.Fault{Keys: []kmsg.Key{kmsg.CreatePartitions}, Topic: "a"}, validate(more), `Alter on topic "a"`, "Alter --topic a"},
		{"set", kfake.Fault{Keys: []kmsg.Key{kmsg.IncrementalAlterConfigs}, Resource: "a"}, validate(settings), `AlterConfigs on topic "a"`, "AlterConfigs --topic a"},
		{"delete", kfake.Fault{Keys: []kmsg.Key{kmsg.DeleteTopics}, Topic: "a"}, func(ctx context.Context, c *Client) error {
			plan, err := c.PlanDelete(ctx, []string{"a"})
			if err != nil {
				return err
			}
			return c.Apply(ctx, plan).Err()
		}, `Delete on topic "a"`, "Delete --topic a"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			ctx, cluster, c := dialFake(t, kfake.SeedTopics(3, "a"))
			test.fault.Count = -1
			if test.fault.Err == nil {
				test.fault.Err = kerr.TopicAuthorizationFailed
			}
			cluster.Fault(test.fault)
			start := time.Now()
			err := test.ask(ctx, c)
			if took := time.Since(start); took > 10*time.Second {
				t.Errorf("took %s", took)
			}
			wantDenied(t, err, test.want, test.flags)
		})
	}
}

// wantDenied fails unless err is for want of an ACL, and says so.
func wantDenied(t *testing.T, err error, want, flags string) {
	t.Helper()
	var denied *kafka.DeniedError
	if !errors.As(err, &denied) || !kafka.Unauthorized(err) || MayHeal(err) {
		t.Fatalf("want a denial that does not heal, got %v", err)
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

// All that may not be looked at is reported at once, whatever else is there.
func TestDeniedTogether(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t, kfake.SeedTopics(1, "c", "a", "open", "b"))
	names := []string{"c", "open", "a", "b"}
	for _, name := range []string{"a", "b", "c"} {
		cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.DescribeConfigs}, Resource: name, Err: kerr.TopicAuthorizationFailed, Count: -1})
	}
	_, err := c.Observe(ctx, names)
	wantDenied(t, err, `DescribeConfigs on topic "a" and 2 more`, "DescribeConfigs --topic a --topic b --topic c")
	for _, name := range []string{"c", "b"} {
		cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.Metadata}, Topic: name, Err: kerr.TopicAuthorizationFailed, Count: -1})
	}
	_, err = c.Observe(ctx, names)
	wantDenied(t, err, `Describe on topic "b" and 1 more`, "Describe --topic b --topic c")
}

// Which of several refusals comes first is always the same, and the hint grants all
// that one operation lacks, once.
func TestRefusalsAreInPlanOrder(t *testing.T) {
	t.Parallel()
	refused := &RefusedError{}
	for _, one := range []struct {
		name string
		key  kmsg.Key
		err  *kerr.Error
	}{
		{"d", kmsg.CreateTopics, kerr.TopicAuthorizationFailed},
		{"b", kmsg.CreateTopics, kerr.TopicAuthorizationFailed},
		{"a", kmsg.CreateTopics, kerr.TopicAuthorizationFailed},
		{"c", kmsg.CreateTopics, kerr.TopicAuthorizationFailed},
		{"set", kmsg.IncrementalAlterConfigs, kerr.TopicAuthorizationFailed},
		{"set", kmsg.IncrementalAlterConfigs, kerr.TopicAuthorizationFailed}, // another setting of it
		{"bad", kmsg.CreateTopics, kerr.InvalidConfig},
	} {
		refused.Plan.Changes = append(refused.Plan.Changes, topicspec.Change{Topic: one.name})
		refused.Refusals = append(refused.Refusals, kafka.CodeError(one.key, one.name, one.err.Code, nil))
	}
	for range 20 {
		wantDenied(t, refused, `Create on topic "d"`, "Create --topic d")
	}
	want := "an administrator grants it: kafka-acls --bootstrap-server … --add --allow-principal User:NAME" +
		" --operation Create --topic d --topic b --topic a --topic c"
	if diff := cmp.Diff(want, refused.Hint()); diff != "" {
		t.Error(diff)
	}
	clear(refused.Refusals[:4])
	if hint := refused.Hint(); !strings.HasSuffix(hint, " --operation AlterConfigs --topic set") {
		t.Errorf("hint %q", hint)
	}
	clear(refused.Refusals[:6])
	if hint := refused.Hint(); hint != "" {
		t.Errorf("nothing is to be granted: %q", hint)
	}
}
