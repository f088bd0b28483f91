package topicspec

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A topic is blocked where it has to be, and nowhere else; nothing of it is reassigned then.
func TestPlaceBlocksWhatItMust(t *testing.T) {
	t.Parallel()
	blocked, placed := 0, 0
	eachPlacementWorld(t, func(t *testing.T, w placementWorld) {
		for i, p := range Place(w.brokers, w.topics) {
			if (p.Blocked != "") != w.refused(w.topics[i]) {
				t.Errorf("topic %s: blocked %q, want blocked %v", p.Topic, p.Blocked, w.refused(w.topics[i]))
			}
			if p.Blocked != "" && len(p.Reassignments) > 0 {
				t.Errorf("topic %s: blocked %q, and %+v", p.Topic, p.Blocked, p.Reassignments)
			}
			if p.Blocked != "" {
				blocked++
			} else if len(p.Reassignments) > 0 {
				placed++
			}
		}
	})
	if blocked < placementWorlds/8 || placed < placementWorlds/4 {
		t.Errorf("%d topics blocked, %d placed: too few of one", blocked, placed)
	}
}

// Copies are made only of what is missing, on brokers that answered and take them.
func TestPlaceCopiesWhatIsMissing(t *testing.T) {
	t.Parallel()
	eachPlacementWorld(t, func(t *testing.T, w placementWorld) {
		for i, p := range Place(w.brokers, w.topics) {
			for _, r := range p.Reassignments {
				topic := w.topics[i]
				a := topic.Partitions[r.Partition]
				added, missing := without(r.To, r.From), 0
				if w.must(topic, a) {
					missing = max(0, topic.ReplicationFactor-len(w.live(a.Replicas)))
				}
				if r.Running {
					missing = len(a.Move.Adding)
				} else if slices.ContainsFunc(added, func(id int) bool { return !w.answered(id) || w.broker(id).Cordoned }) {
					t.Errorf("%s-%d: %v on a broker that takes none", p.Topic, r.Partition, added)
				}
				bytes := int64(missing) * a.Size
				if a.Size < 0 {
					bytes = -int64(min(1, missing))
				}
				if len(added) != missing || r.Bytes != bytes || len(r.To) != topic.ReplicationFactor {
					t.Errorf("%s-%d: %v → %v with %d bytes, want %d copies with %d",
						p.Topic, r.Partition, r.From, r.To, r.Bytes, missing, bytes)
				}
				if r.Elect != (a.Leader != r.To[0]) {
					t.Errorf("%s-%d: elect %v, leader %d of %v", p.Topic, r.Partition, r.Elect, a.Leader, r.To)
				}
			}
		}
	})
}

// The answer does not depend on the order of anything but the replicas of a partition.
func TestPlaceIsDeterministic(t *testing.T) {
	t.Parallel()
	eachPlacementWorld(t, func(t *testing.T, w placementWorld) {
		other := w.shuffled()
		if diff := cmp.Diff(Place(w.brokers, w.topics), Place(other.brokers, other.topics)); diff != "" {
			t.Errorf("(-in order +shuffled):\n%s", diff)
		}
	})
}

// Once everything is made nothing is left, but for what somebody else moves to brokers that are away: that does not
// end. And nothing was written into what was given.
func TestPlaceAgainIsEmpty(t *testing.T) {
	t.Parallel()
	eachPlacementWorld(t, func(t *testing.T, w placementWorld) {
		first := Place(w.brokers, w.topics)
		if diff := cmp.Diff(newPlacementWorld(w.seed).topics, w.topics); diff != "" {
			t.Errorf("the topics were written to:\n%s", diff)
		}
		ends := func(r Reassignment) bool { return !r.Running || len(w.live(r.To)) == len(r.To) }
		done := w.with(first, func(a *Assignment, r Reassignment) {
			if ends(r) {
				a.Replicas, a.ISR, a.Leader, a.Move = r.To, r.To, r.To[0], Move{}
			}
		})
		want := slices.Clone(first)
		for i := range want {
			want[i].Reassignments = slices.DeleteFunc(slices.Clone(want[i].Reassignments), ends)
		}
		if diff := cmp.Diff(want, Place(done.brokers, done.topics)); diff != "" {
			t.Errorf("again (-want +got):\n%s", diff)
		}
	})
}

// A run that was interrupted finds what it began on its way, and does not send it again; it begins the rest with as
// many copies as before.
func TestPlaceJoinsWhatRuns(t *testing.T) {
	t.Parallel()
	joined := 0
	eachPlacementWorld(t, func(t *testing.T, w placementWorld) {
		first := Place(w.brokers, w.topics)
		begun := w.with(first, func(a *Assignment, r Reassignment) {
			if r.Partition%2 == 0 && !r.Running {
				a.Move = Move{Adding: without(r.To, r.From), Removing: without(r.From, r.To)}
				a.Replicas = slices.Concat(r.To, a.Move.Removing)
			}
		})
		for i, p := range Place(begun.brokers, begun.topics) {
			want, got := 0, 0
			for _, r := range first[i].Reassignments {
				want += len(without(r.To, r.From))
			}
			for _, r := range p.Reassignments {
				got += len(without(r.To, r.From))
				a := begun.topics[i].Partitions[r.Partition]
				if r.Running != a.moving() || r.Running && !slices.Equal(r.To, target(a)) {
					t.Errorf("%s-%d is on its way to %v: %+v", p.Topic, r.Partition, target(a), r)
				}
				if r.Running {
					joined++
				}
			}
			if got != want || p.Blocked != first[i].Blocked {
				t.Errorf("topic %s: %d copies, then %d; blocked %q, then %q", p.Topic, want, got, first[i].Blocked, p.Blocked)
			}
		}
	})
	if joined < placementWorlds/4 {
		t.Errorf("only %d partitions were on their way", joined)
	}
}

// Kept replicas keep their order and new ones follow, but for one that may come first.
func TestPlaceKeepsOrder(t *testing.T) {
	t.Parallel()
	eachPlacementWorld(t, func(t *testing.T, w placementWorld) {
		for i, p := range Place(w.brokers, w.topics) {
			for _, r := range p.Reassignments {
				if a := w.topics[i].Partitions[r.Partition]; r.Running || !w.must(w.topics[i], a) && sameIDs(r.From, r.To) {
					continue // the latter: only another one comes first, which the law of leaders is about
				}
				isNew := func(id int) bool { return !slices.Contains(r.From, id) }
				rest := r.To[1:]
				kept := slices.DeleteFunc(slices.Clone(rest), isNew)
				ordered := slices.DeleteFunc(slices.Clone(r.From), func(id int) bool { return !slices.Contains(rest, id) })
				firstNew := slices.IndexFunc(rest, isNew)
				if !slices.Equal(kept, ordered) || firstNew >= 0 && slices.ContainsFunc(rest[firstNew:], func(id int) bool { return !isNew(id) }) {
					t.Errorf("%s-%d: %v → %v", p.Topic, r.Partition, r.From, r.To)
				}
			}
		}
	})
}

func sameIDs(a, b []int) bool { return len(without(a, b)) == 0 && len(without(b, a)) == 0 }

// A new replica is in no rack that has two replicas more than another with a broker that has none.
func TestPlaceSpreadsOverRacks(t *testing.T) {
	t.Parallel()
	eachPlacementWorld(t, func(t *testing.T, w placementWorld) {
		for _, p := range Place(w.brokers, w.topics) {
			for _, r := range p.Reassignments {
				if r.Running {
					continue
				}
				inRack := func(rack string) (n int) {
					for _, id := range w.live(r.To) {
						if w.broker(id).Rack == rack {
							n++
						}
					}
					return n
				}
				for _, id := range without(r.To, r.From) {
					for _, b := range w.brokers {
						if b.takesOne(r.To) && inRack(w.broker(id).Rack) > inRack(b.Rack)+1 {
							t.Errorf("%s-%d: %v → %v, and broker %d in rack %s is free", p.Topic, r.Partition, r.From, r.To, b.ID, b.Rack)
						}
					}
				}
			}
		}
	})
}

func (b Broker) takesOne(replicas []int) bool { return !b.Cordoned && !slices.Contains(replicas, b.ID) }

// The leader stays, what is out of sync goes before what is in sync, and enough stay in sync.
func TestPlaceDropsWhatIsMissedLeast(t *testing.T) {
	t.Parallel()
	dropped := 0
	eachPlacementWorld(t, func(t *testing.T, w placementWorld) {
		for i, p := range Place(w.brokers, w.topics) {
			for _, r := range p.Reassignments {
				topic := w.topics[i]
				a := topic.Partitions[r.Partition]
				gone := w.live(without(r.From, r.To))
				if r.Running || len(gone) == 0 {
					continue
				}
				dropped++
				inSync := func(id int) bool { return slices.Contains(a.ISR, id) }
				lags := func(id int) bool { return id != a.Leader && !inSync(id) }
				kept := len(slices.DeleteFunc(slices.Clone(r.To), lags))
				switch {
				case slices.Contains(gone, a.Leader):
					t.Errorf("%s-%d: the leader %d goes: %v → %v", p.Topic, r.Partition, a.Leader, r.From, r.To)
				case slices.ContainsFunc(gone, inSync) && slices.ContainsFunc(r.To, lags):
					t.Errorf("%s-%d: in sync are %v: %v → %v", p.Topic, r.Partition, a.ISR, r.From, r.To)
				case kept < topic.MinInSync || len(without(r.To, r.From)) > 0:
					t.Errorf("%s-%d: %d of %v stay in sync: %v → %v", p.Topic, r.Partition, kept, a.ISR, r.From, r.To)
				}
			}
		}
	})
	if dropped < placementWorlds/10 {
		t.Errorf("only %d partitions lost replicas", dropped)
	}
}
