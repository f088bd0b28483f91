package spec

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

// moveField is a real cluster of three brokers whose topics are moved by the program.
type moveField struct{ *clitest.Field }

// mib is how many records of [moveField.fill] are a MiB.
const mib = 16

// newMoveField starts one that counts requests.
func newMoveField(t *testing.T, flavour kafkatest.Flavour) moveField {
	t.Helper()
	return moveField{clitest.NewField(t, kafkatest.Start(t, kafkatest.Options{Flavour: flavour, RequestLog: true}))}
}

// in is the same field for a test within.
func (f moveField) in(t *testing.T) moveField {
	inner := *f.Field
	inner.T = t
	return moveField{&inner}
}

// fill makes a topic and writes so many records of 64 KiB to each partition, uncompressed.
func (f moveField) fill(topic string, partitions, factor, each int) {
	f.Helper()
	clitest.CreateByHand(f.T, f.Cluster, topic, partitions, factor)
	client := f.Dial(kgo.ProducerBatchCompression(kgo.NoCompression()))
	f.Write(client, topic, int32(partitions), strings.Repeat("x", 64<<10), partitions*each)
}

// held is how many bytes of a topic all brokers hold together, as they say themselves.
func (f moveField) held(topic string) (total int64) {
	f.Helper()
	for _, id := range f.Cluster.BrokerIDs() {
		total += f.heldBy(id, topic)
	}
	return total
}

// heldBy is how many bytes of a topic a broker holds, 0 for one that does not answer.
func (f moveField) heldBy(id int, topic string) (total int64) {
	dirs, _ := f.Adm.DescribeBrokerLogDirs(f.Context(), int32(id), nil)
	for _, dir := range dirs {
		for _, p := range dir.Topics[topic] {
			total += p.Size
		}
	}
	return total
}

// moving is what the controller lists as being reassigned, as text.
func (f moveField) moving() string {
	f.Helper()
	return fmt.Sprint(f.Reassigning())
}

// target is the broker to which partition 0 of a topic is being copied.
func (f moveField) target(topic string) int {
	f.Helper()
	var adding []int32
	f.Until(topic+" is being reassigned", func() bool {
		for _, one := range f.Reassigning() {
			if one.Topic == topic {
				adding = one.Partitions[0].AddingReplicas
			}
		}
		return len(adding) > 0
	})
	return int(adding[0])
}

// reassigned counts the requests so far that reassign replicas.
func (f moveField) reassigned() int {
	f.Helper()
	return clitest.Writes(f.T, f.Cluster)["ALTER_PARTITION_REASSIGNMENTS"]
}

// throttled is every setting of a throttle that somebody has made, of the topics and of all brokers, a line each.
func (f moveField) throttled(topics ...string) string {
	f.Helper()
	configs, err := f.Adm.DescribeTopicConfigs(f.Context(), topics...)
	if err != nil {
		f.Fatal(err)
	}
	for _, id := range f.Cluster.BrokerIDs() {
		of, err := f.Adm.DescribeBrokerConfigs(f.Context(), int32(id))
		if err != nil {
			f.Fatal(err)
		}
		configs = append(configs, of...)
	}
	var lines []string
	for _, resource := range configs {
		for _, s := range resource.Configs {
			list := strings.HasSuffix(s.Key, ".replication.throttled.replicas") && s.MaybeValue() != ""
			rate := strings.HasSuffix(s.Key, ".replication.throttled.rate") && s.Source == kmsg.ConfigSourceDynamicBrokerConfig
			if list || rate {
				lines = append(lines, resource.Name+" "+s.Key+"="+s.MaybeValue())
			}
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// partitions are those of a topic as a broker shows them that answers, by id.
func (f moveField) partitions(topic string) []kmsg.MetadataResponseTopicPartition {
	f.Helper()
	meta, err := clitest.Metadata(f.Context(), f.Client, topic)
	if err != nil || len(meta.Topics) != 1 {
		f.Fatalf("metadata of %s: %v", topic, err)
	}
	found := meta.Topics[0].Partitions
	slices.SortFunc(found, func(a, b kmsg.MetadataResponseTopicPartition) int { return int(a.Partition - b.Partition) })
	return found
}

// wantReplicas fails unless each of so many partitions has so many replicas, all in sync.
func (f moveField) wantReplicas(topic string, partitions, factor int) {
	f.Helper()
	found := f.partitions(topic)
	if len(found) != partitions {
		f.Errorf("%s has %d partitions, want %d", topic, len(found), partitions)
	}
	for _, p := range found {
		if len(p.Replicas) != factor || len(p.ISR) != factor {
			f.Errorf("%s: want %d replicas in sync, got %+v", topic, factor, p)
		}
	}
}

// leaders are the brokers that lead the partitions of a topic.
func leaders(partitions []kmsg.MetadataResponseTopicPartition) (ids []int32) {
	for _, p := range partitions {
		ids = append(ids, p.Leader)
	}
	return ids
}
