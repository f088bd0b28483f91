package groups

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
	"kafkactl/internal/kafkatest"
)

// Tier 4: what only a real broker can judge.

// dialReal is a client of a real cluster; ctx bounds each test.
func dialReal(t *testing.T, cluster *kafkatest.Cluster) (context.Context, *Client) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	t.Cleanup(cancel)
	c, err := kafka.Dial(ctx, kafka.Config{Brokers: cluster.Addrs(), Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return ctx, New(c)
}

// wantNoOffsetsTopic fails when asking made the topic that groups are kept in.
func wantNoOffsetsTopic(ctx context.Context, t *testing.T, c *Client) {
	t.Helper()
	meta, err := c.kafka.Metadata(ctx, c.kafka.Any, []string{"__consumer_offsets"})
	if err != nil || !errors.Is(kafka.CodeError(kmsg.Metadata, "", meta.Topics[0].ErrorCode, nil), kerr.UnknownTopicOrPartition) {
		t.Fatalf("asking made __consumer_offsets: %+v, %v", meta, err)
	}
}

// Asking for groups on a cluster where nothing ever consumed leaves it so: no __consumer_offsets.
// Afterwards both protocols are seen alike.
func TestRealConsuming(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		flavour  kafkatest.Flavour
		consumer []kgo.Opt // how the members of the group "consumer" differ; nil: not there
	}{
		{kafkatest.ZK1, nil},
		{kafkatest.Kraft1, []kgo.Opt{kgo.ServerSideBalancer()}},
	} {
		t.Run(string(test.flavour), func(t *testing.T) {
			t.Parallel()
			ctx, c := dialReal(t, kafkatest.Shared(t, test.flavour))
			_, err := c.Consuming(ctx, []string{"classic", "consumer"})
			if err == nil || err.Error() != "classic: no such group yet; consumer: no such group yet" {
				t.Errorf("nobody consumes, and told %v", err)
			}
			wantNoOffsetsTopic(ctx, t, c)
			createAside(ctx, t, c, "consumed", 3)
			leave := consume(ctx, t, c, "consumed", "classic")
			consume(ctx, t, c, "consumed", "classic")
			wantGroups(ctx, t, c, "classic: stable, 2 members")
			if test.consumer != nil {
				leaveConsumer := consume(ctx, t, c, "consumed", "consumer", test.consumer...)
				wantGroups(ctx, t, c, "consumer: stable, 1 member", "classic: stable, 2 members")
				leaveConsumer()
				wantGroups(ctx, t, c, "consumer: empty: no member")
			}
			leave()
			wantGroups(ctx, t, c, "classic: stable, 1 member")
		})
	}
}

// A group that may not be seen is not taken for one that is not there, also by a broker that
// coordinates neither, and without making __consumer_offsets.
func TestRealConsumingRefused(t *testing.T) {
	t.Parallel()
	ctx, c := dialReal(t, kafkatest.Start(t, kafkatest.Options{Flavour: kafkatest.Kraft1, Props: map[string]string{
		"authorizer.class.name":          "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
		"allow.everyone.if.no.acl.found": "true",
	}}))
	acl := kadm.NewACLs().Groups("hidden").ResourcePatternType(kadm.ACLPatternLiteral).Operations(kadm.OpDescribe).Deny("User:ANONYMOUS").DenyHosts("*")
	if made, err := c.kafka.Adm.CreateACLs(ctx, acl); err != nil || len(made) != 1 || made[0].Err != nil {
		t.Fatalf("%+v, %v", made, err)
	}
	var err error
	for kafka.Pause(ctx, 50*time.Millisecond) { // until the broker has heard of the ACL
		if _, err = c.Consuming(ctx, []string{"seen", "hidden"}); kafka.Unauthorized(err) {
			break
		}
	}
	if want := `not permitted: Describe on group "hidden" (GROUP_AUTHORIZATION_FAILED)`; err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("want %s, told %v", want, err)
	}
	if _, err := c.Consuming(ctx, []string{"seen"}); err == nil || err.Error() != "seen: no such group yet" {
		t.Errorf("told %v", err)
	}
	wantNoOffsetsTopic(ctx, t, c)
}
