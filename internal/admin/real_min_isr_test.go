package admin

import (
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/internal/kafkatest"
	"kafkactl/internal/topicspec"
)

// A min.insync.replicas above the replicas of a partition does not stop writes with acks=all: the
// broker takes the smaller of the two. So such a partition is well, and says so.
func TestRealMinInSyncAboveReplicas(t *testing.T) {
	t.Parallel()
	for _, flavour := range []kafkatest.Flavour{kafkatest.ZK1, kafkatest.Kraft1} {
		t.Run(string(flavour), func(t *testing.T) {
			t.Parallel()
			cluster := kafkatest.Shared(t, flavour)
			ctx, c := dialReal(t, cluster)
			const topic = "min.isr.above"
			desired := []topicspec.Desired{{
				Name: topic, Partitions: 1, ReplicationFactor: 1,
				Config: map[string]topicspec.Setting{minInSyncReplicas: {Value: "2"}},
			}}
			if report, err := c.Converge(ctx, desired); err != nil || !report.OK() {
				t.Fatalf("%v, %v", err, report.Err())
			}
			producer, err := kgo.NewClient(kgo.SeedBrokers(cluster.Addrs()...), kgo.RecordRetries(0), kgo.RequiredAcks(kgo.AllISRAcks()))
			if err != nil {
				t.Fatal(err)
			}
			defer producer.Close()
			if err := producer.ProduceSync(ctx, &kgo.Record{Topic: topic, Value: []byte("x")}).FirstErr(); err != nil {
				t.Errorf("a write with acks=all: %v", err)
			}
			if now, err := c.Condition(ctx, desired); err != nil || len(now.Unusable) > 0 {
				t.Errorf("unusable: %v, %v", now.Unusable, err)
			}
		})
	}
}
