package topicspec

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// refusal returns why a topic must not be reassigned, "" when it may. A topic of which nothing changes is refused
// nothing.
func (c *clusterLoad) refusal(t TopicAssignment, partitions []*placedPartition) string {
	for _, p := range partitions {
		if reason := c.partitionRefusal(t, p); reason != "" {
			return reason
		}
	}
	if slices.ContainsFunc(partitions, func(p *placedPartition) bool { return p.changes }) {
		return c.rackRefusal()
	}
	return ""
}

// partitionRefusal returns why one partition must not be reassigned.
func (c *clusterLoad) partitionRefusal(t TopicAssignment, p *placedPartition) string {
	_, led := c.index(p.Leader)
	switch {
	case p.moving() && len(p.before) != t.ReplicationFactor:
		return fmt.Sprintf("somebody else is moving partition %d to %s: apply again once that is done",
			p.Partition, brokerList(p.before))
	case !p.changes:
		return ""
	case p.Leader < 0 || !slices.Contains(p.before, p.Leader):
		return fmt.Sprintf("partition %d has no leader: there is nothing to copy from", p.Partition)
	case !led:
		return fmt.Sprintf("broker %d did not answer, and leads partition %d: there is nothing to copy from",
			p.Leader, p.Partition)
	default: // many may be offline: then some are too many and others missing
		return cmp.Or(t.dropRefusal(p), c.roomRefusal(t.ReplicationFactor, p))
	}
}

// dropRefusal returns why a partition must not lose replicas: Kafka would let it fall below min.insync.replicas,
// and count the replicas there are instead. The writes that were promised to be on so many would be on fewer.
func (t TopicAssignment) dropRefusal(p *placedPartition) string {
	inSync := 0
	for _, id := range p.to {
		if p.inSync(id) {
			inSync++
		}
	}
	switch {
	case t.ReplicationFactor >= len(p.before):
		return ""
	case t.ReplicationFactor < t.MinInSync:
		return belowMinInSync(t.MinInSync)
	case inSync < t.MinInSync:
		return fmt.Sprintf("partition %d has %s in sync, and min.insync.replicas is %d: apply again once more are",
			p.Partition, plural(inSync, "replica", ""), t.MinInSync)
	default:
		return ""
	}
}

// belowMinInSync is why a topic must not have fewer replicas than its min.insync.replicas.
func belowMinInSync(minimum int) string {
	return fmt.Sprintf("min.insync.replicas is %d: lower it first, or declare replicationFactor %[1]d", minimum)
}

// roomRefusal returns why there is no place for the replicas that a partition lacks.
func (c *clusterLoad) roomRefusal(factor int, p *placedPartition) string {
	room := len(p.to)
	var ids, cordoned []int
	for i := range c.brokers {
		b := &c.brokers[i]
		ids = append(ids, b.ID)
		switch {
		case b.takes(p.to):
			room++
		case b.Cordoned:
			cordoned = append(cordoned, b.ID)
		}
	}
	if room >= factor {
		return ""
	}
	reason := fmt.Sprintf("%s of a partition need as many brokers, and %d answered: %s",
		plural(factor, "replica", ""), len(ids), brokerList(ids))
	if len(cordoned) > 0 {
		reason += "; cordoned, so that they take no new replica: " + brokerList(cordoned)
	}
	return reason
}

// rackRefusal returns why replicas cannot be kept apart by racks: where some brokers have one and others do not,
// nobody knows which are in the same. Apache's kafka-reassign-partitions refuses it as well.
func (c *clusterLoad) rackRefusal() string {
	var missing []int
	for _, b := range c.brokers {
		if b.Rack == "" {
			missing = append(missing, b.ID)
		}
	}
	if len(missing) == 0 || len(missing) == len(c.brokers) {
		return ""
	}
	return "racks are set on some brokers only: set broker.rack on all or on none; it is missing on " + brokerList(missing)
}

// brokerList is "broker 1" or "brokers 1, 2".
func brokerList(ids []int) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = strconv.Itoa(id)
	}
	if len(ids) == 1 {
		return "broker " + names[0]
	}
	return "brokers " + strings.Join(names, ", ")
}
