package kafka

import "github.com/twmb/franz-go/pkg/kmsg"

// Timestamps that ListOffsets takes for the ends of a log.
const (
	LogStart = -2
	LogEnd   = -1
)

// offsetsAt asks, by leader, for the offset at a timestamp in every partition.
func OffsetRequests(meta *kmsg.MetadataResponse, timestamp int64) map[int32]*kmsg.ListOffsetsRequest {
	led := make(map[int32]*kmsg.ListOffsetsRequest)
	for _, t := range meta.Topics {
		for _, p := range t.Partitions {
			req := led[p.Leader]
			if req == nil {
				req = kmsg.NewPtrListOffsetsRequest()
				led[p.Leader] = req
			}
			last := len(req.Topics) - 1
			if last < 0 || req.Topics[last].Topic != *t.Topic {
				topic := kmsg.NewListOffsetsRequestTopic()
				topic.Topic = *t.Topic
				req.Topics = append(req.Topics, topic)
				last++
			}
			partition := kmsg.NewListOffsetsRequestTopicPartition()
			partition.Partition, partition.CurrentLeaderEpoch, partition.Timestamp = p.Partition, p.LeaderEpoch, timestamp
			req.Topics[last].Partitions = append(req.Topics[last].Partitions, partition)
		}
	}
	return led
}
