package groups

import (
	"context"
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
		{Group{"g", "", 0}, "g: no such group yet", false},
		{Group{"g", "Empty", 0}, "g: empty: no member", false},
		{Group{"g", "Dead", 0}, "g: dead: it was removed", false},
		{Group{"g", "PreparingRebalance", 2}, "g: rebalancing (PreparingRebalance), 2 members", false},
		{Group{"g", "CompletingRebalance", 1}, "g: rebalancing (CompletingRebalance), 1 member", false},
		{Group{"g", "Assigning", 1}, "g: rebalancing (Assigning), 1 member", false},
		{Group{"g", "Reconciling", 3}, "g: rebalancing (Reconciling), 3 members", false},
		{Group{"g", "Stable", 0}, "g: stable, 0 members", false},
		{Group{"g", "Stable", 1}, "g: stable, 1 member", true},
		{Group{"g", "Stable", 2}, "g: stable, 2 members", true},
	} {
		if got := test.group.String(); got != test.want || test.group.Consuming() != test.consuming {
			t.Errorf("%+v: %q, consuming %v; want %q, %v", test.group, got, test.group.Consuming(), test.want, test.consuming)
		}
	}
}

// consume starts a member of a group and returns its end. It has left when that
// returns.
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

// wantGroups waits until the groups are told so.
func wantGroups(ctx context.Context, t *testing.T, c *Client, want ...string) {
	t.Helper()
	names := make([]string, len(want))
	for i := range want {
		names[i], _, _ = strings.Cut(want[i], ":")
	}
	var got []string
	for {
		groups, err := c.Groups(ctx, names)
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

// Brokers before 3.8 do not tell a group's type, and there is but one; of the later ones some are no consumers.
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

// A group that may not be seen is left out of the lists without a word: that must
// not look like a group that is not there.
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
			groups, err := c.Groups(short, []string{"g"})
			if groups != nil || err == nil || !strings.HasPrefix(err.Error(), "broker 1 (") || time.Since(start) > 5*time.Second {
				t.Errorf("told %v, %v after %s", groups, err, time.Since(start))
			}
		})
	}
}

// A group that goes between the list and the description: before 4.0 brokers tell
// that by its state, later ones by an error.
func TestGroupRemovedMeanwhile(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		version string
		group   Group
		err     error
	}{
		{"3.9", Group{Name: "g", State: "Dead"}, nil},
		{"4.0", Group{Name: "g"}, &kafka.BrokerError{Kafka: kerr.GroupIDNotFound}},
	} {
		g, err := description{test.group, test.err}.group()
		if want := (Group{Name: "g", State: "Dead"}); err != nil || !cmp.Equal(want, g) {
			t.Errorf("%s: %+v, %v", test.version, g, err)
		}
	}
}
