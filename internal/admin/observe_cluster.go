package admin

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// ObserveCluster asks one broker for all topics that may be seen, Kafka's own included, for their settings
// that matter when a broker stops, and for the brokers: two requests, and one for each 500 topics. An error
// comes with what could be found out; a topic whose settings may not be read has no Config.
func (c *Client) ObserveCluster(ctx context.Context) (topicspec.Cluster, error) {
	meta, err := c.kafka.Metadata(ctx, c.kafka.Seed(), nil)
	if err != nil {
		return topicspec.Cluster{}, fmt.Errorf("list topics: %w", err)
	}
	v := view{meta: meta, topics: make(map[string]topicspec.Observed)}
	var hidden kafka.Denials
	for _, t := range meta.Topics {
		replicas, err := replicaCounts(t)
		switch {
		case hidden.Add(err):
		case err != nil:
			return topicspec.Cluster{}, fmt.Errorf("describe topic %q: %w", *t.Topic, err)
		case replicas != nil:
			v.topics[*t.Topic] = topicspec.Observed{Replicas: replicas}
		}
	}
	err = c.observeDurability(ctx, &v, &hidden)
	return topicspec.Cluster{Brokers: len(meta.Brokers), Topics: v.topics}, errors.Join(hidden.Err(), err)
}

// observeDurability adds the settings of the topics, and which of them are being reassigned. Settings that may
// not be read are added to hidden.
func (c *Client) observeDurability(ctx context.Context, v *view, hidden *kafka.Denials) error {
	for names := range slices.Chunk(sortedNames(v.topics), topicsPerLook) {
		some := make(map[string]topicspec.Observed, len(names))
		for _, name := range names {
			some[name] = v.topics[name]
			delete(v.topics, name) // observeConfigs takes out one that is deleted meanwhile
		}
		err := c.observeConfigs(ctx, c.kafka.Seed(), some, hidden, topicspec.DurabilitySettings()...)
		for name, observed := range some {
			v.topics[name] = observed
		}
		if err != nil {
			return err
		}
	}
	if len(v.topics) == 0 {
		return nil
	}
	return c.observeMoving(ctx, v)
}
