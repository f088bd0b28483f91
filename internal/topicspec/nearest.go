package topicspec

import (
	"fmt"

	"kafkactl/internal/nearest"
)

// didYouMean returns ` (did you mean "x"?)` for the nearest candidate, "" when none is near.
func didYouMean(word string, candidates []string) string {
	near := nearest.Names(word, candidates, 1)
	if len(near) == 0 {
		return ""
	}
	return fmt.Sprintf(" (did you mean %q?)", near[0])
}
