package evidence

import (
	"context"
	"errors"

	"github.com/twmb/franz-go/pkg/kerr"

	"kafkactl/internal/kafka"
)

// askProducers fills in when producers wrote last. Brokers before 2.8 remember nothing that they would tell: what they
// lead is looked at twice, see askNewest.
func (c *Client) askProducers(ctx context.Context, asked subjects) {
	askLeaders(ctx, asked, c.kafka.Producers, func(at kafka.TopicPartition, p *partition, answers map[kafka.TopicPartition]kafka.ActiveProducers, err error) {
		answer, told := answers[at]
		switch {
		case errors.Is(err, kerr.UnsupportedVersion):
		case err != nil:
			p.writeErr = err
		case !told:
			p.writeErr = errors.New("its leader says nothing of it")
		default:
			p.lastWrite, p.writeErr = answer.LastWrite(), answer.Err
		}
	})
}

// askMoves fills in whether replicas are being reassigned.
func (c *Client) askMoves(ctx context.Context, asked subjects) {
	if len(asked) == 0 {
		return
	}
	partitions := make(map[string][]int32)
	asked.each(func(at kafka.TopicPartition, _ *partition) {
		partitions[at.Topic] = append(partitions[at.Topic], at.Partition)
	})
	moving, err := c.admin.Reassigning(ctx, partitions)
	for name, s := range asked {
		s.moving, s.movingErr = len(moving[name]) > 0, err
	}
}
