package topicspec

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// placementWorlds is how many random clusters the laws are held against. They grow with the seed, so that the first
// one that breaks a law is about the smallest.
const placementWorlds = 4000

// placementWorld is a random cluster: brokers that answered, and topics that also have replicas on others.
type placementWorld struct {
	seed    uint64
	brokers []Broker
	topics  []TopicAssignment
}

// eachPlacementWorld holds a law against every world. It stops at the first that breaks it, and shows that one.
func eachPlacementWorld(t *testing.T, law func(t *testing.T, w placementWorld)) {
	t.Helper()
	for seed := range uint64(placementWorlds) {
		w := newPlacementWorld(seed)
		law(t, w)
		if t.Failed() {
			t.Fatalf("seed %d: brokers %+v\ntopics %+v", seed, w.brokers, w.topics)
		}
	}
}

func newPlacementWorld(seed uint64) placementWorld {
	r := rand.New(rand.NewPCG(seed, 7))
	size := 1 + int(seed*6/placementWorlds)
	w := placementWorld{seed: seed}
	registered := 1 + r.IntN(size+2)
	ids := r.Perm(registered + 3)[:registered]
	racks, sized, cordons := r.IntN(4), r.IntN(4) > 0, r.IntN(4) == 0
	for _, id := range ids {
		if r.IntN(6) == 0 {
			continue
		}
		b := Broker{ID: id, Replicas: r.IntN(5), Bytes: int64(r.IntN(4)) * 1000, Cordoned: cordons && r.IntN(4) == 0}
		if racks > 0 && (racks < 3 || r.IntN(4) > 0) {
			b.Rack = string(rune('a' + r.IntN(racks+1)))
		}
		if !sized && r.IntN(2) == 0 {
			b.Bytes = -1
		}
		w.brokers = append(w.brokers, b)
	}
	for i := range 1 + r.IntN(2) {
		factor := 1 + r.IntN(min(4, registered))
		topic := TopicAssignment{
			Topic: fmt.Sprintf("t%d", i), ReplicationFactor: r.IntN(5), MinInSync: r.IntN(3), ReplaceOffline: r.IntN(4) == 0,
		}
		for p := range 1 + r.IntN(size) {
			if r.IntN(6) == 0 {
				factor = 1 + r.IntN(min(4, registered))
			}
			topic.Partitions = append(topic.Partitions, w.assignment(r, p, ids, factor))
		}
		w.topics = append(w.topics, topic)
	}
	return w
}

// assignment is a random partition. Now and then it is being reassigned or has no leader.
func (w placementWorld) assignment(r *rand.Rand, partition int, ids []int, factor int) Assignment {
	order := r.Perm(len(ids))
	a := Assignment{Partition: partition, Leader: -1, Size: int64(r.IntN(4)-1) * 100}
	for _, i := range order[:factor] {
		a.Replicas = append(a.Replicas, ids[i])
	}
	for _, id := range a.Replicas {
		if w.answered(id) && a.Leader < 0 {
			a.Leader = id
		}
	}
	if r.IntN(3) == 0 {
		a.Leader = a.Replicas[r.IntN(factor)]
	}
	for _, id := range a.Replicas {
		if id == a.Leader || r.IntN(4) > 0 {
			a.ISR = append(a.ISR, id)
		}
	}
	if r.IntN(12) == 0 {
		a.Move.Adding = a.Replicas[:1]
		if factor < len(order) {
			a.Move.Removing = []int{ids[order[factor]]}
			a.Replicas = append(a.Replicas, a.Move.Removing...)
		}
	}
	return a
}

func (w placementWorld) answered(id int) bool { return w.broker(id) != nil }

func (w placementWorld) broker(id int) *Broker {
	for i := range w.brokers {
		if w.brokers[i].ID == id {
			return &w.brokers[i]
		}
	}
	return nil
}

// live returns those of the ids whose brokers answered.
func (w placementWorld) live(ids []int) []int {
	return slices.DeleteFunc(slices.Clone(ids), func(id int) bool { return !w.answered(id) })
}

// target returns the replicas that a partition has once what is running is done.
func target(a Assignment) []int {
	return slices.DeleteFunc(slices.Clone(a.Replicas), func(id int) bool { return slices.Contains(a.Move.Removing, id) })
}

// must reports whether the replicas of a partition have to change.
func (w placementWorld) must(t TopicAssignment, a Assignment) bool {
	if t.ReplicationFactor == 0 || a.moving() {
		return false
	}
	return len(a.Replicas) != t.ReplicationFactor || t.ReplaceOffline && len(w.live(a.Replicas)) < len(a.Replicas)
}

// refused reports whether a topic must not be touched, by rules that are written apart from the code.
func (w placementWorld) refused(t TopicAssignment) bool {
	if t.ReplicationFactor == 0 {
		return false
	}
	racked, changes := 0, false
	for _, b := range w.brokers {
		if b.Rack != "" {
			racked++
		}
	}
	for _, a := range t.Partitions {
		if a.moving() && len(target(a)) != t.ReplicationFactor {
			return true
		}
		if !w.must(t, a) {
			continue
		}
		changes = true
		live := w.live(a.Replicas)
		inSync, places := 0, len(live)
		for _, id := range live {
			if slices.Contains(a.ISR, id) {
				inSync++
			}
		}
		for _, b := range w.brokers {
			if !b.Cordoned && !slices.Contains(live, b.ID) {
				places++
			}
		}
		fewer := t.ReplicationFactor < len(a.Replicas) && (t.ReplicationFactor < t.MinInSync || inSync < t.MinInSync)
		if !w.answered(a.Leader) || fewer || places < t.ReplicationFactor {
			return true
		}
	}
	return changes && racked != 0 && racked != len(w.brokers)
}

// shuffled is the same world in another order.
func (w placementWorld) shuffled() placementWorld {
	r := rand.New(rand.NewPCG(w.seed, 8))
	other := placementWorld{w.seed, shuffle(r, w.brokers), shuffle(r, w.topics)}
	for i := range other.topics {
		t := &other.topics[i]
		t.Partitions = shuffle(r, t.Partitions)
		for j := range t.Partitions {
			a := &t.Partitions[j]
			a.ISR, a.Move = shuffle(r, a.ISR), Move{shuffle(r, a.Move.Adding), shuffle(r, a.Move.Removing)}
		}
	}
	return other
}

func shuffle[T any](r *rand.Rand, list []T) []T {
	list = slices.Clone(list)
	r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}

// with returns the world after f changed the partitions of the topics that are reassigned.
func (w placementWorld) with(placements []Placement, f func(a *Assignment, to Reassignment)) placementWorld {
	after := placementWorld{w.seed, w.brokers, slices.Clone(w.topics)}
	for i := range after.topics {
		t := &after.topics[i]
		t.Partitions = slices.Clone(t.Partitions)
		for _, r := range placements[i].Reassignments {
			f(&t.Partitions[r.Partition], r)
		}
	}
	return after
}
