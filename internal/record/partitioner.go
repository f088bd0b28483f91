package record

import (
	"math/rand/v2"

	"github.com/twmb/franz-go/pkg/kgo"
)

// partitioner chooses the partition of a record: the one it names, if Partition is 0 or more;
// for a record with a key, even an empty one, the one that Kafka's own clients choose (murmur2);
// for all others the next one in turn, beginning with a random one. kgo's partitioner would put
// all records of a batch that have no key into one partition.
type partitioner struct{}

// ForTopic returns the state for one topic.
func (partitioner) ForTopic(topic string) kgo.TopicPartitioner {
	return &topicPartitioner{keyed: kgo.StickyKeyPartitioner(nil).ForTopic(topic), next: rand.Int()}
}

type topicPartitioner struct {
	keyed kgo.TopicPartitioner
	next  int
}

// RequiresConsistency reports whether the record must go to its partition even while that has
// no leader.
func (*topicPartitioner) RequiresConsistency(r *kgo.Record) bool {
	return r.Partition >= 0 || r.Key != nil
}

// Partition returns one of n partitions.
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
