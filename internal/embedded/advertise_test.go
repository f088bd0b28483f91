package embedded_test

import (
	"context"
	"fmt"
	"net"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/embedded"
)

// Clients on both addresses of three brokers share topics, groups and transactions, and each is told
// the addresses of the kind that it came by.
func TestAdvertised(t *testing.T) {
	t.Parallel()
	cluster := start(t, embedded.Config{Brokers: 3, Advertise: embedded.Endpoint{Host: "localhost"}})
	loopback, advertised := cluster.Addrs(), cluster.Advertised()
	for i, addr := range advertised {
		if !strings.HasPrefix(addr, "localhost:") || addr == loopback[i] {
			t.Fatalf("advertised %q beside %q", advertised, loopback)
		}
	}
	topic := createSpread(t, loopback)
	sides := map[string][]string{"loopback": loopback, "advertised": advertised}
	for name, own := range sides {
		for otherName, other := range sides {
			t.Run(name+" to "+otherName, func(t *testing.T) {
				t.Parallel()
				group := name + "-" + otherName
				sent := produceTransaction(t, own, topic, group)
				got := consumeGroup(t, other, topic, group, len(sent))
				if diff := cmp.Diff(sent, got); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}

// createSpread makes a topic with a partition on each broker.
func createSpread(t *testing.T, seeds []string) string {
	t.Helper()
	req := kmsg.NewPtrCreateTopicsRequest()
	topic := kmsg.NewCreateTopicsRequestTopic()
	topic.Topic, topic.NumPartitions, topic.ReplicationFactor = "spread", 12, 1
	req.Topics = append(req.Topics, topic)
	if _, err := req.RequestWith(t.Context(), newClient(t, seeds)); err != nil {
		t.Fatal(err)
	}
	return topic.Topic
}

// newClient returns a client of some addresses; the test fails if it dials any other.
func newClient(t *testing.T, seeds []string, opts ...kgo.Opt) *kgo.Client {
	t.Helper()
	var (
		mu     sync.Mutex
		dialed []string
	)
	client, err := kgo.NewClient(append(opts, kgo.SeedBrokers(seeds[0]),
		kgo.Dialer(func(ctx context.Context, network, host string) (net.Conn, error) {
			mu.Lock()
			dialed = append(dialed, host)
			mu.Unlock()
			return new(net.Dialer).DialContext(ctx, network, host)
		}))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		client.Close()
		mu.Lock()
		defer mu.Unlock()
		for _, addr := range dialed {
			if !slices.Contains(seeds, addr) {
				t.Errorf("dialed %s, of another listener than %q", addr, seeds)
			}
		}
	})
	return client
}

// produceTransaction commits records with keys of a prefix to all partitions, and returns the keys.
func produceTransaction(t *testing.T, seeds []string, topic, prefix string) []string {
	t.Helper()
	client := newClient(t, seeds, kgo.TransactionalID(prefix), kgo.RecordPartitioner(kgo.RoundRobinPartitioner()))
	if err := client.BeginTransaction(); err != nil {
		t.Fatal(err)
	}
	var keys []string
	for i := range 24 {
		key := fmt.Sprintf("%s %02d", prefix, i)
		keys = append(keys, key)
		if err := client.ProduceSync(t.Context(), &kgo.Record{Topic: topic, Key: []byte(key)}).FirstErr(); err != nil {
			t.Fatal(err)
		}
	}
	if err := client.EndTransaction(t.Context(), kgo.TryCommit); err != nil {
		t.Fatal(err)
	}
	return keys
}

// consumeGroup reads the records with keys of a prefix as a group, and returns the sorted keys.
func consumeGroup(t *testing.T, seeds []string, topic, prefix string, want int) []string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	client := newClient(t, seeds, kgo.ConsumerGroup(prefix), kgo.ConsumeTopics(topic),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.FetchIsolationLevel(kgo.ReadCommitted()))
	var keys []string
	for len(keys) < want {
		fetches := client.PollFetches(ctx)
		if err := fetches.Err(); err != nil {
			t.Fatal(err)
		}
		fetches.EachRecord(func(r *kgo.Record) {
			if strings.HasPrefix(string(r.Key), prefix+" ") {
				keys = append(keys, string(r.Key))
			}
		})
	}
	if err := client.CommitUncommittedOffsets(ctx); err != nil {
		t.Fatal(err)
	}
	slices.Sort(keys)
	return keys
}

// FindCoordinator has its address in two places, by version.
func TestAdvertisedCoordinator(t *testing.T) {
	t.Parallel()
	cluster := start(t, embedded.Config{Brokers: 1, Advertise: embedded.Endpoint{Host: "localhost"}})
	for _, want := range []string{cluster.Addrs()[0], cluster.Advertised()[0]} {
		c := dial(t, want)
		for version := range int16(7) {
			req := kmsg.NewPtrFindCoordinatorRequest()
			req.CoordinatorKey, req.CoordinatorKeys = "g", []string{"g"}
			resp := mustAsk[*kmsg.FindCoordinatorResponse](c, version, req)
			host, port := resp.Host, resp.Port
			if version >= 4 {
				host, port = resp.Coordinators[0].Host, resp.Coordinators[0].Port
			}
			if got := net.JoinHostPort(host, fmt.Sprint(port)); got != want {
				t.Errorf("v%d: %s, want %s", version, got, want)
			}
		}
	}
}

// Every kind of answer that names a host and port has them told: all kinds that kfake advertises.
func TestAdvertisedAnswers(t *testing.T) {
	t.Parallel()
	const host, port = "told", 7
	versions := mustAsk[*kmsg.ApiVersionsResponse](dial(t, startPlain(t)), 0, kmsg.NewPtrApiVersionsRequest())
	tellers := 0
	for _, key := range versions.ApiKeys {
		resp := kmsg.ResponseForKey(key.ApiKey)
		hosts := fillHosts(reflect.ValueOf(resp).Elem())
		if changed := embedded.TellEndpoint(resp, embedded.Endpoint{Host: host, Port: port}); changed != (len(hosts) > 0) {
			t.Errorf("%T: changed %v, with %d hosts", resp, changed, len(hosts))
		}
		for _, broker := range hosts {
			if got, at := broker.FieldByName("Host").String(), broker.FieldByName("Port").Int(); got != host || at != port {
				t.Errorf("%T: %s has %s:%d", resp, broker.Type(), got, at)
			}
		}
		tellers += len(hosts)
	}
	if tellers != 8 {
		t.Errorf("%d places with a host and port, want 8", tellers)
	}
}

// fillHosts gives every list of a message one element, and returns those with a host and port.
func fillHosts(v reflect.Value) []reflect.Value {
	var hosts []reflect.Value
	if host := v.FieldByName("Host"); host.IsValid() && v.FieldByName("Port").IsValid() {
		host.SetString("untold")
		hosts = append(hosts, v)
	}
	for _, field := range v.Fields() {
		if field.Kind() == reflect.Slice && field.Type().Elem().Kind() == reflect.Struct {
			field.Set(reflect.MakeSlice(field.Type(), 1, 1))
			hosts = append(hosts, fillHosts(field.Index(0))...)
		}
	}
	return hosts
}

// The ports behind those on loopback are the second ones, and are as strict.
func TestAdvertisedPorts(t *testing.T) {
	t.Parallel()
	first := start(t, embedded.Config{Brokers: 1, Advertise: embedded.Endpoint{Host: "127.0.0.1"}})
	_, taken, _ := net.SplitHostPort(first.Advertised()[0])
	port := 0
	if _, err := fmt.Sscan(taken, &port); err != nil {
		t.Fatal(err)
	}
	_, err := embedded.Start(t.Context(), embedded.Config{
		Brokers: 1, Advertise: embedded.Endpoint{Host: "127.0.0.1", Port: port},
	})
	if err == nil || !strings.Contains(err.Error(), "address already in use") {
		t.Errorf("started on a taken port: %v", err)
	}
	if len(start(t, embedded.Config{Brokers: 1}).Advertised()) != 0 {
		t.Error("advertised without an address")
	}
}

// No more is listened on than an advertised host needs.
func TestListenHost(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]string{
		"localhost": "127.0.0.1", "127.0.0.1": "127.0.0.1", "127.1.2.3": "127.1.2.3", "::1": "::1",
		"host.docker.internal": "", "203.0.113.7": "", // a name of others; an address behind a NAT
	} {
		if got := embedded.ListenHost(host); got != want {
			t.Errorf("%s: listens on %q, want %q", host, got, want)
		}
	}
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, addr := range addrs {
		if ip := addr.(*net.IPNet).IP.String(); embedded.ListenHost(ip) != ip {
			t.Errorf("%s, of this machine: listens on %q", ip, embedded.ListenHost(ip))
		}
	}
}
