package evidence

import (
	"context"
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// askLeaders asks each leader about the partitions that it leads, and calls take with its answer, or with why there is
// none, for each of them.
func askLeaders[T any](
	ctx context.Context, asked subjects, ask func(ctx context.Context, id int32, led []kafka.TopicPartition) (T, error),
	take func(at kafka.TopicPartition, p *partition, answer T, err error),
) {
	led := asked.led()
	var leaders []kafka.Broker
	for id := range led {
		leaders = append(leaders, kafka.Broker{ID: id, Name: fmt.Sprintf("broker %d", id)})
	}
	for _, answer := range kafka.AskEach(ctx, leaders, func(ctx context.Context, id int32) (T, error) { return ask(ctx, id, led[id]) }) {
		err := answer.Err
		if err != nil {
			err = kafka.Wrap(answer.Name, err)
		}
		for _, at := range led[answer.ID] {
			take(at, &asked[at.Topic].partitions[at.Partition], answer.Value, err)
		}
	}
}

// askSizes fills in how many bytes the leaders' logs have.
func (c *Client) askSizes(ctx context.Context, asked subjects) {
	askLeaders(ctx, asked, c.sizesOn, func(at kafka.TopicPartition, p *partition, sizes map[kafka.TopicPartition]int64, err error) {
		size, told := sizes[at]
		switch {
		case err != nil:
			p.sizeErr = err
		case !told:
			p.sizeErr = errors.New("its leader does not tell the size of the log")
		default:
			p.size = size
		}
	})
}

// sizesOn asks broker id for the bytes of the logs that it leads. A log that is being moved to another directory counts
// once.
func (c *Client) sizesOn(ctx context.Context, id int32, led []kafka.TopicPartition) (map[kafka.TopicPartition]int64, error) {
	var topics []kmsg.DescribeLogDirsRequestTopic
	for _, at := range led { // by topic
		if last := len(topics) - 1; last < 0 || topics[last].Topic != at.Topic {
			topic := kmsg.NewDescribeLogDirsRequestTopic()
			topic.Topic = at.Topic
			topics = append(topics, topic)
		}
		topics[len(topics)-1].Partitions = append(topics[len(topics)-1].Partitions, at.Partition)
	}
	dirs, err := c.kafka.LogDirs(ctx, id, topics)
	if err != nil {
		return nil, err
	}
	sizes := make(map[kafka.TopicPartition]int64)
	for _, dir := range dirs {
		for _, t := range dir.Topics {
			for _, p := range t.Partitions {
				if !p.IsFuture {
					sizes[kafka.TopicPartition{Topic: t.Topic, Partition: p.Partition}] = p.Size
				}
			}
		}
	}
	return sizes, nil
}
