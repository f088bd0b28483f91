package root

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

// productionPage moves replicas, which an embedded Kafka does not do.
const productionPage = "docs/guide/production.md"

// The page is run as [TestDocumentedExamples] runs the others, on three real brokers: all that is on them is on the
// first, as where the other two have joined it.
func TestRealProductionPage(t *testing.T) {
	shell := startGrown(t)
	for _, e := range readDocument(t, productionPage).examples() {
		got := shell.run(e.command)
		if !sameOutput(e.output, got) {
			t.Errorf("%s:%d: $ %s\nprints something else (-page +program):\n%s",
				productionPage, e.line, e.command, cmp.Diff(e.output, got))
		}
	}
}

// startGrown starts three brokers of which one has all topics, with some records, and a consumer group.
func startGrown(t *testing.T) exampleShell {
	t.Helper()
	c := kafkatest.Start(t, kafkatest.Options{Flavour: kafkatest.Kraft3, Props: map[string]string{
		"offsets.topic.replication.factor":         "1", // as the one broker had them
		"transaction.state.log.replication.factor": "1",
		"transaction.state.log.min.isr":            "1",
	}})
	field := clitest.NewField(t, c)
	shell := exampleShell{t: t, dir: t.TempDir(), brokers: c.Bootstrap()}
	shell.writeFiles(readDocument(t, productionPage))
	for _, name := range []string{"order.created", "payment.completed", "user.registered", "__consumer_offsets"} {
		makeOnFirst(t, field, name)
	}
	writeOrders(t, field)
	var offsets kadm.Offsets
	offsets.Add(kadm.Offset{Topic: "order.created", At: 0, LeaderEpoch: -1})
	field.Until("the group can commit", func() bool {
		return field.Adm.CommitAllOffsets(t.Context(), "order-service-group", offsets) == nil
	})
	return shell
}

// writeOrders writes 8 MiB that no compression makes smaller.
func writeOrders(t *testing.T, field *clitest.Field) {
	t.Helper()
	random := rand.NewChaCha8([32]byte{})
	for i := range 8 << 10 {
		value := make([]byte, 1<<10)
		_, _ = random.Read(value) // which never fails
		field.Client.Produce(t.Context(), &kgo.Record{
			Topic: "order.created", Key: fmt.Append(nil, "order-", i), Value: value, Partition: int32(i % 3),
		}, func(_ *kgo.Record, err error) {
			if err != nil {
				t.Error(err)
			}
		})
	}
	if err := field.Client.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// makeOnFirst makes a topic of three partitions on broker 1 alone.
func makeOnFirst(t *testing.T, field *clitest.Field, name string) {
	t.Helper()
	topic := kmsg.NewCreateTopicsRequestTopic()
	topic.Topic, topic.NumPartitions, topic.ReplicationFactor = name, -1, -1
	for id := range int32(3) {
		placed := kmsg.NewCreateTopicsRequestTopicReplicaAssignment()
		placed.Partition, placed.Replicas = id, []int32{1}
		topic.ReplicaAssignment = append(topic.ReplicaAssignment, placed)
	}
	if strings.HasPrefix(name, "__") {
		compact := kmsg.NewCreateTopicsRequestTopicConfig()
		compact.Name, compact.Value = "cleanup.policy", kmsg.StringPtr("compact")
		topic.Configs = append(topic.Configs, compact)
	}
	req := kmsg.NewPtrCreateTopicsRequest()
	req.Topics = append(req.Topics, topic)
	resp, err := req.RequestWith(t.Context(), field.Client)
	if err != nil || resp.Topics[0].ErrorCode != 0 {
		t.Fatalf("create %s: %v, %+v", name, err, resp)
	}
}
