package admin

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// sweepTimeout bounds what is done for the removal of the topic after a step failed
// or ctx ended: who pressed Ctrl-C waits this long at most.
const sweepTimeout = 500 * time.Millisecond

// dataPath is one round trip of records through every live broker.
type dataPath struct {
	// c does not end with the caller's context: the topic must go even then.
	c       *Client
	topic   string
	brokers []int32 // brokers[i] leads partition i
	factor  int
	values  [][]byte // values[i] is what partition i is given
}

// RoundTrip writes a record to every live broker, with acks=all, and reads it back. For this it
// makes a topic of its own, kafkactl.data-path.XXXXXXXX, with replicationFactor replicas or as many
// as there are brokers, and removes it, also when a step fails or ctx ends: RoundTrip may then
// return up to 500 ms after that. Evidence is the same on every try.
//
// When the topic could not be removed the error names it.
func (c *Client) RoundTrip(ctx context.Context, replicationFactor int) (evidence string, err error) {
	meta, err := c.kafka.Metadata(ctx, c.kafka.Any, []string{})
	if err != nil {
		return "", err
	}
	path, err := c.dataPath(ctx, kafka.BrokerIDs(meta.Brokers), replicationFactor)
	if err != nil {
		return "", err
	}
	defer path.c.kafka.Close()
	late, cancel := outlasting(ctx, sweepTimeout)
	defer cancel()
	if err := path.create(ctx, late); err != nil {
		var refused *kafka.BrokerError
		if errors.As(err, &refused) && !mayPass(err) {
			return "", err // so there is no topic to remove
		}
		return "", path.abandon(late, err)
	}
	for _, step := range []func(context.Context) error{path.ready, path.exchange, path.remove} {
		if err := step(ctx); err != nil {
			return "", path.abandon(late, err)
		}
	}
	if len(path.brokers) == 1 {
		return "1 record written to and read from 1 broker", nil
	}
	return fmt.Sprintf("1 record written to and read from each of %d brokers", len(path.brokers)), nil
}

// outlasting returns a context that ends d after ctx.
func outlasting(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	late, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(d, cancel) })
	return late, func() { stop(); cancel() }
}

// dataPath prepares a round trip; nothing is made yet.
func (c *Client) dataPath(ctx context.Context, brokers []int32, replicationFactor int) (*dataPath, error) {
	if len(brokers) == 0 {
		return nil, errors.New("no broker is listed as alive")
	}
	own, err := c.kafka.Outliving(ctx)
	if err != nil {
		return nil, err
	}
	id := make([]byte, 4)
	_, _ = rand.Read(id) // never fails
	path := &dataPath{
		c: New(own), topic: fmt.Sprintf("%s%x", kafka.DataPathPrefix, id),
		brokers: brokers, factor: min(max(replicationFactor, 1), len(brokers)),
	}
	for range brokers {
		path.values = append(path.values, []byte("kafkactl data path "+rand.Text()))
	}
	return path, nil
}

// create makes the topic. The brokers would place its partitions well but not
// always one on each broker, so that is asked for. An answer that is outstanding when
// ctx ends is waited for until late does: a ZooKeeper-mode broker was seen to answer
// a deletion that overtook the creation with "no such topic", and then made it.
func (p *dataPath) create(ctx, late context.Context) error {
	topic := kmsg.NewCreateTopicsRequestTopic()
	topic.Topic, topic.NumPartitions, topic.ReplicationFactor = p.topic, -1, -1 // the assignment says it
	for i := range p.brokers {
		assignment := kmsg.NewCreateTopicsRequestTopicReplicaAssignment()
		assignment.Partition = int32(i)
		for r := range p.factor {
			assignment.Replicas = append(assignment.Replicas, p.brokers[(i+r)%len(p.brokers)])
		}
		topic.ReplicaAssignment = append(topic.ReplicaAssignment, assignment)
	}
	send := func(ctx context.Context, _ []topicspec.Change, dry bool) (map[string]error, error) {
		req := kmsg.NewPtrCreateTopicsRequest()
		req.TimeoutMillis = int32(kafka.WriteTimeout.Milliseconds())
		req.ValidateOnly = dry
		req.Topics = append(req.Topics, topic)
		resp, err := req.RequestWith(ctx, p.c.kafka.Any)
		if err != nil {
			return nil, err
		}
		answers := make(map[string]error)
		for _, t := range resp.Topics {
			answers[t.Topic] = kafka.CodeError(kmsg.CreateTopics, t.Topic, t.ErrorCode, t.ErrorMessage)
		}
		return answers, nil
	}
	err := p.deliver(late, send, topicspec.Create)
	if err == nil || errors.Is(err, kerr.TopicAlreadyExists) { // nobody else's: an earlier try was carried out after all
		err = ctx.Err()
	}
	if err != nil {
		return kafka.Wrap(fmt.Sprintf("create topic %q", p.topic), err)
	}
	return nil
}

// deliver has send act on the topic until that is done or ctx ends.
func (p *dataPath) deliver(ctx context.Context, send sender, action topicspec.Action) error {
	return p.c.deliver(ctx, send, []topicspec.Change{{Topic: p.topic, Field: topicspec.FieldTopic, Action: action}}, false)[0]
}

// ready waits until every broker shows the topic whole.
func (p *dataPath) ready(ctx context.Context) error {
	return p.c.Settle(ctx, []topicspec.Desired{{Name: p.topic, Partitions: len(p.brokers), ReplicationFactor: p.factor}})
}

// exchange writes one record to each partition and reads it back.
func (p *dataPath) exchange(ctx context.Context) error {
	starts := make(map[int32]kgo.Offset)
	for i := range p.brokers {
		starts[int32(i)] = kgo.NewOffset().At(0)
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	// Without a consumer group: that would leave one behind, and __consumer_offsets.
	client, err := p.c.kafka.Outliving(ctx,
		kgo.RecordPartitioner(kgo.ManualPartitioner()),
		kgo.ProducerLinger(0),       // kgo: 10 ms, to fill batches; here each holds one record
		kgo.UnknownTopicRetries(-1), // kgo: 4; every broker has shown the topic, ctx is the bound
		kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{p.topic: starts}),
		kafka.OnOwnFault(stop),
	)
	if err != nil {
		return err
	}
	defer client.Close()
	if err := p.write(ctx, client.Kgo); err != nil {
		return err
	}
	return p.read(ctx, client.Kgo)
}

// write returns once the replicas of every partition have its record.
func (p *dataPath) write(ctx context.Context, client *kgo.Client) error {
	type outcome struct {
		partition int32
		err       error
	}
	outcomes := make(chan outcome, len(p.brokers))
	for i, value := range p.values {
		client.Produce(ctx, &kgo.Record{Topic: p.topic, Partition: int32(i), Value: value}, func(r *kgo.Record, err error) {
			outcomes <- outcome{r.Partition, err}
		})
	}
	missing := p.allPartitions()
	for len(missing) > 0 {
		select {
		case o := <-outcomes:
			if o.err != nil {
				return fmt.Errorf("write to broker %d: %w", p.brokers[o.partition], kafka.ClientError(kmsg.Produce, p.topic, o.err, ""))
			}
			delete(missing, o.partition)
		case <-ctx.Done(): // kgo alone would wait for the answer to a request that is under way
			return fmt.Errorf("write to broker %s: %w", p.names(missing), context.Cause(ctx))
		}
	}
	return nil
}

// read returns once every partition gave back the record it was given.
func (p *dataPath) read(ctx context.Context, client *kgo.Client) error {
	missing := p.allPartitions()
	for len(missing) > 0 {
		fetches := client.PollFetches(ctx)
		if ctx.Err() != nil {
			return fmt.Errorf("read from broker %s: %w", p.names(missing), context.Cause(ctx))
		}
		if failures := fetches.Errors(); len(failures) > 0 {
			return fmt.Errorf("read from broker %d: %w", p.brokers[failures[0].Partition], kafka.ClientError(kmsg.Fetch, p.topic, failures[0].Err, ""))
		}
		for _, r := range fetches.Records() {
			if !missing[r.Partition] || !bytes.Equal(r.Value, p.values[r.Partition]) {
				return fmt.Errorf("broker %d gave back another record than it was given", p.brokers[r.Partition])
			}
			delete(missing, r.Partition)
		}
	}
	return nil
}

// allPartitions returns the set of all partitions.
func (p *dataPath) allPartitions() map[int32]bool {
	partitions := make(map[int32]bool)
	for i := range p.brokers {
		partitions[int32(i)] = true
	}
	return partitions
}

// names lists the brokers of some partitions.
func (p *dataPath) names(partitions map[int32]bool) string {
	var found []int32
	for i, id := range p.brokers {
		if partitions[int32(i)] {
			found = append(found, id)
		}
	}
	return kafka.JoinIDs(found)
}

// remove deletes the topic and returns once no broker knows it.
func (p *dataPath) remove(ctx context.Context) error {
	if err := p.deliver(ctx, p.c.sendDeletes, topicspec.Delete); err != nil {
		return err
	}
	_, err := p.c.untilGone(ctx, []topicspec.Change{{Topic: p.topic}}, false)
	return err
}

// abandon deletes the topic after a step failed with err, without waiting until it
// is gone everywhere, and returns err and what is left to do.
func (p *dataPath) abandon(late context.Context, err error) error {
	late, cancel := context.WithTimeout(late, sweepTimeout)
	defer cancel()
	if left := p.deliver(late, p.c.sendDeletes, topicspec.Delete); left != nil {
		return fmt.Errorf("%w; topic %s may be left (%w): kafkactl delete %[2]s --yes", err, p.topic, left)
	}
	return err
}
