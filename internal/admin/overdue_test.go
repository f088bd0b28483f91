package admin

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafkatest"
	"kafkactl/internal/topicspec"
)

// A broker that leaves between the brokers' judgement and the write is waited for; when it does not
// come back in time, that is what ran out, and no refusal.
func TestBrokerLeavesBeforeTheWrite(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		refused int // times, -1 for ever
		want    Result
	}{
		{"and comes back", 3, Done},
		{"for good", -1, Failed},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			ctx, cluster, c := dialFake(t)
			cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.CreateTopics}, Err: kerr.InvalidReplicationFactor, Count: test.refused, When: kafkatest.ChangesTopics})
			ctx, cancel := context.WithTimeout(ctx, time.Second)
			defer cancel()
			report, _ := c.Converge(ctx, topics("a"))
			if len(report.Outcomes) != 1 || report.Outcomes[0].Result != test.want {
				t.Fatalf("%+v", report.Outcomes)
			}
			o, overdue := report.Overdue()
			if overdue != (test.want == Failed) || overdue && !errors.Is(o.Err, kerr.InvalidReplicationFactor) {
				t.Errorf("overdue %t: %v", overdue, o.Err)
			}
		})
	}
}

// One change that fails for another reason makes a report a failure, whatever else is overdue.
func TestOverdueIsAllThatIsMissing(t *testing.T) {
	t.Parallel()
	late := Outcome{Result: Failed, Err: &OverdueError{kerr.RequestTimedOut}}
	for name, test := range map[string]struct {
		others []Outcome
		want   bool
	}{
		"alone":             {nil, true},
		"beside what works": {[]Outcome{{Result: Done}}, true},
		"beside a refusal":  {[]Outcome{{Result: Failed, Err: kerr.InvalidConfig}}, false},
		"beside a block":    {[]Outcome{{Result: Blocked}}, false},
	} {
		if _, overdue := (Report{Outcomes: append(test.others, late)}).Overdue(); overdue != test.want {
			t.Errorf("%s: %t", name, overdue)
		}
	}
	if _, overdue := (Report{}).Overdue(); overdue {
		t.Error("nothing is overdue in an empty report")
	}
}

// Too few brokers for a topic is final where nobody is missing, and waited for where a registered
// broker sends no heartbeat.
func TestValidateSoon(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		fenced bool
		wait   bool
	}{
		{name: "all are there"},
		{name: "one is away", fenced: true, wait: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			ctx, cluster, c := dialFake(t)
			refusals := cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.CreateTopics}, Err: kerr.InvalidReplicationFactor, Count: 3})
			cluster.ControlKey(int16(kmsg.DescribeCluster), func(req kmsg.Request) (kmsg.Response, error, bool) {
				cluster.KeepControl()
				resp := kmsg.NewPtrDescribeClusterResponse()
				resp.Version = req.GetVersion()
				if test.fenced {
					b := kmsg.NewDescribeClusterResponseBroker()
					b.NodeID, b.IsFenced = 7, true
					resp.Brokers = append(resp.Brokers, b)
				}
				return resp, nil, true
			})
			plan := topicspec.Diff(topics("a"), nil)
			err := c.ValidateSoon(ctx, plan)
			if test.wait != (err == nil) || test.wait != (refusals.Hits() == 3) {
				t.Errorf("%v after %d refusals", err, refusals.Hits())
			}
		})
	}
}
