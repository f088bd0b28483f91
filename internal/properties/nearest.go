package properties

import (
	"strings"

	"kafkactl/internal/nearest"
)

// nearestName returns the candidate that word was probably meant to be, "" where none is near: at most
// two edits away, or a sixth of a longer word. The first of several stands.
func nearestName(word string, candidates []string) string {
	found, least := "", max(2, len(word)/6)+1
	for _, c := range candidates {
		if d := len(c) - len(word); d >= least || -d >= least {
			continue
		}
		if d := nearest.Distance(strings.ToLower(word), strings.ToLower(c)); d < least && d < len(word) {
			found, least = c, d
		}
	}
	return found
}
