package record

import (
	"math/rand/v2"

	"github.com/twmb/franz-go/pkg/kgo"
)

// partitioner places records: one whose Partition is 0 or more there; one with a key,
// be it empty, where Kafka's own clients put the key (murmur2); all others one partition
// after the other, from a random one on. kgo's own puts all records without a key of one
// batch into one partition: 20 of 20.
type partitioner struct{}

// ForTopic is the state for one topic.
func (partitioner) ForTopic(topic string) kgo.TopicPartitioner {
	return &topicPartitioner{keyed: kgo.StickyKeyPartitioner(nil).ForTopic(topic), next: rand.Int()}
}

type topicPartitioner struct {
	keyed kgo.TopicPartitioner
	next  int
}

// RequiresConsistency is false for records that a partition without a leader need not get.
func (*topicPartitioner) RequiresConsistency(r *kgo.Record) bool {
	return r.Partition >= 0 || r.Key != nil
}

// Partition chooses one of n.
func (p *topicPartitioner) Partition(r *kgo.Record, n int) int {
	switch {
	case r.Partition >= 0:
		return int(r.Partition)
	case r.Key != nil:
		return p.keyed.Partition(r, n)
	default:
		p.next++
		return int(uint(p.next) % uint(n))
	}
}
