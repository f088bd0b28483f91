package health

import (
	"context"
	"errors"
	"net"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/internal/kafka"
)

// Options says where the stack is and what ready means for it. Zero durations and counts take the
// defaults named.
type Options struct {
	Brokers       []string // bootstrap addresses, host:port; empty: only ZooKeeper is asked
	ZooKeeper     []string // client addresses, host:port, of which the last may end in a chroot; empty: the Z rungs are skipped
	MinBrokers    int      // K3 wants at least so many; default 1
	MinBrokersWhy string   // why so many, for K3's evidence: `topic "order.created" has replicationFactor 3`

	// Client holds connection options for the Kafka client: TLS (kgo.DialTLSConfig), SASL, client
	// id. K1 and K2, which use no Kafka client, use the same TLS configuration. Seeds, retries and
	// time limits are the ladder's own.
	Client []kgo.Opt

	// Tolerant asks as a watcher does, not as somebody who is about to make topics. As long as one
	// address answers, these are warnings: an address that does not, and fewer brokers than
	// MinBrokers.
	Tolerant bool

	Place Place // where the ladder stands: names and ports are explained for there; default OnHost

	// Dial opens TCP connections to brokers and to ZooKeeper; TLS goes on top of what it returns.
	// Default: kgo.Dialer in Client, otherwise a net.Dialer. When it is set, K0 passes without
	// resolving anything: names are the dialer's.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)

	// WritePath is K6, Topics K7, DataPath K9 and Groups G1; nil leaves the rung off the ladder.
	// They return their evidence, and a nil error when the rung holds; an error means "not yet"
	// unless it is marked by Permanent or Degraded. They get the time of several attempts and must
	// honour ctx: a call that does not is abandoned, and the function may be called again while
	// that call still runs. DataPath alone may write, and is asked only when every rung that it
	// needs holds.
	//
	// Before each of them Reached is called, if it is not nil, with the addresses of Brokers that
	// spoke Kafka in this climb.
	Reached   func(addrs []string)
	WritePath func(context.Context) (evidence string, err error)
	Topics    func(context.Context) (evidence string, err error)
	DataPath  func(context.Context) (evidence string, err error)
	Groups    func(context.Context) (evidence string, err error)
	// TopicCount is how many topics WritePath and Topics are about. Many topics get more time: an
	// attempt for each hundred.
	TopicCount int

	// Patience is for how long an address of Brokers that does not answer is waited for once the
	// cluster is whole without it: every address that brokers advertise answers, and MinBrokers are
	// there. It counts only where Wait saw the cluster start; one that is whole when it is first
	// seen needs none.
	Patience time.Duration
	Attempt  time.Duration // bound on one question; default 1s
	Interval time.Duration // between climbs; default 100ms
}

func (o Options) check() error {
	if len(o.Brokers)+len(o.ZooKeeper) == 0 {
		return kafka.NoAddress(kafka.BrokerAddress)
	}
	if o.MinBrokers < 0 || o.Patience < 0 || o.Attempt < 0 || o.Interval < 0 {
		return errors.New("a negative count or duration")
	}
	return kafka.CheckAddresses(kafka.BrokerAddress, o.Brokers)
}
