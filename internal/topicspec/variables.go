package topicspec

import (
	"fmt"
	"strings"
)

// Lookup returns one variable's value, and whether it is set, as os.LookupEnv does.
type Lookup func(name string) (string, bool)

// unsetError is a variable without a value and without a default.
type unsetError struct{ name string }

func (e unsetError) Error() string {
	return fmt.Sprintf("variable ${%s} is not set (set it, or give a default: ${%s:-value})", e.name, e.name)
}

// expand replaces ${NAME} and ${NAME:-default} in s and turns $$ into one dollar. As in a shell,
// the default also serves when the variable is set but empty. Any other dollar stays as it is.
// changed reports whether a variable was replaced.
func expand(s string, lookup Lookup) (out string, changed bool, err error) {
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '$')
		if i < 0 || i == len(s)-1 {
			b.WriteString(s)
			return b.String(), changed, nil
		}
		b.WriteString(s[:i])
		s = s[i+1:]
		switch s[0] {
		case '$':
			b.WriteByte('$')
			s = s[1:]
		case '{':
			reference, rest, closed := strings.Cut(s[1:], "}")
			if !closed {
				return "", false, fmt.Errorf("variable ${%s is not closed by }", s[1:])
			}
			value, err := variable(reference, lookup)
			if err != nil {
				return "", false, err
			}
			b.WriteString(value)
			s, changed = rest, true
		default:
			b.WriteByte('$')
		}
	}
}

// variable evaluates what stands between ${ and }.
func variable(reference string, lookup Lookup) (string, error) {
	name, fallback, hasFallback := strings.Cut(reference, ":-")
	if !isVariableName(name) {
		return "", fmt.Errorf("${%s} is not a variable: a name has letters, digits and _, and does not start with a digit", reference)
	}
	value, ok := lookup(name)
	if hasFallback && value == "" {
		return fallback, nil
	}
	if !ok {
		return "", unsetError{name}
	}
	return value, nil
}

func isVariableName(s string) bool {
	for i, r := range s {
		letter := r == '_' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return s != ""
}
