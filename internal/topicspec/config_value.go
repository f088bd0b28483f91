package topicspec

import (
	"fmt"
	"math"
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
// case, lists without blanks. The error says what the setting takes. The value of a key that no
// version knows is returned as it is.
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
		f, err := strconv.ParseFloat(value, 64)
		if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
			return "", fmt.Errorf("expected a number, got %q", value)
		}
		return formatDouble(f), nil
	case kindList:
		return strings.Join(listItems(value), ","), nil
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

// formatDouble writes f as Java's Double.toString does for ordinary values.
func formatDouble(f float64) string {
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
