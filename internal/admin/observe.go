package admin

import (
	"context"
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// Observe asks one broker for the named topics, in bulk. A topic that does not
// exist is absent from the answer; one that may not be seen is an error, because
// not being allowed to look is not the same as missing.
func (c *Client) Observe(ctx context.Context, names []string) (map[string]topicspec.Observed, error) {
	v, err := c.observe(ctx, c.kafka.Any, names)
	return v.topics, err
}

// observe asks one certain broker or any, as to is, for the topics and for their settings with the
// given keys, or for all settings.
func (c *Client) observe(ctx context.Context, to kmsg.Requestor, names []string, keys ...string) (view, error) {
	v, err := c.observeShapes(ctx, to, names)
	if err != nil || len(v.topics) == 0 {
		return v, err
	}
	var hidden kafka.Denials
	err = c.observeConfigs(ctx, to, v.topics, &hidden, keys...)
	if err == nil {
		err = hidden.Err()
	}
	if err != nil {
		return view{}, err
	}
	err = c.observeMoving(ctx, &v)
	return v, err
}

// observeShapes is observe without the settings: it needs no more than Describe on the topics.
// Replicas are counted as Metadata has them, also those that are being moved away.
func (c *Client) observeShapes(ctx context.Context, to kmsg.Requestor, names []string) (view, error) {
	meta, err := c.kafka.Metadata(ctx, to, names)
	if err != nil {
		return view{}, err
	}
	v := view{meta: meta, topics: make(map[string]topicspec.Observed)}
	var hidden kafka.Denials
	left := make(map[string]bool)
	for _, name := range names {
		left[name] = true
	}
	for _, t := range meta.Topics {
		delete(left, *t.Topic)
		replicas, err := replicaCounts(t)
		if hidden.Add(err) {
			continue
		}
		if err != nil {
			return view{}, fmt.Errorf("describe topic %q: %w", *t.Topic, err)
		}
		if replicas != nil {
			v.topics[*t.Topic] = topicspec.Observed{ID: topicID(t.TopicID), Replicas: replicas}
		}
	}
	for _, name := range names {
		if left[name] {
			return view{}, fmt.Errorf("describe topic: %w", topicLeftOut(name))
		}
	}
	return v, hidden.Err()
}

// replicaCounts returns the number of replicas by partition, nil when there is no such
// topic. Partitions whose leader is being elected count: they exist.
func replicaCounts(t kmsg.MetadataResponseTopic) ([]int, error) {
	err := kafka.CodeError(kmsg.Metadata, *t.Topic, t.ErrorCode, nil)
	switch {
	case errors.Is(err, kerr.UnknownTopicOrPartition):
		return nil, nil
	case err != nil && !errors.Is(err, kerr.LeaderNotAvailable):
		return nil, err
	case len(t.Partitions) == 0: // LEADER_NOT_AVAILABLE of a topic in the making
		return nil, nil
	}
	counts := make([]int, len(t.Partitions))
	for _, p := range t.Partitions {
		if int(p.Partition) >= len(counts) {
			return nil, fmt.Errorf("partition %d of %d: the broker left some out", p.Partition, len(counts))
		}
		counts[p.Partition] = len(p.Replicas)
	}
	return counts, nil
}

// observeConfigs fills in the settings of the existing topics. One that is deleted
// meanwhile is taken out again; one whose settings may not be read goes without, and to hidden.
func (c *Client) observeConfigs(ctx context.Context, to kmsg.Requestor, topics map[string]topicspec.Observed, hidden *kafka.Denials, keys ...string) error {
	names := sortedNames(topics)
	answers, err := describeConfigs(ctx, to, kmsg.ConfigResourceTypeTopic, names, keys...)
	if err != nil {
		return err
	}
	shared := make(map[string]string) // thousands of topics have the same few names and values
	for _, name := range names {
		answer := answers[name]
		switch {
		case hidden.Add(answer.err):
		case errors.Is(answer.err, kerr.UnknownTopicOrPartition):
			delete(topics, name)
		case answer.err != nil:
			return answer.err
		default:
			observed := topics[name]
			observed.Config = make(map[string]topicspec.ObservedSetting, len(answer.settings))
			for _, s := range answer.settings {
				observed.Config[sharedText(shared, s.Name)] = topicspec.ObservedSetting{Value: sharedText(shared, valueOf(s)), Override: setOnTopic(s.Source)}
			}
			topics[name] = observed
		}
	}
	return nil
}

// sharedText returns the text of shared that equals text, which it adds if there is none.
func sharedText(shared map[string]string, text string) string {
	if known, found := shared[text]; found {
		return known
	}
	shared[text] = text
	return text
}

// observeMoving notes which partitions are being reassigned, and counts the replicas that they
// shall have: metadata lists those that will go as well. Where that may not be asked, the topics say so.
func (c *Client) observeMoving(ctx context.Context, v *view) error {
	all := make(map[string][]int32, len(v.topics))
	for name, observed := range v.topics {
		for p := range observed.Replicas {
			all[name] = append(all[name], int32(p))
		}
	}
	var err error
	v.moving, err = c.reassignments(ctx, all)
	switch {
	case errors.Is(err, errMayNotList):
		for name, observed := range v.topics {
			observed.MovesUnknown = true
			v.topics[name] = observed
		}
	case err != nil:
		return err
	}
	for name, partitions := range v.moving {
		observed := v.topics[name]
		observed.Moves = make(map[int]topicspec.Move, len(partitions))
		for p, moving := range partitions {
			if p < len(observed.Replicas) {
				observed.Replicas[p] = moving.replicaCount()
				observed.Moves[p] = topicspec.Move{Adding: moving.adding, Removing: moving.removing}
			}
		}
		v.topics[name] = observed
	}
	return nil
}
