package topicspec

import (
	"math"
	"slices"
)

// spreadLeaders brings another replica of some partitions to the first place, so that each broker is the preferred
// leader of as many partitions of the topic as the others, or as near to that as the replicas allow, with as few
// such changes as possible.
func (c *clusterLoad) spreadLeaders(partitions []*placedPartition) {
	s := leaderSpread{weight: len(partitions) + 1, leads: make([]int, len(c.brokers))}
	var free []*placedPartition
	for _, p := range partitions {
		first, answered := c.index(p.to[0])
		switch {
		case !p.settled:
			free = append(free, p)
		case answered:
			s.leads[first]++
		}
	}
	for _, p := range free {
		candidates := make([]int, len(p.to))
		for i, id := range p.to {
			candidates[i], _ = c.index(id)
		}
		s.insert(candidates)
	}
	for i, p := range free {
		id := c.brokers[s.leaders[i]].ID
		p.to = append([]int{id}, without(p.to, []int{id})...)
	}
}

// leaderSpread chooses one of its candidates for every partition. The best choice has the smallest sum of squares of
// what the brokers lead, which is the most even there is, and among those the fewest partitions that do not have
// their first candidate. Partitions are inserted one by one, each on the cheapest path: it takes a candidate, whose
// broker may pass a partition on to another candidate of it, and so on. As in every minimum-cost flow that grows on
// shortest paths, the choice is the best one after each of them.
type leaderSpread struct {
	candidates [][]int // by partition, as indexes of brokers, the present choice first
	leaders    []int   // by partition, the broker that is chosen
	leads      []int   // by broker, how many partitions chose it
	weight     int     // of one in the sum of squares, where a change weighs 1: more than all changes together
}

// insert chooses a leader for one more partition.
func (s *leaderSpread) insert(candidates []int) {
	last := len(s.leaders)
	s.candidates = append(s.candidates, candidates)
	s.leaders = append(s.leaders, -1)
	cost, via := s.paths(last)
	end := 0
	total := func(broker int) int { return cost[broker] + s.weight*(2*s.leads[broker]+1) }
	for broker := range s.leads {
		if cost[broker] < math.MaxInt && (cost[end] == math.MaxInt || total(broker) < total(end)) {
			end = broker
		}
	}
	s.leads[end]++
	for partition := -1; partition != last; {
		partition = via[end]
		end, s.leaders[partition] = s.leaders[partition], end
	}
}

// paths returns the fewest changes with which each broker gets one partition more when partition last is inserted,
// and which partition it gets then; math.MaxInt where there is no path. The costs may be less than 0, when a
// partition gets its first candidate back, but no circle of them is: the choice so far is the best one.
func (s *leaderSpread) paths(last int) (cost, via []int) {
	cost, via = slices.Repeat([]int{math.MaxInt}, len(s.leads)), make([]int, len(s.leads))
	reach := func(partition, start int) (shorter bool) {
		for i, broker := range s.candidates[partition] {
			if further := start + min(i, 1); further < cost[broker] {
				cost[broker], via[broker], shorter = further, partition, true
			}
		}
		return shorter
	}
	for again := reach(last, 0); again; {
		again = false
		for partition, leader := range s.leaders[:last] {
			if cost[leader] == math.MaxInt {
				continue
			}
			back := min(slices.Index(s.candidates[partition], leader), 1)
			again = reach(partition, cost[leader]-back) || again
		}
	}
	return cost, via
}
