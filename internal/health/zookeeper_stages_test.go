package health

import (
	"context"
	"net"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafkatest"
)

const standalone = `Zookeeper version: 3.8.4-9316c2a7a97e1666d8f4593f34dd6fc36ecc436c, built on 2024-02-12 22:16 UTC
Latency min/avg/max: 0/0.0/0
Mode: standalone
Node count: 5
`

const unlisted = "srvr is not executed because it is not in the whitelist.\n"

// A server that allows no four-letter word proves that it serves by taking a session, and leaves
// none behind.
func TestZooKeeperWithoutFourLetterWords(t *testing.T) {
	t.Parallel()
	cluster := fakeKafka(t, stateFactors(1, 1))
	z := kafkatest.FakeZooKeeper{Znodes: registered(cluster.ListenAddrs()[0]), Srvr: unlisted}
	left := make(chan bool, 10)
	addr := serve(t, func(conn net.Conn) {
		if begun, ended := z.Serve(conn); begun {
			left <- !ended
		}
	})
	r := ladder(t, Options{Brokers: cluster.ListenAddrs(), ZooKeeper: []string{addr}}).Climb(t.Context())
	wantFinding(t, Finding{Rung: "Z2", Verdict: Pass, Evidence: addr + ": takes sessions (srvr is not whitelisted, and not needed)"}, finding(t, r, "Z2"))
	if z5 := finding(t, r, "Z5"); z5.Verdict != Pass {
		t.Errorf("Z5 %s: %s", z5.Verdict, z5.Evidence)
	}
	for range 2 { // Z2's and Z5's
		if <-left {
			t.Error("a session was left to time out")
		}
	}
}

// The texts are the ones ZooKeeper 3.8 sends. ruok is never asked: it says imok without a quorum.
func TestZooKeeperAnswers(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		script string // "-" says nothing
		want   Finding
	}{
		{"standalone", standalone, Finding{Verdict: Pass, Evidence: "Mode: standalone, version 3.8.4"}},
		{"a distribution's version", "Zookeeper version: 3.8.0-${mvngit.commit.id}, built on\nMode: follower\n", Finding{Verdict: Pass, Evidence: "Mode: follower, version 3.8.0"}},
		{"no version", "Mode: observer\n", Finding{Verdict: Pass, Evidence: "Mode: observer"}},
		{"no majority, and allowed to read", "Zookeeper version: 3.8.4-x\nMode: read-only\n", Finding{Verdict: Wait, Evidence: "has no quorum, and takes no writes: Mode: read-only"}},
		{"cut short", standalone[:90], Finding{Verdict: Wait, Evidence: "the answer to srvr breaks off"}},
		{"no quorum", "This ZooKeeper instance is not currently serving requests\n", Finding{Verdict: Wait, Evidence: "process is up but has no quorum: This ZooKeeper instance is not currently serving requests"}},
		{"not whitelisted", unlisted, Finding{Verdict: Wait, Evidence: "srvr is not whitelisted, and no session begins: answers, but not as ZooKeeper does"}},
		{"empty", "", Finding{Verdict: Wait, Evidence: "accepts TCP, then closes without an answer to srvr"}},
		{"silent", "-", Finding{Verdict: Wait, Evidence: "accepts TCP, then no answer to srvr"}},
		{"another server", "-ERR unknown command 'srvr'\r\n", Finding{Verdict: Wait, Evidence: `answers srvr, but not as ZooKeeper does: "-ERR unknown command 'srvr'"`}},
		{"a greeting with a salt", "J\x00\x00\x008.0.31\x00\x0b\x00\x00\x00salt-1234", Finding{Verdict: Wait, Evidence: `answers srvr, but not as ZooKeeper does: "8.0.31"`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			script := says(test.script)
			if test.script == "-" {
				script = silent
			}
			addr := serve(t, script)
			bound := unhurried
			if test.script == "-" {
				bound = attempt
			}
			r := ladder(t, Options{Brokers: fakeKafka(t).ListenAddrs(), ZooKeeper: []string{addr}, Attempt: bound}).Climb(t.Context())
			test.want.Rung, test.want.Evidence = "Z2", addr+": "+test.want.Evidence
			wantFinding(t, test.want, finding(t, r, "Z2"))
			if k3 := finding(t, r, "K3"); (k3.Verdict == Pass) != (test.want.Verdict == Pass) {
				t.Errorf("K3 is %s above a Z2 that is %s", k3.Verdict, test.want.Verdict)
			}
		})
	}
}

// A server that is away while another serves is a warning, whoever asks: none serves without a
// majority, and the next one that goes may take it away.
func TestZooKeeperServerAway(t *testing.T) {
	t.Parallel()
	lost, dead := serve(t, says("This ZooKeeper instance is not currently serving requests")), refusing(t)
	up := func() string { return serve(t, says("Mode: follower\n")) }
	for _, test := range []struct {
		addrs  []string
		z1, z2 Verdict
	}{
		{[]string{up(), up(), up()}, Pass, Pass},
		{[]string{up(), dead, up()}, Warn, Pass},
		{[]string{up(), lost, up()}, Pass, Warn},
		{[]string{up(), dead}, Warn, Pass},
		{[]string{dead, lost, up()}, Warn, Warn},
		{[]string{lost, dead, lost}, Warn, Wait},
		{[]string{dead, dead}, Wait, Unasked},
	} {
		r := ladder(t, Options{Brokers: fakeKafka(t).ListenAddrs(), ZooKeeper: test.addrs}).Climb(t.Context())
		z1, z2 := finding(t, r, "Z1"), finding(t, r, "Z2")
		if z1.Verdict != test.z1 || z2.Verdict != test.z2 {
			t.Errorf("%q: Z1 %s, Z2 %s, want %s and %s", test.addrs, z1.Verdict, z2.Verdict, test.z1, test.z2)
		}
		for _, f := range []Finding{z1, z2} {
			if f.Verdict == Warn && (f.Hint == "" || f.Err == nil) {
				t.Errorf("%q: %s warns with hint %q, err %v", test.addrs, f.Rung, f.Hint, f.Err)
			}
		}
	}
}

// ZooKeeper is asked also when no broker answers, as it is often why.
func TestZooKeeperExplainsDeadBrokers(t *testing.T) {
	t.Parallel()
	zoo := serve(t, says("This ZooKeeper instance is not currently serving requests"))
	r := ladder(t, Options{Brokers: []string{refusing(t)}, ZooKeeper: []string{zoo}, Dial: network(map[string]string{zoo: zoo})}).Climb(t.Context())
	if f, _ := r.Blocking(); f.Rung != "K1" || f.HintID != "zookeeper-first" || f.see != "Z2" {
		t.Errorf("blocked by %s with hint %s: %q, want K1 and one that points at Z2", f.Rung, f.HintID, f.Hint)
	}
	if z2 := finding(t, r, "Z2"); z2.Verdict != Wait {
		t.Errorf("Z2 is %s", z2.Verdict)
	}
	f, _ := r.Blocking()
	z2 := finding(t, r, "Z2")
	if diff := cmp.Diff("ZooKeeper comes first: "+z2.Evidence+"; "+z2.Hint, r.Advice(f)); diff != "" {
		t.Errorf("where Z2 is not in sight (-want +got):\n%s", diff)
	}
	if r.Advice(z2) != z2.Hint {
		t.Errorf("Z2 is advised %q", r.Advice(z2))
	}
}

// A KRaft cluster has no ZooKeeper, so one that is configured all the same, and dead, must not keep
// it from being ready.
func TestKRaftSkipsZooKeeper(t *testing.T) {
	t.Parallel()
	cluster := fakeKafka(t)
	kafkatest.OfferQuorum(cluster, func() kmsg.Response { return quorum(7, 0) })
	for name, zookeeper := range map[string]string{"dead": refusing(t), "silent": serve(t, silent)} {
		t.Run(name, func(t *testing.T) {
			r := ladder(t, Options{Brokers: cluster.ListenAddrs(), ZooKeeper: []string{zookeeper}}).Climb(t.Context())
			if !r.Ready || r.Mode != "kraft" || !r.NoZooKeeper {
				t.Errorf("ready %t, mode %q, no ZooKeeper %t: %+v", r.Ready, r.Mode, r.NoZooKeeper, r.Rungs)
			}
			const reason = "KRaft cluster (brokers offer DescribeQuorum): ZooKeeper is not used"
			wantFinding(t, Finding{Rung: "Z1", Verdict: Skip, Evidence: reason}, finding(t, r, "Z1"))
			wantFinding(t, Finding{Rung: "Z2", Verdict: Skip, Evidence: reason}, finding(t, r, "Z2"))
			wantFinding(t, Finding{Rung: "Z5", Verdict: Skip, Evidence: reason}, finding(t, r, "Z5"))
			if r.Elapsed > unhurried/2 {
				t.Errorf("took %s: waited for ZooKeeper", r.Elapsed)
			}
		})
	}
}

// ZooKeeper's name is a container's too: where it does not resolve, the place says why.
func TestZooKeeperNameUnknown(t *testing.T) {
	t.Parallel()
	dial := func(_ context.Context, _, addr string) (net.Conn, error) {
		host, _, _ := net.SplitHostPort(addr)
		return nil, &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}}
	}
	for _, test := range []struct {
		place Place
		want  hint
	}{
		{OnHost, advise("name-of-container", "zookeeper", "ZooKeeper is localhost:2181")},
		{InContainer, advise("name-in-network", "zookeeper")},
	} {
		r := ladder(t, Options{ZooKeeper: []string{"zookeeper:2181"}, Place: test.place, Dial: dial}).Climb(t.Context())
		f := finding(t, r, "Z1")
		wantFinding(t, Finding{Rung: "Z1", Verdict: Wait, Evidence: "zookeeper:2181: no such host"}, f)
		wantHint(t, test.want, f)
	}
}
