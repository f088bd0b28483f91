package topicspec

import (
	"strings"

	"kafkactl/internal/acl"
)

// newNamePattern reads NAME, NAME* for a prefix, or * for every name.
func newNamePattern(name string) NamePattern {
	if prefix, found := strings.CutSuffix(name, acl.Any); found && prefix != "" {
		return NamePattern{prefix, acl.Prefixed}
	}
	return NamePattern{name, acl.Literal}
}

// patterns reads every name.
func (names NameList) patterns() []NamePattern {
	var patterns []NamePattern
	for _, name := range names {
		patterns = append(patterns, newNamePattern(name))
	}
	return patterns
}

// String is the pattern as the file has it.
func (p NamePattern) String() string {
	if p.Pattern == acl.Prefixed {
		return p.Name + acl.Any
	}
	return p.Name
}

// One reports whether the pattern stands for a single name.
func (p NamePattern) One() bool { return p.Pattern == acl.Literal && p.Name != acl.Any }

// Matches reports whether a name is meant.
func (p NamePattern) Matches(name string) bool {
	switch {
	case p.Pattern == acl.Prefixed:
		return strings.HasPrefix(name, p.Name)
	case p.Name == acl.Any:
		return true
	default:
		return name == p.Name
	}
}
