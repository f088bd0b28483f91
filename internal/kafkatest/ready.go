package kafkatest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

const (
	pollEvery    = 25 * time.Millisecond
	probeTimeout = 2 * time.Second

	// probeClient is this package's own client id; Requests leaves out what it sent.
	probeClient = "kafkatest-probe"
)

// WaitReady returns when every broker that runs and is not paused answers Metadata with exactly
// those brokers and a controller among them, and every ZooKeeper server that runs and is not paused
// takes sessions, which one of an ensemble without its quorum does not. So it also waits for a
// killed or paused broker to be dropped. It does not wait for in-sync replicas to heal.
//
// A process that ended by itself is an error at once, which carries the end of its log, as the
// error does when ctx ends first. It is an error when no broker runs.
func (c *Cluster) WaitReady(ctx context.Context) error {
	probes := probes{}
	defer probes.close()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	var unready *process
	var why error
	for {
		s, err := c.serving()
		if err != nil {
			return err
		}
		p, err := c.check(ctx, probes, s)
		if err == nil {
			return nil
		}
		if why == nil || ctx.Err() == nil { // a question that the end of ctx cut short has no answer
			unready, why = p, err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("wait for the %s cluster: %w; at last, %s: %w; the end of its log:\n%s",
				c.opts.Flavour, context.Cause(ctx), unready.name, why, logTail(unready.logPath, 0))
		}
	}
}

// serving are the processes that run and are not paused.
type serving struct {
	zookeepers []*zooKeeperServer
	brokers    []*broker
}

// serving returns the processes that run and are not paused. The error names a process that ended
// by itself.
func (c *Cluster) serving() (s serving, err error) {
	for _, z := range c.zks {
		ok, err := z.proc.serving()
		if err != nil {
			return s, err
		}
		if ok {
			s.zookeepers = append(s.zookeepers, z)
		}
	}
	for _, b := range c.brokers {
		ok, err := b.proc.serving()
		if err != nil {
			return s, err
		}
		if ok {
			s.brokers = append(s.brokers, b)
		}
	}
	if len(s.brokers) == 0 {
		return s, errors.New("no broker is running")
	}
	return s, nil
}

// check returns nil when all that serve are ready; else it names the first process that is not.
func (c *Cluster) check(ctx context.Context, probes probes, s serving) (unready *process, err error) {
	for _, b := range s.brokers {
		got, err := probes.ask(ctx, b)
		if err != nil {
			return b.proc, err
		}
		if err := compareBrokers(got, s.brokers); err != nil {
			return b.proc, err
		}
	}
	for _, z := range s.zookeepers {
		if err := checkZooKeeper(ctx, address(z.port)); err != nil {
			return z.proc, err
		}
	}
	return nil, nil
}

// probes are the clients of one WaitReady, by broker id; kept between polls because a connection
// costs more than a question.
type probes map[int]*kgo.Client

func (p probes) ask(ctx context.Context, b *broker) (*kmsg.MetadataResponse, error) {
	if p[b.id] == nil {
		cl, err := newProbe(b, probeClient)
		if err != nil {
			return nil, err
		}
		p[b.id] = cl
	}
	return askMetadata(ctx, p[b.id])
}

func (p probes) close() {
	for _, cl := range p {
		cl.Close()
	}
}

// compareBrokers returns nil when got lists exactly the brokers that serve, and one of them as the
// controller.
func compareBrokers(got *kmsg.MetadataResponse, serving []*broker) error {
	var want, listed []int
	for _, b := range serving {
		want = append(want, b.id)
	}
	for _, b := range got.Brokers {
		listed = append(listed, int(b.NodeID))
	}
	slices.Sort(listed)
	if !slices.Equal(listed, want) {
		return fmt.Errorf("lists brokers %v, want %v", listed, want)
	}
	if !slices.Contains(want, int(got.ControllerID)) {
		return fmt.Errorf("names controller %d, want one of %v", got.ControllerID, want)
	}
	return nil
}

// newProbe returns a client that talks to b alone and tries nothing twice.
func newProbe(b *broker, clientID string) (*kgo.Client, error) {
	cl, err := kgo.NewClient(kgo.SeedBrokers(address(b.port)), kgo.ClientID(clientID),
		kgo.RequestRetries(0), kgo.DialTimeout(probeTimeout))
	if err != nil {
		return nil, fmt.Errorf("make a client of %s: %w", b.proc.name, err)
	}
	return cl, nil
}

// askMetadata sends one Metadata request, about no topic, to the probe's broker; a raw request is
// never answered from the client's cache.
func askMetadata(ctx context.Context, cl *kgo.Client) (*kmsg.MetadataResponse, error) {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	req := kmsg.NewPtrMetadataRequest()
	req.Topics = []kmsg.MetadataRequestTopic{}
	resp, err := cl.SeedBrokers()[0].Request(ctx, req)
	if err != nil {
		return nil, fmt.Errorf("ask for metadata: %w", err)
	}
	return resp.(*kmsg.MetadataResponse), nil
}
