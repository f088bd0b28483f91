package admin

import (
	"context"
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kerr"

	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// writableTopic is a name that nobody uses: it is only ever validated.
const writableTopic = "kafkactl.write-path"

// Writable asks whether the brokers would make a topic, without making one
// (CreateTopics with validateOnly): the controller is reached, and it decides. What it
// decides is no matter here, only that it does: a refusal by a policy or a missing
// permission is an answer as well. The error means "not yet", or is an [*UnexplainedError].
func (c *Client) Writable(ctx context.Context) (evidence string, err error) {
	shape := topicspec.Shape{Partitions: 1, ReplicationFactor: 1}
	change := topicspec.Change{Topic: writableTopic, Field: topicspec.FieldTopic, Action: topicspec.Create, After: shape}
	var tries repeated
	for again := true; again; again = errors.Is(err, kerr.UnknownServerError) && mayPass(err) && kafka.Pause(ctx, unexplainedPause) {
		answers, failure := c.sendCreates(ctx, []topicspec.Change{change}, true)
		err = tries.judge(answerTo(writableTopic, answers, failure), policyOf(change.Action))
	}
	var refusal *kafka.BrokerError
	switch {
	case err == nil:
		return "the brokers would make a topic", nil
	case kafka.Unauthorized(err):
		return "not proven: this user may not create topics", nil
	case errors.As(err, &refusal) && !kafka.NotYet(err):
		return "the controller answers: " + refusal.Kafka.Message, nil
	default:
		return "", fmt.Errorf("validate the creation of a topic: %w", err)
	}
}
