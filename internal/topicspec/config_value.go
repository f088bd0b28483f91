package topicspec

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// kind is the type of a topic setting, as Kafka's ConfigDef has it.
type kind int

const (
	kindString kind = iota
	kindBoolean
	kindInt
	kindShort
	kindLong
	kindDouble
	kindList
	kindClass
	kindPassword
)

// canonical returns value as a broker answers it for key: numbers without units, booleans in lower
// case, lists without blanks around their items. The error says which type the setting has; whether
// Kafka takes a value of that type is asked of [judgeSetting]. The value of a key that no version
// knows is returned as it is.
func canonical(key, value string) (string, error) {
	value = strings.TrimSpace(value)
	switch known, _ := lookupConfig(key); known.kind {
	case kindBoolean:
		lower := strings.ToLower(value)
		if lower != "true" && lower != "false" {
			return "", fmt.Errorf("expected true or false, got %q", value)
		}
		return lower, nil
	case kindShort:
		return integer(key, value, math.MaxInt16)
	case kindInt:
		return integer(key, value, math.MaxInt32)
	case kindLong:
		return integer(key, value, math.MaxInt64)
	case kindDouble:
		f, ok := parseDouble(value)
		if !ok {
			return "", fmt.Errorf("expected a number, got %q", value)
		}
		return formatDouble(f), nil
	case kindList:
		items := strings.Split(value, ",")
		for i := range items {
			items[i] = strings.TrimSpace(items[i])
		}
		return strings.Join(items, ","), nil
	default: // string, class, password
		return value, nil
	}
}

// SameValue reports whether two values of key mean the same to Kafka: numbers by value, lists as
// sets (no topic setting's list has an order), the rest by text.
func SameValue(key, a, b string) bool {
	if known, _ := lookupConfig(key); known.kind == kindList {
		x, y := listItems(a), listItems(b)
		slices.Sort(x)
		slices.Sort(y)
		return slices.Equal(slices.Compact(x), slices.Compact(y))
	}
	x, errX := canonical(key, a)
	y, errY := canonical(key, b)
	return errX == nil && errY == nil && x == y || a == b
}

// javaDouble is what Java's Double.parseDouble reads.
var javaDouble = regexp.MustCompile(`^[+-]?(NaN|Infinity|([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?[fFdD]?|` +
	`0[xX]([0-9a-fA-F]+\.?|[0-9a-fA-F]*\.[0-9a-fA-F]+)[pP][+-]?[0-9]+[fFdD]?)$`)

// parseDouble reads a number as Kafka does: NaN is one, and what is too large is infinite.
func parseDouble(value string) (f float64, ok bool) {
	if !javaDouble.MatchString(value) {
		return 0, false
	}
	if strings.HasSuffix(value, "NaN") { // Go reads none with a sign
		return math.NaN(), true
	}
	f, err := strconv.ParseFloat(strings.TrimRight(value, "fFdD"), 64)
	return f, err == nil || errors.Is(err, strconv.ErrRange)
}

// formatDouble writes f as Java's Double.toString does for ordinary values.
func formatDouble(f float64) string {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 0):
		return strings.TrimPrefix(strconv.FormatFloat(f, 'f', -1, 64)+"inity", "+")
	}
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

// listItems splits a comma-separated list, blanks dropped.
func listItems(value string) []string {
	items := strings.Split(value, ",")
	for i := range items {
		items[i] = strings.TrimSpace(items[i])
	}
	return slices.DeleteFunc(items, func(s string) bool { return s == "" })
}
