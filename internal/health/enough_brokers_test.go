package health

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// Asking for the brokers must not list every topic of a big cluster, and never create one.
func TestMetadataAsksForNoTopic(t *testing.T) {
	t.Parallel()
	cluster := fakeKafka(t)
	asked := make(chan *kmsg.MetadataRequest, 10)
	control(cluster, kmsg.Metadata, func(req kmsg.Request) kmsg.Response {
		asked <- req.(*kmsg.MetadataRequest)
		return nil
	})
	ladder(t, Options{Brokers: cluster.ListenAddrs()}).Climb(t.Context())
	if len(asked) != 3 {
		t.Fatalf("%d Metadata requests, want 3: on each of two connections for the brokers, and about Kafka's own topics; "+
			"the advertised address is the one that was asked already", len(asked))
	}
	for range 3 {
		req := <-asked
		if req.Topics == nil || req.AllowAutoTopicCreation {
			t.Errorf("asked for topics %v, auto creation %t", req.Topics, req.AllowAutoTopicCreation)
		}
		for _, topic := range req.Topics {
			if !strings.HasPrefix(*topic.Topic, "__") {
				t.Errorf("asked for topic %s", *topic.Topic)
			}
		}
	}
}

// Answering lets dead bootstrap addresses be; they are still named.
func TestAnsweringLeavesOutDeadAddresses(t *testing.T) {
	t.Parallel()
	dead, live := refusing(t), fakeKafka(t).ListenAddrs()[0]
	r := ladder(t, Options{Brokers: []string{dead, live}, Answering: 1}).Climb(t.Context())
	if !r.Ready {
		t.Fatalf("not ready: %+v", r.Rungs)
	}
	wantFinding(t, Finding{Rung: "K1", Verdict: Pass, Evidence: live + ": accepts; not needed: " + dead + ": connection refused"}, finding(t, r, "K1"))
	strict := ladder(t, Options{Brokers: []string{dead, live}}).Climb(t.Context())
	wantFinding(t, Finding{Rung: "K1", Verdict: Wait, Evidence: dead + ": connection refused"}, finding(t, strict, "K1"))
	wantFinding(t, Finding{Rung: "K2", Verdict: Unasked, Evidence: "not asked: K1 does not hold"}, finding(t, strict, "K2"))
}

// Too few brokers fail before the timeout only where no other can be meant: not while an address
// does not answer, which may be one that is not listed yet, and not while a registered broker is
// only without its heartbeat.
func TestTooFewBrokersMayBeComing(t *testing.T) {
	t.Parallel()
	const settle = 100 * time.Millisecond
	dead := refusing(t)
	for _, test := range []struct {
		name       string
		dead       []string
		fenced     bool
		factor     int // of the coordinators' topics; default 1
		minBrokers int
		cause      error
		want       string
	}{
		{name: "all answer", minBrokers: 3, cause: ErrCannotHeal, want: "1 broker, 3 needed; no broker joined for 50ms"},
		{name: "an address does not answer", minBrokers: 3, dead: []string{dead}, cause: ErrTimeout, want: "1 broker, 3 needed"},
		{name: "it is a coordinator's topic that does not fit", factor: 3, dead: []string{dead}, minBrokers: 1, cause: ErrTimeout, want: "consumer groups cannot work: broker 0 has offsets.topic.replication.factor=3, and 1 broker is there"},
		{name: "the others are fenced", minBrokers: 3, fenced: true, cause: ErrTimeout, want: "1 broker, 3 needed; registered but fenced, without a heartbeat: 7, 8"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			cluster := fakeKafka(t, stateFactors(max(test.factor, 1), 1))
			if test.fenced {
				besideFenced(cluster)
			}
			l := ladder(t, Options{Brokers: append(test.dead, cluster.ListenAddrs()...), Answering: 1, MinBrokers: test.minBrokers, Settle: settle})
			_, err := l.Wait(background(t, 20*settle), nil)
			if !errors.Is(err, test.cause) || !strings.HasSuffix(err.Error(), ": "+test.want) {
				t.Errorf("%v\nwant %v: %s", err, test.cause, test.want)
			}
		})
	}
}

func fencedBrokers(ids ...int32) func(kmsg.Request) kmsg.Response {
	return func(req kmsg.Request) kmsg.Response {
		resp := kmsg.NewPtrDescribeClusterResponse()
		resp.Version = req.GetVersion()
		for _, id := range ids {
			b := kmsg.NewDescribeClusterResponseBroker()
			b.NodeID, b.IsFenced = id, true
			resp.Brokers = append(resp.Brokers, b)
		}
		return resp
	}
}
