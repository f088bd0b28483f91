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

// On real brokers: what a change does to the records there are decides whether plain apply makes it.
func TestRealRisks(t *testing.T) {
	t.Parallel() // nobody else knows its topics
	for _, flavour := range []kafkatest.Flavour{kafkatest.ZK1, kafkatest.Kraft1} {
		t.Run(string(flavour), func(t *testing.T) {
			t.Parallel()
			f := clitest.NewField(t, kafkatest.Shared(t, flavour))
			for topic, age := range map[string]time.Duration{
				f.Topic("risk.old", 1): 2 * day, f.Topic("risk.young", 1): 0, f.Topic("risk.keyed", 2): 0,
				f.Topic("risk.compacted", 1, "cleanup.policy=compact"): 0,
			} {
				at := time.Now().Add(-age)
				f.Write(f.Client, topic, 1, "value", 5, func(r *kgo.Record) { r.Key, r.Timestamp = []byte("key"), at })
			}
			read := make(kadm.Offsets)
			read.AddOffset("risk.keyed", 0, 2, -1)
			if err := f.Adm.CommitAllOffsets(t.Context(), "risk-reader", read); err != nil {
				t.Fatal(err)
			}
			apply := []string{"apply", "-f", clitest.SpecFile(t, 1, `  risk.old: {partitions: 1, config: {retention.ms: 1d}}
  risk.young: {partitions: 1, config: {retention.ms: 1d}}
  risk.keyed: {partitions: 3}
  risk.compacted: {partitions: 2, config: {cleanup.policy: compact}}
`)}
			const (
				trims  = `retention\.ms unset → 1d: .*; up to 5 records will be removed \(about \d+ B, the oldest written \S+Z\)`
				rekeys = `partitions 1 → 2: its 5 records are compacted by key: .*`
			)
			f.Kafkactl(apply...).Want(t, cli.ExitFailed,
				`^! risk\.old +blocked +`+trims+`: --accept trim allows it$`,
				`^~ risk\.young +changed +retention\.ms unset → 1d\b`,
				`^~ risk\.keyed +changed +partitions 2 → 3 \(records of one key may be read out of order: risk-reader has 3 unread\)$`,
				`^! risk\.compacted +blocked +`+rekeys+`: --accept rekey allows it$`,
				`^4 topics: 2 changed, 2 blocked `)
			wantRisks(t, f, map[string]string{"risk.keyed": "3 partitions, RF 1", "risk.compacted": "1 partitions, RF 1"}, "")
			f.Kafkactl(append(apply, "--accept", "trim")...).Want(t, cli.ExitFailed, `^~ risk\.old +changed `, `^! risk\.compacted +blocked `)
			wantRisks(t, f, map[string]string{"risk.compacted": "1 partitions, RF 1"}, "86400000")
			f.Kafkactl(append(apply, "--accept", "rekey")...).Want(t, cli.ExitDone, `^~ risk\.compacted +changed `)
			wantRisks(t, f, map[string]string{"risk.compacted": "2 partitions, RF 1"}, "86400000")
		})
	}
}

// wantRisks fails unless the brokers show topics of these shapes, and that retention.ms of risk.old; "" is none of its own.
func wantRisks(t *testing.T, f *clitest.Field, shapes map[string]string, retention string) {
	t.Helper()
	clitest.WantShapes(t, f.Cluster, shapes)
	described, err := f.Adm.DescribeTopicConfigs(t.Context(), "risk.old")
	if err != nil {
		t.Fatal(err)
	}
	for _, config := range described[0].Configs {
		if set := config.Source.String() == "DYNAMIC_TOPIC_CONFIG"; config.Key == "retention.ms" && (set != (retention != "") || set && config.MaybeValue() != retention) {
			t.Errorf("risk.old: retention.ms is %s (%s), want %q", config.MaybeValue(), config.Source, retention)
		}
	}
}
