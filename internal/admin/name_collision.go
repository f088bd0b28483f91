package admin

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"

	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// nameCollisions adds to the brokers' answers about creations the existing topic whose name collides
// with the new one, where they do not name it. Kafka's own brokers do; others say
// INVALID_TOPIC_EXCEPTION and no more. When the topics cannot be listed, the answers stay as they are.
func (c *Client) nameCollisions(ctx context.Context, changes []topicspec.Change, answers []error) {
	var existing map[string]string // names by what Kafka tells apart
	for i, change := range changes {
		var refusal *kafka.BrokerError
		if change.Action != topicspec.Create || !errors.Is(answers[i], kerr.InvalidTopicException) || !errors.As(answers[i], &refusal) {
			continue
		}
		if existing == nil {
			existing = c.foldedNames(ctx)
		}
		other, collides := existing[topicspec.FoldName(change.Topic)]
		if collides && other != change.Topic && !strings.Contains(refusal.Detail, other) {
			answers[i] = fmt.Errorf("%w (it collides with the existing topic %q: Kafka does not tell . from _ in topic names)", answers[i], other)
		}
	}
}

// foldedNames returns the names of all topics by [topicspec.FoldName], none when they cannot be listed.
func (c *Client) foldedNames(ctx context.Context) map[string]string {
	names := make(map[string]string)
	meta, err := c.kafka.AnyMetadata(ctx, nil)
	if err != nil {
		return names
	}
	for _, t := range meta.Topics {
		if t.Topic != nil {
			names[topicspec.FoldName(*t.Topic)] = *t.Topic
		}
	}
	return names
}
