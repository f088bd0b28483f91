package groups

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

func TestGroupString(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		group     Group
		want      string
		consuming bool
	}{
		{Group{Name: "g"}, "g: no such group yet", false},
		{Group{Name: "g", State: "Empty"}, "g: empty: no member", false},
		{Group{Name: "g", State: "Dead"}, "g: dead: it was removed", false},
		{Group{Name: "g", State: "PreparingRebalance", Members: make([]Member, 2)}, "g: rebalancing (PreparingRebalance), 2 members", false},
		{Group{Name: "g", State: "CompletingRebalance", Members: make([]Member, 1)}, "g: rebalancing (CompletingRebalance), 1 member", false},
		{Group{Name: "g", State: "Assigning", Members: make([]Member, 1)}, "g: rebalancing (Assigning), 1 member", false},
		{Group{Name: "g", State: "Reconciling", Members: make([]Member, 3)}, "g: rebalancing (Reconciling), 3 members", false},
		{Group{Name: "g", State: "Stable"}, "g: stable, 0 members", false},
		{Group{Name: "g", State: "Stable", Members: make([]Member, 1)}, "g: stable, 1 member", true},
		{Group{Name: "g", State: "Stable", Members: make([]Member, 2)}, "g: stable, 2 members", true},
	} {
		if got := test.group.String(); got != test.want || test.group.Consuming() != test.consuming {
			t.Errorf("%+v: %q, consuming %v; want %q, %v", test.group, got, test.group.Consuming(), test.want, test.consuming)
		}
	}
}

// consume starts a member of a group and returns its end. It has left when that returns.
func consume(ctx context.Context, t *testing.T, c *Client, topic, group string, more ...kgo.Opt) (leave func()) {
	t.Helper()
	member, err := c.kafka.Outliving(ctx, append(more, kgo.ConsumeTopics(topic), kgo.ConsumerGroup(group))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(member.Close)
	go func() {
		for fetches := member.Kgo.PollFetches(ctx); !fetches.IsClientClosed() && ctx.Err() == nil; {
			fetches = member.Kgo.PollFetches(ctx)
		}
	}()
	return member.Close
}

// wantGroups waits until the groups are described so.
func wantGroups(ctx context.Context, t *testing.T, c *Client, want ...string) {
	t.Helper()
	names := make([]string, len(want))
	for i := range want {
		names[i], _, _ = strings.Cut(want[i], ":")
	}
	var got []string
	for {
		groups, err := c.Describe(ctx, names)
		if err == nil {
			got = nil
			for _, g := range groups {
				got = append(got, g.String())
			}
			if cmp.Equal(want, got) {
				return
			}
		}
		if !kafka.Pause(ctx, 20*time.Millisecond) {
			t.Fatalf("want %q, got %q, %v", want, got, err)
		}
	}
}

// Both protocols, on three brokers of which each coordinates some groups.
func TestConsuming(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t, kfake.NumBrokers(3), kfake.SeedTopics(3, "a"))
	searches := counted(cluster, kmsg.FindCoordinator, nil)
	if evidence, err := c.Consuming(ctx, []string{"old", "new"}); err == nil || err.Error() != "old: no such group yet; new: no such group yet" {
		t.Errorf("nobody consumes, and told %q, %v", evidence, err)
	}
	if searches.Hits() != 0 {
		t.Error("asked for a coordinator, which makes the offsets topic")
	}

	leaveOld := consume(ctx, t, c, "a", "old")
	consume(ctx, t, c, "a", "new", kgo.ServerSideBalancer())
	wantGroups(ctx, t, c, "new: stable, 1 member", "old: stable, 1 member")
	for range 5 {
		consume(ctx, t, c, "a", "new", kgo.ServerSideBalancer())
	}
	wantGroups(ctx, t, c, "new: stable, 6 members")
	if evidence, err := c.Consuming(ctx, []string{"old", "new"}); err != nil || evidence != "old: stable, 1 member; new: stable, 6 members" {
		t.Errorf("told %q, %v", evidence, err)
	}

	leaveOld()
	wantGroups(ctx, t, c, "old: empty: no member")
	if _, err := c.Consuming(ctx, []string{"old", "new"}); err == nil || err.Error() != "old: empty: no member" {
		t.Errorf("only the group that does not consume is of interest: %v", err)
	}
}

// Brokers before 3.8 do not tell the type of a group, and there is but one. Of the later types some
// are not of consumers.
func TestConsumingHeedsTypes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ groupType, want string }{
		{"", "g: stable, 1 member"},
		{"Classic", "g: stable, 1 member"},
		{"Share", `group "g" is a share group, not a consumer group`},
	} {
		t.Run(test.groupType, func(t *testing.T) {
			t.Parallel()
			ctx, cluster, c := dialFake(t, kfake.SeedTopics(1, "a"))
			consume(ctx, t, c, "a", "g")
			wantGroups(ctx, t, c, "g: stable, 1 member")
			cluster.ControlKey(int16(kmsg.ListGroups), func(req kmsg.Request) (kmsg.Response, error, bool) {
				cluster.KeepControl()
				resp := req.ResponseKind().(*kmsg.ListGroupsResponse)
				resp.Groups = []kmsg.ListGroupsResponseGroup{{Group: "g", GroupType: test.groupType, GroupState: "Stable"}}
				return resp, nil, true
			})
			told, err := c.Consuming(ctx, []string{"g"})
			if err != nil {
				told = err.Error()
			}
			if !strings.HasSuffix(told, test.want) {
				t.Errorf("told %q, want %q", told, test.want)
			}
		})
	}
}

// A group that may not be seen is left out of the lists without a word: that must not look like a
// group that is not there.
func TestConsumingTellsRefusals(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t, kfake.NumBrokers(3), kfake.SeedTopics(1, "a"))
	consume(ctx, t, c, "a", "seen")
	consume(ctx, t, c, "a", "hidden")
	wantGroups(ctx, t, c, "seen: stable, 1 member", "hidden: stable, 1 member")
	cluster.Fault(kfake.Fault{
		Keys: []kmsg.Key{kmsg.ListGroups, kmsg.DescribeGroups}, Group: "hidden", Err: kerr.GroupAuthorizationFailed, Count: -1,
	})
	if evidence, err := c.Consuming(ctx, []string{"seen", "hidden"}); !kafka.Unauthorized(err) {
		t.Errorf("told %q, %v", evidence, err)
	}
	if _, err := c.Consuming(ctx, []string{"seen"}); err != nil {
		t.Errorf("the other group is none of our business: %v", err)
	}
}

// The refusal names the ACL that is missing, as an administrator must write it.
func TestDescribeDenied(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t)
	cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.DescribeGroups}, Group: "its own", Err: kerr.GroupAuthorizationFailed, Count: -1})
	_, err := c.Describe(ctx, []string{"its own"})
	var denied *kafka.DeniedError
	if !errors.As(err, &denied) || !kafka.Unauthorized(err) {
		t.Fatalf("want a denial, got %v", err)
	}
	want := []string{
		`not permitted: Describe on group "its own" (GROUP_AUTHORIZATION_FAILED)`,
		"an administrator grants it: kafka-acls --bootstrap-server … --add --allow-principal User:NAME --operation Describe --group 'its own'",
	}
	if diff := cmp.Diff(want, []string{denied.Error(), denied.Hint()}); diff != "" {
		t.Error(diff)
	}
}

// A broker that fails to list its groups may have the one that is asked for.
func TestConsumingNeedsEveryBroker(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		err  *kerr.Error // nil: the broker is silent
	}{
		{"still loading", kerr.CoordinatorLoadInProgress},
		{"silent", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			ctx, cluster, c := dialFake(t, kfake.NumBrokers(3))
			cluster.ControlKey(int16(kmsg.ListGroups), func(req kmsg.Request) (kmsg.Response, error, bool) {
				cluster.KeepControl()
				if cluster.CurrentNode() != 1 {
					return nil, nil, false
				}
				if test.err == nil {
					cluster.SleepControl(func() { <-ctx.Done() })
					return nil, nil, false
				}
				resp := req.ResponseKind().(*kmsg.ListGroupsResponse)
				resp.ErrorCode = test.err.Code
				return resp, nil, true
			})
			short, cancel := context.WithTimeout(ctx, time.Second)
			defer cancel()
			start := time.Now()
			groups, err := c.Describe(short, []string{"g"})
			if groups != nil || err == nil || !strings.HasPrefix(err.Error(), "broker 1 (") || time.Since(start) > 5*time.Second {
				t.Errorf("told %v, %v after %s", groups, err, time.Since(start))
			}
		})
	}
}
