package admin

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// view is what one broker answers about the topics asked for: brokers may differ
// for a while after a change.
type view struct {
	meta *kmsg.MetadataResponse
	// topics holds the ones this broker knows.
	topics map[string]topicspec.Observed
}

// clusterID is "" for a cluster that has none.
func (v view) clusterID() string {
	if v.meta.ClusterID == nil {
		return ""
	}
	return *v.meta.ClusterID
}

// Observe asks one broker for the named topics, in bulk. A topic that does not
// exist is absent from the answer; one that may not be seen is an error, because
// not being allowed to look is not the same as missing.
func (c *Client) Observe(ctx context.Context, names []string) (map[string]topicspec.Observed, error) {
	v, err := c.observe(ctx, c.kafka.Any, names)
	return v.topics, err
}

// observe asks to, which is any broker (the client) or a certain one.
func (c *Client) observe(ctx context.Context, to kmsg.Requestor, names []string) (view, error) {
	v, err := c.look(ctx, to, names)
	if err != nil || len(v.topics) == 0 {
		return v, err
	}
	if err := c.observeConfigs(ctx, to, slices.Sorted(maps.Keys(v.topics)), v.topics); err != nil {
		return view{}, err
	}
	return v, c.aimReassigned(ctx, v.topics)
}

// look is observe without the settings: it needs no more than Describe on the topics.
// Replicas are counted as Metadata has them, also those that are being moved away.
func (c *Client) look(ctx context.Context, to kmsg.Requestor, names []string) (view, error) {
	meta, err := c.kafka.Metadata(ctx, to, names)
	if err != nil {
		return view{}, err
	}
	v := view{meta: meta, topics: make(map[string]topicspec.Observed)}
	var hidden kafka.Denials
	for _, t := range meta.Topics {
		replicas, err := replicaCounts(t)
		if hidden.Add(err) {
			continue
		}
		if err != nil {
			return view{}, fmt.Errorf("describe topic %q: %w", *t.Topic, err)
		}
		if replicas != nil {
			v.topics[*t.Topic] = topicspec.Observed{Replicas: replicas}
		}
	}
	return v, hidden.Err()
}

// replicaCounts has the number of replicas by partition, nil when there is no such
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
// meanwhile is taken out again.
func (c *Client) observeConfigs(ctx context.Context, to kmsg.Requestor, existing []string, topics map[string]topicspec.Observed) error {
	resources, err := describeConfigs(ctx, to, existing)
	if err != nil {
		return err
	}
	var hidden kafka.Denials
	for _, r := range resources {
		err := settingsError(r)
		if hidden.Add(err) {
			continue
		}
		if errors.Is(err, kerr.UnknownTopicOrPartition) {
			delete(topics, r.ResourceName)
			continue
		}
		if err != nil {
			return err
		}
		observed := topics[r.ResourceName]
		observed.Config = make(map[string]topicspec.ObservedSetting, len(r.Configs))
		for _, s := range r.Configs {
			setting := topicspec.ObservedSetting{Override: s.Source == kmsg.ConfigSourceDynamicTopicConfig}
			if s.Value != nil {
				setting.Value = *s.Value
			}
			observed.Config[s.Name] = setting
		}
		topics[r.ResourceName] = observed
	}
	return hidden.Err()
}

// describeConfigs asks to for all settings of topics, those that are not overridden
// included.
func describeConfigs(ctx context.Context, to kmsg.Requestor, topics []string) ([]kmsg.DescribeConfigsResponseResource, error) {
	req := kmsg.NewPtrDescribeConfigsRequest()
	for _, name := range topics {
		resource := kmsg.NewDescribeConfigsRequestResource()
		resource.ResourceType = kmsg.ConfigResourceTypeTopic
		resource.ResourceName = name
		req.Resources = append(req.Resources, resource)
	}
	resp, err := req.RequestWith(ctx, to)
	if err != nil {
		return nil, fmt.Errorf("describe configs: %w", err)
	}
	return resp.Resources, nil
}

// settingsError is why a topic's settings were not told, nil when they were.
func settingsError(r kmsg.DescribeConfigsResponseResource) error {
	if err := kafka.CodeError(kmsg.DescribeConfigs, r.ResourceName, r.ErrorCode, r.ErrorMessage); err != nil {
		return kafka.Wrap(fmt.Sprintf("describe the settings of topic %q", r.ResourceName), err)
	}
	return nil
}

// aimReassigned corrects the replica counts of partitions that are being
// reassigned: metadata lists the replicas that will go as well. Brokers that do
// not know the request (before 2.4) or do not allow it have nothing to correct.
func (c *Client) aimReassigned(ctx context.Context, topics map[string]topicspec.Observed) error {
	req := kmsg.NewPtrListPartitionReassignmentsRequest()
	req.TimeoutMillis = int32(kafka.WriteTimeout.Milliseconds())
	for name, observed := range topics {
		topic := kmsg.NewListPartitionReassignmentsRequestTopic()
		topic.Topic = name
		for p := range observed.Replicas {
			topic.Partitions = append(topic.Partitions, int32(p))
		}
		req.Topics = append(req.Topics, topic)
	}
	resp, err := req.RequestWith(ctx, c.kafka.Any)
	if err != nil {
		return fmt.Errorf("list reassignments: %w", err)
	}
	switch err := kafka.CodeError(kmsg.ListPartitionReassignments, "", resp.ErrorCode, resp.ErrorMessage); {
	case errors.Is(err, kerr.ClusterAuthorizationFailed), errors.Is(err, kerr.UnsupportedVersion):
		return nil
	case err != nil:
		return fmt.Errorf("list reassignments: %w", err)
	}
	for _, t := range resp.Topics {
		for _, p := range t.Partitions {
			if counts := topics[t.Topic].Replicas; int(p.Partition) < len(counts) {
				counts[p.Partition] = len(p.Replicas) - len(p.RemovingReplicas)
			}
		}
	}
	return nil
}
