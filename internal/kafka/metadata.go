package kafka

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/sasl"
)

// MetadataRequest returns a request about the brokers and the named topics: no topic for an empty
// list, all for nil. It never creates a topic.
func MetadataRequest(topics []string) *kmsg.MetadataRequest {
	req := kmsg.NewPtrMetadataRequest()
	req.AllowAutoTopicCreation = false
	if topics != nil {
		req.Topics = make([]kmsg.MetadataRequestTopic, 0, len(topics))
	}
	for _, name := range topics {
		topic := kmsg.NewMetadataRequestTopic()
		topic.Topic = kmsg.StringPtr(name)
		req.Topics = append(req.Topics, topic)
	}
	return req
}

// Metadata sends a [MetadataRequest] to one broker or to any. It is a request of our own: kadm's
// answer comes from a cache.
func (c *Client) Metadata(ctx context.Context, to kmsg.Requestor, topics []string) (*kmsg.MetadataResponse, error) {
	resp, err := MetadataRequest(topics).RequestWith(ctx, to)
	if err != nil {
		return nil, fmt.Errorf("ask metadata: %w", err)
	}
	return resp, nil
}

// hedgeAfter is how long one broker is given before the others are asked too.
const hedgeAfter = 300 * time.Millisecond

// hedgeAfterLogin is the same for a client that logs in. Brokers keep a refusal back for
// connection.failed.authentication.delay.ms, 100 ms by default, and the same login must not be tried again
// meanwhile: users are locked out for that.
const hedgeAfterLogin = time.Second

func (c *Client) hedgeAfter() time.Duration {
	if mechanisms, _ := c.Kgo.OptValues(kgo.SASL)[0].([]sasl.Mechanism); len(mechanisms) > 0 {
		return hedgeAfterLogin
	}
	return hedgeAfter
}

// AnyMetadata returns the first answer of any broker to [Client.Metadata]. It asks one broker, and
// after a while or a failure the others: kgo may choose one that is frozen, time and again. The
// error is that of the last broker.
func (c *Client) AnyMetadata(ctx context.Context, topics []string) (*kmsg.MetadataResponse, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type answer struct {
		meta *kmsg.MetadataResponse
		err  error
	}
	others := c.Kgo.DiscoveredBrokers()
	if len(others) == 0 {
		others = c.Kgo.SeedBrokers()
	}
	answers := make(chan answer, 1+len(others))
	ask := func(to kmsg.Requestor) {
		meta, err := c.Metadata(ctx, to, topics)
		answers <- answer{meta, err}
	}
	go ask(c.Any)
	hedge := time.NewTimer(c.hedgeAfter())
	defer hedge.Stop()
	for asked := 1; ; {
		select {
		case got := <-answers:
			if asked--; got.err == nil || RefusedSASL(got.err) || asked == 0 && len(others) == 0 {
				return got.meta, got.err
			}
			hedge.Reset(0)
		case <-hedge.C:
			asked += len(others)
			for _, b := range others {
				go ask(ctxRequestor{gated{c.gate, b}})
			}
			others = nil
		}
	}
}

// TopicNames lists the topics that exist and are not internal, of those that the client may see.
func (c *Client) TopicNames(ctx context.Context) ([]string, error) {
	meta, err := c.Metadata(ctx, c.Seed(), nil)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, t := range meta.Topics {
		if !t.IsInternal && t.Topic != nil {
			names = append(names, *t.Topic)
		}
	}
	return names, nil
}

// SortedBrokers returns the brokers that meta lists as alive, by id.
func SortedBrokers(meta *kmsg.MetadataResponse) []kmsg.MetadataResponseBroker {
	return slices.SortedFunc(slices.Values(meta.Brokers), func(a, b kmsg.MetadataResponseBroker) int {
		return int(a.NodeID - b.NodeID)
	})
}

// LiveBrokers returns the brokers that meta lists as alive, by id, as they are asked and named
// here.
func LiveBrokers(meta *kmsg.MetadataResponse) []Broker {
	live := make([]Broker, len(meta.Brokers))
	for i, b := range SortedBrokers(meta) {
		live[i] = BrokerOf(b)
	}
	return live
}

// BrokerIDs returns the ids of brokers in ascending order.
func BrokerIDs(brokers []kmsg.MetadataResponseBroker) []int32 {
	found := make([]int32, len(brokers))
	for i, b := range brokers {
		found[i] = b.NodeID
	}
	slices.Sort(found)
	return found
}
