package main

import (
	"fmt"
	"slices"
	"strings"
)

// tally counts topics by what happens to them. A topic with several changes counts
// once, under the word that stands last in order: the worst.
type tally struct {
	order []string // words from good to bad
	worst map[string]string
}

func newTally(order ...string) *tally {
	return &tally{order: order, worst: make(map[string]string)}
}

func (t *tally) add(topic, word string) {
	if slices.Index(t.order, word) >= slices.Index(t.order, t.worst[topic]) {
		t.worst[topic] = word
	}
}

// summary is "3 to create, 1 blocked; 7 topics in sync" for so many topics in all.
func (t *tally) summary(topics int) string {
	counts := make(map[string]int)
	for _, word := range t.worst {
		counts[word]++
	}
	var parts []string
	for _, word := range t.order {
		if counts[word] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", counts[word], word))
		}
	}
	sections := []string{strings.Join(parts, ", ")}
	if same := topics - len(t.worst); same > 0 {
		sections = append(sections, inSync(same))
	}
	return strings.TrimPrefix(strings.Join(sections, "; "), "; ")
}

func inSync(topics int) string { return count(topics, "topic") + " in sync" }

// count is "1 topic" or "11 topics".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
