package term

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Tally counts topics by what happens to them. A topic with several changes counts once, under the
// word that stands last in order: the worst.
type Tally struct {
	order  []string          // words from good to bad
	Worst  map[string]string // the word that each topic counts under
	others map[string]int    // how much counts under each word and is no topic
}

// NewTally returns an empty tally of words, from good to bad; a summary lists them in that order.
func NewTally(order ...string) *Tally {
	return &Tally{order: order, Worst: make(map[string]string), others: make(map[string]int)}
}

// Add counts a word for topic. A word that is not in the order is better than all others.
func (t *Tally) Add(topic, word string) {
	if slices.Index(t.order, word) >= slices.Index(t.order, t.Worst[topic]) {
		t.Worst[topic] = word
	}
}

// AddOther counts a word for what is no topic, n times.
func (t *Tally) AddOther(word string, n int) { t.others[word] += n }

// Summary returns such as "3 to create, 1 blocked; 7 topics and 5 bindings in sync", for so many topics in all. inSync
// is what else is in sync, as "5 bindings".
func (t *Tally) Summary(topics int, inSync ...string) string {
	counts := maps.Clone(t.others)
	for _, word := range t.Worst {
		counts[word]++
	}
	var parts []string
	for _, word := range t.order {
		if counts[word] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", counts[word], word))
		}
	}
	sections := []string{strings.Join(parts, ", ")}
	if same := topics - len(t.Worst); same > 0 || len(inSync) > 0 {
		sections = append(sections, InSync(same, inSync...))
	}
	return strings.TrimPrefix(strings.Join(sections, "; "), "; ")
}

// InSync returns such as "7 topics in sync", or "7 topics, 5 bindings and 1 user in sync" with others. No topics are
// named beside others when there are none.
func InSync(topics int, others ...string) string {
	all := []string{Count(topics, "topic")}
	if topics <= 0 && len(others) > 0 {
		all = nil
	}
	all = append(all, others...)
	last := len(all) - 1
	if last == 0 {
		return all[0] + " in sync"
	}
	return strings.Join(all[:last], ", ") + " and " + all[last] + " in sync"
}

// Count returns "1 topic" or "11 topics". On stdout [Styles.Count] separates thousands as well.
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
