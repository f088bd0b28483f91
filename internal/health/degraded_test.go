package health

import (
	"context"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/sasl/plain"

	"kafkactl/internal/kafkatest"
)

// To a watcher a broker that is away is a warning, and no cluster that is down.
func TestTolerantLadder(t *testing.T) {
	t.Parallel()
	cluster := fakeKafka(t, kfake.NumBrokers(2), stateFactors(1, 1))
	addrs, dead := cluster.ListenAddrs(), refusing(t)
	options := Options{Brokers: append([]string{dead}, addrs...), MinBrokers: 3, MinBrokersWhy: "the spec", Tolerant: true}
	r := ladder(t, options).Climb(t.Context())
	if !r.Ready {
		t.Errorf("not ready: %+v", r.Rungs)
	}
	var warned []string
	for _, f := range r.Warnings() {
		warned = append(warned, f.Rung+" "+f.Evidence)
		if f.Hint == "" || f.Err == nil {
			t.Errorf("%s warns with hint %q, err %v", f.Rung, f.Hint, f.Err)
		}
	}
	want := []string{
		"K1 " + dead + ": connection refused; " + addrs[0] + ": accepts; " + addrs[1] + ": accepts",
		"K3 2 brokers, 3 needed (the spec)",
	}
	if strings.Join(warned, "\n") != strings.Join(want, "\n") {
		t.Errorf("warnings:\n%s\nwant:\n%s", strings.Join(warned, "\n"), strings.Join(want, "\n"))
	}
	options.Brokers = []string{dead}
	if r := ladder(t, options).Climb(t.Context()); r.Ready || finding(t, r, "K1").Verdict != Wait {
		t.Errorf("with no address that answers: ready %t, K1 %s", r.Ready, finding(t, r, "K1").Verdict)
	}
}

// A callback can say that the cluster works in spite of what it saw.
func TestDegradedCallback(t *testing.T) {
	t.Parallel()
	if Degraded(nil) != nil {
		t.Error("Degraded(nil) is an error")
	}
	options := Options{Brokers: fakeKafka(t, stateFactors(1, 1)).ListenAddrs()}
	options.Topics = func(context.Context) (string, error) { return "", Degraded(hinted{}) }
	r := ladder(t, options).Climb(t.Context())
	wantFinding(t, Finding{Rung: "K7", Verdict: Warn, Evidence: "TOPIC_AUTHORIZATION_FAILED"}, finding(t, r, "K7"))
	if !r.Ready || finding(t, r, "K7").Hint != (hinted{}).Hint() {
		t.Errorf("ready %t, hint %q", r.Ready, finding(t, r, "K7").Hint)
	}
}

// The data path is written to only when everything that can be read holds.
func TestDataPathWaitsForTheRest(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name             string
		writable, usable error
		factor           int // of the consumer groups' topic
		written          int
	}{
		{name: "all holds", factor: 1, written: 1},
		{name: "nothing can be made", factor: 1, writable: errRefused},
		{name: "a topic is unusable", factor: 1, usable: errRefused},
		{name: "groups cannot work", factor: 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			written := 0
			options := Options{Brokers: fakeKafka(t, stateFactors(test.factor, 1)).ListenAddrs()}
			options.WritePath = func(context.Context) (string, error) { return "validated", test.writable }
			options.Topics = func(context.Context) (string, error) { return "seen", test.usable }
			options.DataPath = func(context.Context) (string, error) { written++; return "written and read", nil }
			r := ladder(t, options).Climb(t.Context())
			if written != test.written || r.Ready != (test.written == 1) {
				t.Errorf("written %d times, ready %t", written, r.Ready)
			}
		})
	}
}

// Two clusters behind one address are found out by a second connection, whichever answers first.
func TestTwoClustersBehindOneAddress(t *testing.T) {
	t.Parallel()
	backends := []string{fakeKafka(t).ListenAddrs()[0], fakeKafka(t, kfake.ClusterID("cluster-b")).ListenAddrs()[0]}
	var accepted atomic.Int64
	balancer := serve(t, func(conn net.Conn) {
		backend, err := new(net.Dialer).DialContext(t.Context(), "tcp", backends[int(accepted.Add(1))%len(backends)])
		if err != nil {
			return
		}
		defer backend.Close()
		go func() { _, _ = io.Copy(backend, conn) }()
		_, _ = io.Copy(conn, backend)
	})
	f := finding(t, ladder(t, Options{Brokers: []string{balancer}}).Climb(t.Context()), "K4")
	if f.Verdict != Wait || !strings.Contains(f.Evidence, balancer+` is of cluster "cluster-b" on one connection and of "cluster-a" on another`) {
		t.Errorf("%s %q", f.Verdict, f.Evidence)
	}
}

// The probe of a container's health check is one connection, and asks for brokers and controller
// over it.
func TestProbeIsOneConnection(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		kraft   bool
		arrange func(*kfake.Cluster)
		sasl    bool
		conns   int32
		rungs   string
	}{
		{name: "ZooKeeper mode", conns: 1, rungs: "K0 pass K1 pass K2 pass K3 pass K5 pass "},
		{name: "KRaft", kraft: true, conns: 1, rungs: "K0 pass K1 pass K2 pass K3 pass K5 pass "},
		{name: "with a login", sasl: true, conns: 2, rungs: "K0 pass K1 pass K2 pass K3 pass K5 pass "},
		{
			name: "no controller", conns: 1, rungs: "K0 pass K1 pass K2 pass K3 pass K5 wait ",
			arrange: func(c *kfake.Cluster) { describe(c, func(r *kmsg.MetadataResponse) { r.ControllerID = -1 }) },
		},
		{
			name: "no broker registered", conns: 1, rungs: "K0 pass K1 pass K2 pass K3 wait K5 unasked ",
			arrange: func(c *kfake.Cluster) { describe(c, func(r *kmsg.MetadataResponse) { r.Brokers = nil }) },
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var opts []kfake.Opt
			var client []kgo.Opt
			if test.sasl {
				opts = append(opts, kfake.EnableSASL(), kfake.Superuser("PLAIN", "app", "right"))
				client = append(client, kgo.SASL(plain.Auth{User: "app", Pass: "right"}.AsMechanism()))
			}
			cluster := fakeKafka(t, opts...)
			if test.kraft {
				kafkatest.OfferQuorum(cluster, func() kmsg.Response { return quorum(0, 0) })
			}
			if test.arrange != nil {
				test.arrange(cluster)
			}
			var dialled atomic.Int32
			dial := func(ctx context.Context, network, addr string) (net.Conn, error) {
				dialled.Add(1)
				return new(net.Dialer).DialContext(ctx, network, addr)
			}
			r := ladder(t, Options{Brokers: cluster.ListenAddrs(), Client: client, Dial: dial}).Probe(t.Context())
			var rungs string
			for _, f := range r.Rungs {
				rungs += f.Rung + " " + string(f.Verdict) + " "
			}
			if rungs != test.rungs || dialled.Load() != test.conns || r.Ready != !strings.Contains(rungs, "wait") {
				t.Errorf("%s over %d connections, ready %t; want %s over %d", rungs, dialled.Load(), r.Ready, test.rungs, test.conns)
			}
		})
	}
}

// A probe ends in its time, whatever the broker does.
func TestProbeOfASilentPort(t *testing.T) {
	t.Parallel()
	began := time.Now()
	r := ladder(t, Options{Brokers: []string{serve(t, silent)}, Attempt: attempt}).Probe(t.Context())
	if f, _ := r.Blocking(); f.Rung != "K2" || time.Since(began) > attempt+busy {
		t.Errorf("blocked by %s after %s", f.Rung, time.Since(began))
	}
}

// A watcher hears of a KRaft controller that is silent; who has just started the cluster does not,
// as it may be coming.
func TestSilentVoters(t *testing.T) {
	t.Parallel()
	voter := func(id int32, fetched int64) kmsg.DescribeQuorumResponseTopicPartitionReplicaState {
		v := kmsg.NewDescribeQuorumResponseTopicPartitionReplicaState()
		v.ReplicaID, v.LastFetchTimestamp = id, fetched
		return v
	}
	const now = 1_700_000_000_000
	resp := quorum(1, 0)
	partition := &resp.Topics[0].Partitions[0]
	partition.CurrentVoters = append(partition.CurrentVoters, voter(4, now-60_000), voter(3, now-60_000), voter(1, -1), voter(2, now))
	for _, test := range []struct {
		tolerant bool
		want     Finding
	}{
		{false, Finding{Rung: "K5", Verdict: Pass, Evidence: "the metadata quorum is led by 1 (voters 1, 2, 3, 4)"}},
		{true, Finding{Rung: "K5", Verdict: Warn, Evidence: "the metadata quorum is led by 1 (voters 1, 2, 3, 4); no word from voter 3, 4"}},
	} {
		cluster := fakeKafka(t)
		kafkatest.OfferQuorum(cluster, func() kmsg.Response { return resp })
		r := ladder(t, Options{Brokers: cluster.ListenAddrs(), Tolerant: test.tolerant}).Climb(t.Context())
		wantFinding(t, test.want, finding(t, r, "K5"))
	}
}

// A broker that answers, but has no controller to pass the question on to, is not called frozen.
func TestQuorumThatNobodyLeads(t *testing.T) {
	t.Parallel()
	cluster := fakeKafka(t)
	kafkatest.OfferQuorum(cluster, func() kmsg.Response { return nil })
	r := ladder(t, Options{Brokers: cluster.ListenAddrs(), Attempt: attempt}).Climb(t.Context())
	want := cluster.ListenAddrs()[0] + " answers, but finds no controller to pass DescribeQuorum on to"
	wantFinding(t, Finding{Rung: "K5", Verdict: Wait, Evidence: want}, finding(t, r, "K5"))
}
