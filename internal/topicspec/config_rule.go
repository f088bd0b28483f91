package topicspec

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// rule is how some lines of Kafka judge the values of a setting, beside their type: what its
// ConfigDef has as valid values.
type rule struct {
	versions  string   // the lines of Kafka, "3.9 4.3"
	low, high string   // the bounds of a number, inclusive; "" for none
	also      string   // one number that is taken beside those within bounds; "" for none
	oneOf     []string // the only texts that are taken, or the only items of a list; nil for all
	form      form
}

// form is a rule that bounds and choices cannot say.
type form int

const (
	formFree     form = iota
	formReplicas      // a list of PARTITION:BROKER, or *
	formRelease       // a release of Kafka that oneOf lists, in any spelling that brokers read
)

func (r rule) lines() []string { return strings.Fields(r.versions) }

// problem returns why these lines of Kafka refuse a canonical value of k; "" when they take it.
func (r rule) problem(k knownConfig, value string) string {
	switch {
	case r.form == formReplicas:
		return replicasProblem(value)
	case r.form == formRelease:
		if !r.isRelease(value) {
			return fmt.Sprintf("must be a release of Kafka such as 3.0, got %q", value)
		}
	case k.kind == kindList && r.oneOf != nil:
		return r.itemsProblem(value)
	case r.oneOf != nil && !slices.Contains(r.oneOf, value):
		return fmt.Sprintf("must be %s, got %q%s", r.takes(k), value, didYouMean(value, r.oneOf))
	case !r.inBounds(value):
		return fmt.Sprintf("must be %s, got %s", r.takes(k), value)
	}
	return ""
}

// takes says in words what the rule takes, "at least 1" or "one of compact and delete"; "" when it
// takes every value of the type.
func (r rule) takes(k knownConfig) string {
	text := ""
	switch {
	case r.form == formReplicas:
		return "pairs of PARTITION:BROKER with commas between them, or *"
	case r.form == formRelease:
		return "a release of Kafka such as 3.0"
	case k.kind == kindList && r.oneOf != nil:
		return "a list of " + strings.Join(r.oneOf, ", ")
	case r.oneOf != nil:
		return "one of " + strings.Join(r.oneOf, ", ")
	case r.low != "" && r.high != "":
		text = fmt.Sprintf("between %s and %s", r.low, r.high)
	case r.low != "":
		text = "at least " + r.low
		if human := Humanize(k.name, r.low); human != r.low && len(human) < len(r.low) {
			text += " (" + human + ")"
		}
	case r.high != "":
		text = "at most " + r.high
	}
	if r.also != "" {
		text += ", or " + r.also
	}
	return text
}

// inBounds compares as Kafka does, by which a double that is no number is within all bounds.
func (r rule) inBounds(value string) bool {
	return value == r.also || !less(value, r.low) && !less(r.high, value)
}

// less compares two numbers; "" is no bound, and less or more than none. Whole numbers are compared
// exactly: those near the end of int64 are alike as floating-point numbers.
func less(a, b string) bool {
	if a == "" || b == "" {
		return false
	}
	x, errX := strconv.ParseInt(a, 10, 64)
	y, errY := strconv.ParseInt(b, 10, 64)
	if errX == nil && errY == nil {
		return x < y
	}
	f, _ := strconv.ParseFloat(a, 64)
	g, _ := strconv.ParseFloat(b, 64)
	return f < g
}

// itemsProblem judges a list of which only some items are taken.
func (r rule) itemsProblem(value string) string {
	if value == "" {
		return ""
	}
	for _, item := range strings.Split(value, ",") {
		if slices.Contains(r.oneOf, item) {
			continue
		}
		words := strings.FieldsFunc(strings.ToLower(value), func(c rune) bool { return strings.ContainsRune(" \t,;|+[](){}'\"", c) })
		switch all := !slices.ContainsFunc(words, func(w string) bool { return !slices.Contains(r.oneOf, w) }); {
		case item == "":
			return fmt.Sprintf("a list of %s has an empty item: %q", strings.Join(r.oneOf, ", "), value)
		case all && len(words) > 0:
			return fmt.Sprintf("must be a list of %s, got %q (did you mean %q?)", strings.Join(r.oneOf, ", "), item, strings.Join(words, ","))
		default:
			return fmt.Sprintf("must be a list of %s, got %q%s", strings.Join(r.oneOf, ", "), item, didYouMean(item, r.oneOf))
		}
	}
	return ""
}

var replicaPattern = regexp.MustCompile(`^([0-9]+:[0-9]+)?$`)

// replicasProblem judges a list of throttled replicas. Kafka takes empty items of it.
func replicasProblem(value string) string {
	items := strings.Split(value, ",")
	if strings.Join(items, "") == "*" {
		return ""
	}
	for _, item := range items {
		if !replicaPattern.MatchString(item) {
			return fmt.Sprintf("must be pairs of PARTITION:BROKER with commas between them (0:1,1:2), or *, got %q", item)
		}
	}
	return ""
}

// isRelease reads a release as Kafka does: what follows the minor version is not looked at
// ("3.0.1" is "3.0"; of the old "0.10.2.1" it is the third number). Without the part after the dash
// it is the last one of that release, which a broker knows up to its own.
func (r rule) isRelease(value string) bool {
	count := 2
	if strings.HasPrefix(value, "0.") {
		count = 3
	}
	parts := strings.Split(value, ".")
	value = strings.Join(parts[:min(count, len(parts))], ".")
	own := releaseNumbers(r.lines()[len(r.lines())-1])
	return slices.ContainsFunc(r.oneOf, func(known string) bool {
		release, _, _ := strings.Cut(known, "-")
		return value == known || value == release && slices.Compare(releaseNumbers(release), own) <= 0
	})
}

// releaseNumbers is [3 9] for "3.9".
func releaseNumbers(release string) []int {
	var numbers []int
	for _, part := range strings.Split(release, ".") {
		n, _ := strconv.Atoi(part)
		numbers = append(numbers, n)
	}
	return numbers
}
