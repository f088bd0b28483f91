package record

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// ParseTime reads a point in time, as --since and --until take it: a duration before now
// ("90s", "1h30m", "7d", "2w"), "now", "today" or "yesterday" (both at midnight), a date, a date
// and a time with or without a zone, a time of today, or Unix milliseconds (13 digits or more). It
// reads what [AppendTimestamp] writes. A time without a zone is in the zone of now. In a duration, a
// day is 24 hours. The result is never the zero time.
func ParseTime(s string, now time.Time) (time.Time, error) {
	s = strings.TrimSpace(s)
	midnight := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	switch s {
	case "now":
		return now, nil
	case "today":
		return midnight, nil
	case "yesterday":
		return midnight.AddDate(0, 0, -1), nil
	}
	if back, err := parseDurationBack(s); err == nil {
		return now.Add(-back), nil
	}
	if digits := strings.TrimPrefix(s, "-"); digits != "" && strings.Trim(digits, "0123456789") == "" {
		return parseMillis(s, len(digits))
	}
	for _, layout := range []string{"15:04", "15:04:05"} {
		if t, err := time.Parse(layout, s); err == nil {
			return time.Date(now.Year(), now.Month(), now.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), now.Location()), nil
		}
	}
	return parseDateTime(s, now.Location())
}

// parseMillis reads Unix milliseconds of so many digits.
func parseMillis(s string, digits int) (time.Time, error) {
	ms, err := strconv.ParseInt(s, 10, 64)
	switch {
	case digits == 10: // as the seconds have until the year 2286
		return time.Time{}, fmt.Errorf("%w; as Unix seconds it would be %s000", timeError(s), s)
	case digits < 13:
		return time.Time{}, timeError(s)
	case err != nil:
		return time.Time{}, fmt.Errorf("time %q: a timestamp is from %d to %d milliseconds", s, math.MinInt64, math.MaxInt64)
	}
	return FromMillis(ms), nil
}

// parseDateTime reads a date, or a date and a time, in a zone unless it has one of its own.
func parseDateTime(s string, zone *time.Location) (time.Time, error) {
	date, clock, timed := strings.Cut(strings.Replace(s, " ", "T", 1), "T")
	if !timed {
		if t, err := parseDate(time.DateOnly, date, zone); err == nil {
			return notZero(t), nil
		}
	}
	for _, layout := range []string{"15:04", "15:04:05"} {
		if t, err := parseDate(time.DateOnly+"T"+layout, date+"T"+clock, zone); err == nil {
			return notZero(t), nil
		}
		if t, err := parseDate(time.DateOnly+"T"+layout+"Z07:00", date+"T"+clock, time.UTC); err == nil {
			return notZero(t), nil
		}
	}
	return time.Time{}, timeError(s)
}

// timeError says what a time looks like.
func timeError(s string) error {
	return fmt.Errorf("time %q: want one of 90s, 1h30m, 7d, 2w (back from now), now, today, yesterday, "+
		"2006-01-02, 2006-01-02T15:04:05, 2006-01-02T15:04:05.123Z, 2006-01-02T15:04:05+01:00, 15:04, 15:04:05, "+
		"Unix milliseconds (13 digits)", s)
}

var errNotDuration = errors.New("not a duration")

// parseDurationBack reads a duration as [time.ParseDuration] does, with days and weeks, and
// without a sign: one or more integers or decimal numbers, each with its unit.
func parseDurationBack(s string) (time.Duration, error) {
	if s == "" || strings.Trim(s[:1], "0123456789") != "" {
		return 0, errNotDuration
	}
	var total time.Duration
	for s != "" {
		unit := strings.TrimLeft(s, "0123456789.")
		number := s[:len(s)-len(unit)]
		s = strings.TrimLeft(unit, "abcdefghijklmnopqrstuvwxyz")
		part, err := durationPart(number, unit[:len(unit)-len(s)])
		if err != nil {
			return 0, err
		}
		if total += part; total < 0 {
			return 0, errNotDuration
		}
	}
	return total, nil
}

// durationPart returns the duration of one number with its unit.
func durationPart(number, unit string) (time.Duration, error) {
	factor := time.Duration(1)
	switch unit {
	case "ms", "s", "m", "h":
	case "d":
		factor, unit = 24, "h"
	case "w":
		factor, unit = 7*24, "h"
	default:
		return 0, errNotDuration
	}
	d, err := time.ParseDuration(number + unit)
	if err != nil || d < 0 || d*factor/factor != d {
		return 0, errNotDuration
	}
	return d * factor, nil
}
