package health

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// A healthy cluster passes its first climb, and the whole answer is as documented.
func TestClimbOfAHealthyCluster(t *testing.T) {
	t.Parallel()
	cluster := fakeKafka(t, kfake.NumBrokers(2), stateFactors(1, 1))
	a, b := cluster.ListenAddrs()[0], cluster.ListenAddrs()[1]
	l := ladder(t, Options{
		Brokers:   []string{a, b, a},
		WritePath: func(context.Context) (string, error) { return "11 topics validated", nil },
		Topics:    func(context.Context) (string, error) { return "11 topics usable", nil },
	})
	want := Readiness{Ready: true, ClusterID: "cluster-a", Brokers: 2, Speaking: []string{a, b}, Climbs: 1, Rungs: []Finding{
		{Rung: "K0", Question: "name resolves", Verdict: Pass, Evidence: a + ": is an IP address; " + b + ": is an IP address"},
		{Rung: "K1", Question: "TCP accepts", Verdict: Pass, Evidence: a + ": accepts; " + b + ": accepts"},
		{Rung: "K2", Question: "speaks Kafka", Verdict: Pass, Evidence: a + ": ApiVersions offers 62 requests; " + b + ": ApiVersions offers 62 requests"},
		{Rung: "Z1", Question: "ZooKeeper TCP accepts", Verdict: Skip, Evidence: "no ZooKeeper address given"},
		{Rung: "Z2", Question: "ZooKeeper serves", Verdict: Skip, Evidence: "no ZooKeeper address given"},
		{Rung: "K3", Question: "enough brokers", Verdict: Pass, Evidence: a + " lists 2 brokers; " + b + " lists 2 brokers"},
		{Rung: "K4", Question: "advertised addresses answer", Verdict: Pass, Evidence: "broker 0 answers at " + a + "; broker 1 answers at " + b},
		{Rung: "K5", Question: "a controller acts", Verdict: Pass, Evidence: a + " names controller 1, a live broker; " + b + " names controller 1, a live broker"},
		{Rung: "Z5", Question: "ZooKeeper agrees with the brokers", Verdict: Skip, Evidence: "no ZooKeeper address given"},
		{Rung: "K6", Question: "write path", Verdict: Pass, Evidence: "11 topics validated"},
		{Rung: "K7", Question: "topics usable", Verdict: Pass, Evidence: "11 topics usable"},
		{Rung: "K8", Question: "coordinators", Verdict: Pass, Evidence: "__consumer_offsets can be made; __transaction_state can be made; broker 0 hands out producer ids; and 1 more"},
	}}
	ignored := cmp.Options{cmpopts.IgnoreFields(Readiness{}, "Elapsed"), cmpopts.IgnoreFields(Finding{}, "Took"), cmpopts.IgnoreUnexported(Finding{})}
	for range 2 { // the second climb uses the connections of the first
		got := l.Climb(t.Context())
		if diff := cmp.Diff(want, got, ignored); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	}
}

// The Kafka client goes the way of the raw questions: TLS and the caller's dialer hold for both.
func TestClimbOverTLSAndTheCallersDialer(t *testing.T) {
	t.Parallel()
	config, pool := selfSigned(t)
	cluster := fakeKafka(t, kfake.TLS(config))
	var dialled atomic.Int32
	dial := func(ctx context.Context, network, addr string) (net.Conn, error) {
		dialled.Add(1)
		return new(net.Dialer).DialContext(ctx, network, addr)
	}
	for name, custom := range map[string]func(context.Context, string, string) (net.Conn, error){"own": nil, "custom": dial} {
		t.Run(name, func(t *testing.T) {
			l := ladder(t, Options{Brokers: cluster.ListenAddrs(), Client: trusting(pool), Dial: custom})
			if r := l.Climb(t.Context()); !r.Ready {
				t.Errorf("not ready: %+v", r.Rungs)
			}
		})
	}
	if dialled.Load() != 2 {
		t.Errorf("the dialer opened %d connections, want 2: one raw, one for the client", dialled.Load())
	}
}

func TestBrokerFaults(t *testing.T) {
	t.Parallel()
	elsewhere := refusing(t)
	for _, f := range []fault{
		{
			name:    "too few brokers",
			options: Options{MinBrokers: 3, MinBrokersWhy: `topic "x" has replicationFactor 3`},
			want:    Finding{Rung: "K3", Verdict: Wait, Evidence: `1 broker, 3 needed (topic "x" has replicationFactor 3)`},
		},
		{
			name:    "no broker registered yet",
			arrange: func(c *kfake.Cluster) { describe(c, func(r *kmsg.MetadataResponse) { r.Brokers = nil }) },
			want:    Finding{Rung: "K3", Verdict: Wait, Evidence: "0 brokers, 1 needed"},
		},
		{
			name:    "no broker registered yet, for a watcher",
			options: Options{Tolerant: true},
			arrange: func(c *kfake.Cluster) { describe(c, func(r *kmsg.MetadataResponse) { r.Brokers = nil }) },
			want:    Finding{Rung: "K3", Verdict: Wait, Evidence: "0 brokers, 1 needed"},
		},
		{
			name:    "no answer to Metadata",
			options: Options{Attempt: attempt},
			arrange: func(c *kfake.Cluster) {
				c.ControlKey(3, func(kmsg.Request) (kmsg.Response, error, bool) {
					c.KeepControl()
					return nil, nil, true
				})
			},
			want: Finding{Rung: "K3", Verdict: Wait, Evidence: "ADDR: answers ApiVersions, then nothing"},
		},
		{
			name: "advertised where nothing listens",
			arrange: func(c *kfake.Cluster) {
				describe(c, func(r *kmsg.MetadataResponse) {
					r.Brokers = []kmsg.MetadataResponseBroker{metadataBroker(1, elsewhere)}
				})
			},
			want: Finding{Rung: "K4", Verdict: Wait, Evidence: "ADDR answers, but sends clients on to " + elsewhere + " (broker 1): connection refused"},
		},
		{
			name: "two brokers advertised at one address",
			arrange: func(c *kfake.Cluster) {
				describe(c, func(r *kmsg.MetadataResponse) {
					r.Brokers = []kmsg.MetadataResponseBroker{metadataBroker(2, c.ListenAddrs()[0]), metadataBroker(1, c.ListenAddrs()[0])}
				})
			},
			want: Finding{Rung: "K4", Verdict: Wait, Evidence: "brokers 1, 2 all advertise ADDR"},
		},
		{
			name: "advertised by a name unknown here",
			arrange: func(c *kfake.Cluster) {
				describe(c, func(r *kmsg.MetadataResponse) {
					r.Brokers = []kmsg.MetadataResponseBroker{metadataBroker(1, "nosuch.invalid:9092")}
				})
			},
			want: Finding{Rung: "K4", Verdict: Wait, Evidence: "ADDR answers, but sends clients on to nosuch.invalid:9092 (broker 1): no such host"},
		},
	} {
		t.Run(f.name, f.test)
	}
}

// A broker that was restarted between two climbs is asked on a new connection.
func TestBrokenConnectionIsRedone(t *testing.T) {
	t.Parallel()
	cluster := fakeKafka(t)
	l := ladder(t, Options{Brokers: cluster.ListenAddrs()})
	verdicts := make([]Verdict, 3)
	for i := range verdicts {
		if i == 1 {
			cluster.ControlKey(3, func(kmsg.Request) (kmsg.Response, error, bool) { return nil, errors.New("hang up"), true })
			cluster.ControlKey(3, func(kmsg.Request) (kmsg.Response, error, bool) { return nil, errors.New("hang up"), true })
		}
		verdicts[i] = finding(t, l.Climb(t.Context()), "K3").Verdict
	}
	if diff := cmp.Diff([]Verdict{Pass, Wait, Pass}, verdicts); diff != "" {
		t.Errorf("K3 (-want +got):\n%s", diff)
	}
}

// Evidence names at most three addresses, in the given order.
func TestEvidenceIsShortAndOrdered(t *testing.T) {
	t.Parallel()
	var addrs []string
	for range 5 {
		addrs = append(addrs, refusing(t))
	}
	f := finding(t, ladder(t, Options{Brokers: addrs}).Climb(t.Context()), "K1")
	want := fmt.Sprintf("%s: connection refused; %s: connection refused; %s: connection refused; and 2 more", addrs[0], addrs[1], addrs[2])
	if f.Evidence != want {
		t.Errorf("evidence %q\nwant     %q", f.Evidence, want)
	}
}

// BenchmarkFirstClimb is what a warm apply pays.
func BenchmarkFirstClimb(b *testing.B) {
	cluster := kfake.MustCluster(kfake.NumBrokers(1))
	defer cluster.Close()
	for b.Loop() {
		l, err := New(Options{Brokers: cluster.ListenAddrs()})
		if err != nil {
			b.Fatal(err)
		}
		if r := l.Climb(b.Context()); !r.Ready {
			b.Fatal(r.Blocking())
		}
		l.Close()
	}
}

// A question that was abandoned may still look at the climb's findings, so what is done with those
// it gave is not seen.
func TestFindingsAreTheCallers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := fakeLadder(refused)
		c := l.climb(t.Context(), l.table, asking{})
		r := c.readiness()
		r.Rungs[0].Err = nil
		if c.findings[0].Err == nil {
			t.Error("the caller wrote into the climb's own finding")
		}
	})
}
