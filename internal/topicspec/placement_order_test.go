package topicspec

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Each replica that goes and each new one is the one that the order of Place says: it is followed step by step, and
// what the brokers bear is counted anew for every step.
func TestPlaceFollowsItsOrder(t *testing.T) {
	t.Parallel()
	gone, added := 0, 0
	eachPlacementWorld(t, func(t *testing.T, w placementWorld) {
		placements := Place(w.brokers, w.topics)
		f := followed{placementWorld: w}
		for i, topic := range w.topics {
			f.lists = append(f.lists, nil)
			for _, a := range topic.Partitions {
				f.lists[i] = append(f.lists[i], target(a))
			}
		}
		for i, topic := range w.topics {
			if topic.ReplicationFactor == 0 || placements[i].Blocked != "" {
				continue
			}
			f.topic = i
			drops, adds := f.follow(topic)
			gone, added = gone+drops, added+adds
			got := slices.Clone(f.lists[i])
			for _, r := range placements[i].Reassignments {
				got[r.Partition] = r.To
			}
			for p := range got { // which one comes first is not in question here
				rest := without(f.lists[i][p], got[p][:1])
				if want := append(slices.Clone(got[p][:1]), rest...); !slices.Equal(want, got[p]) || len(rest) != len(got[p])-1 {
					t.Errorf("%s-%d (-want +got):\n%s", topic.Topic, p, cmp.Diff(f.lists[i][p], got[p]))
				}
			}
		}
	})
	if gone < placementWorlds/8 || added < placementWorlds/4 {
		t.Errorf("%d replicas went and %d came: too few of one", gone, added)
	}
}

// followed is a world while the order is followed: the replicas of each partition by topic, in the order in which
// they came. What is known of brokers that did not answer is nothing.
type followed struct {
	placementWorld
	lists [][][]int
	topic int
}

func (f *followed) follow(topic TopicAssignment) (drops, adds int) {
	for p, a := range topic.Partitions {
		if f.must(topic, a) {
			f.lists[f.topic][p] = f.live(a.Replicas)
		}
	}
	for p, a := range topic.Partitions {
		for f.must(topic, a) && len(f.lists[f.topic][p]) > topic.ReplicationFactor {
			worst := -1
			for _, id := range f.lists[f.topic][p] {
				if id != a.Leader && (worst < 0 || slices.Compare(f.spare(p, a, id), f.spare(p, a, worst)) > 0) {
					worst = id
				}
			}
			f.lists[f.topic][p] = without(f.lists[f.topic][p], []int{worst})
			drops++
		}
	}
	for p, a := range topic.Partitions {
		for f.must(topic, a) && len(f.lists[f.topic][p]) < topic.ReplicationFactor {
			best := -1
			for _, b := range f.brokers {
				if b.takesOne(f.lists[f.topic][p]) && (best < 0 || slices.Compare(f.room(p, b.ID), f.room(p, best)) < 0) {
					best = b.ID
				}
			}
			f.lists[f.topic][p] = append(f.lists[f.topic][p], best)
			adds++
		}
	}
	return drops, adds
}

// spare is what makes a replica one to go, the higher the sooner.
func (f *followed) spare(partition int, a Assignment, id int) []int {
	outOfSync := 0
	if !slices.Contains(a.ISR, id) {
		outOfSync = 1
	}
	ofTopic, bytes, replicas := f.bears(id)
	return []int{outOfSync, f.sameRack(partition, id), bytes, ofTopic, replicas, slices.Index(f.lists[f.topic][partition], id)}
}

// room is what makes a broker one for a new replica, the lower the better.
func (f *followed) room(partition, id int) []int {
	ofTopic, bytes, replicas := f.bears(id)
	return []int{f.sameRack(partition, id), ofTopic, bytes, replicas, id}
}

// sameRack counts the replicas of a partition in the rack of a broker.
func (f *followed) sameRack(partition, id int) (count int) {
	for _, other := range f.live(f.lists[f.topic][partition]) {
		if f.broker(other).Rack == f.broker(id).Rack {
			count++
		}
	}
	return count
}

// bears counts what a broker has by now: replicas of the topic, bytes as far as they can be compared, replicas.
func (f *followed) bears(id int) (ofTopic, bytes, replicas int) {
	if !slices.ContainsFunc(f.brokers, func(b Broker) bool { return b.Bytes < 0 }) {
		bytes = int(f.broker(id).Bytes)
	}
	replicas = f.broker(id).Replicas
	for i, topic := range f.topics {
		for p, a := range topic.Partitions {
			before, after := slices.Contains(target(a), id), slices.Contains(f.lists[i][p], id)
			change := 0
			switch {
			case after && !before:
				change = 1
			case before && !after:
				change = -1
			}
			replicas += change
			bytes += change * int(max(0, a.Size))
			if after && i == f.topic {
				ofTopic++
			}
		}
	}
	return ofTopic, bytes, replicas
}
