package kafka

import (
	"context"
	"errors"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// QuorumRequest returns a DescribeQuorum request about the metadata log, which brokers in KRaft
// mode alone know. A broker passes it on to the quorum's leader.
func QuorumRequest() *kmsg.DescribeQuorumRequest {
	topic := kmsg.NewDescribeQuorumRequestTopic()
	topic.Topic = "__cluster_metadata"
	topic.Partitions = append(topic.Partitions, kmsg.NewDescribeQuorumRequestTopicPartition()) // 0, the only one
	req := kmsg.NewPtrDescribeQuorumRequest()
	req.Topics = append(req.Topics, topic)
	return req
}

// QuorumState returns the state of the metadata log that resp holds. An answer without one is an
// error, and so is Kafka's code for the request or for the log, in the form of [CodeError].
func QuorumState(resp *kmsg.DescribeQuorumResponse) (kmsg.DescribeQuorumResponseTopicPartition, error) {
	var none kmsg.DescribeQuorumResponseTopicPartition
	if err := CodeError(kmsg.DescribeQuorum, "", resp.ErrorCode, resp.ErrorMessage); err != nil {
		return none, err
	}
	if len(resp.Topics) == 0 || len(resp.Topics[0].Partitions) == 0 {
		return none, errors.New("the answer is empty")
	}
	state := resp.Topics[0].Partitions[0]
	if err := CodeError(kmsg.DescribeQuorum, "", state.ErrorCode, state.ErrorMessage); err != nil {
		return none, err
	}
	return state, nil
}

// Quorum asks for the state of the metadata log of a cluster in KRaft mode.
func (c *Client) Quorum(ctx context.Context) (kmsg.DescribeQuorumResponseTopicPartition, error) {
	resp, err := QuorumRequest().RequestWith(ctx, c.Seed())
	var state kmsg.DescribeQuorumResponseTopicPartition
	if err == nil {
		state, err = QuorumState(resp)
	}
	if err != nil {
		return state, Wrap("ask the quorum", err)
	}
	return state, nil
}
