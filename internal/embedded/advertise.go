package embedded

import (
	"context"
	"net"
	"strconv"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// Endpoint is an address of a broker, as clients are told it.
type Endpoint struct {
	Host string // a name or an IP address
	Port int    // in [Config]: of the first broker; 0 is the port behind the last one on loopback
}

// String returns host:port.
func (e Endpoint) String() string { return net.JoinHostPort(e.Host, strconv.Itoa(e.Port)) }

// advertised returns the first second address with its port; 0 picks free ones.
func (c Config) advertised() Endpoint {
	e := c.Advertise
	if e.Port == 0 && c.Port > 0 {
		e.Port = c.Port + c.Brokers
	}
	return e
}

// listeners makes the listeners of the brokers, one after another.
type listeners struct {
	mends     answerMends
	asked     requestFunc
	entrance  entrance // of all clients; nil is none
	advertise Endpoint // of the first broker; the zero Endpoint is none
	brokers   []*listener
	endpoints []Endpoint // the second address of each broker, by its node id
}

// listen makes the listener of the next broker; address is the one on loopback.
func (l *listeners) listen(ctx context.Context, network, address string) (net.Listener, error) {
	var config net.ListenConfig
	loopback, err := config.Listen(ctx, network, address)
	if err != nil {
		return nil, err
	}
	broker := newListener(loopback, l.mends, l.asked)
	if l.entrance != nil {
		broker.secure(l.entrance)
	}
	l.brokers = append(l.brokers, broker)
	if l.advertise.Host == "" {
		return broker, nil
	}
	endpoint := Endpoint{Host: listenHost(l.advertise.Host), Port: l.advertise.Port}
	if endpoint.Port > 0 {
		endpoint.Port += len(l.endpoints)
	}
	second, err := config.Listen(ctx, network, endpoint.String())
	if err != nil {
		_ = broker.Close()
		return nil, err
	}
	port := second.Addr().(*net.TCPAddr).Port
	l.endpoints = append(l.endpoints, Endpoint{Host: l.advertise.Host, Port: port})
	broker.advertise(second, l.mends.with(tellEndpoints(l.endpoint)))
	return broker, nil
}

// dial connects this process to a broker. All brokers must have their listener.
func (l *listeners) dial(node int32) (net.Conn, error) {
	broker := l.brokers[node]
	if l.entrance != nil {
		return broker.inside()
	}
	return net.DialTimeout("tcp", broker.Addr().String(), askTimeout) //nolint:noctx // of this process, and limited
}

// listenHost returns the address to listen on for an advertised host: no more than it needs. An
// address of this machine is enough for itself; a name like host.docker.internal is one that others
// give to some address of this machine, so all are listened on.
func listenHost(host string) string {
	if host == "localhost" {
		return "127.0.0.1"
	}
	ip := net.ParseIP(host)
	if ip == nil {
		return ""
	}
	if ip.IsLoopback() {
		return host
	}
	addrs, _ := net.InterfaceAddrs() // all addresses, when they cannot be listed
	for _, addr := range addrs {
		if own, ok := addr.(*net.IPNet); ok && own.IP.Equal(ip) {
			return host
		}
	}
	return ""
}

// endpoint returns the second address of a broker. All brokers must have their listener.
func (l *listeners) endpoint(node int32) (Endpoint, bool) {
	if node < 0 || int(node) >= len(l.endpoints) {
		return Endpoint{}, false
	}
	return l.endpoints[node], true
}

// advertised returns the second addresses as text.
func (l *listeners) advertised() []string {
	var addrs []string
	for _, e := range l.endpoints {
		addrs = append(addrs, e.String())
	}
	return addrs
}

// tellEndpoints puts the addresses that endpoint returns in all answers that name brokers.
func tellEndpoints(endpoint func(node int32) (Endpoint, bool)) answerMends {
	tell := func(node int32, host *string, port *int32) bool {
		e, ok := endpoint(node)
		if !ok || *host == "" { // no host: a coordinator that is not there
			return false
		}
		*host, *port = e.Host, int32(e.Port)
		return true
	}
	mends := answerMends{}
	for _, key := range []kmsg.Key{
		kmsg.Produce, kmsg.Fetch, kmsg.Metadata, kmsg.FindCoordinator, kmsg.DescribeCluster,
		kmsg.ShareFetch, kmsg.ShareAcknowledge,
	} {
		mends.add(key, func(resp kmsg.Response) bool { return tellBrokers(resp, tell) })
	}
	return mends
}

// tellBrokers calls tell for each broker of an answer, and reports whether one has changed.
func tellBrokers(resp kmsg.Response, tell func(node int32, host *string, port *int32) bool) (changed bool) {
	switch r := resp.(type) {
	case *kmsg.MetadataResponse:
		return tellEach(r.Brokers, func(b *kmsg.MetadataResponseBroker) bool { return tell(b.NodeID, &b.Host, &b.Port) })
	case *kmsg.FindCoordinatorResponse:
		changed = tell(r.NodeID, &r.Host, &r.Port) // up to v3
		return tellEach(r.Coordinators, func(c *kmsg.FindCoordinatorResponseCoordinator) bool { return tell(c.NodeID, &c.Host, &c.Port) }) || changed
	case *kmsg.DescribeClusterResponse:
		return tellEach(r.Brokers, func(b *kmsg.DescribeClusterResponseBroker) bool { return tell(b.NodeID, &b.Host, &b.Port) })
	// New leaders of partitions (KIP-951).
	case *kmsg.ProduceResponse:
		return tellEach(r.Brokers, func(b *kmsg.ProduceResponseBroker) bool { return tell(b.NodeID, &b.Host, &b.Port) })
	case *kmsg.FetchResponse:
		return tellEach(r.Brokers, func(b *kmsg.FetchResponseBroker) bool { return tell(b.NodeID, &b.Host, &b.Port) })
	case *kmsg.ShareFetchResponse:
		return tellEach(r.NodeEndpoints, func(e *kmsg.ShareFetchResponseNodeEndpoint) bool { return tell(e.NodeID, &e.Host, &e.Port) })
	case *kmsg.ShareAcknowledgeResponse:
		return tellEach(r.NodeEndpoints, func(e *kmsg.ShareAcknowledgeResponseNodeEndpoint) bool { return tell(e.NodeID, &e.Host, &e.Port) })
	}
	return false
}

// tellEach calls tell for each item, and reports whether one has changed.
func tellEach[T any](items []T, tell func(*T) bool) (changed bool) {
	for i := range items {
		changed = tell(&items[i]) || changed
	}
	return changed
}
