package admin

import (
	"context"
	"fmt"
	"slices"

	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// Assignments returns what [topicspec.Place] decides by: the brokers that answered now, by id, and
// where the replicas of the named topics are. Topics that do not exist are left out. How many
// replicas a topic shall have (ReplicationFactor, MinInSync, ReplaceOffline) is for the caller to
// say.
//
// It needs Describe on the topics and on the cluster: who may not list reassignments cannot know
// what somebody else is moving. Sizes that are not known are -1.
func (c *Client) Assignments(ctx context.Context, names []string) ([]topicspec.Broker, []topicspec.TopicAssignment, error) {
	meta, err := c.kafka.AnyMetadata(ctx, names)
	if err != nil {
		return nil, nil, err
	}
	ids, err := partitionIDs(meta)
	if err != nil {
		return nil, nil, err
	}
	var moving reassignments
	if len(ids) > 0 {
		if moving, err = c.listReassignments(ctx, c.kafka.Any, ids); err != nil {
			return nil, nil, err
		}
	}
	var brokers []topicspec.Broker
	sizes := make(map[topicReplica]int64)
	for _, at := range kafka.AskEach(ctx, kafka.LiveBrokers(meta), c.contents) {
		if at.Err != nil {
			continue
		}
		b := at.Value.Broker
		b.Rack = rackOf(meta, at.ID)
		brokers = append(brokers, b)
		at.Value.addTo(sizes)
	}
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	var topics []topicspec.TopicAssignment
	for _, t := range meta.Topics {
		if _, exists := ids[*t.Topic]; !exists {
			continue
		}
		one := topicspec.TopicAssignment{Topic: *t.Topic}
		for _, p := range partitionsOf(meta, t) {
			p.reassign(moving[*t.Topic][p.ID])
			one.Partitions = append(one.Partitions, assignmentOf(*t.Topic, &p, sizes))
		}
		topics = append(topics, one)
	}
	return brokers, topics, nil
}

// partitionIDs returns those of each topic of meta that exists.
func partitionIDs(meta *kmsg.MetadataResponse) (map[string][]int32, error) {
	ids := make(map[string][]int32)
	var hidden kafka.Denials
	for _, t := range meta.Topics {
		replicas, err := replicaCounts(t)
		if hidden.Add(err) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("describe topic %q: %w", *t.Topic, err)
		}
		for p := range replicas {
			ids[*t.Topic] = append(ids[*t.Topic], int32(p))
		}
	}
	return ids, hidden.Err()
}

// assignmentOf is a partition as [topicspec.Place] takes it.
func assignmentOf(topic string, p *Partition, sizes map[topicReplica]int64) topicspec.Assignment {
	size, known := sizes[topicReplica{topic, replica{p.ID, p.Leader}}]
	if !known {
		size = -1
	}
	return topicspec.Assignment{
		Partition: p.ID, Replicas: p.Replicas, ISR: p.ISR, Leader: p.Leader,
		Move: topicspec.Move{Adding: p.Adding, Removing: p.Removing}, Size: size,
	}
}

// rackOf returns the rack of a broker of meta, "" for none.
func rackOf(meta *kmsg.MetadataResponse, id int32) string {
	for _, b := range meta.Brokers {
		if b.NodeID == id && b.Rack != nil {
			return *b.Rack
		}
	}
	return ""
}

// topicReplica is one copy of a partition of some topic.
type topicReplica struct {
	topic string
	replica
}

// contents is what a broker holds.
type contents struct {
	topicspec.Broker
	dirs []kmsg.DescribeLogDirsResponseDir
}

// contents asks a broker for what it holds. One that may not be asked has answered all the same.
func (c *Client) contents(ctx context.Context, id int32) (contents, error) {
	found := contents{Broker: topicspec.Broker{ID: int(id), Bytes: -1}}
	dirs, err := c.kafka.LogDirs(ctx, id, nil)
	switch {
	case kafka.Unauthorized(err):
		return found, nil
	case err != nil:
		return contents{}, err
	}
	found.dirs, found.Bytes = dirs, 0
	usable := func(d kmsg.DescribeLogDirsResponseDir) bool { return d.ErrorCode == 0 && !d.IsCordoned }
	found.Cordoned = !slices.ContainsFunc(dirs, usable)
	for _, d := range dirs {
		for _, t := range d.Topics {
			for _, p := range t.Partitions {
				found.Bytes += p.Size
				found.Replicas++
			}
		}
	}
	return found, nil
}

// addTo adds the bytes of its replicas to sizes. A replica that moves between directories takes
// space in both, and only the one in use counts.
func (h contents) addTo(sizes map[topicReplica]int64) {
	for _, d := range h.dirs {
		for _, t := range d.Topics {
			for _, p := range t.Partitions {
				if !p.IsFuture {
					sizes[topicReplica{t.Topic, replica{int(p.Partition), h.ID}}] = p.Size
				}
			}
		}
	}
}
