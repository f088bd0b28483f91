package kafkatest

import (
	"context"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Touch uses a topic that nobody has made, as a client does, and writes that many records to it:
// brokers with auto.create.topics.enable make it then. With 0 it only asks who leads the topic, as
// a consumer does. It returns when the topic has a leader and the records are written.
func Touch(ctx context.Context, addrs []string, topic string, records int) error {
	cl, err := kgo.NewClient(kgo.SeedBrokers(addrs...), kgo.AllowAutoTopicCreation())
	if err != nil {
		return fmt.Errorf("make a client: %w", err)
	}
	defer cl.Close()
	if err := waitAutoCreated(ctx, cl, topic); err != nil {
		return fmt.Errorf("touch topic %q: %w", topic, err)
	}
	for range records {
		if err := cl.ProduceSync(ctx, &kgo.Record{Topic: topic, Value: []byte("x")}).FirstErr(); err != nil {
			return fmt.Errorf("write to topic %q: %w", topic, err)
		}
	}
	return nil
}

// waitAutoCreated asks until the topic exists: the first answer of a broker that makes it is that
// it does not.
func waitAutoCreated(ctx context.Context, cl *kgo.Client, topic string) error {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		req := kmsg.NewPtrMetadataRequest()
		req.AllowAutoTopicCreation = true
		named := kmsg.NewMetadataRequestTopic()
		named.Topic = kmsg.StringPtr(topic)
		req.Topics = append(req.Topics, named)
		resp, err := req.RequestWith(ctx, cl)
		if err != nil {
			return fmt.Errorf("ask for metadata: %w", err)
		}
		if err = kerr.ErrorForCode(resp.Topics[0].ErrorCode); err == nil {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("%w; at last %w", context.Cause(ctx), err)
		}
	}
}
