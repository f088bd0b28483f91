package kafka

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Kafka refuses DescribeQuorum for the whole request, and a broker whose quorum is lost for the
// partition. An answer about nothing is no quorum without a leader.
func TestQuorumState(t *testing.T) {
	t.Parallel()
	answer := func(code int16, partitions ...kmsg.DescribeQuorumResponseTopicPartition) *kmsg.DescribeQuorumResponse {
		return &kmsg.DescribeQuorumResponse{
			ErrorCode: code, Topics: []kmsg.DescribeQuorumResponseTopic{{Topic: "__cluster_metadata", Partitions: partitions}},
		}
	}
	led := kmsg.DescribeQuorumResponseTopicPartition{LeaderID: 3, LeaderEpoch: 7}
	lost := kmsg.DescribeQuorumResponseTopicPartition{LeaderID: 3, ErrorCode: kerr.NotLeaderForPartition.Code}
	for _, test := range []struct {
		name  string
		resp  *kmsg.DescribeQuorumResponse
		want  kmsg.DescribeQuorumResponseTopicPartition
		err   error
		words string
	}{
		{name: "led", resp: answer(0, led), want: led},
		{name: "refused whole", resp: answer(kerr.ClusterAuthorizationFailed.Code), err: kerr.ClusterAuthorizationFailed},
		{name: "refused for the log", resp: answer(0, lost), err: kerr.NotLeaderForPartition},
		{name: "no partition", resp: answer(0), words: "the answer is empty"},
		{name: "no topic", resp: &kmsg.DescribeQuorumResponse{}, words: "the answer is empty"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := QuorumState(test.resp)
			if diff := cmp.Diff(test.want, got, cmpopts.IgnoreUnexported(kmsg.Tags{})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if test.words == "" && !errors.Is(err, test.err) || test.words != "" && (err == nil || err.Error() != test.words) {
				t.Errorf("error %v, want %v%s", err, test.err, test.words)
			}
		})
	}
}
