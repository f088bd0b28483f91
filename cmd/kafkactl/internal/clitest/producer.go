package clitest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafkatest"
)

// Producer is what a broker hands to one who wants to write idempotently.
type Producer struct {
	id    int64
	epoch int16
}

// NewProducer asks a broker for a producer id. The first answer of a fresh broker is
// COORDINATOR_LOAD_IN_PROGRESS: it fetches its first block of ids when it is asked.
func NewProducer(ctx context.Context, at kmsg.Requestor) (Producer, error) {
	resp, err := kmsg.NewPtrInitProducerIDRequest().RequestWith(ctx, at)
	if err != nil {
		return Producer{}, fmt.Errorf("ask for a producer id: %w", err)
	}
	if err := kerr.ErrorForCode(resp.ErrorCode); err != nil {
		return Producer{}, fmt.Errorf("ask for a producer id: %w", err)
	}
	return Producer{resp.ProducerID, resp.ProducerEpoch}, nil
}

// batch is p's first batch for a partition: one record, uncompressed.
func (p Producer) batch() []byte {
	record := kmsg.Record{Key: []byte("first"), Value: []byte("produce")}
	record.Length = int32(len(record.AppendTo(nil)) - 1) // less the length's own byte
	now := time.Now().UnixMilli()
	b := kmsg.RecordBatch{
		PartitionLeaderEpoch: -1, Magic: 2, FirstTimestamp: now, MaxTimestamp: now,
		ProducerID: p.id, ProducerEpoch: p.epoch, NumRecords: 1, Records: record.AppendTo(nil),
	}
	const afterLength, afterCRC = 12, 21 // where what Length counts begins, and what CRC covers
	raw := b.AppendTo(nil)
	b.Length = int32(len(raw) - afterLength)
	b.CRC = int32(crc32.Checksum(raw[afterCRC:], crc32.MakeTable(crc32.Castagnoli)))
	return b.AppendTo(nil)
}

// Partitions are those to write to, by topic; the id of a topic is what newer brokers
// know it by.
type Partitions map[string]struct {
	Id      [16]byte
	Numbers []int32
}

// request is p's first record for each of the partitions, for every replica to have.
func (p Producer) request(to Partitions) (req *kmsg.ProduceRequest, records int) {
	req = kmsg.NewPtrProduceRequest()
	req.Acks = -1
	for _, name := range slices.Sorted(maps.Keys(to)) {
		topic := kmsg.NewProduceRequestTopic()
		topic.Topic, topic.TopicID = name, to[name].Id
		for _, number := range to[name].Numbers {
			partition := kmsg.NewProduceRequestTopicPartition()
			partition.Partition, partition.Records = number, p.batch()
			topic.Partitions = append(topic.Partitions, partition)
			records++
		}
		req.Topics = append(req.Topics, topic)
	}
	return req, records
}

// Produce writes p's first record to each of the partitions, in one request that is
// sent once. A record that is not acknowledged is an error, as is nothing to write to.
func (p Producer) Produce(ctx context.Context, at kmsg.Requestor, to Partitions) error {
	req, sent := p.request(to)
	resp, err := req.RequestWith(ctx, at)
	if err != nil {
		return fmt.Errorf("produce: %w", err)
	}
	names := make(map[[16]byte]string) // newer brokers answer by id alone
	for name, topic := range to {
		names[topic.Id] = name
	}
	acknowledged := 0
	for _, topic := range resp.Topics {
		for _, partition := range topic.Partitions {
			refused := kerr.ErrorForCode(partition.ErrorCode)
			if refused == nil {
				acknowledged++
			} else if err == nil {
				err = fmt.Errorf("%s partition %d: %w", cmp.Or(topic.Topic, names[topic.TopicID]), partition.Partition, refused)
			}
		}
	}
	if err == nil && (sent == 0 || acknowledged != sent) {
		err = errors.New("no reason given")
	}
	if err != nil {
		return fmt.Errorf("produce: %d of %d records acknowledged: %w", acknowledged, sent, err)
	}
	return nil
}

// brokerUse is how the first use of the 11 topics goes at one broker.
type brokerUse struct {
	addr    string
	Unknown []string // topics that it does not show whole
	Id      error    // why it hands out no producer id
	Produce error    // why the first record was not acknowledged by each partition it leads
}

// Err says what went wrong, nil for nothing.
func (u brokerUse) Err() error {
	var unknown error
	if len(u.Unknown) > 0 {
		unknown = fmt.Errorf("does not show whole: %v", u.Unknown)
	}
	if err := errors.Join(unknown, u.Id, u.Produce); err != nil {
		return fmt.Errorf("%s: %w", u.addr, err)
	}
	return nil
}

// UseStack uses the 11 topics at every broker at the same moment: each must show them
// whole, hand out a producer id and take the first idempotent record of each partition
// that it leads.
func UseStack(ctx context.Context, c *kafkatest.Cluster) []brokerUse {
	uses := make([]brokerUse, len(c.Addrs()))
	var using sync.WaitGroup
	for i, addr := range c.Addrs() {
		using.Go(func() {
			uses[i].addr = addr
			err := AskSingle(ctx, addr, func(ctx context.Context, at *kgo.Broker) error {
				uses[i].ask(ctx, at, int32(c.BrokerIDs()[i]))
				return nil
			})
			uses[i].Id = errors.Join(uses[i].Id, err)
		})
	}
	using.Wait()
	return uses
}

// ask puts the questions to the broker, whose id is node.
func (u *brokerUse) ask(ctx context.Context, at kmsg.Requestor, node int32) {
	var (
		p       Producer
		meta    *kmsg.MetadataResponse
		metaErr error
		asking  sync.WaitGroup
	)
	asking.Go(func() { p, u.Id = NewProducer(ctx, at) })
	asking.Go(func() { meta, metaErr = Metadata(ctx, at, StackTopics()...) })
	asking.Wait()
	if metaErr != nil {
		u.Unknown, u.Produce = StackTopics(), metaErr
		return
	}
	u.Unknown = notWhole(meta.Topics)
	if u.Id != nil {
		u.Produce = errors.New("produce: no producer id")
		return
	}
	u.Produce = p.Produce(ctx, at, ledBy(node, meta.Topics))
}

// ledBy are the partitions that a broker leads.
func ledBy(node int32, topics []kmsg.MetadataResponseTopic) Partitions {
	led := make(Partitions)
	for _, topic := range topics {
		to := led[*topic.Topic]
		to.Id = topic.TopicID
		for _, partition := range topic.Partitions {
			if partition.Leader == node {
				to.Numbers = append(to.Numbers, partition.Partition)
			}
		}
		if len(to.Numbers) > 0 {
			led[*topic.Topic] = to
		}
	}
	return led
}

// notWhole names the topics that lack partitions, a leader or a replica in sync.
func notWhole(topics []kmsg.MetadataResponseTopic) []string {
	var lacking []string
	for _, topic := range topics {
		whole := topic.ErrorCode == 0 && len(topic.Partitions) == 3
		for _, p := range topic.Partitions {
			whole = whole && p.Leader >= 0 && p.ErrorCode == 0 && len(p.ISR) == len(p.Replicas)
		}
		if !whole {
			lacking = append(lacking, *topic.Topic)
		}
	}
	return lacking
}

// WantUsable fails the test for every broker at which the 11 topics cannot be used now.
func WantUsable(tb testing.TB, c *kafkatest.Cluster) {
	tb.Helper()
	for _, use := range UseStack(tb.Context(), c) {
		if err := use.Err(); err != nil {
			tb.Errorf("right after apply: %v", err)
		}
	}
}
