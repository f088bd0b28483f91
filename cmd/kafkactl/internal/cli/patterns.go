package cli

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"kafkactl/internal/admin"
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

// TopicsOf lists all topics; viewer is who may not see others that there may be, "" where all are there. A name
// among patterns that is no topic is an error, as it is of a topic that may not be seen.
func (s *Session) TopicsOf(patterns []string) (all []admin.Topic, viewer string, err error) {
	hides := s.Config.AskHidden(s.Ctx, s.HidesTopics)
	if all, err = s.ListTopics(s.Ctx); err != nil {
		return nil, "", err
	}
	for _, name := range patterns {
		if there := func(t admin.Topic) bool { return t.Name == name }; !isPattern(name) && !slices.ContainsFunc(all, there) {
			_, err := s.Topic(s.Ctx, name)
			return nil, "", cmp.Or(err, s.NotFound(s.Ctx, name))
		}
	}
	viewer, err = hides(len(all) == 0)
	return all, viewer, err
}

// isPattern reports whether a name is meant to match several.
func isPattern(name string) bool { return strings.ContainsAny(name, `*?[\`) }

// MatchesAny reports whether a pattern (* and ?, [abc]) matches the name, or there are none. A topic's name
// holds no slash, the one character that path.Match treats differently.
func MatchesAny(name string, patterns []string) bool {
	return len(patterns) == 0 || slices.ContainsFunc(patterns, func(pattern string) bool {
		matched, _ := path.Match(pattern, name) // bad patterns were refused
		return matched
	})
}
