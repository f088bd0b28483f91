package health

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl"

	"kafkactl/internal/zookeeper"
)

// Options says where the stack is and what ready means for it. Zero durations and counts take the defaults named.
type Options struct {
	Brokers       []string // bootstrap addresses, host:port; empty: only ZooKeeper is asked
	ZooKeeper     []string // client addresses, host:port, of which the last may end in a chroot; empty: the Z rungs are skipped
	MinBrokers    int      // K3 wants at least so many; default 1
	MinBrokersWhy string   // why so many, for K3's evidence: `topic "order.created" has replicationFactor 3`
	Answering     int      // how many of Brokers must answer for K0 to K3; default all of them

	// Client holds connection options for the Kafka client: TLS (kgo.DialTLSConfig), SASL, client id. The raw questions
	// of K1 and K2 use the same TLS configuration. Seeds, retries and time limits are the ladder's own.
	Client []kgo.Opt

	// Tolerant asks as a watcher does, not as somebody who is about to make topics: as long as one address answers, one
	// that does not, and fewer brokers than MinBrokers, are warnings. So is a ZooKeeper server that is away where a majority
	// serves.
	Tolerant bool

	Place Place // where the ladder stands: names and ports are explained for there; default OnHost

	// Dial opens TCP connections to brokers and to ZooKeeper; TLS goes on top of what it returns. Default: kgo.Dialer in
	// Client, otherwise a net.Dialer. When it is set K0 passes without a look: names are the dialer's.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)

	// WritePath is K6, Topics K7, DataPath K9 and Groups G1; nil: the rung is not on the ladder. They return what they
	// saw, and nil when it is good; an error means "not yet" unless marked by Permanent or Degraded. They get several
	// attempts' time and must honour ctx: one that does not is abandoned, and may be called again while the abandoned
	// call still runs. DataPath is the one that may write, and is asked only when every other rung it needs holds.
	WritePath func(context.Context) (evidence string, err error)
	Topics    func(context.Context) (evidence string, err error)
	DataPath  func(context.Context) (evidence string, err error)
	Groups    func(context.Context) (evidence string, err error)

	// Settle is for how long a picture with too few brokers must stay unchanged before it counts as one that cannot
	// heal; half of it for a cluster that was up before the first climb. Default 5s.
	Settle   time.Duration
	Attempt  time.Duration // bound on one question; default 1s
	Interval time.Duration // between climbs; default 100ms
}

// Ladder asks one stack. It keeps connections from one climb to the next. Its climbs must not overlap.
type Ladder struct {
	brokers, zookeepers []string
	chroot              string // "/kafka", "" for none
	minBrokers          int
	minBrokersWhy       string
	answering           int
	tolerant            bool
	place               Place
	settle              time.Duration
	attempt             time.Duration
	interval            time.Duration

	dial         func(ctx context.Context, network, addr string) (net.Conn, error)
	dialResolves bool        // the dialer is the caller's: names are its business
	tls          *tls.Config // nil: PLAINTEXT
	sasl         bool        // credentials are configured
	clientID     string

	table     []rung
	clients   *clients
	sightings *sightings
	stillness stillness
}

// New checks the options and never dials. It refuses an address that is not host:port, and a chroot ZooKeeper would refuse,
// naming it and the right form.
func New(o Options) (*Ladder, error) {
	zookeepers, chroot, err := zookeeper.SplitChroot(o.ZooKeeper)
	o.ZooKeeper = zookeepers
	if err := errors.Join(o.check(), err); err != nil {
		return nil, err
	}
	l := &Ladder{
		brokers:       unique(o.Brokers),
		zookeepers:    unique(o.ZooKeeper),
		chroot:        chroot,
		minBrokers:    cmp.Or(o.MinBrokers, 1),
		minBrokersWhy: o.MinBrokersWhy,
		tolerant:      o.Tolerant,
		place:         o.Place,
		settle:        cmp.Or(o.Settle, 5*time.Second),
		attempt:       cmp.Or(o.Attempt, time.Second),
		interval:      cmp.Or(o.Interval, 100*time.Millisecond),
		dial:          o.Dial,
		dialResolves:  o.Dial != nil,
		sightings:     newSightings(),
	}
	l.answering = cmp.Or(min(o.Answering, len(l.brokers)), len(l.brokers))
	if l.tolerant {
		l.answering = min(1, len(l.brokers))
	}
	if err := l.readClient(o.Client); err != nil {
		return nil, err
	}
	l.clients = newClients(l.clientOptions(o.Client))
	l.table = rungs(o)
	return l, nil
}

func (o Options) check() error {
	if len(o.Brokers)+len(o.ZooKeeper) == 0 {
		return errors.New("no broker address; the form is host:port, for example localhost:29092")
	}
	if o.MinBrokers < 0 || o.Answering < 0 || o.Settle < 0 || o.Attempt < 0 || o.Interval < 0 {
		return errors.New("a negative count or duration")
	}
	if o.Answering > len(o.Brokers) {
		return fmt.Errorf("%d addresses must answer, but only %d are given", o.Answering, len(o.Brokers))
	}
	return errors.Join(
		checkAddresses("broker", "localhost:29092", o.Brokers),
		checkAddresses("ZooKeeper", "localhost:2181", o.ZooKeeper),
	)
}

// readClient learns from the caller's client options what the raw questions must do alike.
func (l *Ladder) readClient(opts []kgo.Opt) error {
	probe, err := kgo.NewClient(append([]kgo.Opt{kgo.DisableClientMetrics(), kgo.ClientID("kafkactl")}, opts...)...)
	if err != nil {
		return fmt.Errorf("read client options: %w", err)
	}
	defer probe.Close()
	l.clientID, _ = probe.OptValue(kgo.ClientID).(string)
	l.tls, _ = probe.OptValue(kgo.DialTLSConfig).(*tls.Config)
	mechanisms, _ := probe.OptValues(kgo.SASL)[0].([]sasl.Mechanism)
	l.sasl = len(mechanisms) > 0
	if l.dial != nil {
		return nil
	}
	l.dial = new(net.Dialer).DialContext
	if custom, is := probe.OptValue(kgo.Dialer).(func(context.Context, string, string) (net.Conn, error)); is && l.tls == nil {
		l.dial = custom
	}
	return nil
}

// Reach asks K0 to K2 once. It is ready as soon as one address speaks Kafka, and does not wait for the others then: what
// a one-shot command asks before its work.
func (l *Ladder) Reach(ctx context.Context) Readiness {
	return l.climb(ctx, l.table[:min(reach, len(l.table))], asking{enough: 1}).readiness()
}

// Probe asks each address over one connection (two where it must log in) whether it speaks Kafka, knows enough brokers
// and a controller: K0 to K3 and K5, cheap enough for every second. It goes on with the first address that speaks, and
// does not wait for the others.
func (l *Ladder) Probe(ctx context.Context) Readiness {
	brief := slices.DeleteFunc(slices.Clone(l.table), func(r rung) bool { return !r.brief })
	return l.climb(ctx, brief, asking{enough: 1, brief: true}).readiness()
}

// Climb asks every rung once. It is bounded by the options' Attempt and by ctx, whichever is nearer.
func (l *Ladder) Climb(ctx context.Context) Readiness {
	return l.climb(ctx, l.table, asking{}).readiness()
}

// Close closes the connections kept between climbs. No climb may follow.
func (l *Ladder) Close() { l.clients.close() }
