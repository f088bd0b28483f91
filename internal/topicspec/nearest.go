package topicspec

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// didYouMean returns ` (did you mean "x"?)` for the nearest candidate, "" when none is near.
func didYouMean(word string, candidates []string) string {
	near := Nearest(word, candidates, 1)
	if len(near) == 0 {
		return ""
	}
	return fmt.Sprintf(" (did you mean %q?)", near[0])
}

// Nearest returns up to n candidates that look like word, nearest first, for a message about a name
// that is not found. Near is at most two edits, or a third of a longer word, and never so many that
// nothing of either is left.
func Nearest(word string, candidates []string, n int) []string {
	type scored struct {
		name     string
		distance int
	}
	limit := max(2, len(word)/3)
	var near []scored
	for _, c := range candidates {
		if len(c)-len(word) > limit || len(word)-len(c) > limit {
			continue
		}
		if d := editDistance(strings.ToLower(word), strings.ToLower(c)); d <= limit && d < max(len(word), len(c)) {
			near = append(near, scored{c, d})
		}
	}
	slices.SortFunc(near, func(a, b scored) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(a.name, b.name))
	})
	names := make([]string, 0, n)
	for _, s := range near[:min(n, len(near))] {
		names = append(names, s.name)
	}
	return names
}

// editDistance is Levenshtein's, over bytes: names are ASCII.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
