package properties

import "strings"

// nearest returns the candidate that word was probably meant to be, "" where none is near: at most
// two edits away, or a sixth of a longer word. The first of several stands.
func nearest(word string, candidates []string) string {
	found, least := "", max(2, len(word)/6)+1
	for _, c := range candidates {
		if d := len(c) - len(word); d >= least || -d >= least {
			continue
		}
		if d := edits(strings.ToLower(word), strings.ToLower(c)); d < least && d < len(word) {
			found, least = c, d
		}
	}
	return found
}

// edits is Levenshtein's distance, over bytes: keys are ASCII.
func edits(a, b string) int {
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
