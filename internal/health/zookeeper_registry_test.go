package health

import (
	"net"
	"testing"

	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafkatest"
)

// Kafka's znodes stand below the chroot.
func TestZooKeeperChroot(t *testing.T) {
	t.Parallel()
	brokers := fakeKafka(t).ListenAddrs()
	znodes := make(map[string]string)
	for path, data := range registered(brokers[0]) {
		znodes["/prod/kafka"+path] = data
	}
	addr := zooKeeper(t, kafkatest.FakeZooKeeper{Znodes: znodes})
	for chroot, want := range map[string]Finding{
		"/prod/kafka": {Rung: "Z5", Verdict: Pass, Evidence: "lists brokers 0 and controller 0, cluster cluster-a"},
		"/prod":       {Rung: "Z5", Verdict: Wait, Evidence: "ZooKeeper has no /prod/brokers/ids"},
	} {
		r := ladder(t, Options{Brokers: brokers, ZooKeeper: []string{addr + chroot}}).Climb(t.Context())
		wantFinding(t, want, finding(t, r, "Z5"))
		wantFinding(t, Finding{Rung: "Z1", Verdict: Pass, Evidence: addr + ": accepts"}, finding(t, r, "Z1"))
	}
}

// srvrOnly is a ZooKeeper that serves by its own word, and plays script to whoever wants a session.
func srvrOnly(t *testing.T, script func(net.Conn)) string {
	t.Helper()
	return serve(t, func(conn net.Conn) {
		word := make([]byte, 4)
		if _, err := conn.Read(word); err == nil && string(word) == "srvr" {
			_, _ = conn.Write([]byte(standalone))
			return
		}
		script(conn)
	})
}

// One server that shows nothing leaves the others time enough; where none shows anything each is
// named.
func TestZooKeeperNextServer(t *testing.T) {
	t.Parallel()
	brokers := fakeKafka(t).ListenAddrs()
	good, ended := sessions(t, kafkatest.FakeZooKeeper{Znodes: registered(brokers[0])})
	mute, hangsUp := srvrOnly(t, silent), srvrOnly(t, closes)
	for _, test := range []struct {
		name  string
		addrs []string
		want  Finding
	}{
		{"the last is good", []string{mute, hangsUp, good}, Finding{Rung: "Z5", Verdict: Pass, Evidence: "lists brokers 0 and controller 0, cluster cluster-a"}},
		{"none is", []string{mute, hangsUp}, Finding{
			Rung: "Z5", Verdict: Wait,
			Evidence: mute + ": answers srvr, but shows no znodes: no answer; " + hangsUp + ": answers srvr, but shows no znodes: closes the connection",
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := ladder(t, Options{Brokers: brokers, ZooKeeper: test.addrs, Attempt: patient}).Climb(t.Context())
			wantFinding(t, test.want, finding(t, r, "Z5"))
		})
	}
	if !<-ended {
		t.Error("the session was left to time out")
	}
}

// What the brokers say may come late: that is not Z5's time, and it is not asked before.
func TestZooKeeperIsComparedOnceTheBrokersSpoke(t *testing.T) {
	t.Parallel()
	cluster := fakeKafka(t)
	answered := make(chan struct{})
	cluster.ControlKey(kmsg.Metadata.Int16(), func(kmsg.Request) (kmsg.Response, error, bool) {
		cluster.SleepControl(func() { <-answered })
		return nil, nil, false
	})
	addr := serve(t, func(conn net.Conn) {
		z := kafkatest.FakeZooKeeper{Znodes: registered(cluster.ListenAddrs()[0])}
		if begun, _ := z.Serve(conn); begun {
			select {
			case <-answered:
			default:
				t.Error("looked into ZooKeeper before the brokers answered")
			}
			return
		}
		close(answered) // srvr was asked
	})
	r := ladder(t, Options{Brokers: cluster.ListenAddrs(), ZooKeeper: []string{addr}}).Climb(t.Context())
	if z5 := finding(t, r, "Z5"); z5.Verdict != Pass || z5.Took > unhurried/2 {
		t.Errorf("Z5 after %s: %s %s", z5.Took, z5.Verdict, z5.Evidence)
	}
}
