package embedded

import (
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// createPartitions refuses growth topic by topic; the others grow.
func (j *judge) createPartitions(req *kmsg.CreatePartitionsRequest) (kmsg.Response, error) {
	resp := answerTo[*kmsg.CreatePartitionsResponse](req)
	twice := repeated(req.Topics, func(t kmsg.CreatePartitionsRequestTopic) string { return t.Topic })
	answered := map[string]bool{}
	var taken []kmsg.CreatePartitionsRequestTopic
	for i := range req.Topics {
		topic := &req.Topics[i]
		if answered[topic.Topic] {
			continue // a name that is there twice is answered once
		}
		r := refuse(kerr.InvalidRequest, "Duplicate topic name.")
		if !twice[topic.Topic] {
			if r = j.growth(topic); r == nil {
				taken = append(taken, *topic)
				continue
			}
		}
		answered[topic.Topic] = true
		t := kmsg.NewCreatePartitionsResponseTopic()
		t.Topic = topic.Topic
		t.ErrorCode, t.ErrorMessage = r.answer()
		resp.Topics = append(resp.Topics, t)
	}
	if len(resp.Topics) == 0 {
		return nil, nil
	}
	if len(taken) > 0 {
		req.Topics = taken
		rest, err := rest[*kmsg.CreatePartitionsResponse](j, req)
		if err != nil {
			return nil, err
		}
		resp.Topics = append(resp.Topics, rest.Topics...)
	}
	return resp, nil
}

func (j *judge) growth(topic *kmsg.CreatePartitionsRequestTopic) *refusal {
	info := j.kfake.TopicInfo(topic.Topic)
	if info == nil {
		return refuse(kerr.UnknownTopicOrPartition, "")
	}
	count := int32(len(j.kfake.PartitionInfos(topic.Topic)))
	more := topic.Count - count
	switch {
	case more == 0:
		return refuse(kerr.InvalidPartitions, "Topic already has %d partition(s).", count)
	case more < 0:
		return refuse(kerr.InvalidPartitions, "The topic %s currently has %d partition(s); %d would not be an increase.", topic.Topic, count, topic.Count)
	case more > mostPartitions:
		return refuse(kerr.PolicyViolation, "Excessively large number of partitions per request.")
	case topic.Assignment == nil:
		return nil
	case len(topic.Assignment) != int(more):
		return refuse(kerr.InvalidReplicaAssignment, "Attempted to add %d additional partition(s), but only %d assignment(s) were specified.", more, len(topic.Assignment))
	}
	for _, a := range topic.Assignment {
		if r := j.placement(a.Replicas); r != nil {
			return r
		}
		if len(a.Replicas) != info.NumReplicas {
			return unevenPlacement(len(a.Replicas), info.NumReplicas)
		}
	}
	return nil
}

// alterPartitionAssignments answers for kfake, which takes every move and makes none.
func (j *judge) alterPartitionAssignments(req *kmsg.AlterPartitionAssignmentsRequest) (kmsg.Response, error) {
	resp := answerTo[*kmsg.AlterPartitionAssignmentsResponse](req)
	for _, topic := range req.Topics {
		t := kmsg.NewAlterPartitionAssignmentsResponseTopic()
		t.Topic = topic.Topic
		for _, partition := range topic.Partitions {
			p := kmsg.NewAlterPartitionAssignmentsResponseTopicPartition()
			p.Partition = partition.Partition
			if r := j.move(topic.Topic, partition); r != nil {
				p.ErrorCode, p.ErrorMessage = r.answer()
			}
			t.Partitions = append(t.Partitions, p)
		}
		resp.Topics = append(resp.Topics, t)
	}
	return resp, nil
}

// move judges the replicas that a partition is to have. Any but those that it has are refused: that
// nothing moves must not look like a move.
func (j *judge) move(topic string, p kmsg.AlterPartitionAssignmentsRequestTopicPartition) *refusal {
	info, partition := j.kfake.TopicInfo(topic), j.kfake.PartitionInfo(topic, p.Partition)
	switch {
	case info == nil:
		return refuse(kerr.UnknownTopicOrPartition, "Unable to find a topic named %s.", topic)
	case partition == nil:
		return refuse(kerr.UnknownTopicOrPartition, "Unable to find partition %s:%d.", topic, p.Partition)
	case p.Replicas == nil:
		return refuse(kerr.NoReassignmentInProgress, "")
	}
	if r := j.placement(p.Replicas); r != nil {
		return r
	}
	now := make([]int32, min(info.NumReplicas, len(j.addrs)))
	for i := range now {
		now[i] = (partition.Leader + int32(i)) % int32(len(j.addrs))
	}
	if slices.Equal(slices.Sorted(slices.Values(now)), slices.Sorted(slices.Values(p.Replicas))) {
		return nil
	}
	return refuse(kerr.InvalidReplicaAssignment, "The embedded Kafka of kafkactl dev moves no replicas: those of %s-%d stay on %v.", topic, p.Partition, now)
}
