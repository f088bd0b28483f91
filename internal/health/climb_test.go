package health

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/sasl/plain"
)

// describe rewrites what a cluster says in Metadata.
func describe(cluster *kfake.Cluster, change func(*kmsg.MetadataResponse)) {
	addrs := cluster.ListenAddrs()
	control(cluster, kmsg.Metadata, func(req kmsg.Request) kmsg.Response {
		resp := kmsg.NewPtrMetadataResponse()
		resp.Version = req.GetVersion()
		resp.ClusterID = kmsg.StringPtr("cluster-a")
		for id, addr := range addrs {
			resp.Brokers = append(resp.Brokers, metadataBroker(int32(id), addr))
		}
		change(resp)
		return resp
	})
}

func metadataBroker(id int32, addr string) kmsg.MetadataResponseBroker {
	b := kmsg.NewMetadataResponseBroker()
	host, port, _ := strings.Cut(addr, ":")
	b.NodeID, b.Host = id, host
	_, _ = fmt.Sscan(port, &b.Port)
	return b
}

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

// fault is a cluster with something wrong, and the finding that says so; ADDR is its first address.
type fault struct {
	name    string
	options Options
	arrange func(*kfake.Cluster)
	want    Finding
}

func (f fault) test(t *testing.T) {
	t.Parallel()
	cluster := fakeKafka(t)
	if f.arrange != nil {
		f.arrange(cluster)
	}
	f.options.Brokers = cluster.ListenAddrs()
	r := ladder(t, f.options).Climb(t.Context())
	f.want.Evidence = strings.ReplaceAll(f.want.Evidence, "ADDR", cluster.ListenAddrs()[0])
	wantFinding(t, f.want, finding(t, r, f.want.Rung))
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

// Two clusters behind the given addresses, and two brokers that do not list the same ones, are not
// one cluster.
func TestBrokersMustAgree(t *testing.T) {
	t.Parallel()
	one := fakeKafka(t)
	for _, test := range []struct {
		name, want string
		other      *kfake.Cluster
	}{
		{"another cluster", `is of cluster "cluster-b", but FIRST is of "cluster-a"`, fakeKafka(t, kfake.ClusterID("cluster-b"))},
		{"another set", "lists brokers 0, 1, but FIRST lists 0", fakeKafka(t, kfake.NumBrokers(2))},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a, b := one.ListenAddrs()[0], test.other.ListenAddrs()[0]
			f := finding(t, ladder(t, Options{Brokers: []string{a, b}}).Climb(t.Context()), "K4")
			if want := b + " " + strings.ReplaceAll(test.want, "FIRST", a); f.Verdict != Wait || !strings.HasPrefix(f.Evidence, want) {
				t.Errorf("%s %q, want prefix %q", f.Verdict, f.Evidence, want)
			}
		})
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

// Refused credentials do not heal, and the caller can tell them from everything else.
func TestRefusedCredentialsFail(t *testing.T) {
	t.Parallel()
	for name, code := range map[string]*kerr.Error{
		"password":  kerr.SaslAuthenticationFailed,
		"mechanism": kerr.UnsupportedSaslMechanism,
		"state":     kerr.IllegalSaslState,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cluster := fakeKafka(t, kfake.EnableSASL())
			control(cluster, kmsg.SASLHandshake, func(req kmsg.Request) kmsg.Response {
				resp := kmsg.NewPtrSASLHandshakeResponse()
				resp.Version, resp.ErrorCode = req.GetVersion(), code.Code
				return resp
			})
			mechanism := plain.Auth{User: "app", Pass: "wrong"}.AsMechanism()
			l := ladder(t, Options{Brokers: cluster.ListenAddrs(), Client: []kgo.Opt{kgo.SASL(mechanism)}})
			_, err := l.Wait(background(t, unhurried), nil)
			if !errors.Is(err, ErrCannotHeal) || !errors.Is(err, code) {
				t.Fatalf("Wait: %v, want one that cannot heal, by %v", err, code)
			}
			if strings.Contains(err.Error(), "wrong") {
				t.Errorf("the password is in %q", err)
			}
		})
	}
}

// A SASL listener closes on a client that does not authenticate, and says nothing.
func TestMissingCredentialsAreNamed(t *testing.T) {
	t.Parallel()
	cluster := fakeKafka(t, kfake.EnableSASL())
	r := ladder(t, Options{Brokers: cluster.ListenAddrs()}).Climb(t.Context())
	want := cluster.ListenAddrs()[0] + ": answers ApiVersions, then closes: SASL is required, or the broker is going down"
	wantFinding(t, Finding{Rung: "K3", Verdict: Wait, Evidence: want}, finding(t, r, "K3"))
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
