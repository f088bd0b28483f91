package term

import (
	"fmt"
	"slices"
	"strings"
)

// Tally counts topics by what happens to them. A topic with several changes counts once, under the
// word that stands last in order: the worst.
type Tally struct {
	order []string          // words from good to bad
	Worst map[string]string // the word that each topic counts under
}

// NewTally returns an empty tally of words, from good to bad; a summary lists them in that order.
func NewTally(order ...string) *Tally {
	return &Tally{order: order, Worst: make(map[string]string)}
}

// Add counts a word for topic. A word that is not in the order is better than all others.
func (t *Tally) Add(topic, word string) {
	if slices.Index(t.order, word) >= slices.Index(t.order, t.Worst[topic]) {
		t.Worst[topic] = word
	}
}

// Summary returns such as "3 to create, 1 blocked; 7 topics in sync", for so many topics in all.
func (t *Tally) Summary(topics int) string {
	counts := make(map[string]int)
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
	if same := topics - len(t.Worst); same > 0 {
		sections = append(sections, InSync(same))
	}
	return strings.TrimPrefix(strings.Join(sections, "; "), "; ")
}

// InSync returns such as "7 topics in sync".
func InSync(topics int) string { return Count(topics, "topic") + " in sync" }

// Count returns "1 topic" or "11 topics". On stdout [Styles.Count] separates thousands as well.
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
