package admin

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// created is a change that makes a topic with so many partitions and settings.
func created(name string, partitions int, config map[string]string) topicspec.Change {
	shape := topicspec.Shape{Partitions: partitions, ReplicationFactor: 1, Config: config}
	return topicspec.Change{Topic: name, Field: topicspec.FieldTopic, Action: topicspec.Create, After: shape}
}

// grown is a change that raises the partition count of a topic.
func grown(name string, before, after int) topicspec.Change {
	return topicspec.Change{
		Topic: name, Field: topicspec.FieldPartitions, Action: topicspec.Grow, Before: topicspec.Count(before), After: topicspec.Count(after),
	}
}

// set is a change that sets a setting of a topic.
func set(name, key, value string) topicspec.Change {
	return topicspec.Change{Topic: name, Field: key, Action: topicspec.Set, After: topicspec.Text(value)}
}

// The records are those that QuorumController of Kafka 4.3 makes.
func TestRecordsOfChanges(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		change topicspec.Change
		want   int
	}{
		{"a topic, its partitions and settings", created("t", 3, map[string]string{"retention.ms": "1", "segment.ms": "1"}), 6},
		{"a count left to the brokers", created("t", -1, nil), 2},
		{"min.insync.replicas also clears the eligible leader replicas", created("t", 1, map[string]string{"min.insync.replicas": "1"}), 4},
		{"growth is what is new", grown("t", 3, 10), 7},
		{"a setting", set("t", "retention.ms", "1"), 1},
		{"a setting that clears", set("t", "min.insync.replicas", "1"), 2},
		{"a setting that is taken back", topicspec.Change{Topic: "t", Field: "retention.ms", Action: topicspec.Unset, Before: topicspec.Text("1")}, 1},
		{"a deletion", topicspec.Change{Topic: "t", Field: topicspec.FieldTopic, Action: topicspec.Delete, Before: topicspec.Shape{Partitions: 9}}, 1},
	} {
		if got := sizeOf(test.change).records; got != test.want {
			t.Errorf("%s: %d records, want %d", test.name, got, test.want)
		}
	}
}

func TestRequests(t *testing.T) {
	t.Parallel()
	repeat := func(n int, change func(name string) []topicspec.Change) []topicspec.Change {
		var changes []topicspec.Change
		for i := range n {
			changes = append(changes, change(fmt.Sprintf("t%05d", i))...)
		}
		return changes
	}
	three := map[string]string{"retention.ms": "1", "segment.ms": "1", "cleanup.policy": "compact"}
	long := strings.Repeat("1:1,", 100_000)
	for _, test := range []struct {
		name    string
		changes []topicspec.Change
		want    []int // changes of each request
	}{
		{"none", nil, nil},
		{
			"7 records each", repeat(1500, func(name string) []topicspec.Change { return []topicspec.Change{created(name, 3, three)} }),
			[]int{1428, 72},
		},
		{
			"just the limit", repeat(2, func(name string) []topicspec.Change { return []topicspec.Change{created(name, 4999, nil)} }),
			[]int{2},
		},
		{
			"one above the limit alone", append([]topicspec.Change{created("a", 1, nil), created("b", 12_000, nil)}, created("c", 1, nil)),
			[]int{1, 1, 1},
		},
		{
			"growth", repeat(3, func(name string) []topicspec.Change { return []topicspec.Change{grown(name, 1, 6001)} }),
			[]int{1, 1, 1},
		},
		{
			"the settings of a topic stay together", repeat(4000, func(name string) []topicspec.Change {
				return []topicspec.Change{set(name, "cleanup.policy", "compact"), set(name, "retention.ms", "1"), set(name, "segment.ms", "1")}
			}),
			[]int{9999, 2001},
		},
		{
			"long values", repeat(5, func(name string) []topicspec.Change {
				return []topicspec.Change{set(name, "leader.replication.throttled.replicas", long)}
			}),
			[]int{2, 2, 1},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var got []int
			var all []topicspec.Change
			for _, request := range requests(test.changes) {
				got = append(got, len(request))
				all = append(all, request...)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.changes, all); diff != "" {
				t.Errorf("changes were lost (-want +got):\n%s", diff)
			}
		})
	}
}

func TestHalves(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ topics, want string }{
		{"abcd", "ab cd"},
		{"aaab", "aaa b"},
		{"abbb", "a bbb"},
		{"ab", "a b"},
		{"aaa", ""},
		{"a", ""},
	} {
		var changes []topicspec.Change
		for _, name := range test.topics {
			changes = append(changes, set(string(name), "retention.ms", "1"))
		}
		got := ""
		if first, second, ok := halves(changes); ok {
			got = test.topics[:len(first)] + " " + test.topics[len(test.topics)-len(second):]
		}
		if got != test.want {
			t.Errorf("%s: %q, want %q", test.topics, got, test.want)
		}
	}
}

// A controller that finds a request too large all the same gets it in parts: who leaves the count to
// the brokers does not know how much it is.
func TestTooLargeIsDivided(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t)
	var asked, refused atomic.Int32
	cluster.ControlKey(int16(kmsg.CreateTopics), func(kreq kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		req, _ := kreq.(*kmsg.CreateTopicsRequest)
		if asked.Add(1); len(req.Topics) <= 4 {
			return nil, nil, false
		}
		refused.Add(1)
		return answerAll(req, kerr.PolicyViolation.Code, "Unable to perform excessively large batch operation."), nil, true
	})
	desired := topics("a", "b", "c", "d", "e", "f", "g", "h", "i", "j")
	report, err := c.Converge(ctx, desired)
	if err != nil || !report.OK() {
		t.Fatalf("%v, %v", results(report), err)
	}
	// Of 10, then of 5, both times; and 2 and 3 of each half.
	if asked.Load() != 14 || refused.Load() != 6 {
		t.Errorf("%d requests, %d of them too large", asked.Load(), refused.Load())
	}
	wantInSync(ctx, t, c, desired)
}

// answerAll answers every topic of a creation with one code and message.
func answerAll(req *kmsg.CreateTopicsRequest, code int16, message string) *kmsg.CreateTopicsResponse {
	resp, _ := req.ResponseKind().(*kmsg.CreateTopicsResponse)
	for _, topic := range req.Topics {
		answer := kmsg.NewCreateTopicsResponseTopic()
		answer.Topic, answer.ErrorCode, answer.ErrorMessage = topic.Topic, code, kmsg.StringPtr(message)
		resp.Topics = append(resp.Topics, answer)
	}
	return resp
}

// A topic that is too large by itself is told plainly, at once, and is the only one refused.
func TestTooLargeTopic(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		change topicspec.Change
		cause  *kerr.Error
		hint   string
	}{
		{
			"a creation", created("b", 12_000, map[string]string{"retention.ms": "1", "segment.ms": "1"}), kerr.PolicyViolation,
			"declare 9997 partitions at most, apply, and then raise the count by 10000 at most at a time",
		},
		{
			"growth", grown("b", 3, 12_000), kerr.UnknownServerError,
			"raise the count by 10000 at most at a time: declare 10003, apply, and go on",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			ctx, _, c := dialFake(t)
			asked := 0
			send := func(_ context.Context, changes []topicspec.Change, _ bool) (map[string]error, error) {
				asked++
				answers := make(map[string]error)
				for _, change := range changes {
					answers[change.Topic] = nil
					if sizeOf(change).records > mostRecords {
						answers[change.Topic] = &kafka.BrokerError{Kafka: test.cause, Detail: "Excessively large number of partitions per request."}
					}
				}
				return answers, nil
			}
			changes := []topicspec.Change{created("a", 1, nil), test.change, created("c", 1, nil)}
			answers := c.deliver(ctx, send, changes, true)
			refused := &RefusedError{Plan: topicspec.Plan{Changes: changes}, Refusals: answers}
			var large *TooLargeError
			if answers[0] != nil || answers[2] != nil || !errors.As(answers[1], &large) || !isDecision(answers[1]) || asked != 3 {
				t.Fatalf("%v after %d requests", answers, asked)
			}
			if refused.Hint() != test.hint || !errors.Is(refused, test.cause) {
				t.Errorf("hint: %s, of %v", refused.Hint(), refused.Words())
			}
		})
	}
}

// Many refused topics are looked into together: a request for each setting, and not for each topic.
func TestManyRefusedSettings(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t)
	var names []string
	for i := range 200 {
		names = append(names, fmt.Sprintf("t%03d", i))
	}
	desired := topics(names...)
	if _, err := c.Converge(ctx, desired); err != nil {
		t.Fatal(err)
	}
	for i := range desired {
		desired[i].Config = topicspec.Config{"retention.ms": {Value: "1000"}, "segment.bytes": {Value: "1"}}
	}
	var asked atomic.Int32
	cluster.ControlKey(int16(kmsg.IncrementalAlterConfigs), func(kreq kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		asked.Add(1)
		req, _ := kreq.(*kmsg.IncrementalAlterConfigsRequest)
		resp, _ := req.ResponseKind().(*kmsg.IncrementalAlterConfigsResponse)
		for _, r := range req.Resources {
			answer := kmsg.NewIncrementalAlterConfigsResponseResource()
			answer.ResourceType, answer.ResourceName = r.ResourceType, r.ResourceName
			if slices.ContainsFunc(r.Configs, func(c kmsg.IncrementalAlterConfigsRequestResourceConfig) bool { return c.Name == "segment.bytes" }) {
				answer.ErrorCode = kerr.InvalidConfig.Code
			}
			resp.Resources = append(resp.Resources, answer)
		}
		return resp, nil, true
	})
	_, err := c.Converge(ctx, desired)
	var refused *RefusedError
	if !errors.As(err, &refused) {
		t.Fatal(err)
	}
	for i, change := range refused.Plan.Changes {
		if wrong := change.Field == "segment.bytes"; (refused.Refusals[i] != nil) != wrong {
			t.Fatalf("%s %s: %v", change.Topic, change.Field, refused.Refusals[i])
		}
	}
	if asked.Load() != 3 {
		t.Errorf("%d requests, want one for all and one for each setting", asked.Load())
	}
}

// More topics than a broker is asked for at once are planned, settled and looked at as one.
func TestManyTopicsAreOneView(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t)
	var names []string
	for i := range 2*topicsPerLook + 1 {
		names = append(names, fmt.Sprintf("t%05d", i))
	}
	desired := topics(names...)
	for i := range desired {
		desired[i].Partitions = 1
	}
	var most atomic.Int32
	counted(cluster, kmsg.DescribeConfigs, func(kreq kmsg.Request) bool {
		req, _ := kreq.(*kmsg.DescribeConfigsRequest)
		most.Store(max(most.Load(), int32(len(req.Resources))))
		return true
	})
	report, err := c.Converge(ctx, desired)
	if err != nil || !report.OK() || len(report.Outcomes) != len(desired) {
		t.Fatalf("%d outcomes, %v", len(report.Outcomes), err)
	}
	if most.Load() != topicsPerLook {
		t.Errorf("asked for %d topics at once", most.Load())
	}
	wantInSync(ctx, t, c, desired)
	if err := c.Usable(ctx, desired); err != nil {
		t.Error(err)
	}
	if err := c.Present(ctx, names); err != nil {
		t.Error(err)
	}
	last := &desired[len(desired)-1]
	last.Partitions = 2
	plan, err := c.Plan(ctx, desired)
	if diff := cmp.Diff([]string{last.Name}, topicsOf(plan.Plan)); diff != "" || err != nil || plan.Settled {
		t.Errorf("the last of all: %v %s", err, diff)
	}
}

func topicsOf(plan topicspec.Plan) []string {
	var names []string
	for _, change := range plan.Changes {
		names = append(names, change.Topic)
	}
	return names
}
