package main

import (
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

// requestCounts counts what a Kafka was asked, by request key.
type requestCounts struct {
	mu     sync.Mutex
	all    map[int16]int
	writes int
	access int // that change users, ACLs or quotas
}

func (c *requestCounts) add(req kmsg.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all[req.Key()]++
	if kafkatest.ChangesTopics(req) {
		c.writes++
	}
	if kafkatest.ChangesAccess(req) {
		c.access++
	}
}

// start makes a Kafka the script's one; another that it had ends.
func (s *stage) start(opts ...kfake.Opt) (addrs []string, err error) {
	kafka, err := kfake.NewCluster(opts...)
	if err != nil {
		return nil, err
	}
	counts := &requestCounts{all: make(map[int16]int)}
	kafka.Control(func(req kmsg.Request) (kmsg.Response, error, bool) {
		kafka.KeepControl()
		counts.add(req)
		return nil, nil, false
	})
	if s.kafka != nil {
		s.kafka.Close()
	}
	s.kafka, s.requests, s.faults = kafka, counts, nil
	return kafka.ListenAddrs(), nil
}

// startFake is "fake N [later]" and "fake N as ID".
func startFake(ts *testscript.TestScript, s *stage, args []string) error {
	if err := usage(args, 1, "fake N [later | as ID]"); err != nil {
		return err
	}
	brokers, err := strconv.Atoi(args[0])
	if err != nil {
		return err
	}
	opts := []kfake.Opt{kfake.NumBrokers(brokers)}
	switch {
	case len(args) == 2 && args[1] == "later":
		return s.reserve(ts, brokers)
	case len(args) == 3 && args[1] == "as":
		opts = append(opts, kfake.ClusterID(args[2]))
	case len(args) > 1:
		return fmt.Errorf("fake %s: only \"later\" or \"as ID\" may follow, got %q", args[0], args[1:])
	}
	addrs, err := s.start(opts...)
	ts.Setenv("KAFKACTL_BROKERS", strings.Join(addrs, ","))
	return err
}

// reserve takes the ports that brokers listen on once later is called.
func (s *stage) reserve(ts *testscript.TestScript, brokers int) error {
	var (
		ports    []int
		addrs    []string
		releases []func()
	)
	for range brokers {
		port, release, err := clitest.RefusingPort()
		if err != nil {
			return err
		}
		ports, releases = append(ports, port), append(releases, release)
		addrs = append(addrs, net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	}
	ts.Setenv("KAFKACTL_BROKERS", strings.Join(addrs, ","))
	s.later = func() error {
		for _, release := range releases {
			release()
		}
		_, err := s.start(kfake.NumBrokers(brokers), kfake.Ports(ports...))
		return err
	}
	return nil
}

// injectFault is "fault KEY TOPIC ERROR [dry|write]" and "fault off".
func injectFault(_ *testscript.TestScript, s *stage, args []string) error {
	if len(args) == 1 && args[0] == "off" {
		for _, fault := range s.faults {
			fault.Remove()
		}
		s.faults = nil
		return nil
	}
	if err := usage(args, 3, "fault KEY TOPIC ERROR [dry|write]"); err != nil {
		return err
	}
	key, err := requestKey(args[0])
	if err != nil {
		return err
	}
	fault := kfake.Fault{Keys: []kmsg.Key{key}, Count: -1, Err: errorNamed(args[2])}
	if fault.Err == nil {
		return fmt.Errorf("no Kafka error %q", args[2])
	}
	switch {
	case args[1] == "*":
	case key == kmsg.DescribeConfigs || key == kmsg.IncrementalAlterConfigs:
		fault.Resource = args[1]
	case key == kmsg.DeleteGroups || key == kmsg.DescribeGroups || key == kmsg.ListGroups || key == kmsg.OffsetFetch:
		fault.Group = args[1]
	default:
		fault.Topic = args[1]
	}
	if len(args) > 3 {
		fault.When = func(req kmsg.Request) bool { return kafkatest.ChangesTopics(req) == (args[3] == "write") }
	}
	s.faults = append(s.faults, s.kafka.Fault(fault))
	return nil
}

// makeInternal is "internal TOPIC".
func makeInternal(_ *testscript.TestScript, s *stage, args []string) error {
	if err := usage(args, 1, "internal TOPIC"); err != nil {
		return err
	}
	return s.kafka.CreateTopic(args[0], 1, map[string]string{"kfake.is_internal": "true"})
}

// countRequests is "requests KEY N" and "requests reset".
func countRequests(_ *testscript.TestScript, s *stage, args []string) error {
	s.requests.mu.Lock()
	defer s.requests.mu.Unlock()
	if len(args) == 1 && args[0] == "reset" {
		clear(s.requests.all)
		s.requests.writes, s.requests.access = 0, 0
		return nil
	}
	if err := usage(args, 2, "requests KEY N"); err != nil {
		return err
	}
	got := s.requests.writes
	switch args[0] {
	case "write":
	case "access":
		got = s.requests.access
	default:
		key, err := requestKey(args[0])
		if err != nil {
			return err
		}
		got = s.requests.all[int16(key)]
	}
	if strconv.Itoa(got) != args[1] {
		return fmt.Errorf("%d %s requests, want %s", got, args[0], args[1])
	}
	return nil
}

func requestKey(name string) (kmsg.Key, error) {
	for key := range kmsg.Key(kmsg.MaxKey + 1) {
		if key.Name() == name {
			return key, nil
		}
	}
	return 0, fmt.Errorf("no request %q", name)
}

func errorNamed(name string) *kerr.Error {
	for code := int16(-1); code < 200; code++ {
		if err := kerr.TypedErrorForCode(code); err != nil && err.Message == name {
			return err
		}
	}
	return nil
}

// listen is "listen KIND".
func listen(ts *testscript.TestScript, s *stage, args []string) error {
	if err := usage(args, 1, "listen KIND"); err != nil {
		return err
	}
	kind := args[0]
	if kind == "refused" {
		addr, release, err := clitest.RefusingAddr()
		if err != nil {
			return err
		}
		ts.Defer(release)
		ts.Setenv("REFUSED", addr)
		return nil
	}
	serve, err := s.impostor(kind)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	counted := &countedListener{Listener: listener}
	s.listeners[kind] = &counted.accepted
	ts.Defer(func() { _ = listener.Close() })
	go serve(counted)
	ts.Setenv(strings.ToUpper(kind), listener.Addr().String())
	return nil
}

// countDialled is "dialled KIND N".
func countDialled(_ *testscript.TestScript, s *stage, args []string) error {
	if err := usage(args, 2, "dialled KIND N"); err != nil {
		return err
	}
	accepted, ok := s.listeners[args[0]]
	if !ok {
		return fmt.Errorf("nothing listens as %q", args[0])
	}
	if got := accepted.Load(); strconv.FormatInt(got, 10) != args[1] {
		return fmt.Errorf("dialled %d times, want %s", got, args[1])
	}
	return nil
}

type countedListener struct {
	net.Listener
	accepted atomic.Int64
}

func (l *countedListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err == nil {
		l.accepted.Add(1)
	}
	return conn, err
}

// impostor serves a listener as something that is not Kafka.
func (s *stage) impostor(kind string) (serve func(net.Listener), err error) {
	swallow := func(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) }
	switch kind {
	case "silent":
		return func(l net.Listener) { clitest.Each(l, swallow) }, nil
	case "close":
		return func(l net.Listener) { clitest.Each(l, func(net.Conn) {}) }, nil
	case "zookeeper":
		zookeeper := registryOf(s.kafka)
		return func(l net.Listener) { clitest.Each(l, func(conn net.Conn) { zookeeper.Serve(conn) }) }, nil
	case "http":
		return func(l net.Listener) { _ = http.Serve(l, http.NotFoundHandler()) }, nil //nolint:gosec // lives as long as a script
	case "tls":
		certified := httptest.NewTLSServer(nil) // has a certificate at hand
		config := certified.TLS.Clone()
		certified.Close()
		config.NextProtos = nil
		return func(l net.Listener) { clitest.Each(tls.NewListener(l, config), swallow) }, nil
	default:
		return nil, fmt.Errorf("nothing can listen as %q", kind)
	}
}

// registryOf is a ZooKeeper in which a Kafka is registered.
func registryOf(kafka *kfake.Cluster) kafkatest.FakeZooKeeper {
	brokers := make(map[int]string)
	for id, addr := range kafka.ListenAddrs() {
		brokers[id] = "PLAINTEXT://" + addr
	}
	return kafkatest.FakeZooKeeper{Znodes: kafkatest.KafkaZnodes("kfake", len(brokers)-1, brokers)} // the last is the controller
}
