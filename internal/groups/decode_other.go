package groups

import (
	"context"
	"fmt"
	"slices"

	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// describeShare asks broker id, with ShareGroupDescribe, about share groups (KIP-932) that it coordinates. It asks
// nothing for no names.
func (c *Client) describeShare(ctx context.Context, id int32, names []string) ([]Group, error) {
	if len(names) == 0 {
		return nil, nil
	}
	req := kmsg.NewPtrShareGroupDescribeRequest()
	req.GroupIDs = names
	resp, err := req.RequestWith(ctx, c.kafka.On(id))
	if err != nil {
		return nil, fmt.Errorf("describe groups: %w", err)
	}
	return decoded(id, resp.Groups, shareGroup), nil
}

// shareGroup decodes a share group. Several members may be assigned one partition.
func shareGroup(g kmsg.ShareGroupDescribeResponseGroup) Group {
	err := kafka.CodeError(kmsg.ShareGroupDescribe, g.GroupID, g.ErrorCode, g.ErrorMessage)
	found := newGroup(g.GroupID, g.GroupState, ProtocolShare, g.Assignor, err)
	for _, m := range g.Members {
		member := newMember(m.MemberID, nil, m.ClientID, m.ClientHost)
		for _, t := range m.Assignment.TopicPartitions {
			member.assign(t.Topic, t.Partitions)
		}
		found.addMember(member)
	}
	found.sortMembers()
	return found
}

// describeStreams asks broker id, with StreamsGroupDescribe, about streams groups (KIP-1071) that it coordinates. It
// asks nothing for no names.
func (c *Client) describeStreams(ctx context.Context, id int32, names []string) ([]Group, error) {
	if len(names) == 0 {
		return nil, nil
	}
	req := kmsg.NewPtrStreamsGroupDescribeRequest()
	req.Groups = names
	resp, err := req.RequestWith(ctx, c.kafka.On(id))
	if err != nil {
		return nil, fmt.Errorf("describe groups: %w", err)
	}
	return decoded(id, resp.Groups, streamsGroup), nil
}

// streamsGroup decodes a streams group. A member is assigned the partitions of all topics of its tasks: those that a
// subtopology reads and those where it keeps its state. Standby tasks read the latter, too.
func streamsGroup(g kmsg.StreamsGroupDescribeResponseGroup) Group {
	err := kafka.CodeError(kmsg.StreamsGroupDescribe, g.Group, g.ErrorCode, g.ErrorMessage)
	assignor := ""
	if g.AssignorName != nil {
		assignor = *g.AssignorName
	}
	found, topics := newGroup(g.Group, g.State, ProtocolStreams, assignor, err), make(map[string][]string)
	if g.Topology != nil {
		for _, s := range g.Topology.Subtopologies {
			topics[s.SubtopologyID] = append(topics[s.SubtopologyID], s.SourceTopics...)
			for _, made := range slices.Concat(s.RepartitionSourceTopics, s.StateChangelogTopics) {
				topics[s.SubtopologyID] = append(topics[s.SubtopologyID], made.Topic)
			}
		}
	}
	for _, m := range g.Members {
		member := newMember(m.MemberID, m.InstanceID, m.ClientID, m.ClientHost)
		for _, tasks := range [][]kmsg.TaskIDs{m.Assignment.ActiveTasks, m.Assignment.StandbyTasks, m.Assignment.WarmupTasks} {
			for _, task := range tasks {
				for _, topic := range topics[task.SubtopologyID] {
					member.assign(topic, task.Partitions)
				}
			}
		}
		found.addMember(member)
	}
	found.sortMembers()
	return found
}
