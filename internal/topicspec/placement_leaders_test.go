package topicspec

import (
	"slices"
	"testing"
)

// Preferred leaders are as even as the replicas allow, with the fewest changes: every choice there is is tried.
func TestPlaceSpreadsLeaders(t *testing.T) {
	t.Parallel()
	tried, uneven := 0, 0
	eachPlacementWorld(t, func(t *testing.T, w placementWorld) {
		for i, p := range Place(w.brokers, w.topics) {
			topic := w.topics[i]
			changes := slices.ContainsFunc(topic.Partitions, func(a Assignment) bool { return w.must(topic, a) })
			if p.Blocked != "" || !changes {
				for _, r := range p.Reassignments {
					if !r.Running {
						t.Errorf("topic %s: nothing has to change, and %+v", p.Topic, r)
					}
				}
				continue
			}
			choices, got := w.leaderChoices(topic, p)
			best := bestLeaders(choices, map[int]int{}, 0)
			if best != got {
				t.Errorf("topic %s: %+v with sum of squares and changes %v, want %v", p.Topic, p.Reassignments, got, best)
			}
			tried++
			if got.changes > 0 {
				uneven++
			}
		}
	})
	if tried < placementWorlds/4 || uneven < placementWorlds/20 {
		t.Errorf("%d topics, %d of them with another first replica: too few", tried, uneven)
	}
}

// leaderScore is the smaller the better: first the squares of what each broker leads, then the changes.
type leaderScore struct{ squares, changes int }

// leaderChoices returns the replicas of each partition that may come first, the one that would without a change
// first, and how good the choice of the placement is.
func (w placementWorld) leaderChoices(topic TopicAssignment, p Placement) (choices [][]int, got leaderScore) {
	led := make(map[int]int)
	for _, a := range topic.Partitions {
		to := target(a)
		base := slices.Clone(to)
		if i := slices.IndexFunc(p.Reassignments, func(r Reassignment) bool { return r.Partition == a.Partition }); i >= 0 && !a.moving() {
			to = p.Reassignments[i].To
			base = slices.Concat(without(base, without(base, to)), without(to, base))
		}
		switch settled := a.moving() || !w.must(topic, a) && (len(w.live(to)) < len(to) || !w.answered(a.Leader)); {
		case !settled:
			choices = append(choices, base)
		case w.answered(to[0]):
			choices = append(choices, base[:1])
		}
		if w.answered(to[0]) {
			led[to[0]]++
		}
		if to[0] != base[0] {
			got.changes++
		}
	}
	got.squares = squares(led)
	return choices, got
}

// bestLeaders tries all choices.
func bestLeaders(choices [][]int, led map[int]int, changes int) leaderScore {
	if len(choices) == 0 {
		return leaderScore{squares(led), changes}
	}
	var best leaderScore
	for i, id := range choices[0] {
		led[id]++
		got := bestLeaders(choices[1:], led, changes+min(i, 1))
		led[id]--
		if i == 0 || got.squares < best.squares || got.squares == best.squares && got.changes < best.changes {
			best = got
		}
	}
	return best
}

func squares(led map[int]int) (sum int) {
	for _, n := range led {
		sum += n * n
	}
	return sum
}

// A large topic whose replicas are on few brokers is placed in a moment, and evenly.
func TestPlaceManyPartitions(t *testing.T) {
	t.Parallel()
	const count, members = 1000, 12
	topic := TopicAssignment{Topic: "a", ReplicationFactor: 3}
	for p := range count {
		first := p % 2
		topic.Partitions = append(topic.Partitions, Assignment{Partition: p, Replicas: []int{first}, ISR: []int{first}, Leader: first})
	}
	var brokers []Broker
	for id := range members {
		brokers = append(brokers, Broker{ID: id})
	}
	led, has := make(map[int]int), make(map[int]int)
	for _, r := range Place(brokers, []TopicAssignment{topic})[0].Reassignments {
		led[r.To[0]]++
		for _, id := range r.To {
			has[id]++
		}
	}
	for id := range members {
		replicas := 2 * count / (members - 2)
		if id < 2 {
			replicas = count / 2
		}
		if has[id] != replicas || led[id] != count/members && led[id] != count/members+1 {
			t.Errorf("broker %d has %d replicas and leads %d", id, has[id], led[id])
		}
	}
}
