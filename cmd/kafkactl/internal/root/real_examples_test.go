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

// accessPage needs an authorizer, which an embedded Kafka has not.
const accessPage = "docs/guide/access.md"

// The page is run as [TestDocumentedExamples] runs the others, on three real brokers: all that is on them is on the
// first, as where the other two have joined it.
func TestRealProductionPage(t *testing.T) {
	startGrown(t).runPage(productionPage)
}

// So is this one, on a broker with an authorizer on which the administrator logs in.
func TestRealAccessPage(t *testing.T) {
	const scram = "org.apache.kafka.common.security.scram.ScramLoginModule required"
	c := kafkatest.Start(t, kafkatest.Options{
		Flavour: kafkatest.Kraft1, Users: map[string]string{"admin": "of-the-admin"},
		Listeners: []kafkatest.Listener{{Name: "LOGIN", Protocol: "SASL_PLAINTEXT"}},
		Props: map[string]string{
			"authorizer.class.name":   "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
			"super.users":             "User:ANONYMOUS;User:admin", // the broker itself has the plain listener
			"sasl.enabled.mechanisms": "SCRAM-SHA-512",
			"listener.name.login.scram-sha-512.sasl.jaas.config": scram + ";",
		},
	})
	shell := exampleShell{t: t, dir: t.TempDir(), brokers: strings.Join(c.ListenerAddrs("LOGIN"), ","), config: "admin.properties"}
	shell.write("admin.properties", "security.protocol=SASL_PLAINTEXT\nsasl.mechanism=SCRAM-SHA-512\nsasl.jaas.config="+scram+` username="admin" password="of-the-admin";`+"\n")
	shell.runPage(accessPage)
}

// runPage runs the commands of a page, and compares what they print with what it shows.
func (s exampleShell) runPage(path string) {
	s.t.Helper()
	page := readDocument(s.t, path)
	s.writeFiles(page)
	for _, e := range page.examples() {
		got := s.run(e.command)
		if !sameOutput(e.output, got) {
			s.t.Errorf("%s:%d: $ %s\nprints something else (-page +program):\n%s", path, e.line, e.command, cmp.Diff(e.output, got))
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
