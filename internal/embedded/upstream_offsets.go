package embedded

import (
	"maps"
	"slices"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// fetchOffsets answers for the offsets of groups when one of them is not there, which is no error: it
// has none. It returns nil for a request that is kfake's to answer. That is also one for stable
// offsets (KIP-447) of groups that are there and groups that are not, which no client sends.
func fetchOffsets(cluster *kfake.Cluster, req kmsg.Request) kmsg.Response {
	fetch, _ := req.(*kmsg.OffsetFetchRequest)
	groups := fetch.Groups
	if fetch.Version < 8 {
		groups = []kmsg.OffsetFetchRequestGroup{onlyGroup(fetch)}
	}
	offsets, absent := make([]groupOffsets, len(groups)), 0
	for i, group := range groups {
		if cluster.CoordinatorFor(group.Group) != cluster.CurrentNode() {
			return nil
		}
		info := cluster.GroupInfo(group.Group)
		if info == nil {
			absent++
			continue
		}
		offsets[i] = info.Commits
	}
	if absent == 0 || absent < len(groups) && fetch.RequireStable {
		return nil
	}
	resp := fetch.ResponseKind().(*kmsg.OffsetFetchResponse)
	for i, group := range groups {
		resp.Groups = append(resp.Groups, offsets[i].answer(cluster, group))
	}
	if fetch.Version < 8 {
		resp.Topics = onlyTopics(resp.Groups[0])
	}
	return resp
}

// onlyGroup returns the one group of a request before v8.
func onlyGroup(fetch *kmsg.OffsetFetchRequest) kmsg.OffsetFetchRequestGroup {
	group := kmsg.NewOffsetFetchRequestGroup()
	group.Group = fetch.Group
	if fetch.Topics == nil {
		return group // all topics
	}
	group.Topics = []kmsg.OffsetFetchRequestGroupTopic{}
	for _, t := range fetch.Topics {
		topic := kmsg.NewOffsetFetchRequestGroupTopic()
		topic.Topic, topic.Partitions = t.Topic, t.Partitions
		group.Topics = append(group.Topics, topic)
	}
	return group
}

// onlyTopics returns the topics of an answer before v8.
func onlyTopics(group kmsg.OffsetFetchResponseGroup) []kmsg.OffsetFetchResponseTopic {
	topics := []kmsg.OffsetFetchResponseTopic{}
	for _, t := range group.Topics {
		topic := kmsg.NewOffsetFetchResponseTopic()
		topic.Topic = t.Topic
		for _, p := range t.Partitions {
			partition := kmsg.NewOffsetFetchResponseTopicPartition()
			partition.Partition, partition.Offset = p.Partition, p.Offset
			partition.LeaderEpoch, partition.Metadata = p.LeaderEpoch, p.Metadata
			topic.Partitions = append(topic.Partitions, partition)
		}
		topics = append(topics, topic)
	}
	return topics
}

// groupOffsets are the committed offsets of a group, by topic and partition.
type groupOffsets map[string]map[int32]kfake.GroupCommit

// answer returns the offsets that a request asks for: those of all topics, if it names none.
func (o groupOffsets) answer(cluster *kfake.Cluster, asked kmsg.OffsetFetchRequestGroup) kmsg.OffsetFetchResponseGroup {
	answer := kmsg.NewOffsetFetchResponseGroup()
	answer.Group = asked.Group
	if asked.Topics == nil {
		for _, name := range slices.Sorted(maps.Keys(o)) {
			topic := kmsg.NewOffsetFetchRequestGroupTopic()
			topic.Topic, topic.Partitions = name, slices.Sorted(maps.Keys(o[name]))
			if info := cluster.TopicInfo(name); info != nil {
				topic.TopicID = info.TopicID
			}
			asked.Topics = append(asked.Topics, topic)
		}
	}
	for _, t := range asked.Topics {
		topic := kmsg.NewOffsetFetchResponseGroupTopic()
		topic.Topic, topic.TopicID = t.Topic, t.TopicID
		if info := cluster.TopicIDInfo(t.TopicID); info != nil { // v10 has no names
			topic.Topic = info.Topic
		}
		for _, number := range t.Partitions {
			topic.Partitions = append(topic.Partitions, o.partition(topic.Topic, number))
		}
		answer.Topics = append(answer.Topics, topic)
	}
	return answer
}

// partition returns the offset of a partition, -1 for none.
func (o groupOffsets) partition(topic string, number int32) kmsg.OffsetFetchResponseGroupTopicPartition {
	partition := kmsg.NewOffsetFetchResponseGroupTopicPartition()
	partition.Partition, partition.Offset, partition.LeaderEpoch = number, -1, -1
	partition.Metadata = new(string)
	if commit, ok := o[topic][number]; ok {
		partition.Offset, partition.LeaderEpoch = commit.Offset, commit.LeaderEpoch
		partition.Metadata = &commit.Metadata
	}
	return partition
}
