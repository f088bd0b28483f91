package kafka

import (
	"context"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// ActiveProducers are the producers that the leader of a partition remembers: those with an id (idempotent ones and
// those of transactions), for producer.id.expiration.ms after their last record, a day by default.
type ActiveProducers struct {
	Active []kmsg.DescribeProducersResponseTopicPartitionActiveProducer
	Err    error // a refusal in the form of [CodeError]
}

// LastWrite returns the time of the newest record that one of the producers wrote last; zero when there is none.
func (p ActiveProducers) LastWrite() time.Time {
	var last time.Time
	for _, producer := range p.Active {
		if at := lastWrite(producer); at.After(last) {
			last = at
		}
	}
	return last
}

// lastWrite returns the time of the last record of a producer, zero when it has none.
func lastWrite(producer kmsg.DescribeProducersResponseTopicPartitionActiveProducer) time.Time {
	if producer.LastTimestamp < 0 {
		return time.Time{}
	}
	return time.UnixMilli(producer.LastTimestamp).UTC()
}

// Producers asks broker id, the leader of the partitions, which producers it remembers of each (DescribeProducers:
// KIP-664, Kafka 2.8). A partition that the answer leaves out is absent. The error is that the broker could not be
// asked.
func (c *Client) Producers(ctx context.Context, id int32, partitions []TopicPartition) (map[TopicPartition]ActiveProducers, error) {
	req := kmsg.NewPtrDescribeProducersRequest()
	numbers := make(map[string][]int32)
	for _, p := range partitions {
		numbers[p.Topic] = append(numbers[p.Topic], p.Partition)
	}
	for name, of := range numbers {
		topic := kmsg.NewDescribeProducersRequestTopic()
		topic.Topic, topic.Partitions = name, of
		req.Topics = append(req.Topics, topic)
	}
	resp, err := req.RequestWith(ctx, c.On(id))
	if err != nil {
		return nil, err
	}
	found := make(map[TopicPartition]ActiveProducers)
	for _, t := range resp.Topics {
		for _, p := range t.Partitions {
			found[TopicPartition{t.Topic, p.Partition}] = ActiveProducers{
				p.ActiveProducers, CodeError(kmsg.DescribeProducers, t.Topic, p.ErrorCode, p.ErrorMessage),
			}
		}
	}
	return found, nil
}
