package groups

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// describeClassic asks broker id, with DescribeGroups, about groups of the classic protocol that it
// coordinates. It asks nothing for no names.
func (c *Client) describeClassic(ctx context.Context, id int32, names []string) ([]Group, error) {
	if len(names) == 0 {
		return nil, nil
	}
	req := kmsg.NewPtrDescribeGroupsRequest()
	req.Groups = names
	resp, err := req.RequestWith(ctx, c.kafka.On(id))
	if err != nil {
		return nil, fmt.Errorf("describe groups: %w", err)
	}
	return decoded(id, resp.Groups, classicGroup), nil
}

// classicGroup decodes a group of the classic protocol.
func classicGroup(g kmsg.DescribeGroupsResponseGroup) Group {
	err := kafka.CodeError(kmsg.DescribeGroups, g.Group, g.ErrorCode, g.ErrorMessage)
	found := newGroup(g.Group, g.State, ProtocolClassic, g.Protocol, err)
	for _, m := range g.Members {
		member := newMember(m.MemberID, m.InstanceID, m.ClientID, m.ClientHost)
		var assigned kmsg.ConsumerMemberAssignment
		if isConsumerType(g.ProtocolType) && len(m.MemberAssignment) > 0 {
			if err := assigned.ReadFrom(m.MemberAssignment); err != nil {
				found.Err = &assignmentError{fmt.Errorf("group %q: read the assignment of member %q: %w", g.Group, m.MemberID, err)}
			}
		}
		for _, t := range assigned.Topics {
			member.assign(t.Topic, t.Partitions)
		}
		found.addMember(member)
	}
	found.sortMembers()
	return found
}

// describeConsumer asks broker id, with ConsumerGroupDescribe, about groups of the consumer
// protocol (KIP-848) that it coordinates: DescribeGroups does not find them. It asks nothing for no
// names.
func (c *Client) describeConsumer(ctx context.Context, id int32, names []string) ([]Group, error) {
	if len(names) == 0 {
		return nil, nil
	}
	req := kmsg.NewPtrConsumerGroupDescribeRequest()
	req.Groups = names
	resp, err := req.RequestWith(ctx, c.kafka.On(id))
	if err != nil {
		return nil, fmt.Errorf("describe groups: %w", err)
	}
	topics := c.topicNames(ctx, id, resp)
	return decoded(id, resp.Groups, func(g kmsg.ConsumerGroupDescribeResponseGroup) Group { return consumerGroup(g, topics) }), nil
}

// consumerGroup decodes a group of the consumer protocol (KIP-848). topics names those that the
// answer gives the ids of alone; one that was deleted has no name, and is left out.
func consumerGroup(g kmsg.ConsumerGroupDescribeResponseGroup, topics map[[16]byte]string) Group {
	err := kafka.CodeError(kmsg.ConsumerGroupDescribe, g.Group, g.ErrorCode, g.ErrorMessage)
	found := newGroup(g.Group, g.State, ProtocolConsumer, g.AssignorName, err)
	for _, m := range g.Members {
		member := newMember(m.MemberID, m.InstanceID, m.ClientID, m.ClientHost)
		for _, t := range m.Assignment.TopicPartitions {
			if topic := cmp.Or(t.Topic, topics[t.TopicID]); topic != "" {
				member.assign(topic, t.Partitions)
			}
		}
		found.addMember(member)
	}
	found.sortMembers()
	return found
}

// decoded returns the groups of an answer of broker id, which coordinates them.
func decoded[G any](id int32, answer []G, decode func(G) Group) []Group {
	found := make([]Group, len(answer))
	for i, g := range answer {
		found[i] = decode(g)
		found[i].Coordinator = id
	}
	return found
}

// newGroup returns a group without members. One that was removed since it was listed is dead, which
// brokers before 4.0 say by its state and later ones by an error.
func newGroup(name, state, protocol, assignor string, err error) Group {
	if errors.Is(err, kerr.GroupIDNotFound) {
		state, err = stateDead, nil
	}
	return Group{Name: name, State: state, Protocol: protocol, Assignor: assignor, Err: err}
}

// newMember returns a member without partitions. Java puts a slash before a host.
func newMember(id string, instance *string, client, host string) Member {
	m := Member{ID: id, ClientID: client, Host: strings.TrimPrefix(host, "/")}
	if instance != nil {
		m.InstanceID = *instance
	}
	return m
}

// assignmentError says that the assignment of a member cannot be read. The state of the group and
// the number of its members are known all the same.
type assignmentError struct{ error }

func (e *assignmentError) Unwrap() error { return e.error }

// topicNames names the topics that an answer gives the ids of alone. Kafka's own brokers never do
// that.
func (c *Client) topicNames(ctx context.Context, id int32, resp *kmsg.ConsumerGroupDescribeResponse) map[[16]byte]string {
	names := make(map[[16]byte]string)
	req := kmsg.NewPtrMetadataRequest()
	for _, g := range resp.Groups {
		for _, m := range g.Members {
			for _, t := range m.Assignment.TopicPartitions {
				if _, asked := names[t.TopicID]; t.Topic == "" && !asked {
					names[t.TopicID] = ""
					topic := kmsg.NewMetadataRequestTopic()
					topic.TopicID = t.TopicID
					req.Topics = append(req.Topics, topic)
				}
			}
		}
	}
	if len(names) == 0 {
		return nil
	}
	meta, err := req.RequestWith(ctx, c.kafka.On(id))
	if err != nil {
		return nil
	}
	for _, t := range meta.Topics {
		if t.Topic != nil {
			names[t.TopicID] = *t.Topic
		}
	}
	return names
}
