package health

import (
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafkatest"
)

func quorum(leader int32, code int16) *kmsg.DescribeQuorumResponse {
	partition := kmsg.NewDescribeQuorumResponseTopicPartition()
	partition.LeaderID, partition.ErrorCode = leader, code
	topic := kmsg.NewDescribeQuorumResponseTopic()
	topic.Topic, topic.Partitions = "__cluster_metadata", append(topic.Partitions, partition)
	resp := kmsg.NewPtrDescribeQuorumResponse()
	resp.Topics = append(resp.Topics, topic)
	return resp
}

func TestControllerFaults(t *testing.T) {
	t.Parallel()
	for _, f := range []fault{
		{
			name:    "no controller",
			arrange: func(c *kfake.Cluster) { describe(c, func(r *kmsg.MetadataResponse) { r.ControllerID = -1 }) },
			want:    Finding{Rung: "K5", Verdict: Wait, Evidence: "ADDR names no controller"},
		},
		{
			name:    "controller gone",
			arrange: func(c *kfake.Cluster) { describe(c, func(r *kmsg.MetadataResponse) { r.ControllerID = 7 }) },
			want:    Finding{Rung: "K5", Verdict: Wait, Evidence: "ADDR names controller 7, but lists brokers 0"},
		},
		{
			name:    "quorum with a leader",
			arrange: func(c *kfake.Cluster) { kafkatest.OfferQuorum(c, func() kmsg.Response { return quorum(3, 0) }) },
			want:    Finding{Rung: "K5", Verdict: Pass, Evidence: "the metadata quorum is led by 3"},
		},
		{
			name:    "quorum without a leader",
			arrange: func(c *kfake.Cluster) { kafkatest.OfferQuorum(c, func() kmsg.Response { return quorum(-1, 0) }) },
			want:    Finding{Rung: "K5", Verdict: Wait, Evidence: "the metadata quorum has no leader"},
		},
		{
			name: "quorum not to be asked",
			arrange: func(c *kfake.Cluster) {
				kafkatest.OfferQuorum(c, func() kmsg.Response { return quorum(-1, kerr.ClusterAuthorizationFailed.Code) })
			},
			want: Finding{Rung: "K5", Verdict: Pass, Evidence: "not proven: DescribeQuorum needs Describe on the cluster, which this user lacks"},
		},
		{
			name: "quorum not to be asked, told of the whole question as Kafka does",
			arrange: func(c *kfake.Cluster) {
				kafkatest.OfferQuorum(c, func() kmsg.Response {
					resp := kmsg.NewPtrDescribeQuorumResponse()
					resp.ErrorCode = kerr.ClusterAuthorizationFailed.Code
					return resp
				})
			},
			want: Finding{Rung: "K5", Verdict: Pass, Evidence: "not proven: DescribeQuorum needs Describe on the cluster, which this user lacks"},
		},
	} {
		t.Run(f.name, f.test)
	}
}
