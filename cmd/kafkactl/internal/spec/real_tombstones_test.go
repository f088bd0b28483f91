package spec

import (
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

const day = 24 * time.Hour

// tombCluster is a real cluster with topics that a file declares absent.
type tombCluster struct {
	planCluster
	field *clitest.Field
}

// topic makes a topic with records of that age.
func (c tombCluster) topic(name string, records int, age time.Duration) {
	c.t.Helper()
	c.field.Topic(name, 1)
	c.write(name, records, age)
}

// write adds records of that age. The producer is an idempotent one, which brokers remember: with the time of its
// newest record, not with the time at which they got it. It knows no topic that was there before under the name.
func (c tombCluster) write(topic string, records int, age time.Duration) {
	c.t.Helper()
	at := time.Now().Add(-age)
	c.field.Write(c.field.Dial(), topic, 1, "value", records, func(r *kgo.Record) { r.Timestamp = at })
}

// declare makes a file that declares one topic that is there, and others absent.
func (c tombCluster) declare(absent ...string) planCluster {
	c.t.Helper()
	topics := "  tomb.kept: {partitions: 1}\n"
	for _, name := range absent {
		topics += "  " + name + ": {state: absent}\n"
	}
	p := c.planCluster
	p.spec = clitest.SpecFile(c.t, 1, topics)
	return p
}

// there fails unless the broker shows all topics, or none.
func (c tombCluster) there(want bool, topics ...string) {
	c.t.Helper()
	for _, shown := range clitest.AskTopics(c.t, c.Addrs()[0], topics...) {
		if is := len(shown.Partitions) > 0; is != want {
			c.t.Errorf("%s: shown is %t, want %t", *shown.Topic, is, want)
		}
	}
}

// On real brokers: what a file declares absent is deleted when its deletion is accepted and nobody uses it, and never
// else.
func TestRealTombstones(t *testing.T) {
	t.Parallel() // it has its own brokers, to count requests
	for flavour, authorizer := range map[kafkatest.Flavour]string{
		kafkatest.ZK1:    "kafka.security.authorizer.AclAuthorizer",
		kafkatest.Kraft1: "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
	} {
		t.Run(string(flavour), func(t *testing.T) {
			t.Parallel()
			cluster := kafkatest.Start(t, kafkatest.Options{Flavour: flavour, RequestLog: true, Props: map[string]string{
				"auto.create.topics.enable": "true", "authorizer.class.name": authorizer, "allow.everyone.if.no.acl.found": "true",
			}})
			c := tombCluster{planCluster{Cluster: cluster, t: t, dir: t.TempDir()}, clitest.NewField(t, cluster)}
			c.topic("tomb.kept", 1, 0)
			c.inUse()
			c.idle()
			c.comesBack()
			c.reviewed()
			c.noRight()
			c.there(true, "tomb.kept")
		})
	}
}

// inUse is about a topic that is read, and one that was written to a minute ago.
func (c tombCluster) inUse() {
	c.topic("tomb.read", 3, 2*day)
	c.topic("tomb.fresh", 3, time.Minute)
	consumer := c.field.Dial(kgo.ConsumerGroup("tomb-reader"), kgo.ConsumeTopics("tomb.read"), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	if fetches := consumer.PollFetches(c.t.Context()); fetches.Err() != nil { // until then it has no partition
		c.t.Fatal(fetches.Err())
	}
	c.declare("tomb.read", "tomb.fresh").applyFile(cli.ExitFailed, "map[]", []string{"--accept", "delete=2"},
		`^! tomb\.read +blocked +1 partition, replication factor 1: group tomb-reader has a member that reads it: only kafkactl delete tomb\.read deletes it$`,
		`^! tomb\.fresh +blocked +1 partition, replication factor 1: its newest record is 1m old: only kafkactl delete tomb\.fresh deletes it$`,
		`^3 topics: 2 blocked; 1 topic in sync`)
	c.there(true, "tomb.read", "tomb.fresh")
}

// idle is about topics that nobody uses: plain apply sends nothing, and neither does one that accepts another number.
func (c tombCluster) idle() {
	c.topic("tomb.idle", 3, 2*day)
	c.topic("tomb.empty", 0, 0)
	left := make(kadm.Offsets)
	left.AddOffset("tomb.idle", 0, 1, -1)
	if err := c.field.Adm.CommitAllOffsets(c.t.Context(), "tomb-left", left); err != nil {
		c.t.Fatal(err)
	}
	const holds = `it holds 3 records \(about \d+ B, from \S+Z to \S+Z\); tomb-left loses what it committed`
	p := c.declare("tomb.idle", "tomb.empty")
	p.applyFile(cli.ExitFailed, "map[]", nil,
		`^! tomb\.idle +blocked +1 partition, replication factor 1: `+holds+`: --accept delete=2 allows it$`,
		`^! tomb\.empty +blocked +.* it holds no record: --accept delete=2 allows it$`)
	p.applyFile(cli.ExitFailed, "map[]", []string{"--accept", "delete=1"}, `^! tomb\.idle +blocked +.*: 2 deletions are planned: --accept delete=2$`)
	c.there(true, "tomb.idle", "tomb.empty")
	p.applyFile(cli.ExitDone, "map[DELETE_TOPICS:1]", []string{"--accept", "delete=2"}, `^- tomb\.idle +deleted +1 partition, replication factor 1 \(`+holds+`\)$`, `^- tomb\.empty +deleted +`, `^3 topics: 2 deleted; 1 topic in sync`)
	clitest.WantShapes(c.t, c.Cluster, map[string]string{"tomb.idle": "", "tomb.empty": ""}) // by Apache's word, once
	p.applyFile(cli.ExitDone, "map[]", nil, `^3 topics in sync`)
}

// comesBack is about a topic that is made again by a client that asks for it.
func (c tombCluster) comesBack() {
	c.topic("tomb.back", 3, 2*day)
	client := c.field.Dial(kgo.ConsumeTopics("tomb.back"), kgo.AllowAutoTopicCreation(), kgo.MetadataMaxAge(100*time.Millisecond))
	p := c.declare("tomb.back")
	r := p.applyFile(cli.ExitFailed, "map[DELETE_TOPICS:1]", []string{"--accept", "delete=1"}, `^x tomb\.back +failed +.*came back with another id, \S{22}: auto-creation`)
	r.WantErr(c.t, `stop the client`)
	client.Close()
}
