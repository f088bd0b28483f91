package health

import (
	"context"
	"errors"
	"net"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kmsg"
)

func TestFindPlace(t *testing.T) {
	t.Parallel()
	file := func(name, text string) fstest.MapFS { return fstest.MapFS{name: &fstest.MapFile{Data: []byte(text)}} }
	for _, test := range []struct {
		name string
		root fstest.MapFS
		env  []string
		want Place
	}{
		{"nothing", fstest.MapFS{}, nil, OnHost},
		{"Docker", file(".dockerenv", ""), nil, InContainer},
		{"Podman", file("run/.containerenv", ""), nil, InContainer},
		{"Kubernetes", fstest.MapFS{}, []string{"KUBERNETES_SERVICE_HOST"}, InContainer},
		{"overlay root", file("proc/self/mountinfo", "812 790 0:52 / / rw,relatime - overlay overlay rw,lowerdir=/a\n"), nil, InContainer},
		{"disk root", file("proc/self/mountinfo", "26 1 8:1 / / rw - ext4 /dev/sda1 rw\n30 26 0:40 / /var/lib/docker/overlay2/x/merged rw - overlay overlay rw\n"), nil, OnHost},
		{"garbage", file("proc/self/mountinfo", "\n-\n - \n"), nil, OnHost},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := FindPlace(test.root, func(name string) (string, bool) { return "", slices.Contains(test.env, name) })
			if got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}

func TestNeighbours(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		place Place
		addr  string
		want  []string
	}{
		{OnHost, "localhost:9092", []string{"localhost:29092"}},
		{OnHost, "localhost:29092", []string{"localhost:9092"}},
		{OnHost, "127.0.0.1:19092", []string{"127.0.0.1:29092", "127.0.0.1:9092"}},
		{OnHost, "[::1]:9092", []string{"[::1]:29092"}},
		{OnHost, "kafka:9092", []string{"localhost:29092"}},
		{"", "broker-1:9092", []string{"localhost:29092"}},
		{OnHost, "kafka.example.com:9092", nil},
		{OnHost, "10.0.0.7:9092", nil},
		{InContainer, "localhost:29092", []string{"kafka:9092", "localhost:9092"}},
		{InContainer, "127.0.0.1:9092", []string{"kafka:9092", "127.0.0.1:29092"}},
		{InContainer, "kafka:29092", []string{"kafka:9092"}},
		{InContainer, "kafka:9092", nil},
		{InContainer, "kafka.example.com:29092", nil},
		{InContainer, "host.docker.internal:29092", []string{"kafka:9092"}},
		{OnHost, "host.docker.internal:29092", nil},
	} {
		t.Run(string(test.place)+" "+test.addr, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, test.place.neighbours(test.addr), emptyIsNil); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

var emptyIsNil = cmp.Transformer("emptyIsNil", func(s []string) string { return strings.Join(s, " ") })

// network is a dialer for names and ports that a test cannot have: what it does not list refuses,
// and a name that only the other place knows is one that does not resolve.
func network(servers map[string]string) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, proto, addr string) (net.Conn, error) {
		if behind, listens := servers[addr]; listens {
			return new(net.Dialer).DialContext(ctx, proto, behind)
		}
		return nil, &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
	}
}

// orNoQuorum is a hint where no ZooKeeper is given: the cluster may be one of KRaft.
func orNoQuorum(h hint) hint { return new(Ladder).orNoQuorum(h) }

// A name of Kubernetes resolves only there, whether it is given or advertised. With ZooKeeper no
// quorum of KRaft is spoken of.
func TestHintsAboutTheSurroundings(t *testing.T) {
	t.Parallel()
	l := &Ladder{place: OnHost}
	for host, kubernetes := range map[string]bool{
		"kafka-0.kafka.shop.svc.cluster.local": true, "kafka.shop.svc": true, "kafka.svc.cluster.local.": true, "kafka-0.kafka.shop.svc.k8s.corp": true,
		"kafka.example.com": false, "kafka": false, "svc": false, "svc.example.com": false,
	} {
		if got := l.nameHint(host, "").id == "name-in-kubernetes"; got != kubernetes {
			t.Errorf("%s: the hint of Kubernetes %t", host, got)
		}
		h := l.advertisedHint(hop{broker{1, host + ":9092"}, "localhost:29092"})
		if got := h.id == "advertised-in-kubernetes"; got != kubernetes {
			t.Errorf("%s is advertised: the hint of Kubernetes %t", host, got)
		}
	}
	if h := (&Ladder{zookeepers: []string{"zoo:2181"}}).orNoQuorum(advise("refused")); h != advise("refused") {
		t.Errorf("with ZooKeeper: %q", h.text)
	}
}

// An address of the other place is distinguished from one where nothing listens at all, and what
// answers instead is named.
func TestTheOtherListenerIsNamed(t *testing.T) {
	t.Parallel()
	broker := fakeKafka(t).ListenAddrs()[0]
	for _, test := range []struct {
		name    string
		place   Place
		given   string
		listens string // where the stack answers in this network; "" nowhere
		want    hint
	}{
		{"9092 from the host", OnHost, "localhost:9092", "localhost:29092", advise("neighbour-of-network-listener", "localhost:29092", "localhost:9092")},
		{"a container's name from the host", OnHost, "kafka:9092", "localhost:29092", advise("neighbour-of-network-listener", "localhost:29092", "kafka:9092")},
		{"localhost inside a container", InContainer, "localhost:29092", "kafka:9092", advise("neighbour-of-localhost", "kafka:9092")},
		{"another port of the same container", InContainer, "localhost:9092", "localhost:29092", advise("neighbour", "localhost:29092")},
		{"the host's port inside a container", InContainer, "kafka:29092", "kafka:9092", advise("neighbour-of-host-listener", "kafka:9092", "kafka:29092")},
		{"the host's name inside a container", InContainer, "host.docker.internal:29092", "kafka:9092", advise("neighbour-of-host-listener", "kafka:9092", "host.docker.internal:29092")},
		{"a broker's own port inside a container", InContainer, "kafka-2:29093", "kafka-2:9092", advise("neighbour", "kafka-2:9092")},
		{"a port of another stack's habits", OnHost, "localhost:29092", "localhost:9092", advise("neighbour", "localhost:9092")},
		{"nothing on the host", OnHost, "localhost:29092", "", orNoQuorum(advise("refused"))},
		{"nothing at 9092", OnHost, "localhost:9092", "", orNoQuorum(advise("refused-network-port", "localhost:29092"))},
		{"nothing in the container", InContainer, "localhost:9092", "", advise("refused-localhost", "kafka:9092")},
		{"a server of one's own", OnHost, "kafka.example.com:9092", "", orNoQuorum(advise("refused-port", "9092"))},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			servers := map[string]string{}
			if test.listens != "" {
				servers[test.listens] = broker
			}
			r := ladder(t, Options{Brokers: []string{test.given}, Place: test.place, Dial: network(servers)}).Climb(t.Context())
			f := finding(t, r, "K1")
			wantFinding(t, Finding{Rung: "K1", Verdict: Wait, Evidence: test.given + ": connection refused"}, f)
			wantHint(t, test.want, f)
		})
	}
}

// A name of the other place is distinguished from one that nobody has: the listener for here
// answers.
func TestTheOtherListenerOfAName(t *testing.T) {
	t.Parallel()
	unknown := strings.Repeat("k", 64) + ":9092" // a label has 63 characters at most, so no server is asked
	l := ladder(t, Options{Brokers: []string{unknown}, Place: OnHost})
	l.dial = network(map[string]string{"localhost:29092": fakeKafka(t).ListenAddrs()[0]})
	f := finding(t, l.Climb(t.Context()), "K0")
	wantFinding(t, Finding{Rung: "K0", Verdict: Wait, Evidence: unknown + ": no such host"}, f)
	wantHint(t, advise("neighbour-of-network-listener", "localhost:29092", unknown), f)
}

// A name that does not resolve is explained by where the question comes from.
func TestUnknownNames(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		place Place
		host  string
		want  hint
	}{
		{OnHost, "kafka", advise("name-of-container", "kafka", "listener is localhost:29092")},
		{InContainer, "kafka", advise("name-in-network", "kafka")},
		{OnHost, "kafka.example.com", advise("name")},
	} {
		l := ladder(t, Options{Brokers: []string{test.host + ":1"}, Place: test.place})
		if got := l.nameHint(test.host, "listener is localhost:29092"); got != test.want {
			t.Errorf("%s from the %s: %+v\nwant %+v", test.host, test.place, got, test.want)
		}
	}
}

// Looking around is not done again on every climb: a broker that is only late is asked about many
// times.
func TestNeighboursAreAskedOnce(t *testing.T) {
	t.Parallel()
	dialled := make(map[string]int)
	dial := func(_ context.Context, _, addr string) (net.Conn, error) {
		dialled[addr]++
		return nil, errors.New("no")
	}
	l := ladder(t, Options{Brokers: []string{"localhost:9092"}, Dial: dial})
	for range 5 {
		l.Climb(t.Context())
	}
	if diff := cmp.Diff(map[string]int{"localhost:9092": 5, "localhost:29092": 1}, dialled); diff != "" {
		t.Errorf("dialled (-want +got):\n%s", diff)
	}
}

// What nobody had the time to answer is asked again: a short look says nothing about the next.
func TestNeighboursAreAskedAgainAfterAnEnd(t *testing.T) {
	t.Parallel()
	l := ladder(t, Options{Brokers: []string{"localhost:9092"}})
	ended, end := context.WithCancel(t.Context())
	end()
	answers := func(ctx context.Context, _ string) bool { return ctx.Err() == nil }
	if found := l.findNeighbour(ended, "localhost:9092", "elsewhere", answers); found != (hint{}) {
		t.Errorf("found without time: %+v", found)
	}
	if found := l.findNeighbour(t.Context(), "localhost:9092", "elsewhere", answers); found.id != "neighbour-of-network-listener" {
		t.Errorf("found %+v", found)
	}
}

// The advice about an advertised address depends on where it was asked from, and on what was
// reached.
func TestAdvertisedHint(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name       string
		place      Place
		via, sends string
		want       hint
	}{
		{"a container's name to the host", OnHost, "localhost:29092", "kafka:9092", advise("advertised-name", "kafka", "kafka:9092", "localhost:29092")},
		{"localhost to a container", InContainer, "kafka:9092", "localhost:29092", advise("advertised-localhost", "kafka:9092")},
		{"a remapped port", OnHost, "localhost:39092", "localhost:29092", advise("advertised-port", "29092", "39092", "localhost:39092")},
		{"a remapped port, by address", OnHost, "127.0.0.1:39092", "localhost:29092", advise("advertised-port", "29092", "39092", "127.0.0.1:39092")},
		{"somewhere else", OnHost, "kafka.example.com:9092", "10.0.0.7:9092", advise("advertised")},
		{"another name of the same", OnHost, "127.0.0.1:29092", "localhost:29092", advise("advertised")},
		{"another name of the same, in IPv6", OnHost, "[::1]:29092", "localhost:29092", advise("advertised")},
		{"a remapped port, in IPv6", OnHost, "[::1]:39092", "localhost:29092", advise("advertised-port", "29092", "39092", "[::1]:39092")},
		{"the very address", OnHost, "localhost:29092", "localhost:29092", advise("broker-starting")},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			l := ladder(t, Options{Brokers: []string{test.via}, Place: test.place})
			if got := l.advertisedHint(hop{broker{1, test.sends}, test.via}); got != test.want {
				t.Errorf("%+v\nwant %+v", got, test.want)
			}
		})
	}
}

// An address that answers, but is another place's listener, is distinguished from a broker that
// must be configured anew: the listener for here answers beside it, as the same cluster, and sends
// clients on to itself.
func TestTheListenerForHereIsNamed(t *testing.T) {
	t.Parallel()
	configure := advise("advertised-localhost", "kafka:29092")
	for _, test := range []struct {
		name         string
		place        Place
		given, sends string // the address asked, and the one it advertises
		near         string // what else answers
		nearSends    string
		nearCluster  string
		want         hint
	}{
		{"the host's listener from a container", InContainer, "kafka:29092", "localhost:29092", "kafka:9092", "kafka:9092", "cluster-a", advise("neighbour-of-host-listener", "kafka:9092", "kafka:29092")},
		{"the containers' listener from the host", OnHost, "localhost:9092", "kafka:9092", "localhost:29092", "localhost:29092", "cluster-a", advise("neighbour-of-network-listener", "localhost:29092", "localhost:9092")},
		{"the host's name in a container", InContainer, "host.docker.internal:29092", "localhost:29092", "kafka:9092", "kafka:9092", "cluster-a", advise("neighbour-of-host-listener", "kafka:9092", "host.docker.internal:29092")},
		{"no other listener", InContainer, "kafka:29092", "localhost:29092", "elsewhere:1", "elsewhere:1", "cluster-a", configure},
		{"one that advertises the same", InContainer, "kafka:29092", "localhost:29092", "kafka:9092", "localhost:29092", "cluster-a", configure},
		{"another cluster's", InContainer, "kafka:29092", "localhost:29092", "kafka:9092", "kafka:9092", "cluster-b", configure},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			listener := func(sends, id string) string {
				cluster := fakeKafka(t)
				describe(cluster, func(r *kmsg.MetadataResponse) {
					r.ClusterID, r.Brokers = &id, []kmsg.MetadataResponseBroker{metadataBroker(1, sends)}
				})
				return cluster.ListenAddrs()[0]
			}
			dial := network(map[string]string{test.given: listener(test.sends, "cluster-a"), test.near: listener(test.nearSends, test.nearCluster)})
			r := ladder(t, Options{Brokers: []string{test.given}, Place: test.place, Dial: dial}).Climb(t.Context())
			f := finding(t, r, "K4")
			wantFinding(t, Finding{Rung: "K4", Verdict: Wait, Evidence: test.given + " answers, but sends clients on to " + test.sends + " (broker 1): connection refused"}, f)
			wantHint(t, test.want, f)
		})
	}
}

// Another address of localhost that answers proves what localhost is here: a broker is missing, and
// nothing is said about containers.
func TestLocalhostThatServes(t *testing.T) {
	t.Parallel()
	broker := fakeKafka(t).ListenAddrs()[0]
	for _, test := range []struct {
		name  string
		place Place
		given []string // the last one refuses, the others answer
		near  string   // answers too, and was not given
		want  hint
	}{
		{"inside a container", InContainer, []string{"localhost:38091", "localhost:38092"}, "", advise("refused-port", "38092")},
		{"inside a container, by address", InContainer, []string{"127.0.0.1:38091", "[::1]:38092"}, "", advise("refused-port", "38092")},
		{"the stack has a network of its own", InContainer, []string{"localhost:38091", "localhost:38092"}, "kafka:9092", advise("refused-port", "38092")},
		{"on the host", OnHost, []string{"localhost:29092", "localhost:9092"}, "", advise("refused-port", "9092")},
		{"on the host, of three", OnHost, []string{"localhost:29092", "localhost:29094", "localhost:29093"}, "", orNoQuorum(advise("refused"))},
		{"a container's name answers", InContainer, []string{"kafka:9092", "localhost:38092"}, "", advise("refused-localhost", "kafka:9092")},
		{"nothing answers", InContainer, []string{"localhost:38092"}, "", advise("refused-localhost", "kafka:9092")},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dead := test.given[len(test.given)-1]
			servers := map[string]string{test.near: broker}
			for _, addr := range test.given[:len(test.given)-1] {
				servers[addr] = broker
			}
			f := finding(t, ladder(t, Options{Brokers: test.given, Place: test.place, Dial: network(servers)}).Climb(t.Context()), "K1")
			wantFinding(t, Finding{Rung: "K1", Verdict: Wait, Evidence: dead + ": connection refused"}, f)
			want := test.want
			if len(test.given) > 1 {
				want.text += "; --min-brokers 1 goes on without it"
			}
			wantHint(t, want, f)
		})
	}
}
