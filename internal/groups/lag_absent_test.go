package groups

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// A group that does not exist is not found; one that may not be seen is refused.
func TestLagAbsent(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t, kfake.NumBrokers(3))
	fill(ctx, t, c, "a", 1, 1)
	commitFor(ctx, t, c, "payment-group", "a", map[int32]int64{0: 0})
	got, err := c.Lag(ctx, LagQuery{Groups: []string{"payment-grp", "payment-group"}})
	var missing *kafka.NotFoundError
	if !errors.As(err, &missing) || !errors.Is(err, kerr.GroupIDNotFound) || len(got) != 1 {
		t.Fatalf("%+v, %v", got, err)
	}
	if diff := cmp.Diff(&kafka.NotFoundError{Resource: kafka.ResourceGroup, Name: "payment-grp", Near: []string{"payment-group"}}, missing); diff != "" {
		t.Error(diff)
	}
	cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.DescribeGroups}, Group: "hidden", Err: kerr.GroupAuthorizationFailed, Count: -1})
	if _, err = c.Lag(ctx, LagQuery{Groups: []string{"hidden"}}); !kafka.Unauthorized(err) {
		t.Errorf("a group that may not be seen: %v", err)
	}
}

// While the coordinator of a group moves, no broker lists the group: that is not taken for a group
// that does not exist. Once a broker says that it is the coordinator, it is.
func TestLagOfAMovingCoordinator(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t, kfake.NumBrokers(3), kfake.SeedTopics(3, offsetsTopic))
	moving := cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.DescribeGroups}, Group: "g", Err: kerr.NotCoordinator, Count: -1})
	_, err := c.Lag(ctx, LagQuery{Groups: []string{"g"}})
	want := &UnlistedError{Groups: []string{"g"}, Reasons: []string{"its coordinator is moving"}}
	var unlisted *UnlistedError
	if errors.As(err, &unlisted); !cmp.Equal(want, unlisted) {
		t.Errorf("while it moves: %v", err)
	}
	moving.Remove()
	if _, err = c.Lag(ctx, LagQuery{Groups: []string{"g"}}); !errors.As(err, new(*kafka.NotFoundError)) {
		t.Errorf("once it has moved: %v", err)
	}
}

// A group of the consumer protocol is dead for DescribeGroups. One that its coordinator has loaded
// between the two questions is not taken for a group that does not exist.
func TestLagOfALoadedConsumerGroup(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t, kfake.NumBrokers(1), kfake.SeedTopics(1, offsetsTopic))
	fill(ctx, t, c, "a", 1, 1)
	commitFor(ctx, t, c, "g", "a", map[int32]int64{0: 0})
	cluster.ControlKey(int16(kmsg.ListGroups), func(req kmsg.Request) (kmsg.Response, error, bool) {
		return req.ResponseKind(), nil, true // once: the coordinator loads
	})
	cluster.ControlKey(int16(kmsg.DescribeGroups), func(req kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		resp := req.ResponseKind().(*kmsg.DescribeGroupsResponse)
		resp.Groups = []kmsg.DescribeGroupsResponseGroup{{Group: "g", State: stateDead}}
		return resp, nil, true
	})
	_, err := c.Lag(ctx, LagQuery{Groups: []string{"g"}})
	if !errors.As(err, new(*UnlistedError)) {
		t.Errorf("while it is loaded: %v", err)
	}
}

// A frozen broker holds nobody up, and its groups are not reported as absent.
func TestLagFrozenBroker(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t, kfake.NumBrokers(3))
	fill(ctx, t, c, "a", 12, 1)
	for i := range 12 {
		commitFor(ctx, t, c, fmt.Sprintf("g%d", i), "a", map[int32]int64{0: 0})
	}
	whole, err := c.Lag(ctx, LagQuery{})
	if err != nil || len(whole) != 12 {
		t.Fatalf("%+v, %v", whole, err)
	}
	cluster.ControlKey(-1, func(kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		if cluster.CurrentNode() == 1 {
			cluster.SleepControl(func() { <-ctx.Done() })
		}
		return nil, nil, false
	})
	start := time.Now()
	got, err := c.Lag(ctx, LagQuery{})
	var unlisted *UnlistedError
	if !errors.As(err, &unlisted) || !strings.Contains(err.Error(), "broker 1 (") || len(got) == 0 || len(got) == 12 || time.Since(start) > 5*time.Second {
		t.Fatalf("after %s: %d groups, %v", time.Since(start), len(got), err)
	}
	led := 0 // by the broker that is frozen
	for p := range int32(12) {
		if cluster.LeaderFor("a", p) == 1 {
			led++
		}
	}
	if led == 0 {
		t.Fatal("the frozen broker leads nothing")
	}
	got[0].Sum.Uncommitted = 0 // 11, less those that the frozen broker leads: which ones, is chance
	if diff := cmp.Diff(LagSum{Known: int64(12 - led), Unknown: led}, got[0].Sum); diff != "" {
		t.Error(diff)
	}
	if _, err = c.Lag(ctx, LagQuery{Groups: []string{got[0].Name}}); err != nil {
		t.Errorf("that one is another's: %v", err)
	}
	_, err = c.Lag(ctx, LagQuery{Groups: []string{"nope"}})
	if !errors.As(err, &unlisted) || !strings.HasPrefix(err.Error(), `cannot tell whether group "nope" exists: broker 1 (`) {
		t.Errorf("it may be there: %v", err)
	}
}
