package kafka

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
)

// errJavaOnly says that Java reads a rule otherwise than Go, or that only Java reads it.
var errJavaOnly = errors.New("a rule cannot be applied outside of Java")

// errNoRule says that no rule takes a name: brokers refuse whoever has it.
var errNoRule = errors.New("no rule takes the name of the certificate")

// mapPrincipal applies ssl.principal.mapping.rules to the name of who holds a certificate, as
// SslPrincipalMapper does: the first rule that takes the whole name decides.
func mapPrincipal(rules, name string) (string, error) {
	const form = `(DEFAULT)|RULE:((?:\\.|[^\\/])*)/((?:\\.|[^\\/])*)/([LU]?).*?|(.*?)`
	split := regexp.MustCompile(`\s*(?:` + form + `)\s*(?:,\s*|$)`)
	for _, rule := range split.FindAllStringSubmatch(strings.TrimSpace(rules), -1) {
		if rule[1] != "" {
			return name, nil
		}
		if !strings.HasPrefix(strings.TrimSpace(rule[0]), "RULE:") {
			continue
		}
		mapped, takes, err := applyRule(rule[2], rule[3], name)
		switch {
		case err != nil:
			return "", err
		case !takes:
		case rule[4] == "L":
			return strings.ToLower(mapped), nil
		case rule[4] == "U":
			return strings.ToUpper(mapped), nil
		default:
			return mapped, nil
		}
	}
	return "", errNoRule
}

// applyRule replaces every match in a name that the pattern takes as a whole.
func applyRule(pattern, replacement, name string) (mapped string, takes bool, err error) {
	found, err := regexp.Compile(pattern)
	if err != nil {
		return "", false, errJavaOnly
	}
	if !regexp.MustCompile(`^(?:` + pattern + `)$`).MatchString(name) {
		return "", false, nil
	}
	if !strings.HasPrefix(pattern, "^") && found.MatchString("") { // Java replaces the empty end once more
		return "", false, errJavaOnly
	}
	return found.ReplaceAllString(name, goReplacement(replacement, found.NumSubexp())), true, nil
}

// goReplacement writes a replacement of Java's for Go. A number beyond the groups there are is text.
func goReplacement(java string, groups int) string {
	part := regexp.MustCompile(`\\.|\$[0-9]+|\$`)
	return part.ReplaceAllStringFunc(java, func(part string) string {
		if literal, escaped := strings.CutPrefix(part, `\`); escaped {
			return strings.ReplaceAll(literal, "$", "$$")
		}
		digits := strings.TrimPrefix(part, "$")
		for end := len(digits); end > 0; end-- { // as many digits as name a group
			if n, err := strconv.Atoi(digits[:end]); err == nil && n <= groups {
				return "${" + digits[:end] + "}" + digits[end:]
			}
		}
		return "$$" + digits
	})
}
