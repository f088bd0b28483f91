package admin

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
	"kafkactl/internal/kafkatest"
	"kafkactl/internal/topicspec"
)

// One request makes all missing topics, each with its own shape, and again is no request at all.
func TestConvergeIsOneRequestThenNone(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t)
	desired := topics("a", "b", "c")
	desired[1].Partitions = 5
	desired[2].Config = topicspec.Config{"retention.ms": {Value: "1000"}}
	creates := counted(cluster, kmsg.CreateTopics, kafkatest.ChangesTopics)
	report, err := c.Converge(ctx, desired)
	if err != nil || !report.OK() {
		t.Fatalf("%v, %v", results(report), err)
	}
	if diff := cmp.Diff([]string{"a topic done", "b topic done", "c topic done"}, results(report)); diff != "" {
		t.Error(diff)
	}
	if n := creates.Hits(); n != 1 {
		t.Errorf("%d requests made 3 topics", n)
	}
	observed, err := c.Observe(ctx, []string{"a", "b", "c", "nope"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a", "b", "c"}, sortedKeys(observed)); diff != "" {
		t.Error(diff)
	}
	if n := len(observed["b"].Replicas); n != 5 {
		t.Errorf("b has %d partitions, want 5", n)
	}

	writes := cluster.Fault(kfake.Fault{
		Keys:  []kmsg.Key{kmsg.CreateTopics, kmsg.CreatePartitions, kmsg.IncrementalAlterConfigs, kmsg.DeleteTopics},
		Count: -1, Observe: true,
	})
	again, err := c.Converge(ctx, desired)
	if err != nil || len(again.Outcomes) != 0 || writes.Hits() != 0 {
		t.Errorf("in sync: %v, %v, %d writes", results(again), err, writes.Hits())
	}
}

// Growth and settings, set and taken back, in one plan.
func TestConvergeRepairsDrift(t *testing.T) {
	t.Parallel()
	ctx, _, c := dialFake(t)
	createAside(ctx, t, c, "a", 1)
	first := topics("a")
	first[0].Partitions = 0
	first[0].Config = topicspec.Config{"retention.ms": {Value: "1000"}, "max.message.bytes": {Value: "2000"}}
	if _, err := c.Converge(ctx, first); err != nil {
		t.Fatal(err)
	}
	second := topics("a")
	second[0].Config = topicspec.Config{"retention.ms": {Value: "5000"}, "max.message.bytes": {Unset: true}}
	report, err := c.Converge(ctx, second)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a partitions done", "a max.message.bytes done", "a retention.ms done"}, results(report)); diff != "" {
		t.Error(diff)
	}
	wantInSync(ctx, t, c, second)
}

// Codes that only mean "not yet" are asked again; kgo repeats none of these.
func TestNotYetIsAskedAgain(t *testing.T) {
	t.Parallel()
	for _, fault := range []*kerr.Error{kerr.RequestTimedOut, kerr.ThrottlingQuotaExceeded} {
		t.Run(fault.Message, func(t *testing.T) {
			t.Parallel()
			ctx, cluster, c := dialFake(t)
			faults := cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.CreateTopics}, Topic: "b", Err: fault, Count: 3, When: kafkatest.ChangesTopics})
			report, err := c.Converge(ctx, topics("a", "b"))
			if err != nil || !report.OK() || faults.Hits() != 3 {
				t.Errorf("%v, %v after %d faults", results(report), err, faults.Hits())
			}
		})
	}
}

// One topic's failure is its own: the others are made, and its name and the
// broker's error are reported.
func TestOneFailureDoesNotStopTheOthers(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t)
	cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.CreateTopics}, Topic: "b", Err: kerr.PolicyViolation, Count: -1, When: kafkatest.ChangesTopics})
	report, err := c.Converge(ctx, topics("a", "b", "c"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a topic done", "b topic failed", "c topic done"}, results(report)); diff != "" {
		t.Error(diff)
	}
	if !errors.Is(report.Err(), kerr.PolicyViolation) || report.OK() {
		t.Errorf("report says %v", report.Err())
	}
	wantInSync(ctx, t, c, topics("a", "c"))
}

// A topic that another client makes between plan and apply is compared anew: it is
// not a failure, and what differs is repaired.
func TestAnotherClientWasFaster(t *testing.T) {
	t.Parallel()
	ctx, _, c := dialFake(t)
	desired := topics("a", "b")
	plan, err := c.Plan(ctx, desired)
	if err != nil {
		t.Fatal(err)
	}
	createAside(ctx, t, c, "b", 1)
	report, err := c.ConvergeFrom(ctx, desired, plan)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a topic done", "b partitions done"}, results(report)); diff != "" {
		t.Error(diff)
	}
	wantInSync(ctx, t, c, desired)
}

// The round after a race is for the raced topics alone: a failure is not tried twice.
func TestRaceRepeatsOnlyWhatRaced(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t)
	desired := topics("a", "b")
	plan, err := c.Plan(ctx, desired)
	if err != nil {
		t.Fatal(err)
	}
	createAside(ctx, t, c, "b", 1)
	failures := cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.CreateTopics}, Topic: "a", Err: kerr.PolicyViolation, Count: -1, When: kafkatest.ChangesTopics})
	report, err := c.ConvergeFrom(ctx, desired, plan)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a topic failed", "b partitions done"}, results(report)); diff != "" {
		t.Error(diff)
	}
	if n := failures.Hits(); n != 1 {
		t.Errorf("the failing topic was tried %d times", n)
	}
}

// What the brokers refuse beforehand leaves everything as it was.
func TestValidateRefuses(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t)
	cluster.Fault(kfake.Fault{
		Keys: []kmsg.Key{kmsg.CreateTopics}, Topic: "b", Err: kerr.InvalidConfig, Count: -1,
		When: func(req kmsg.Request) bool { return !kafkatest.ChangesTopics(req) },
	})
	_, err := c.Converge(ctx, topics("a", "b"))
	var refused *RefusedError
	if !errors.As(err, &refused) || !errors.Is(err, kerr.InvalidConfig) || refused.MayHeal() {
		t.Fatalf("want a refusal that cannot heal, got %v", err)
	}
	if diff := cmp.Diff([]string{"a topic untried", "b topic refused"}, results(refused.Report())); diff != "" {
		t.Error(diff)
	}
	if blocked := refused.Blocked(); len(blocked.Blocked()) != 1 || blocked.Blocked()[0].Topic != "b" {
		t.Errorf("blocked: %v", blocked.Changes)
	}
	observed, err := c.Observe(ctx, []string{"a", "b"})
	if err != nil || len(observed) != 0 {
		t.Errorf("something was made: %v, %v", observed, err)
	}
}

// A refusal that is only about the number of brokers may heal.
func TestTooFewBrokersMayHeal(t *testing.T) {
	t.Parallel()
	ctx, _, c := dialFake(t)
	desired := topics("a")
	desired[0].ReplicationFactor = 3
	var refused *RefusedError
	if _, err := c.Converge(ctx, desired); !errors.As(err, &refused) || !refused.MayHeal() {
		t.Errorf("want a refusal that may heal, got %v", err)
	}
}

// A controller refuses a request for more than 10,000 new partitions.
func TestCreatesAreSplit(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t)
	var desired []topicspec.Desired
	for i := range 25 {
		d := topics(fmt.Sprintf("t%02d", i))[0]
		d.Partitions = 999
		desired = append(desired, d)
	}
	largest := 0
	creates := counted(cluster, kmsg.CreateTopics, func(req kmsg.Request) bool {
		r, ok := req.(*kmsg.CreateTopicsRequest)
		sum := 0
		for _, topic := range r.Topics {
			sum += int(topic.NumPartitions)
		}
		largest = max(largest, sum)
		return ok && !r.ValidateOnly
	})
	plan, err := c.Plan(ctx, desired)
	if err != nil {
		t.Fatal(err)
	}
	if report := c.Apply(ctx, plan.Plan); !report.OK() || creates.Hits() != 3 || largest > 10_000 {
		t.Errorf("%v: %d requests, the largest for %d partitions", report.Err(), creates.Hits(), largest)
	}
}

// When time runs out the last answer of the brokers is reported, not the clock's.
func TestDeadlineKeepsTheAnswer(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t)
	cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.CreateTopics}, Err: kerr.ThrottlingQuotaExceeded, Count: -1, When: kafkatest.ChangesTopics})
	plan, err := c.Plan(ctx, topics("a"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
	defer cancel()
	report := c.Apply(ctx, plan.Plan)
	if diff := cmp.Diff([]string{"a topic failed"}, results(report)); diff != "" {
		t.Error(diff)
	}
	if !errors.Is(report.Err(), kerr.ThrottlingQuotaExceeded) {
		t.Errorf("told %v", report.Err())
	}
}

// Deleting what is gone already is done.
func TestDelete(t *testing.T) {
	t.Parallel()
	ctx, _, c := dialFake(t)
	if _, err := c.Converge(ctx, topics("order.created", "other")); err != nil {
		t.Fatal(err)
	}
	plan, err := c.PlanDelete(ctx, []string{"order.created"})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		report := c.Apply(ctx, plan)
		if err := c.SettleGone(ctx, &report); err != nil || !report.OK() {
			t.Fatal(err, report.Err())
		}
	}
	_, err = c.PlanDelete(ctx, []string{"other", "othr"})
	want := &kafka.NotFoundError{Resource: kafka.ResourceTopic, Name: "othr", Near: []string{"other"}}
	var missing *kafka.NotFoundError
	if !errors.As(err, &missing) {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, missing); diff != "" {
		t.Error(diff)
	}
}

// A broker that fails inside is asked a few times more, and then believed: each change reports it.
func TestUnexplainedFailures(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		count int // how many tries the failure lasts, -1 for ever
		want  []string
		asked int
	}{
		{4, []string{"a topic done", "b topic done"}, 4},
		{-1, []string{"a topic done", "b topic failed"}, 5},
	} {
		t.Run(fmt.Sprint(test.count), func(t *testing.T) {
			t.Parallel()
			ctx, cluster, c := dialFake(t)
			faults := cluster.Fault(kfake.Fault{
				Keys: []kmsg.Key{kmsg.CreateTopics}, Topic: "b", Err: kerr.UnknownServerError, Count: test.count, When: kafkatest.ChangesTopics,
			})
			report, err := c.Converge(ctx, topics("a", "b"))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, results(report)); diff != "" {
				t.Error(diff)
			}
			if faults.Hits() != test.asked {
				t.Errorf("asked %d times, want %d", faults.Hits(), test.asked)
			}
			var unexplained *UnexplainedError
			if errors.As(report.Err(), &unexplained) == report.OK() {
				t.Errorf("got %v", report.Err())
			}
		})
	}
}
