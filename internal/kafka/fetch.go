package kafka

import (
	"context"
	"fmt"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// TopicID is what the cluster calls one life of a topic (KIP-516): a topic that is deleted and made
// again under its name has another one. It is zero for brokers before 2.8, which know no ids.
type TopicID = [16]byte

// FetchPlace is where records of one partition are asked for.
type FetchPlace struct {
	TopicPartition
	// TopicID, unless it is zero, is the topic that is meant. A broker refuses one that is gone with
	// UNKNOWN_TOPIC_ID, or INCONSISTENT_TOPIC_ID, though there be another topic of that name.
	TopicID TopicID
	Offset  int64
	// LastEpoch is the leader epoch of what was read last before Offset, -1 when it is not known.
	// A leader whose log does not have that any more answers with a DivergingEpoch (KIP-595).
	LastEpoch int32
	MaxBytes  int32
}

// FetchRequest returns a full Fetch request without a session (KIP-227), for one broker and up to
// maxBytes. The places of one topic have one id. It does not wait for records, and asks for the
// committed ones alone.
func FetchRequest(places []FetchPlace, maxBytes int32) *kmsg.FetchRequest {
	req := kmsg.NewPtrFetchRequest()
	req.ReplicaID, req.MaxWaitMillis, req.MinBytes, req.MaxBytes = -1, 0, 0, maxBytes
	req.SessionID, req.SessionEpoch, req.IsolationLevel = 0, -1, 1
	topics := make(map[string]int)
	for _, at := range places {
		i, ok := topics[at.Topic]
		if !ok {
			i = len(req.Topics)
			topics[at.Topic] = i
			topic := kmsg.NewFetchRequestTopic()
			topic.Topic, topic.TopicID = at.Topic, at.TopicID
			req.Topics = append(req.Topics, topic)
		}
		p := kmsg.NewFetchRequestTopicPartition()
		p.Partition, p.FetchOffset, p.PartitionMaxBytes = at.Partition, at.Offset, min(at.MaxBytes, maxBytes)
		p.CurrentLeaderEpoch, p.LastFetchedEpoch, p.LogStartOffset = -1, at.LastEpoch, -1
		req.Topics[i].Partitions = append(req.Topics[i].Partitions, p)
	}
	return req
}

// Fetch sends req to a broker. It asks by topic id where the ids of all topics are known and the
// broker takes them (Kafka 3.1), and otherwise by name. The answer has the names in either case.
// The error is that of the connection, or that of the broker about the whole request.
func Fetch(ctx context.Context, to kmsg.Requestor, req *kmsg.FetchRequest) (*kmsg.FetchResponse, error) {
	var sent kmsg.Request = req
	names := make(map[TopicID]string)
	for _, t := range req.Topics {
		if t.TopicID == (TopicID{}) {
			sent = fetchByName{req}
		}
		names[t.TopicID] = t.Topic
	}
	answer, err := to.Request(ctx, sent)
	if err != nil {
		return nil, err
	}
	resp, ok := answer.(*kmsg.FetchResponse)
	if !ok {
		return nil, fmt.Errorf("the answer to a fetch is a %T", answer)
	}
	if err := kerr.ErrorForCode(resp.ErrorCode); err != nil {
		return nil, err
	}
	for i := range resp.Topics {
		if t := &resp.Topics[i]; t.Topic == "" {
			t.Topic = names[t.TopicID]
		}
	}
	return resp, nil
}

// fetchByName is a Fetch request of a version that names its topics: from 13 on they have ids alone
// (KIP-516).
type fetchByName struct{ *kmsg.FetchRequest }

// MaxVersion returns the last version with names.
func (fetchByName) MaxVersion() int16 { return 12 }
