package topicspec

import (
	"cmp"
	"slices"
)

// clusterLoad is what the brokers that answered have to bear, with what the plan has changed so far.
type clusterLoad struct {
	brokers []brokerLoad // by id
}

// brokerLoad is a broker, and how many replicas it has of the topic that is being placed.
type brokerLoad struct {
	Broker
	ofTopic int
}

// newClusterLoad sorts the brokers. Where the bytes of some are not known those of the others say nothing: only the
// copies of the plan are compared then.
func newClusterLoad(brokers []Broker) *clusterLoad {
	c := &clusterLoad{}
	unknown := slices.ContainsFunc(brokers, func(b Broker) bool { return b.Bytes < 0 })
	for _, b := range brokers {
		if unknown {
			b.Bytes = 0
		}
		c.brokers = append(c.brokers, brokerLoad{Broker: b})
	}
	slices.SortFunc(c.brokers, func(a, b brokerLoad) int { return cmp.Compare(a.ID, b.ID) })
	return c
}

// index returns where a broker is, false for one that did not answer.
func (c *clusterLoad) index(id int) (int, bool) {
	return slices.BinarySearchFunc(c.brokers, id, func(b brokerLoad, id int) int { return cmp.Compare(b.ID, id) })
}

// at returns a broker that answered.
func (c *clusterLoad) at(id int) *brokerLoad {
	i, _ := c.index(id)
	return &c.brokers[i]
}

// answered returns those of the ids whose brokers answered, in their order.
func (c *clusterLoad) answered(ids []int) []int {
	return slices.DeleteFunc(slices.Clone(ids), func(id int) bool {
		_, found := c.index(id)
		return !found
	})
}

// bear adds a number of replicas of a size to a broker; a size that is not known counts as none.
func (b *brokerLoad) bear(replicas int, size int64) {
	b.ofTopic += replicas
	b.Replicas += replicas
	b.Bytes += int64(replicas) * max(0, size)
}

// inRack counts the replicas of a list in a rack. Where no broker has one, all are in the same.
func (c *clusterLoad) inRack(ids []int, rack string) int {
	count := 0
	for _, id := range ids {
		if c.at(id).Rack == rack {
			count++
		}
	}
	return count
}

// fill takes the replicas that are too many from the partitions that change, then adds those that they lack.
func (c *clusterLoad) fill(partitions []*placedPartition, factor int) {
	for i := range c.brokers {
		c.brokers[i].ofTopic = 0
	}
	for _, p := range partitions {
		for _, id := range c.answered(p.to) {
			c.at(id).ofTopic++
		}
	}
	for _, p := range partitions {
		for p.changes && len(p.to) > factor {
			c.drop(p)
		}
	}
	for _, p := range partitions {
		for p.changes && len(p.to) < factor {
			c.add(p)
		}
	}
}

// drop takes one replica away: one out of sync before others, then one in a rack that has more of the partition,
// then one on a fuller broker. The last one goes where all else is equal, and the leader never.
func (c *clusterLoad) drop(p *placedPartition) {
	worst := -1
	for i, id := range p.to {
		if id != p.Leader && (worst < 0 || c.compareSpare(p, id, p.to[worst]) >= 0) {
			worst = i
		}
	}
	c.at(p.to[worst]).bear(-1, p.Size)
	p.to = slices.Delete(p.to, worst, worst+1)
}

// compareSpare orders replicas of a partition, the one that is missed least last.
func (c *clusterLoad) compareSpare(p *placedPartition, a, b int) int {
	lags := func(id int) int {
		if p.inSync(id) {
			return 0
		}
		return 1
	}
	x, y := c.at(a), c.at(b)
	return cmp.Or(
		cmp.Compare(lags(a), lags(b)),
		cmp.Compare(c.inRack(p.to, x.Rack), c.inRack(p.to, y.Rack)),
		cmp.Compare(x.Bytes, y.Bytes),
		cmp.Compare(x.ofTopic, y.ofTopic),
		cmp.Compare(x.Replicas, y.Replicas),
	)
}

// add appends a new replica. A broker that may take it exists: see [clusterLoad.refusal].
func (c *clusterLoad) add(p *placedPartition) {
	var best *brokerLoad
	for i := range c.brokers {
		b := &c.brokers[i]
		if b.takes(p.to) && (best == nil || c.compareRoom(p, b, best) < 0) {
			best = b
		}
	}
	best.bear(1, p.Size)
	p.to = append(p.to, best.ID)
}

// takes reports whether the broker may get a replica of a partition that has others already.
func (b *brokerLoad) takes(replicas []int) bool {
	return !b.Cordoned && !slices.Contains(replicas, b.ID)
}

// compareRoom orders brokers, the one on which a new replica is best first.
func (c *clusterLoad) compareRoom(p *placedPartition, a, b *brokerLoad) int {
	return cmp.Or(
		cmp.Compare(c.inRack(p.to, a.Rack), c.inRack(p.to, b.Rack)),
		cmp.Compare(a.ofTopic, b.ofTopic),
		cmp.Compare(a.Bytes, b.Bytes),
		cmp.Compare(a.Replicas, b.Replicas),
		cmp.Compare(a.ID, b.ID),
	)
}
