package health

import (
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafkatest"
	"kafkactl/internal/zookeeper"
)

// registered is what a cluster of one broker, id 0 at addr, has in ZooKeeper.
func registered(addr string) map[string]string {
	return kafkatest.KafkaZnodes("cluster-a", 0, map[int]string{0: "PLAINTEXT://" + addr})
}

// agreement is a change to what a healthy cluster of one broker, id 0, has in ZooKeeper, and what
// Z5 makes of it; ZOO is ZooKeeper's address.
type agreement struct {
	name   string
	change func(*kafkatest.FakeZooKeeper)
	want   Finding
	hint   string // the hint's id
}

func (a agreement) test(t *testing.T) {
	t.Parallel()
	brokers := fakeKafka(t).ListenAddrs()
	z := kafkatest.FakeZooKeeper{Znodes: registered(brokers[0])}
	if a.change != nil {
		a.change(&z)
	}
	addr := zooKeeper(t, z)
	r := ladder(t, Options{Brokers: brokers, ZooKeeper: []string{addr}}).Climb(t.Context())
	a.want.Rung, a.want.Evidence = "Z5", strings.Replace(a.want.Evidence, "ZOO", addr, 1)
	got := finding(t, r, "Z5")
	wantFinding(t, a.want, got)
	if got.HintID != a.hint {
		t.Errorf("hint %s: %q, want %s", got.HintID, got.Hint, a.hint)
	}
	if r.Ready != (a.want.Verdict == Pass) {
		t.Errorf("ready %t: %+v", r.Ready, r.Rungs)
	}
}

// What is registered is compared with what the brokers say.
func TestZooKeeperAgrees(t *testing.T) {
	t.Parallel()
	for _, a := range []agreement{
		{"healthy", nil, Finding{Verdict: Pass, Evidence: "lists brokers 0 and controller 0, cluster cluster-a"}, ""},
		{
			"another cluster", func(z *kafkatest.FakeZooKeeper) {
				z.Znodes = kafkatest.KafkaZnodes("cluster-b", 0, map[int]string{0: "x"})
			},
			Finding{Verdict: Wait, Evidence: "your brokers use another ZooKeeper: it says cluster cluster-b, they say cluster-a"},
			"brokers-zookeeper",
		},
		{
			"more brokers", func(z *kafkatest.FakeZooKeeper) {
				z.Znodes = kafkatest.KafkaZnodes("cluster-a", 0, map[int]string{0: "x", 2: "y", 11: "z"})
			},
			Finding{Verdict: Wait, Evidence: "ZooKeeper has brokers 0, 2, 11; the brokers list 0"},
			"registry-agrees-soon",
		},
		{
			"no broker", func(z *kafkatest.FakeZooKeeper) { delete(z.Znodes, "/brokers/ids/0") },
			Finding{Verdict: Wait, Evidence: "ZooKeeper has no broker; the brokers list 0"},
			"registry-agrees-soon",
		},
		{
			"no controller", func(z *kafkatest.FakeZooKeeper) { delete(z.Znodes, "/controller") },
			Finding{Verdict: Wait, Evidence: "ZooKeeper has no controller; the brokers name controller 0"},
			"registry-agrees-soon",
		},
		{
			"another controller", func(z *kafkatest.FakeZooKeeper) { z.Znodes["/controller"] = `{"version":1,"brokerid":3}` },
			Finding{Verdict: Wait, Evidence: "ZooKeeper has controller 3; the brokers name controller 0"},
			"registry-agrees-soon",
		},
		{
			"a controller of KRaft", func(z *kafkatest.FakeZooKeeper) {
				z.Znodes["/controller"] = `{"version":2,"brokerid":3000,"kraftControllerEpoch":4}`
			},
			Finding{Verdict: Pass, Evidence: "lists brokers 0 and controller 3000 (of KRaft: the cluster migrates), cluster cluster-a"},
			"",
		},
		{
			"before Kafka had cluster ids", func(z *kafkatest.FakeZooKeeper) { delete(z.Znodes, "/cluster/id") },
			Finding{Verdict: Pass, Evidence: "lists brokers 0 and controller 0"},
			"",
		},
		{
			"one that went meanwhile", func(z *kafkatest.FakeZooKeeper) {
				z.Znodes["/brokers/ids/1"] = ""
				z.Errors = map[string]zookeeper.Code{"/brokers/ids/1": zookeeper.NoNode}
			},
			Finding{Verdict: Pass, Evidence: "lists brokers 0 and controller 0, cluster cluster-a"},
			"",
		},
	} {
		t.Run(a.name, a.test)
	}
}

// There may be nothing to read, or nothing that this user may.
func TestZooKeeperShowsNothing(t *testing.T) {
	t.Parallel()
	for _, a := range []agreement{
		{
			"another root", func(z *kafkatest.FakeZooKeeper) { z.Znodes = map[string]string{"/zookeeper": ""} },
			Finding{Verdict: Wait, Evidence: "ZooKeeper has no /brokers/ids"},
			"zookeeper-root",
		},
		{
			"not permitted", func(z *kafkatest.FakeZooKeeper) {
				z.Errors = map[string]zookeeper.Code{"/brokers/ids": zookeeper.NoAuth}
			},
			Finding{Verdict: Pass, Evidence: "not proven: ZooKeeper does not show it to this user: /brokers/ids: NoAuth"},
			"",
		},
		{
			"SASL required", func(z *kafkatest.FakeZooKeeper) {
				z.Errors = map[string]zookeeper.Code{"/cluster/id": zookeeper.SASLRequired}
			},
			Finding{Verdict: Pass, Evidence: "not proven: ZooKeeper does not show it to this user: /cluster/id: SessionClosedRequireSaslAuth"},
			"",
		},
		{
			"not JSON", func(z *kafkatest.FakeZooKeeper) { z.Znodes["/cluster/id"] = "cluster-a" },
			Finding{Verdict: Wait, Evidence: "ZOO: answers srvr, but shows no znodes: read /cluster/id: invalid character 'c' looking for beginning of value"},
			"zookeeper-connections",
		},
	} {
		t.Run(a.name, a.test)
	}
}

// Every broker's view counts, and the one that differs is named.
func TestZooKeeperAgreesWithEachBroker(t *testing.T) {
	t.Parallel()
	says := func(addr, cluster string, controller int32, ids ...int32) brokerView {
		v := brokerView{addr: addr, clusterID: cluster, controller: controller}
		for _, id := range ids {
			v.brokers = append(v.brokers, broker{id: id})
		}
		return v
	}
	known := registry{zookeeper.Registry{ClusterID: "A", Controller: 1, Brokers: []zookeeper.Registration{{ID: 1}, {ID: 2}}}}
	for _, test := range []struct {
		name  string
		views []brokerView
		want  string
	}{
		{"agree", []brokerView{says("a:1", "A", 1, 1, 2), says("b:1", "A", 1, 1, 2)}, "lists brokers 1, 2 and controller 1, cluster A"},
		{"one cluster", []brokerView{says("a:1", "A", 1, 1, 2), says("b:1", "B", 1, 1, 2)}, "your brokers use another ZooKeeper: it says cluster A, b:1 says B"},
		{"one list", []brokerView{says("a:1", "A", 1, 1, 2), says("b:1", "A", 1, 1)}, "ZooKeeper has brokers 1, 2; b:1 lists 1"},
		{"every list", []brokerView{says("a:1", "A", 1, 1), says("b:1", "A", 1, 1)}, "ZooKeeper has brokers 1, 2; the brokers list 1"},
		{"empty lists", []brokerView{says("a:1", "A", 1), says("b:1", "A", 1)}, "ZooKeeper has brokers 1, 2; the brokers list none"},
		{"one controller", []brokerView{says("a:1", "A", 2, 1, 2), says("b:1", "A", 1, 1, 2)}, "ZooKeeper has controller 1; a:1 names controller 2"},
		{"no cluster id", []brokerView{says("a:1", "", 1, 1, 2)}, "lists brokers 1, 2 and controller 1, cluster A"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := known.compare(test.views).evidence; got != test.want {
				t.Errorf("evidence %q\nwant     %q", got, test.want)
			}
		})
	}
}

// When no broker answers, what is registered is asked all the same, and the broker's hint points at
// it.
func TestZooKeeperExplainsSilentBrokers(t *testing.T) {
	t.Parallel()
	const more = "; ZooKeeper knows more: see Z5"
	for _, test := range []struct {
		name, evidence, hint string
		znodes               func(dead string) map[string]string
		blamed               bool
	}{
		{
			"killed", "/brokers/ids lists 0, but no broker answers", "broker-killed", registered, true,
		},
		{
			"elsewhere", "/brokers/ids lists 0, but no broker answers; registered: PLAINTEXT://kafka:9092", "registered-address",
			func(string) map[string]string { return registered("kafka:9092") }, true,
		},
		{
			"none", "no broker is registered, cluster cluster-a", "start-kafka",
			func(string) map[string]string { return kafkatest.KafkaZnodes("cluster-a", -1, nil) }, true,
		},
		{
			"none ever", "ZooKeeper has no /brokers/ids", "zookeeper-root", func(string) map[string]string { return nil }, false,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dead := refusing(t)
			addr := zooKeeper(t, kafkatest.FakeZooKeeper{Znodes: test.znodes(dead)})
			r := ladder(t, Options{Brokers: []string{dead}, ZooKeeper: []string{addr}, Dial: network(map[string]string{addr: addr})}).Climb(t.Context())
			got := finding(t, r, "Z5")
			wantFinding(t, Finding{Rung: "Z5", Verdict: Wait, Evidence: test.evidence}, got)
			if got.HintID != test.hint {
				t.Errorf("hint %s: %q, want %s", got.HintID, got.Hint, test.hint)
			}
			if f, _ := r.Blocking(); f.Rung != "K1" || strings.HasSuffix(f.Hint, more) != test.blamed {
				t.Errorf("blocked by %s with hint %q", f.Rung, f.Hint)
			}
		})
	}
}

// A broker that answers at another address is neither dead nor ZooKeeper's fault, whatever
// ZooKeeper does.
func TestZooKeeperIsNotBlamedForAWrongAddress(t *testing.T) {
	t.Parallel()
	const given, answers, zoo = "localhost:29092", "kafka:9092", "zookeeper:2181"
	broker := fakeKafka(t).ListenAddrs()[0]
	for _, test := range []struct {
		name, zooKeeper string
		want            Finding
	}{
		{
			"serves", zooKeeper(t, kafkatest.FakeZooKeeper{Znodes: registered(given)}),
			Finding{Rung: "Z5", Verdict: Pass, Evidence: "not proven: lists brokers 0 and controller 0, cluster cluster-a; the stack answers at another address"},
		},
		{"refuses", refusing(t), Finding{Rung: "Z5", Verdict: Unasked, Evidence: "not asked: Z2 does not hold"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dial := network(map[string]string{answers: broker, zoo: test.zooKeeper})
			r := ladder(t, Options{Brokers: []string{given}, ZooKeeper: []string{zoo}, Place: InContainer, Dial: dial}).Climb(t.Context())
			wantFinding(t, test.want, finding(t, r, "Z5"))
			f, _ := r.Blocking()
			wantFinding(t, Finding{Rung: "K1", Verdict: Wait, Evidence: given + ": connection refused"}, f)
			wantHint(t, advise("neighbour-of-localhost", answers), f)
		})
	}
}

// Some brokers answer and others do not: only what is registered where nobody answers is dead.
func TestZooKeeperExplainsOneSilentBroker(t *testing.T) {
	t.Parallel()
	dead, cluster := refusing(t), fakeKafka(t)
	live := cluster.ListenAddrs()[0]
	control(cluster, kmsg.ApiVersions, func(kmsg.Request) kmsg.Response {
		time.Sleep(attempt / 4)
		return nil
	})
	for name, test := range map[string]struct {
		registered string
		want       Finding
	}{
		"registered there": {dead, Finding{Rung: "Z5", Verdict: Wait, Evidence: "/brokers/ids lists 1 at " + dead + ", but nothing speaks Kafka there"}},
		"registered elsewhere": {"kafka:9092", Finding{
			Rung: "Z5", Verdict: Wait, Evidence: "ZooKeeper has brokers 0, 1; the brokers list 0",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			znodes := kafkatest.KafkaZnodes("cluster-a", 0, map[int]string{0: "PLAINTEXT://" + live, 1: "PLAINTEXT://" + test.registered})
			r := ladder(t, Options{Brokers: []string{dead, live}, ZooKeeper: []string{zooKeeper(t, kafkatest.FakeZooKeeper{Znodes: znodes})}}).Climb(t.Context())
			wantFinding(t, test.want, finding(t, r, "Z5"))
		})
	}
}

// A broker that speaks, but whose Metadata nobody gets, is not called dead.
func TestZooKeeperOfBrokersThatOnlySpeak(t *testing.T) {
	t.Parallel()
	cluster := fakeKafka(t, kfake.EnableSASL())
	brokers := cluster.ListenAddrs()
	addr := zooKeeper(t, kafkatest.FakeZooKeeper{Znodes: registered(brokers[0])})
	r := ladder(t, Options{Brokers: brokers, ZooKeeper: []string{addr}}).Climb(t.Context())
	want := Finding{Rung: "Z5", Verdict: Pass, Evidence: "not proven: lists brokers 0 and controller 0, cluster cluster-a; no broker says what it lists"}
	wantFinding(t, want, finding(t, r, "Z5"))
}

// Findings are blamed once more after older evidence was put among them: that adds nothing.
func TestBlameIsSaidOnce(t *testing.T) {
	t.Parallel()
	findings := []Finding{{Rung: "K1", Verdict: Wait, Hint: "started?"}, {Rung: "K2", Verdict: Unasked}, {Rung: "Z5", Verdict: Wait, Err: errNotUp}}
	blameZooKeeper(findings)
	blameZooKeeper(findings)
	if want := "started?; ZooKeeper knows more: see Z5"; findings[0].Hint != want || findings[1].Hint != "" {
		t.Errorf("hints %q, %q, want %q", findings[0].Hint, findings[1].Hint, want)
	}
	findings[2] = Finding{Rung: "Z2", Verdict: Wait}
	blameZooKeeper(findings)
	if want := "ZooKeeper comes first: see Z2"; findings[0].Hint != want {
		t.Errorf("hint %q, want %q", findings[0].Hint, want)
	}
}
