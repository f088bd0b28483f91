package kafka

import (
	"errors"
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/kversion"
)

// A broker before 3.0 takes the newest record for a time, and answers with the first record without an error:
// its topic would look old. What it says of other places counts.
func TestLatestRecordOfOldBroker(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t, kfake.MaxVersions(kversion.V2_8_0()))
	answerOffsets(cluster)
	meta := kmsg.NewPtrMetadataResponse()
	topic := kmsg.NewMetadataResponseTopic()
	topic.Topic = kmsg.StringPtr("a")
	topic.Partitions = []kmsg.MetadataResponseTopicPartition{kmsg.NewMetadataResponseTopicPartition()}
	meta.Topics = append(meta.Topics, topic)
	at := TopicPartition{Topic: "a"}
	if got := c.OffsetsAt(ctx, meta, LatestRecord)[at]; !errors.Is(got.Err, kerr.UnsupportedVersion) || got.Offset != -1 {
		t.Errorf("told %+v of its newest record", got)
	}
	if got := c.OffsetsAt(ctx, meta, LogEnd)[at]; got.Err != nil || got.Offset != 7 {
		t.Errorf("told %+v of the end", got)
	}
}

// A request that a broker does not know is refused by kgo, without a name.
func TestTooOld(t *testing.T) {
	t.Parallel()
	ctx, _, c := dialFake(t, kfake.MaxVersions(kversion.V2_7_0()))
	if _, err := c.Producers(ctx, 0, nil); !errors.Is(err, kerr.UnsupportedVersion) {
		t.Errorf("told %v", err)
	}
}

// Each topic is asked about at its own time, in one request to the leader.
func TestOffsetsOf(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t, kfake.SeedTopics(1, "a", "b"))
	meta, err := c.Metadata(ctx, c.Any, []string{"a", "b"})
	if err != nil {
		t.Fatal(err)
	}
	asked := make(map[string]int64)
	requests := cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.ListOffsets}, Count: -1, Observe: true, When: func(req kmsg.Request) bool {
		for _, topic := range req.(*kmsg.ListOffsetsRequest).Topics {
			asked[topic.Topic] = topic.Partitions[0].Timestamp
		}
		return true
	}})
	c.OffsetsOf(ctx, meta, func(topic string) int64 { return map[string]int64{"a": 10, "b": 20}[topic] })
	if asked["a"] != 10 || asked["b"] != 20 || requests.Hits() != 1 {
		t.Errorf("asked %v in %d requests", asked, requests.Hits())
	}
}
