package admin

import (
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// Partition is one partition of a topic.
type Partition struct {
	ID     int
	Leader int // -1: none
	// Replicas in assignment order: the first is the preferred leader.
	Replicas []int
	ISR      []int
	// Offline are the replicas that are away. Adding are those that a reassignment is still
	// filling, which nobody misses yet, and Removing those that it will take away.
	Offline  []int
	Adding   []int
	Removing []int
	// MinISR is min.insync.replicas, 0 when it is not known.
	MinISR int
	// LogStart and End are offsets: the first one still there, and the next one to
	// be written. -1 when the leader could not be asked.
	LogStart int64
	End      int64
	// First and Last are the times of the first record and of the latest one; zero
	// when there is none, or it is not known.
	First, Last time.Time
	// LeaderErr is why the leader that metadata names did not answer.
	LeaderErr error
	// Size is the bytes of the replicas whose size is known, which are SizesKnown, and
	// LeaderSize those of the leader's. -1 when none is known, or not the leader's.
	Size       int64
	SizesKnown int
	LeaderSize int64
}

// Preferred reports whether the first replica leads.
func (p *Partition) Preferred() bool { return len(p.Replicas) > 0 && p.Leader == p.Replicas[0] }

// InSync returns the replicas that are in sync. A replica that is away is not, also while the
// leader has not noticed; but where no leader is left, those that were in sync last are.
func (p *Partition) InSync() []int {
	away := func(id int) bool { return !slices.Contains(p.Replicas, id) || slices.Contains(p.Offline, id) }
	if p.Leader < 0 || !slices.ContainsFunc(p.ISR, away) {
		return p.ISR
	}
	return slices.DeleteFunc(slices.Clone(p.ISR), away)
}

// Required counts the replicas that should be in sync. As in Kafka's metric
// UnderReplicatedPartitions and in kafka-topics, those that are being added do not count, and
// those that are being removed do until they are gone.
func (p *Partition) Required() int {
	added := 0
	for _, id := range p.Replicas {
		if slices.Contains(p.Adding, id) {
			added++
		}
	}
	return len(p.Replicas) - added
}

// Missing counts the replicas that should be in sync and are not; it is less than 0 when
// replicas that are being added are in sync already.
func (p *Partition) Missing() int { return p.Required() - len(p.InSync()) }

// Needed counts the replicas that must be in sync for a write with acks=all: min.insync.replicas, but never
// more than there are (effectiveMinIsr of Kafka's Partition). Those that are being added count from the start,
// so a reassignment can stop writes. 0 when it is not known.
func (p *Partition) Needed() int { return min(p.MinISR, len(p.Replicas)) }

// reassign notes what somebody is changing about the replicas.
func (p *Partition) reassign(r reassignment) { p.Adding, p.Removing = r.adding, r.removing }

// partitionsOf returns a topic's partitions as metadata shows them, by id. A leader that
// is not alive leads nobody.
func partitionsOf(meta *kmsg.MetadataResponse, t kmsg.MetadataResponseTopic) []Partition {
	live := kafka.BrokerIDs(meta.Brokers)
	partitions := make([]Partition, len(t.Partitions))
	for i := range t.Partitions {
		partitions[i].read(&t.Partitions[i], live)
	}
	slices.SortFunc(partitions, func(a, b Partition) int { return a.ID - b.ID })
	return partitions
}

// read makes p what metadata shows of a partition, live being the brokers that are alive. It uses
// the slices of p again.
func (p *Partition) read(shown *kmsg.MetadataResponseTopicPartition, live []int32) {
	*p = Partition{
		ID: int(shown.Partition), Leader: int(shown.Leader),
		Replicas: appendInts(p.Replicas[:0], shown.Replicas), ISR: appendInts(p.ISR[:0], shown.ISR), Offline: p.Offline[:0],
		LogStart: -1, End: -1, Size: -1, LeaderSize: -1,
	}
	if !slices.Contains(live, shown.Leader) {
		p.Leader = -1
	}
	for _, id := range shown.Replicas {
		if slices.Contains(shown.OfflineReplicas, id) || !slices.Contains(live, id) {
			p.Offline = append(p.Offline, int(id))
		}
	}
}
