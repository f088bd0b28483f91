package evidence

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/internal/kafka"
	"kafkactl/internal/kafkatest"
	"kafkactl/internal/topicspec"
)

// Tier 4: what only a real broker can judge.

// What is told of data on a broker of each kind, which removes old segments soon. Each part has topics and groups of
// its own; the last takes rights away.
func TestReal(t *testing.T) {
	t.Parallel()
	for _, flavour := range []kafkatest.Flavour{kafkatest.ZK1, kafkatest.Kraft1} {
		t.Run(string(flavour), func(t *testing.T) {
			t.Parallel()
			props := map[string]string{"log.retention.check.interval.ms": "500", "log.initial.task.delay.ms": "500"}
			if flavour == kafkatest.Kraft1 {
				props["authorizer.class.name"] = "org.apache.kafka.metadata.authorizer.StandardAuthorizer"
				props["allow.everyone.if.no.acl.found"] = "true"
			}
			cluster := kafkatest.Start(t, kafkatest.Options{Flavour: flavour, Props: props})
			for _, part := range []struct {
				name string
				run  func(ctx context.Context, t *testing.T, c *Client, flavour kafkatest.Flavour)
			}{{"trim", realTrim}, {"growth", realGrowth}, {"deletion", realDeletion}} {
				t.Run(part.name, func(t *testing.T) {
					ctx, c := dial(t, cluster.Addrs(), time.Now)
					part.run(ctx, t, c, flavour)
				})
			}
		})
	}
}

// create makes a topic with one partition and settings.
func create(ctx context.Context, t *testing.T, c *Client, name string, settings map[string]string) {
	t.Helper()
	configs := make(map[string]*string)
	for key, value := range settings {
		configs[key] = &value
	}
	if _, err := c.kafka.Adm.CreateTopic(ctx, 1, 1, configs, name); err != nil {
		t.Fatal(err)
	}
}

// ago is a time so many hours back.
func ago(hours int) time.Time { return time.Now().Add(-time.Duration(hours) * time.Hour) }

// consume starts a consumer and waits until the topic is in use by the group's kind.
func consume(ctx context.Context, t *testing.T, c *Client, topic string, want string, opts ...kgo.Opt) {
	t.Helper()
	member, err := c.kafka.Outliving(ctx, append(opts, kgo.ConsumeTopics(topic))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(member.Close)
	go func() {
		for ctx.Err() == nil && !member.Kgo.PollFetches(ctx).IsClientClosed() {
			continue
		}
	}()
	var inUse []string
	for kafka.Pause(ctx, 100*time.Millisecond) {
		if inUse = examine(ctx, t, c, remove(topic)).InUse; slices.Contains(inUse, want) {
			return
		}
	}
	t.Errorf("want %q, told %q", want, inUse)
}

// realTrim is that the brokers remove what was told, and not one record more: counted by where the log begins afterwards.
func realTrim(ctx context.Context, t *testing.T, c *Client, _ kafkatest.Flavour) {
	t.Helper()
	hourly := map[string]string{"segment.ms": "3600000"} // a batch of another hour begins a segment
	create(ctx, t, c, "by-time", hourly)
	create(ctx, t, c, "by-bytes", hourly)
	create(ctx, t, c, "unset", map[string]string{"segment.ms": "3600000", "retention.ms": "1209600000"})
	create(ctx, t, c, "policy", map[string]string{"segment.ms": "3600000", "cleanup.policy": "compact"})
	for _, topic := range []string{"by-time", "by-bytes", "unset", "policy"} {
		for i, hours := range []int{240, 72, 48, 2} {
			if topic == "unset" || topic == "policy" || i > 0 {
				write(ctx, t, c, topic, 10*(i+1), ago(hours), []byte{byte(i)})
			}
		}
	}
	commit(ctx, t, c, "behind", "by-time", 13)
	commit(ctx, t, c, "ahead", "by-time", 60)
	changes := []topicspec.Change{
		{Topic: "by-time", Field: retentionMs, Action: topicspec.Set, After: text("86400000")},
		{Topic: "by-bytes", Field: retentionBytes, Action: topicspec.Set, After: text("1")},
		{Topic: "unset", Field: retentionMs, Action: topicspec.Unset, Before: text("1209600000")},
		{Topic: "policy", Field: cleanupPolicy, Action: topicspec.Set, Before: text("compact"), After: text("delete")},
		{Topic: "by-time", Field: retentionMs, Action: topicspec.Set, After: text("604800000")},
	}
	found, err := c.Examine(ctx, changes[:4])
	if err != nil {
		t.Fatal(err)
	}
	var counts []int64
	for _, e := range found {
		t.Log(e.TrimReason())
		counts = append(counts, *e.Records)
	}
	if diff := cmp.Diff([]int64{50, 90, 10, 10}, counts); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]topicspec.Reader{{Group: "behind", Unread: new(int64(37))}}, found[0].Readers); diff != "" {
		t.Error(diff)
	}
	if e := examine(ctx, t, c, changes[4]); e != nil {
		t.Errorf("the default, set: %+v", e)
	}
	makeAll(ctx, t, c, changes[:4])
	wantStart(ctx, t, c, "by-time", 50)
	wantStart(ctx, t, c, "unset", 10)
	wantStart(ctx, t, c, "policy", 10)
	wantStart(ctx, t, c, "by-bytes", 50) // the last segment stays: its removal would leave less than the limit
}

// makeAll makes changes of settings.
func makeAll(ctx context.Context, t *testing.T, c *Client, changes []topicspec.Change) {
	t.Helper()
	for _, change := range changes {
		alter := kadm.AlterConfig{Op: kadm.DeleteConfig, Name: change.Field}
		if after, sets := change.After.(topicspec.Text); sets {
			alter = kadm.AlterConfig{Op: kadm.SetConfig, Name: change.Field, Value: kadm.StringPtr(string(after))}
		}
		made, err := c.kafka.Adm.AlterTopicConfigs(ctx, []kadm.AlterConfig{alter}, change.Topic)
		if err != nil || made[0].Err != nil {
			t.Fatal(err, made)
		}
	}
}

// wantStart waits until the log begins at an offset; further on is an error.
func wantStart(ctx context.Context, t *testing.T, c *Client, topic string, want int64) {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	var start int64
	for kafka.Pause(ctx, 50*time.Millisecond) {
		span := c.kafka.Offsets(ctx, topic)
		if at, _ := span(topic, 0); at >= 0 {
			start = at
		}
		if start >= want {
			break
		}
	}
	if start != want {
		t.Errorf("%s begins at %d, want %d", topic, start, want)
	}
}

// realGrowth is what a compacted topic and one with keys lose by growth.
func realGrowth(ctx context.Context, t *testing.T, c *Client, _ kafkatest.Flavour) {
	t.Helper()
	create(ctx, t, c, "compacted", map[string]string{"cleanup.policy": "compact"})
	for _, topic := range []string{"keyed", "no-keys", "empty"} {
		create(ctx, t, c, topic, nil)
	}
	write(ctx, t, c, "compacted", 5, ago(1), []byte("k"))
	write(ctx, t, c, "keyed", 50, ago(1), []byte("k"))
	write(ctx, t, c, "no-keys", 50, ago(1), nil)
	commit(ctx, t, c, "order-service-group", "keyed", 10)
	found, err := c.Examine(ctx, []topicspec.Change{grow("compacted"), grow("keyed"), grow("no-keys"), grow("empty")})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range found {
		got = append(got, e.GrowReason())
	}
	if diff := cmp.Diff([]string{
		"its 5 records are compacted by key: where a key goes to another partition from now on, the old one keeps its last record for ever",
		"records of one key may be read out of order: order-service-group has 40 unread", "its records have no keys", "",
	}, got); diff != "" {
		t.Error(diff)
	}
}

// realDeletion is about a consumer that lives, a record that is a minute old, nobody, and no right to look.
func realDeletion(ctx context.Context, t *testing.T, c *Client, flavour kafkatest.Flavour) {
	t.Helper()
	for _, topic := range []string{"live", "idle", "minute"} {
		create(ctx, t, c, topic, nil)
		write(ctx, t, c, topic, 5, ago(48), nil)
	}
	write(ctx, t, c, "minute", 1, time.Now().Add(-time.Minute), nil)
	commit(ctx, t, c, "left", "idle", 2)
	idle := examine(ctx, t, c, remove("idle"))
	if len(idle.InUse) > 0 || *idle.Records != 5 || *idle.Bytes <= 0 || !cmp.Equal(idle.Readers, []topicspec.Reader{{Group: "left", Unread: new(int64(3))}}) {
		t.Errorf("nobody uses it, and told %+v", idle)
	}
	t.Log(idle.DeleteReason())
	if got := examine(ctx, t, c, remove("minute")).DeleteReason(); got != "it is in use: its newest record is 1m old" {
		t.Errorf("written a minute ago, and told %s", got)
	}
	write(ctx, t, c, "idle", 1, ago(36), nil)
	if now := examine(ctx, t, c, remove("idle")); len(now.InUse) > 0 || !topicspec.Moved(*idle, *now) {
		t.Errorf("written with an old time, and told %+v", now)
	}
	consume(ctx, t, c, "live", "group classic has a member that reads it", kgo.ConsumerGroup("classic"))
	if flavour != kafkatest.Kraft1 {
		return
	}
	consume(ctx, t, c, "live", "group consumer has a member that reads it", kgo.ConsumerGroup("consumer"), kgo.ServerSideBalancer())
	consume(ctx, t, c, "live", "share group sharing has a member that reads it", kgo.ShareGroup("sharing"))
	deny(ctx, t, c)
	var told string
	for kafka.Pause(ctx, 50*time.Millisecond) { // until the broker has heard of the ACLs
		told = strings.Join(examine(ctx, t, c, remove("idle")).InUse, "\n")
		if strings.Count(told, "\n") == 2 {
			break
		}
	}
	if diff := cmp.Diff(strings.Join([]string{
		"whether anybody reads it is not known: groups may be hidden: seeing all of them needs Describe on all groups, or on the cluster",
		`whether a producer writes to it is not known: not permitted: Read on topic "idle" (TOPIC_AUTHORIZATION_FAILED)`,
		"whether its replicas are being reassigned is not known: the login may not list reassignments",
	}, "\n"), told); diff != "" {
		t.Error(diff)
	}
}

// deny takes the rights to look at the cluster, at groups and at records. What has an ACL needs one for all else, too.
func deny(ctx context.Context, t *testing.T, c *Client) {
	t.Helper()
	everything, look, read := kadm.OpAll, kadm.OpDescribe, kadm.OpRead
	for _, acl := range []*kadm.ACLBuilder{
		kadm.NewACLs().Clusters().Operations(everything).Allow("User:ANONYMOUS").AllowHosts("*"),
		kadm.NewACLs().Topics("idle").Operations(everything).Allow("User:ANONYMOUS").AllowHosts("*"),
		kadm.NewACLs().Topics("idle").Operations(read).Deny("User:ANONYMOUS").DenyHosts("*"),
		kadm.NewACLs().Groups("*").Operations(look).Deny("User:ANONYMOUS").DenyHosts("*"),
		kadm.NewACLs().Clusters().Operations(look).Deny("User:ANONYMOUS").DenyHosts("*"),
	} {
		made, err := c.kafka.Adm.CreateACLs(ctx, acl.ResourcePatternType(kadm.ACLPatternLiteral))
		if err != nil || made[0].Err != nil {
			t.Fatal(err, made)
		}
	}
}
