package admin

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// dataPathTopics lists the topics that round trips have left.
func dataPathTopics(ctx context.Context, t *testing.T, c *Client) []string {
	t.Helper()
	all, err := c.ListTopics(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var left []string
	for _, topic := range all {
		if strings.HasPrefix(topic.Name, "kafkactl.data-path.") {
			left = append(left, topic.Name)
		}
	}
	return left
}

// wantRoundTrip fails unless a round trip ends with the evidence and leaves nothing.
func wantRoundTrip(ctx context.Context, t *testing.T, c *Client, replicationFactor int, want string) {
	t.Helper()
	evidence, err := c.RoundTrip(ctx, replicationFactor)
	if err != nil || evidence != want {
		t.Errorf("told %q, %v; want %q", evidence, err, want)
	}
	if left := dataPathTopics(ctx, t, c); left != nil {
		t.Errorf("left %q", left)
	}
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		brokers, factor int
		want            string
	}{
		{1, 1, "1 record written to and read from 1 broker"},
		{1, 3, "1 record written to and read from 1 broker"},
		{3, 3, "1 record written to and read from each of 3 brokers"},
		{3, 0, "1 record written to and read from each of 3 brokers"},
	} {
		t.Run(fmt.Sprintf("%d brokers, factor %d", test.brokers, test.factor), func(t *testing.T) {
			t.Parallel()
			ctx, cluster, c := dialFake(t, kfake.NumBrokers(test.brokers))
			asked := make(chan *kmsg.CreateTopicsRequest, 2) // one for each trip
			counted(cluster, kmsg.CreateTopics, func(req kmsg.Request) bool {
				asked <- req.(*kmsg.CreateTopicsRequest)
				return true
			})
			searches := counted(cluster, kmsg.FindCoordinator, nil)
			wantRoundTrip(ctx, t, c, test.factor, test.want)
			wantRoundTrip(ctx, t, c, test.factor, test.want)
			leaders := make(map[int32]bool)
			for _, a := range (<-asked).Topics[0].ReplicaAssignment {
				leaders[a.Replicas[0]] = true
				if want := max(1, min(test.factor, test.brokers)); len(a.Replicas) != want {
					t.Errorf("%d replicas, want %d", len(a.Replicas), want)
				}
			}
			if len(leaders) != test.brokers || searches.Hits() != 0 {
				t.Errorf("%d of %d brokers lead a partition; %d searches for a coordinator", len(leaders), test.brokers, searches.Hits())
			}
		})
	}
}

// Answers that only mean "not yet" are repeated.
func TestRoundTripRepeats(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t, kfake.NumBrokers(3))
	faults := []*kfake.FaultHandle{
		cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.CreateTopics}, Err: kerr.RequestTimedOut, Count: 1}), // and carried out
		cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.InitProducerID}, Err: kerr.CoordinatorLoadInProgress, Count: 1, TopLevel: true}),
		cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.Produce}, Err: kerr.NotLeaderForPartition, Count: 1}),
		cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.Fetch}, Err: kerr.NotLeaderForPartition, Count: 1}),
		cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.DeleteTopics}, Err: kerr.RequestTimedOut, Count: 1}),
	}
	wantRoundTrip(ctx, t, c, 3, "1 record written to and read from each of 3 brokers")
	for i, f := range faults {
		if f.Hits() != 1 {
			t.Errorf("fault %d: met %d times", i, f.Hits())
		}
	}
}

// Whichever step fails, the topic goes.
func TestRoundTripFailures(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		fault kfake.Fault
		want  string
	}{
		{"write", kfake.Fault{Keys: []kmsg.Key{kmsg.Produce}, Nodes: []int32{0}, Err: kerr.TopicAuthorizationFailed}, `^write to broker 0: not permitted: Write on topic "kafkactl\.data-path\.\w{8}" \(TOPIC_AUTHORIZATION_FAILED\)`},
		{"read", kfake.Fault{Keys: []kmsg.Key{kmsg.Fetch}, Nodes: []int32{0}, Err: kerr.TopicAuthorizationFailed}, `^read from broker 0: not permitted: Read on topic "kafkactl\.data-path\.\w{8}" \(TOPIC_AUTHORIZATION_FAILED\)`},
		{"look", kfake.Fault{Keys: []kmsg.Key{kmsg.DescribeConfigs}, Err: kerr.TopicAuthorizationFailed}, `not permitted: DescribeConfigs on topic "kafkactl\.data-path\.\w{8}" \(TOPIC_AUTHORIZATION_FAILED\)`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			ctx, cluster, c := dialFake(t)
			test.fault.Count = -1
			cluster.Fault(test.fault)
			evidence, err := c.RoundTrip(ctx, 1)
			if evidence != "" || !kafka.Unauthorized(err) || !regexp.MustCompile(test.want).MatchString(err.Error()) {
				t.Errorf("told %q, %v", evidence, err)
			}
			if left := dataPathTopics(ctx, t, c); left != nil {
				t.Errorf("left %q", left)
			}
		})
	}
}

// A refused creation leaves nothing to remove, and the refusal to remove it would only hide why.
func TestRoundTripRefused(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t)
	cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.CreateTopics, kmsg.DeleteTopics}, Err: kerr.TopicAuthorizationFailed, Count: -1})
	deletions := counted(cluster, kmsg.DeleteTopics, nil)
	_, err := c.RoundTrip(ctx, 1)
	var denied *kafka.DeniedError
	if !errors.As(err, &denied) || !strings.HasPrefix(err.Error(), `not permitted: Create on topic "kafkactl.data-path.`) || deletions.Hits() != 0 {
		t.Fatalf("told %v after %d deletions", err, deletions.Hits())
	}
	// The next round trip has a topic of another name.
	if hint := denied.Hint(); !strings.HasSuffix(hint, " --operation Create --topic kafkactl.data-path. --resource-pattern-type prefixed") {
		t.Errorf("hint %q", hint)
	}
}

// A default min.insync.replicas above the factor refuses no write: the broker takes the smaller of the two.
func TestRoundTripMinISR(t *testing.T) {
	t.Parallel()
	ctx, _, c := dialFake(t, kfake.BrokerConfigs(map[string]string{"min.insync.replicas": "2"}))
	if _, err := c.RoundTrip(ctx, 1); err != nil {
		t.Error(err)
	}
	if left := dataPathTopics(ctx, t, c); left != nil {
		t.Errorf("left %q", left)
	}
}

// A topic that cannot be removed is named, with the command that will.
func TestRoundTripCannotRemove(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t)
	cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.DeleteTopics}, Err: kerr.TopicDeletionDisabled, Count: -1})
	_, err := c.RoundTrip(ctx, 1)
	left := dataPathTopics(ctx, t, c)
	if len(left) != 1 || err == nil || !strings.Contains(err.Error(), "TOPIC_DELETION_DISABLED") ||
		!strings.HasSuffix(err.Error(), "kafkactl delete "+left[0]+" --yes") {
		t.Errorf("left %q, told %v", left, err)
	}
}

// However far it came when ctx ends (and with it the client), the topic goes, and soon.
func TestRoundTripCancelled(t *testing.T) {
	t.Parallel()
	for _, at := range []kmsg.Key{kmsg.CreateTopics, kmsg.DescribeConfigs, kmsg.Produce, kmsg.Fetch, kmsg.DeleteTopics} {
		t.Run(at.Name(), func(t *testing.T) {
			t.Parallel()
			ctx, cluster, watch := dialFake(t, kfake.NumBrokers(3))
			ending, end := context.WithCancel(ctx)
			c, err := kafka.Dial(ending, kafka.Config{Brokers: cluster.ListenAddrs()})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(c.Close)
			cluster.ControlKey(int16(at), func(kmsg.Request) (kmsg.Response, error, bool) {
				end()
				return nil, nil, false
			})
			if evidence, err := New(c).RoundTrip(ending, 3); err == nil {
				t.Errorf("cut off, and told %q", evidence)
			}
			if ending.Err() == nil {
				t.Fatal("never came that far")
			}
			if left := dataPathTopics(ctx, t, watch); left != nil {
				t.Errorf("left %q", left)
			}
		})
	}
}

// A creation that is outstanding when ctx ends may still be carried out: it is waited for, and then
// undone.
func TestRoundTripWaitsForItsCreation(t *testing.T) {
	t.Parallel()
	ctx, cluster, watch := dialFake(t)
	ending, end := context.WithCancel(ctx)
	c, err := kafka.Dial(ending, kafka.Config{Brokers: cluster.ListenAddrs()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	overtaken := make(chan struct{})
	cluster.ControlKey(int16(kmsg.CreateTopics), func(kmsg.Request) (kmsg.Response, error, bool) {
		end()
		cluster.SleepControl(func() {
			select {
			case <-overtaken:
			case <-time.After(sweepTimeout / 2):
			}
		})
		return nil, nil, false
	})
	cluster.ControlKey(int16(kmsg.DeleteTopics), func(kmsg.Request) (kmsg.Response, error, bool) {
		close(overtaken)
		return nil, nil, false
	})
	if evidence, err := New(c).RoundTrip(ending, 1); err == nil {
		t.Errorf("cut off, and told %q", evidence)
	}
	if left := dataPathTopics(ctx, t, watch); left != nil {
		t.Errorf("left %q", left)
	}
}

// An answer that only means "not yet" does not say that there is no topic.
func TestRoundTripTellsWhatMayBe(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t)
	cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.CreateTopics}, Err: kerr.RequestTimedOut, Count: -1})
	short, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	if _, err := c.RoundTrip(short, 1); err == nil || !strings.Contains(err.Error(), " may be left (") {
		t.Errorf("told %v", err)
	}
}

// A removal that is not answered is given up soon, though ctx has time: the step that failed is
// what counts.
func TestRoundTripGivesUpOnTheRemoval(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t)
	cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.Produce}, Err: kerr.TopicAuthorizationFailed, Count: -1})
	cluster.ControlKey(int16(kmsg.DeleteTopics), func(kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		cluster.SleepControl(func() { <-ctx.Done() })
		return nil, nil, false
	})
	start := time.Now()
	_, err := c.RoundTrip(ctx, 1)
	if !kafka.Unauthorized(err) || !strings.Contains(err.Error(), " may be left (") || time.Since(start) > 10*time.Second {
		t.Errorf("told %v after %s", err, time.Since(start))
	}
}

// A leader that takes the record and never answers: ctx is the bound.
func TestRoundTripHeedsTheDeadline(t *testing.T) {
	t.Parallel()
	for _, key := range []kmsg.Key{kmsg.Produce, kmsg.Fetch} {
		t.Run(key.Name(), func(t *testing.T) {
			t.Parallel()
			ctx, cluster, c := dialFake(t)
			cluster.ControlKey(int16(key), func(kmsg.Request) (kmsg.Response, error, bool) {
				cluster.KeepControl()
				cluster.SleepControl(func() { <-ctx.Done() })
				return nil, nil, false
			})
			short, cancel := context.WithTimeout(ctx, 2*time.Second)
			defer cancel()
			start := time.Now()
			_, err := c.RoundTrip(short, 1)
			verb := map[kmsg.Key]string{kmsg.Produce: "write to", kmsg.Fetch: "read from"}[key]
			if err == nil || err.Error() != verb+" broker 0: context deadline exceeded" || time.Since(start) > 10*time.Second {
				t.Errorf("told %v after %s", err, time.Since(start))
			}
			if left := dataPathTopics(ctx, t, c); left != nil {
				t.Errorf("left %q", left)
			}
		})
	}
}
