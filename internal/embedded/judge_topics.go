package embedded

import (
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/topicspec"
)

// mostPartitions is how many a broker makes in one request.
const mostPartitions = 10_000

// createTopics refuses topics one by one; the others are made.
func (j *judge) createTopics(req *kmsg.CreateTopicsRequest) (kmsg.Response, error) {
	resp := answerTo[*kmsg.CreateTopicsResponse](req)
	why := j.newTopics(req.Topics)
	var taken []kmsg.CreateTopicsRequestTopic
	for _, topic := range req.Topics {
		r, refused := why[topic.Topic]
		switch {
		case refused && r == nil: // answered: a name that is there twice is answered once
		case refused:
			why[topic.Topic] = nil
			t := kmsg.NewCreateTopicsResponseTopic()
			t.Topic, t.NumPartitions, t.ReplicationFactor = topic.Topic, -1, -1
			t.ErrorCode, t.ErrorMessage = r.answer()
			resp.Topics = append(resp.Topics, t)
		default:
			taken = append(taken, topic)
			if !req.ValidateOnly {
				j.learnName(topic.Topic)
			}
		}
	}
	if len(resp.Topics) == 0 {
		return nil, nil
	}
	if len(taken) > 0 {
		req.Topics = taken
		rest, err := rest[*kmsg.CreateTopicsResponse](j, req)
		if err != nil {
			return nil, err
		}
		resp.Topics = append(resp.Topics, rest.Topics...)
	}
	return resp, nil
}

// newTopics returns why topics are refused, by name.
func (j *judge) newTopics(topics []kmsg.CreateTopicsRequestTopic) map[string]*refusal {
	why := map[string]*refusal{}
	twice := repeated(topics, func(t kmsg.CreateTopicsRequestTopic) string { return t.Topic })
	tooMany := partitionsOf(topics) > mostPartitions
	folded := map[string]string{} // the names that are not refused
	for i := range topics {
		topic := &topics[i]
		key := topicspec.FoldName(topic.Topic)
		var r *refusal
		switch {
		case twice[topic.Topic]:
			r = refuse(kerr.InvalidRequest, "Duplicate topic name.")
		case tooMany:
			r = refuse(kerr.PolicyViolation, "Excessively large number of partitions per request.")
		default:
			// A broker looks at the topics that are there alone, and makes two that collide when one
			// request has both. That is an oversight: neither could be made after the other.
			if r = j.newTopic(topic); r == nil && folded[key] != "" {
				r = collision(topic.Topic, folded[key])
			}
		}
		if r != nil {
			why[topic.Topic] = r
			continue
		}
		folded[key] = topic.Topic
	}
	return why
}

func collision(name, other string) *refusal {
	return refuse(kerr.InvalidTopicException, "Topic '%s' collides with existing topic: %s", name, other)
}

// partitionsOf counts the partitions that topics ask for.
func partitionsOf(topics []kmsg.CreateTopicsRequestTopic) int {
	sum := 0
	for i := range topics {
		switch t := &topics[i]; {
		case len(t.ReplicaAssignment) > 0:
			sum += len(t.ReplicaAssignment)
		case t.NumPartitions == -1:
			sum++
		case t.NumPartitions > 0:
			sum += int(t.NumPartitions)
		}
	}
	return sum
}

// newTopic judges a topic as a broker does, in its order: name, settings, counts.
func (j *judge) newTopic(topic *kmsg.CreateTopicsRequestTopic) *refusal {
	if topic.Topic == "__cluster_metadata" {
		return refuse(kerr.InvalidRequest, "Creation of internal topic __cluster_metadata is prohibited.")
	}
	if words := topicspec.BrokerNameRefusal(topic.Topic); words != "" {
		return refuse(kerr.InvalidTopicException, "%s", words)
	}
	if j.kfake.TopicInfo(topic.Topic) != nil {
		return refuse(kerr.TopicAlreadyExists, "Topic '%s' already exists.", topic.Topic)
	}
	if other := j.colliding(topic.Topic); other != "" {
		return collision(topic.Topic, other)
	}
	settings := map[string]*string{}
	for _, c := range topic.Configs {
		settings[c.Name] = c.Value
	}
	if r := judgeSettings(settings); r != nil {
		return r
	}
	if len(topic.ReplicaAssignment) > 0 {
		return j.assignment(topic)
	}
	return j.counts(topic)
}

// judgeSettings judges all settings of a topic; none may be without a value.
func judgeSettings(settings map[string]*string) *refusal {
	config, null := map[string]string{}, []string(nil)
	for name, value := range settings {
		if value == nil {
			null = append(null, name)
			continue
		}
		config[name] = *value
	}
	if len(null) > 0 {
		slices.Sort(null)
		return refuse(kerr.InvalidConfig, "Null value not supported for topic configs: %s", strings.Join(null, ","))
	}
	if words := topicspec.BrokerRefusal(config); words != "" {
		return refuse(kerr.InvalidConfig, "%s", words)
	}
	return nil
}

func (j *judge) counts(topic *kmsg.CreateTopicsRequestTopic) *refusal {
	switch replicas := topic.ReplicationFactor; {
	case replicas < -1 || replicas == 0:
		return refuse(kerr.InvalidReplicationFactor, "Replication factor must be larger than 0, or -1 to use the default value.")
	case topic.NumPartitions < -1 || topic.NumPartitions == 0:
		return refuse(kerr.InvalidPartitions, "Number of partitions was set to an invalid non-positive value.")
	case int(replicas) > len(j.addrs):
		return refuse(kerr.InvalidReplicationFactor, "Unable to replicate the partition %d time(s): The target replication factor of %d cannot be reached "+
			"because only %d broker(s) are registered or some brokers have all their log directories cordoned.", replicas, replicas, len(j.addrs))
	default:
		return nil
	}
}

// assignment judges the replicas that a topic's partitions are given.
func (j *judge) assignment(topic *kmsg.CreateTopicsRequestTopic) *refusal {
	const manual = "A manual partition assignment was specified, but "
	switch {
	case topic.ReplicationFactor != -1:
		return refuse(kerr.InvalidRequest, manual+"replication factor was not set to -1.")
	case topic.NumPartitions != -1:
		return refuse(kerr.InvalidRequest, manual+"numPartitions was not set to -1.")
	}
	seen, first := map[int32]bool{}, len(topic.ReplicaAssignment[0].Replicas)
	for _, a := range topic.ReplicaAssignment {
		if seen[a.Partition] {
			return refuse(kerr.InvalidReplicaAssignment, "Found multiple manual partition assignments for partition %d", a.Partition)
		}
		if r := j.placement(a.Replicas); r != nil {
			return r
		}
		if len(a.Replicas) != first {
			return unevenPlacement(len(a.Replicas), first)
		}
		seen[a.Partition] = true
	}
	for i := range topic.ReplicaAssignment {
		if !seen[int32(i)] {
			return refuse(kerr.InvalidReplicaAssignment, "partitions should be a consecutive 0-based integer sequence")
		}
	}
	return nil
}

func unevenPlacement(replicas, before int) *refusal {
	return refuse(kerr.InvalidReplicaAssignment, "The manual partition assignment includes a partition with %d replica(s), "+
		"but this is not consistent with previous partitions, which have %d replica(s).", replicas, before)
}
