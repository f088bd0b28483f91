package composefile

import (
	"regexp"
	"strings"
)

// mapSubject returns the name that ssl.principal.mapping.rules makes of a certificate's subject, as
// SslPrincipalMapper does: the first rule whose pattern matches all of it. ok is false where Go
// cannot say: a rule of another form, a pattern that only Java knows, no rule that matches.
func mapSubject(rules, subject string) (name string, ok bool) {
	if subject == "" {
		return "", false
	}
	if strings.TrimSpace(rules) == "" {
		return subject, true
	}
	// The pattern of SslPrincipalMapper, without its last alternative, which is no rule.
	form := regexp.MustCompile(`^\s*(?:(DEFAULT)|RULE:((?:\\.|[^\\/])*)/((?:\\.|[^\\/])*)/([LU]?))\s*(?:,\s*|$)`)
	for rest := strings.TrimSpace(rules); rest != ""; {
		m := form.FindStringSubmatch(rest)
		if m == nil {
			return "", false
		}
		rest = rest[len(m[0]):]
		if m[1] != "" {
			return subject, true
		}
		pattern, err := regexp.Compile(m[2])
		if err != nil || pattern.MatchString("") { // Java would replace at the end once more
			return "", false
		}
		match := pattern.FindStringSubmatchIndex(subject)
		if match == nil {
			continue
		}
		if match[0] != 0 || match[1] != len(subject) {
			// Java asks for a match of the whole, which a longer one than Go's first may be.
			whole, err := regexp.Compile(`^(?:` + m[2] + `)$`)
			if err != nil || whole.MatchString(subject) {
				return "", false
			}
			continue
		}
		return change(string(pattern.ExpandString(nil, numbered(m[3]), subject, match)), m[4]), true
	}
	return "", false
}

// numbered writes Java's $1 as Go's ${1}: in Go $1x is a group called 1x.
func numbered(replacement string) string {
	return regexp.MustCompile(`\$(\d)`).ReplaceAllString(strings.ReplaceAll(replacement, `\`, ``), `$${$1}`)
}

func change(name, letters string) string {
	switch letters {
	case "L":
		return strings.ToLower(name)
	case "U":
		return strings.ToUpper(name)
	default:
		return name
	}
}
