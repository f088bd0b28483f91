package main

import (
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"kafkactl/internal/kafkatest"
	"kafkactl/internal/kafkatest/docpage"
)

// The faults a stack fails by, made on real brokers: each is told by its own sentence,
// with the exit code that fits and in the time that was given. Faults of what is not a
// broker (ports, files, Compose files) are in matrix.txtar, those of brokers that nobody
// can make so in matrix_test.go, and all others by the evidence in internal/health's tests.

// told is one fault and how a command must end on it.
type told struct {
	args   []string
	code   exitCode
	within time.Duration // of the command's end, start of the process included
	stdout []string
	stderr []string
	docs   string // the block of docs/troubleshooting.md that quotes it, "": none
}

func (w told) check(t *testing.T) {
	t.Helper()
	r := kafkactl(t, w.args...)
	r.want(t, w.code, w.stdout...)
	r.wantErr(t, w.stderr...)
	if w.docs != "" {
		docpage.Want(t, w.docs, r.stdout+"\n"+r.stderr, r.code)
	}
	if r.took > w.within {
		t.Errorf("took %s, want at most %s: %v", r.took.Round(time.Millisecond), w.within, r)
	}
}

// busy is what a loaded machine may add to a command's time.
const busy = 2 * time.Second

// Listeners that send clients astray: the first hop works, the second does not.
func TestRealAdvertised(t *testing.T) {
	t.Setenv("KAFKACTL_PLACE", "host")
	refused, release, err := refusingPort()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(release)
	other := kafkatest.Shared(t, kafkatest.Kraft1)
	sends := func(addr string) func(int, int) string { return func(int, int) string { return addr } }
	c := kafkatest.Start(t, kafkatest.Options{Flavour: kafkatest.Kraft1, Listeners: []kafkatest.Listener{
		{Name: "NAMED", Protocol: "PLAINTEXT", Advertise: sends("nosuch.invalid:9092")},
		{Name: "INNER", Protocol: "PLAINTEXT", Advertise: sends("no-such-kafka:9092")},
		{Name: "REMAPPED", Protocol: "PLAINTEXT", Advertise: sends(fmt.Sprintf("127.0.0.1:%d", refused))},
		{Name: "TAKEN", Protocol: "PLAINTEXT", Advertise: sends(other.Addrs()[0])},
	}})
	for _, test := range []struct {
		row, listener string
		names         string // in the evidence
		advice        string // in the hint
		docs          string
	}{
		{row: "4 a name that does not resolve", listener: "NAMED", names: `ADDR .*nosuch\.invalid:9092 \(broker 1\): no such host`, docs: "advertised-unknown"},
		{
			row: "4 a container's name, seen from the host", listener: "INNER", names: `ADDR .*no-such-kafka:9092 \(broker 1\): (no such host|name not resolved.*)`,
			advice: `PLAINTEXT://no-such-kafka:9092,PLAINTEXT_HOST://ADDR`, docs: "advertised-for-the-network",
		},
		{
			row: "5 a port that is not published 1:1", listener: "REMAPPED", names: fmt.Sprintf(`ADDR .*127\.0\.0\.1:%d \(broker 1\): connection refused`, refused),
			advice: fmt.Sprintf(`advertised port %d .*\d+: `, refused), docs: "advertised-port",
		},
		{row: "9 another cluster at the advertised address", listener: "TAKEN", names: `"\S{22}", but ADDR is of "\S{22}"`, docs: "another-cluster-advertised"},
	} {
		t.Run(test.row, func(t *testing.T) {
			addr := c.ListenerAddrs(test.listener)[0]
			quoted := func(pattern string) string { return strings.ReplaceAll(pattern, "ADDR", addr) }
			told{
				args: []string{"wait", "-b", addr, "--timeout", "1500ms"}, code: exitTimeout, within: 1500*time.Millisecond + busy,
				stdout: []string{`^pass +K3 `, `^wait +K4 .*` + quoted(test.names), `hint: .*` + quoted(test.advice)},
				stderr: []string{`^kafkactl: not ready after \S+: K4 .*` + quoted(test.names), `^hint: .*` + quoted(test.advice)},
				docs:   test.docs,
			}.check(t)
		})
	}
	t.Run("two clusters given as one", func(t *testing.T) {
		told{
			args: []string{"apply", "-f", stackFile(), "-b", c.Bootstrap() + "," + other.Bootstrap(), "--timeout", "1500ms"}, code: exitTimeout, within: 1500*time.Millisecond + busy,
			stderr: []string{`^kafkactl: not ready after \S+: K4 .*is of cluster "\S{22}", but \S+ is of "\S{22}"`},
		}.check(t)
		if there := shapes(t, other)["order.created"]; there != "" {
			t.Errorf("order.created was made on the other cluster: %s", there)
		}
	})
	t.Run("1 a proxy whose broker is not up yet", func(t *testing.T) {
		proxy, open := latePort(t, c.Addrs()[0])
		_, wait := background(t, "wait", "-b", proxy, "--timeout", "30s")
		time.Sleep(500 * time.Millisecond)
		open()
		r := wait()
		r.want(t, exitDone, `^ready in `)
		if r.took > 500*time.Millisecond+2*busy {
			t.Errorf("took %s, with half a second to wait", r.took)
		}
		r.wantErr(t, `0\.\ds waiting for K2 speaks Kafka: `+proxy+`: accepts TCP, then closes: a proxy whose Kafka is not up yet`)
	})
}

// latePort is a proxy as container engines have it: it accepts at once, and closes as
// long as nobody listens behind it, which is until open is called.
func latePort(t *testing.T, backend string) (addr string, open func()) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	opened := make(chan struct{})
	go each(listener, func(conn net.Conn) {
		select {
		case <-opened:
		default:
			return
		}
		passOn(backend)(conn)
	})
	t.Cleanup(func() { _ = listener.Close() })
	return listener.Addr().String(), func() { close(opened) }
}

// Row 15: consumers would hang without an error, as Kafka's own topic can never be made.
// It is told once the brokers have been the same for a while, and nothing is made. What
// only transactions need is a warning.
func TestRealCoordinatorsNeedMoreBrokers(t *testing.T) {
	t.Parallel() // it has its own brokers, and mostly waits
	for _, flavour := range []kafkatest.Flavour{kafkatest.Kraft1, kafkatest.ZK1} {
		t.Run(string(flavour), func(t *testing.T) {
			t.Parallel()
			c := kafkatest.Start(t, kafkatest.Options{Flavour: flavour, Props: map[string]string{
				"offsets.topic.replication.factor": "3", "transaction.state.log.replication.factor": "3", "transaction.state.log.min.isr": "2",
			}})
			told{
				args: []string{"apply", "-f", stackFile(), "-b", c.Bootstrap()}, code: exitFailed, within: 5*time.Second + 2*busy,
				stderr: []string{`^kafkactl: not ready after [5-8]\S*: K8 .*offsets\.topic\.replication\.factor=3, .*for 5s$`, `^hint: .*: "1" on the broker$`},
				docs:   "groups-cannot-work",
			}.check(t)
			if made := shapes(t, c); len(made) > 0 {
				t.Errorf("made all the same: %v", made)
			}
			told{
				args: []string{"health", "-b", c.Bootstrap()}, code: exitCondition, within: busy,
				stdout: []string{`^wait +K8  coordinators `, `^not ready: K8 `},
			}.check(t)
		})
	}
	t.Run("transactions", func(t *testing.T) {
		c := kafkatest.Start(t, kafkatest.Options{Flavour: kafkatest.Kraft1, Props: map[string]string{"transaction.state.log.replication.factor": "3"}})
		told{
			args: []string{"wait", "-b", c.Bootstrap()}, code: exitDone, within: 2 * busy,
			stdout: []string{`^ready in `},
			stderr: []string{
				`^warning: K8 .*transaction\.state\.log\.replication\.factor=3, `,
				`^hint: .*KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: "1"`,
			},
			docs: "transactions-cannot-work",
		}.check(t)
	})
}

// Row 11 on one broker: a replication factor that can never fit fails once the brokers
// have been the same for a while, and nothing is made.
func TestRealFactorThatNeverFits(t *testing.T) {
	t.Parallel() // it mostly waits, and makes nothing
	c := kafkatest.Shared(t, kafkatest.Kraft1)
	spec := []string{"-f", stackFile(), "--profile", "production", "-b", c.Bootstrap()}
	const sentence = `^kafkactl: not ready after [5-8]\S*: K3 .*1 broker, 3 needed \(topic "order\.created" .*5s$`
	_, waited := background(t, append([]string{"wait"}, spec...)...)
	told{args: append([]string{"apply"}, spec...), code: exitFailed, within: 5*time.Second + 2*busy, stderr: []string{sentence}, docs: "factor-never-fits"}.check(t)
	r := waited()
	r.want(t, exitFailed, `^fail +K3 `)
	r.wantErr(t, sentence)
}

// Rows 6 and the ZooKeeper that is not there: an ensemble without a majority serves
// nobody, and says imok all the same.
func TestRealZooKeeperQuorumLost(t *testing.T) {
	t.Parallel() // it has its own brokers, and mostly waits
	c := kafkatest.Start(t, kafkatest.Options{Flavour: kafkatest.ZK1, ZooKeepers: 3})
	wait := []string{"wait", "-b", c.Bootstrap(), "--zookeeper", c.ZooKeeper(), "--timeout", "2s"}
	kafkactl(t, append(wait, "--timeout", "30s")...).want(t, exitDone, `^ready in `)
	for _, i := range []int{0, 1} {
		if err := c.StopZooKeeperServer(i); err != nil {
			t.Fatal(err)
		}
	}
	time.Sleep(time.Second) // the third one notices
	third := c.ZooKeepers()[2]
	told{
		args: []string{"wait", "--for", "zookeeper", "--zookeeper", third, "--timeout", "1s"}, code: exitTimeout, within: time.Second + busy,
		stdout: []string{`^pass +Z1 `, `^wait +Z2 .*` + third + `: .*: This ZooKeeper instance is not currently serving requests$`},
		docs:   "zookeeper-without-quorum",
	}.check(t)
	told{
		args: wait, code: exitTimeout, within: 2*time.Second + busy,
		stdout: []string{`^wait +Z1 .*connection refused`},
	}.check(t)
	if err := c.StartZooKeeperServer(0); err != nil {
		t.Fatal(err)
	}
	kafkactl(t, append(wait, "--timeout", "30s")...).want(t, exitDone, `^ready in `)

	if err := c.StopZooKeeper(); err != nil {
		t.Fatal(err)
	}
	told{ // also who does not name ZooKeeper is not told that all is well
		args: []string{"apply", "-f", stackFile(), "-b", c.Bootstrap(), "--timeout", "3s"}, code: exitTimeout, within: 3*time.Second + busy,
		stderr: []string{`^kafkactl: not ready after \S+: (K6 write path|K[1-8] )`},
	}.check(t)
}

// Row 27: a directory that fails takes its partitions along and leaves the broker alive.
func TestRealOfflineLogDir(t *testing.T) {
	t.Parallel() // it has its own brokers, and mostly waits
	for _, flavour := range []kafkatest.Flavour{kafkatest.ZK1, kafkatest.Kraft1} {
		t.Run(string(flavour), func(t *testing.T) {
			c := kafkatest.Start(t, kafkatest.Options{Flavour: flavour, LogDirs: 2})
			spec := []string{"-f", stackFile(), "-b", c.Bootstrap()}
			kafkactl(t, append([]string{"apply"}, spec...)...).want(t, exitDone)
			if err := c.BreakLogDir(1, 1); err != nil {
				t.Fatal(err)
			}
			var last runResult
			for start := time.Now(); time.Since(start) < 20*time.Second; {
				if last = kafkactl(t, append([]string{"health"}, spec...)...); last.code != int(exitDone) {
					break
				}
			}
			told{
				args: append([]string{"health"}, spec...), code: exitCondition, within: 2 * busy,
				stdout: []string{`^wait +K7 .*1 log-dir: \S+/\d: .* on 1; `},
				docs:   "offline-log-dir",
			}.check(t)
			told{
				args: append([]string{"wait", "--for", "topics", "--timeout", "1500ms"}, spec...), code: exitTimeout, within: 1500*time.Millisecond + busy,
				stderr: []string{`^kafkactl: not ready after \S+: K7 topics usable: broker 1 \(\S+\): topic "\S+": partition \d has no live leader, replicas on 1$`},
			}.check(t)
		})
	}
}
