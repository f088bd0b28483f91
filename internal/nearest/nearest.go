// Package nearest finds the names that a misspelt one was probably meant to be.
package nearest

import (
	"cmp"
	"slices"
	"strings"
)

// Names returns up to n candidates that look like word, nearest first, for a message about a name
// that is not found. Near is at most two edits, or a third of a longer word, and never so many that
// nothing of either is left.
func Names(word string, candidates []string, n int) []string {
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
		if d := Distance(strings.ToLower(word), strings.ToLower(c)); d <= limit && d < max(len(word), len(c)) {
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

// Distance is Levenshtein's, over bytes: names are ASCII.
func Distance(a, b string) int {
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
