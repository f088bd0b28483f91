package topicspec

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// unit is one suffix that a duration or a size may carry.
type unit struct {
	suffix string
	factor int64
}

// The largest unit comes first: Humanize takes the first that divides.
//
//nolint:gochecknoglobals // constant tables
var (
	durations = []unit{{"d", 24 * 3600_000}, {"h", 3600_000}, {"m", 60_000}, {"s", 1000}, {"ms", 1}}
	sizes     = []unit{{"TiB", 1 << 40}, {"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"B", 1}}
)

// unitsOf lists the units a setting may be written in: Kafka names every duration *.ms and every
// size *.bytes.
func unitsOf(key string) []unit {
	switch {
	case strings.HasSuffix(key, ".ms"):
		return durations
	case strings.HasSuffix(key, ".bytes"):
		return sizes
	default:
		return nil
	}
}

// integer reads a whole number, with a unit where the key is a duration or a size.
func integer(key, value string, largest int64) (string, error) {
	units := unitsOf(key)
	number, err := wholeNumber(value, units)
	switch {
	case number < -largest-1 || errors.Is(err, strconv.ErrRange) && strings.HasPrefix(value, "-"):
		return "", fmt.Errorf("%s is out of range: the smallest value is %d", value, -largest-1)
	case errors.Is(err, strconv.ErrRange), number > largest:
		return "", fmt.Errorf("%s is out of range: the largest value is %d", value, largest)
	case err != nil:
		return "", fmt.Errorf("expected a whole number%s, got %q", unitHelp(units), value)
	}
	return strconv.FormatInt(number, 10), nil
}

// wholeNumber reads "604800000", or "7d" where there is such a unit; a number with a unit cannot be
// negative. The error is ErrSyntax or ErrRange of strconv.
func wholeNumber(value string, units []unit) (int64, error) {
	digits := strings.TrimRight(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ ")
	suffix, factor := strings.TrimSpace(value[len(digits):]), int64(1)
	if suffix != "" {
		i := slices.IndexFunc(units, func(u unit) bool { return u.suffix == suffix })
		if i < 0 {
			return 0, strconv.ErrSyntax
		}
		factor = units[i].factor
	}
	number, err := strconv.ParseInt(digits, 10, 64)
	switch {
	case err != nil:
		return 0, err
	case suffix != "" && number < 0:
		return 0, strconv.ErrSyntax
	case number > math.MaxInt64/factor:
		return 0, strconv.ErrRange
	}
	return number * factor, nil
}

// ParseSize reads a number of bytes, "1048576" or "1MiB", as a setting of a size has it. The error is ErrSyntax or
// ErrRange of strconv.
func ParseSize(text string) (int64, error) { return wholeNumber(text, sizes) }

func unitHelp(units []unit) string {
	if len(units) == 0 {
		return ""
	}
	return " or one with a unit (" + unitList(units) + ")"
}

// unitList is "ms, s, m, h, d".
func unitList(units []unit) string {
	names := make([]string, len(units))
	for i, u := range units {
		names[len(units)-1-i] = u.suffix
	}
	return strings.Join(names, ", ")
}

// Humanize writes a canonical value with its largest whole unit, "604800000" as "7d"; other values,
// and plain bytes, are returned as they are.
func Humanize(key, value string) string {
	number, err := strconv.ParseInt(value, 10, 64)
	if err != nil || number <= 0 {
		return value
	}
	for _, u := range unitsOf(key) {
		if number%u.factor == 0 && u.suffix != "B" {
			return strconv.FormatInt(number/u.factor, 10) + u.suffix
		}
	}
	return value
}
