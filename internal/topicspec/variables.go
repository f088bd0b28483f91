package topicspec

import (
	"errors"
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
	name := reference[:nameLength(reference)]
	rest := reference[len(name):]
	fallback, hasFallback := strings.CutPrefix(rest, ":-")
	switch {
	case name == "" || rest != "" && !hasFallback:
		return "", errors.New(notUnderstood(name, rest))
	case strings.Contains(fallback, "${"):
		return "", fmt.Errorf("${%s}}: a default cannot have a variable in it", reference)
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

// notUnderstood returns what to write in place of ${NAMEREST}: a shell and Compose know more forms.
func notUnderstood(name, rest string) string {
	var operator, word string
	if form := strings.TrimPrefix(rest, ":"); form != "" {
		operator, word = form[:1], form[1:]
	}
	text := fmt.Sprintf("${%s%s} is not understood: there are only ${VAR} and ${VAR:-default}", name, rest)
	switch {
	case name == "":
		return text + ", and a name has letters, digits and _, and does not start with a digit"
	case operator == "-" || operator == "=":
		return text + fmt.Sprintf(" (write ${%s:-%s})", name, word)
	case operator == "?":
		return text + fmt.Sprintf(" (write ${%s}: one that is not set is an error)", name)
	default:
		return text
	}
}

// nameLength returns the length of the name of a variable that s begins with, 0 for none.
func nameLength(s string) int {
	for i, r := range s {
		letter := r == '_' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return i
		}
	}
	return len(s)
}
