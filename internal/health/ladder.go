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

	"kafkactl/internal/kafka"
	"kafkactl/internal/zookeeper"
)

// Ladder asks one stack. It keeps connections from one climb to the next. Its climbs must not
// overlap.
type Ladder struct {
	brokers, zookeepers []string
	chroot              string // "/kafka", "" for none
	minBrokers          int
	minBrokersWhy       string
	tolerant            bool
	place               Place
	patience            time.Duration
	attempt             time.Duration
	interval            time.Duration

	dial         func(ctx context.Context, network, addr string) (net.Conn, error)
	dialResolves bool        // the dialer is the caller's: names are its business
	tls          *tls.Config // nil: PLAINTEXT
	mechanism    string      // of the login; "" without one
	clientID     string

	table   []rung
	clients *clients
	probes  *probeCache
	absence absence
}

// New checks the options and never dials. Its error names every address that is not host:port and a
// chroot that ZooKeeper would refuse, each with the right form.
func New(o Options) (*Ladder, error) {
	zookeepers, chroot, err := SplitZooKeeper(o.ZooKeeper)
	if err := errors.Join(o.check(), err); err != nil {
		return nil, err
	}
	l := &Ladder{
		brokers:       unique(o.Brokers),
		zookeepers:    unique(zookeepers),
		chroot:        chroot,
		minBrokers:    cmp.Or(o.MinBrokers, 1),
		minBrokersWhy: o.MinBrokersWhy,
		tolerant:      o.Tolerant,
		place:         o.Place,
		patience:      o.Patience,
		attempt:       cmp.Or(o.Attempt, time.Second),
		interval:      cmp.Or(o.Interval, 100*time.Millisecond),
		dial:          o.Dial,
		dialResolves:  o.Dial != nil,
		probes:        newProbeCache(),
	}
	if err := l.readClient(o.Client); err != nil {
		return nil, err
	}
	l.dial = kafka.InOwnWords(l.dial)
	l.clients = newClients(l.clientOptions(o.Client))
	l.table = rungs(o)
	return l, nil
}

// readClient reads from the caller's client options what the questions without a Kafka client must
// do alike.
func (l *Ladder) readClient(opts []kgo.Opt) error {
	probe, err := kgo.NewClient(append([]kgo.Opt{kgo.DisableClientMetrics(), kgo.ClientID("kafkactl")}, opts...)...)
	if err != nil {
		return fmt.Errorf("read client options: %w", err)
	}
	defer probe.Close()
	l.clientID, _ = probe.OptValue(kgo.ClientID).(string)
	l.tls, _ = probe.OptValue(kgo.DialTLSConfig).(*tls.Config)
	mechanisms, _ := probe.OptValues(kgo.SASL)[0].([]sasl.Mechanism)
	if len(mechanisms) > 0 {
		l.mechanism = mechanisms[0].Name()
	}
	if l.dial != nil {
		return nil
	}
	l.dial = new(net.Dialer).DialContext
	if custom, is := probe.OptValue(kgo.Dialer).(func(context.Context, string, string) (net.Conn, error)); is && l.tls == nil {
		l.dial = custom
	}
	return nil
}

// SplitZooKeeper returns the servers of an ensemble, host:port, and the chroot that may stand behind
// the last one, "" for none. The error names every address that is not of that form.
func SplitZooKeeper(given []string) (addrs []string, chroot string, err error) {
	addrs, chroot, err = zookeeper.SplitChroot(given)
	return addrs, chroot, errors.Join(kafka.CheckAddresses(kafka.ZooKeeperAddress, addrs), err)
}

// unique returns addrs without repetitions, in their order: an address given twice is one question.
func unique(addrs []string) []string {
	seen := make(map[string]bool, len(addrs))
	var kept []string
	for _, addr := range addrs {
		if !seen[addr] {
			seen[addr] = true
			kept = append(kept, addr)
		}
	}
	return kept
}

// Reach asks K0 to K2 once, for a command before its work. It is ready as soon as one address
// speaks Kafka, and then does not wait for the others.
func (l *Ladder) Reach(ctx context.Context) Readiness {
	return l.climb(ctx, l.table[:min(reachRungs, len(l.table))], asking{enough: 1}).readiness()
}

// ReachSoon asks as Reach does until it holds, or what is missing cannot heal, or ctx ends. onChange
// is called when what is missing changes, and with what ends it.
func (l *Ladder) ReachSoon(ctx context.Context, onChange func(Readiness)) Readiness {
	var last Readiness
	for {
		r := l.keepEvidence(last, l.Reach(ctx))
		f, blocked := r.Blocking()
		waited := len(last.Rungs) > 0
		if picture(r) != picture(last) && (blocked || waited) {
			onChange(r)
		}
		if !blocked || f.Verdict == Fail {
			return r
		}
		if pause(ctx, l.interval) != nil {
			return r
		}
		last = r
	}
}

// Probe asks each address over one connection (two where it must log in) whether it speaks Kafka,
// knows enough brokers and a controller: K0 to K3 and K5, cheap enough for every second. It goes on
// with the first address that speaks, and does not wait for the others.
func (l *Ladder) Probe(ctx context.Context) Readiness {
	brief := slices.DeleteFunc(slices.Clone(l.table), func(r rung) bool { return !r.brief })
	return l.climb(ctx, brief, asking{enough: 1, brief: true}).readiness()
}

// Climb asks every rung once. The options' Attempt and ctx bound it, whichever is nearer.
func (l *Ladder) Climb(ctx context.Context) Readiness {
	return l.climb(ctx, l.table, asking{}).readiness()
}

// Close closes the connections kept between climbs. No climb may follow.
func (l *Ladder) Close() { l.clients.close() }
