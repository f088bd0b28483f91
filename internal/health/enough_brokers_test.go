package health

import (
	"strings"
	"testing"

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

// A dead address of a cluster that is whole is named, and nothing is missing without it; of one that
// is not, it is what is waited for.
func TestDeadAddress(t *testing.T) {
	t.Parallel()
	dead, live := refusing(t), fakeKafka(t, stateFactors(1, 1)).ListenAddrs()[0]
	for _, brokers := range [][]string{{dead, live}, {live, dead}, {dead, live, refusing(t)}} {
		r := ladder(t, Options{Brokers: brokers}).Climb(t.Context())
		if f := finding(t, r, "K1"); !r.Ready || f.Verdict != Warn || f.HintID != "address-left-out" || !strings.HasPrefix(f.Evidence, dead+": connection refused") {
			t.Errorf("ready %t, K1 %s %s %q", r.Ready, f.Verdict, f.HintID, f.Evidence)
		}
	}
	r := ladder(t, Options{Brokers: []string{dead, live}, MinBrokers: 2}).Climb(t.Context())
	wantFinding(t, Finding{Rung: "K1", Verdict: Wait, Evidence: dead + ": connection refused"}, finding(t, r, "K1"))
	wantFinding(t, Finding{Rung: "K2", Verdict: Pass, Evidence: live + ": ApiVersions offers 62 requests"}, finding(t, r, "K2"))
	wantFinding(t, Finding{Rung: "K3", Verdict: Wait, Evidence: "1 broker, 2 needed"}, finding(t, r, "K3"))
}

// Registered brokers without a heartbeat are named beside those that are there.
func TestFencedBrokersAreNamed(t *testing.T) {
	t.Parallel()
	cluster := fakeKafka(t)
	besideFenced(cluster)
	r := ladder(t, Options{Brokers: cluster.ListenAddrs(), MinBrokers: 3}).Climb(t.Context())
	want := "1 broker, 3 needed; registered but fenced, without a heartbeat: 7, 8"
	wantFinding(t, Finding{Rung: "K3", Verdict: Wait, Evidence: want}, finding(t, r, "K3"))
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
