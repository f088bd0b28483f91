package stack

import (
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

// Listeners that send clients astray: the first hop works, the second does not.
func TestRealAdvertised(t *testing.T) {
	t.Setenv("KAFKACTL_PLACE", "host")
	refused, release, err := clitest.RefusingPort()
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
			clitest.Told{
				Args: []string{"wait", "-b", addr, "--timeout", "1500ms"}, Code: cli.ExitTimeout, Within: 1500*time.Millisecond + clitest.Busy,
				Stdout: []string{`^pass +K3 `, `^wait +K4 .*` + quoted(test.names), `hint: .*` + quoted(test.advice)},
				Stderr: []string{`^kafkactl: not ready after \S+: K4 .*` + quoted(test.names), `^hint: .*` + quoted(test.advice)},
				Docs:   test.docs,
			}.Check(t)
		})
	}
	t.Run("two clusters given as one", func(t *testing.T) {
		clitest.Told{
			Args: []string{"apply", "-f", clitest.StackFile(), "-b", c.Bootstrap() + "," + other.Bootstrap(), "--timeout", "1500ms"}, Code: cli.ExitTimeout, Within: 1500*time.Millisecond + clitest.Busy,
			Stderr: []string{`^kafkactl: not ready after \S+: K4 .*is of cluster "\S{22}", but \S+ is of "\S{22}"`},
		}.Check(t)
		if there := clitest.Shapes(t, other)["order.created"]; there != "" {
			t.Errorf("order.created was made on the other cluster: %s", there)
		}
	})
	t.Run("1 a proxy whose broker is not up yet", func(t *testing.T) {
		proxy, open := latePort(t, c.Addrs()[0])
		_, wait := clitest.Background(t, "wait", "-b", proxy, "--timeout", "30s")
		time.Sleep(500 * time.Millisecond)
		open()
		r := wait()
		r.Want(t, cli.ExitDone, `^ready in `)
		if r.Took > 500*time.Millisecond+2*clitest.Busy {
			t.Errorf("took %s, with half a second to wait", r.Took)
		}
		r.WantErr(t, `0\.\ds waiting for K2 speaks Kafka: `+proxy+`: accepts TCP, then closes: a proxy whose Kafka is not up yet`)
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
	go clitest.Each(listener, func(conn net.Conn) {
		select {
		case <-opened:
		default:
			return
		}
		clitest.PassOn(backend)(conn)
	})
	t.Cleanup(func() { _ = listener.Close() })
	return listener.Addr().String(), func() { close(opened) }
}

// Row 15: consumers would hang without an error, as Kafka's own topic can never be made.
// It is reported once the brokers have been the same for a while, and nothing is made. What
// only transactions need is a warning.
func TestRealCoordinatorsNeedMoreBrokers(t *testing.T) {
	t.Parallel() // it has its own brokers, and mostly waits
	for _, flavour := range []kafkatest.Flavour{kafkatest.Kraft1, kafkatest.ZK1} {
		t.Run(string(flavour), func(t *testing.T) {
			t.Parallel()
			c := kafkatest.Start(t, kafkatest.Options{Flavour: flavour, Props: map[string]string{
				"offsets.topic.replication.factor": "3", "transaction.state.log.replication.factor": "3", "transaction.state.log.min.isr": "2",
			}})
			clitest.Told{
				Args: []string{"apply", "-f", clitest.StackFile(), "-b", c.Bootstrap(), "--timeout", "4s"}, Code: cli.ExitTimeout, Within: 4*time.Second + clitest.Busy,
				Stderr: []string{`^kafkactl: not ready after 4s: K8 .*offsets\.topic\.replication\.factor=3, `, `^hint: .*: "1" on the broker$`},
				Docs:   "groups-cannot-work",
			}.Check(t)
			if made := clitest.Shapes(t, c); len(made) > 0 {
				t.Errorf("made all the same: %v", made)
			}
			clitest.Told{
				Args: []string{"health", "-b", c.Bootstrap()}, Code: cli.ExitCondition, Within: clitest.Busy,
				Stdout: []string{`^wait +K8  coordinators `, `^not ready: K8 `},
			}.Check(t)
		})
	}
	t.Run("transactions", func(t *testing.T) {
		c := kafkatest.Start(t, kafkatest.Options{Flavour: kafkatest.Kraft1, Props: map[string]string{"transaction.state.log.replication.factor": "3"}})
		clitest.Told{
			Args: []string{"wait", "-b", c.Bootstrap()}, Code: cli.ExitDone, Within: 2 * clitest.Busy,
			Stdout: []string{`^ready in `},
			Stderr: []string{
				`^warning: K8 .*transaction\.state\.log\.replication\.factor=3, `,
				`^hint: .*KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: "1"`,
			},
			Docs: "transactions-cannot-work",
		}.Check(t)
	})
}

// Row 11 on one broker: a replication factor that does not fit is waited for, as brokers may come,
// and told at once; nothing is made.
func TestRealFactorThatNeverFits(t *testing.T) {
	t.Parallel() // it mostly waits, and makes nothing
	c := kafkatest.Shared(t, kafkatest.Kraft1)
	spec := []string{"-f", clitest.StackFile(), "--profile", "production", "-b", c.Bootstrap(), "--timeout", "12s"}
	const live, sentence = `^ +0\.\ds waiting for K3 .*1 broker, 3 needed `, `^kafkactl: not ready after 12s: K3 .*1 broker, 3 needed \(topic "order\.created" .*\)$`
	_, waited := clitest.Background(t, append([]string{"wait"}, spec...)...)
	clitest.Told{Args: append([]string{"apply"}, spec...), Code: cli.ExitTimeout, Within: 12*time.Second + clitest.Busy, Stderr: []string{live, sentence}, Docs: "factor-never-fits"}.Check(t)
	r := waited()
	r.Want(t, cli.ExitTimeout, `^wait +K3 `)
	r.WantErr(t, sentence)
}

// Rows 6 and the ZooKeeper that is not there: an ensemble without a majority serves
// nobody, and says imok all the same.
func TestRealZooKeeperQuorumLost(t *testing.T) {
	t.Parallel() // it has its own brokers, and mostly waits
	c := kafkatest.Start(t, kafkatest.Options{Flavour: kafkatest.ZK1, ZooKeepers: 3})
	wait := []string{"wait", "-b", c.Bootstrap(), "--zookeeper", c.ZooKeeper(), "--timeout", "2s"}
	clitest.Kafkactl(t, append(wait, "--timeout", "30s")...).Want(t, cli.ExitDone, `^ready in `)
	for _, i := range []int{0, 1} {
		if err := c.StopZooKeeperServer(i); err != nil {
			t.Fatal(err)
		}
	}
	time.Sleep(time.Second) // the third one notices
	third := c.ZooKeepers()[2]
	clitest.Told{
		Args: []string{"wait", "--for", "zookeeper", "--zookeeper", third, "--timeout", "1s"}, Code: cli.ExitTimeout, Within: time.Second + clitest.Busy,
		Stdout: []string{`^pass +Z1 `, `^wait +Z2 .*` + third + `: .*: This ZooKeeper instance is not currently serving requests$`},
		Docs:   "zookeeper-without-quorum",
	}.Check(t)
	clitest.Told{
		Args: wait, Code: cli.ExitTimeout, Within: 2*time.Second + clitest.Busy,
		Stdout: []string{`^warn +Z1 .*connection refused`, `^wait +Z2 .* is not currently serving requests`},
	}.Check(t)
	if err := c.StartZooKeeperServer(0); err != nil {
		t.Fatal(err)
	}
	clitest.Kafkactl(t, append(wait, "--timeout", "30s")...).Want(t, cli.ExitDone, `^ready in `)

	if err := c.StopZooKeeper(); err != nil {
		t.Fatal(err)
	}
	clitest.Told{ // also who does not name ZooKeeper is not told that all is well
		Args: []string{"apply", "-f", clitest.StackFile(), "-b", c.Bootstrap(), "--timeout", "3s"}, Code: cli.ExitTimeout, Within: 3*time.Second + clitest.Busy,
		Stderr: []string{`^kafkactl: not ready after \S+: (K6 write path|K[1-8] )`},
	}.Check(t)
}

// Row 27: a directory that fails takes its partitions along and leaves the broker alive.
func TestRealOfflineLogDir(t *testing.T) {
	t.Parallel() // it has its own brokers, and mostly waits
	for _, flavour := range []kafkatest.Flavour{kafkatest.ZK1, kafkatest.Kraft1} {
		t.Run(string(flavour), func(t *testing.T) {
			c := kafkatest.Start(t, kafkatest.Options{Flavour: flavour, LogDirs: 2})
			spec := []string{"-f", clitest.StackFile(), "-b", c.Bootstrap()}
			clitest.Kafkactl(t, append([]string{"apply"}, spec...)...).Want(t, cli.ExitDone)
			if err := c.BreakLogDir(1, 1); err != nil {
				t.Fatal(err)
			}
			var last clitest.RunResult
			for start := time.Now(); time.Since(start) < 20*time.Second; {
				if last = clitest.Kafkactl(t, append([]string{"health"}, spec...)...); last.Code != int(cli.ExitDone) {
					break
				}
			}
			clitest.Told{
				Args: append([]string{"health"}, spec...), Code: cli.ExitCondition, Within: 2 * clitest.Busy,
				Stdout: []string{`^wait +K7 .*1 log-dir: \S+/\d: .* on 1; `},
				Docs:   "offline-log-dir",
			}.Check(t)
			clitest.Told{
				Args: append([]string{"wait", "--for", "topics", "--timeout", "1500ms"}, spec...), Code: cli.ExitTimeout, Within: 1500*time.Millisecond + clitest.Busy,
				Stderr: []string{`^kafkactl: not ready after \S+: K7 topics usable: broker 1 \(\S+\): topic "\S+": partition \d has no live leader, replicas on 1$`},
			}.Check(t)
		})
	}
}
