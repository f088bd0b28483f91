package cli

import (
	"path"
	"slices"
	"strings"
)

// CheckPatterns returns a usage error for a pattern of topic names that is none: see [MatchesAny].
func CheckPatterns(names []string) error {
	for _, name := range names {
		if _, err := path.Match(name, ""); err != nil {
			return Usagef("bad pattern %q: %w", name, err)
		}
	}
	return nil
}

// IsPattern reports whether a name is meant to match several.
func IsPattern(name string) bool { return strings.ContainsAny(name, `*?[\`) }

// MatchesAny reports whether a pattern (* and ?, [abc]) matches the name, or there are none. A topic's name
// holds no slash, the one character that path.Match treats differently.
func MatchesAny(name string, patterns []string) bool {
	return len(patterns) == 0 || slices.ContainsFunc(patterns, func(pattern string) bool {
		matched, _ := path.Match(pattern, name) // bad patterns were refused
		return matched
	})
}
