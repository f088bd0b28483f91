package record

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// ParseMoment reads a point in time: a duration back from now ("90s", "1h30m", "7d",
// "2w"), "now", "today", "yesterday" (both at midnight), a date, a date and a time with
// or without a zone, a time of today, or Unix milliseconds (13 digits). What has no zone
// is in that of now. A day is 24 hours where it is part of a duration.
func ParseMoment(s string, now time.Time) (time.Time, error) {
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
	if back, err := parseBack(s); err == nil {
		return now.Add(-back), nil
	}
	if len(s) == 13 && strings.Trim(s, "0123456789") == "" {
		ms, err := strconv.ParseInt(s, 10, 64)
		return time.UnixMilli(ms).In(now.Location()), err
	}
	for _, layout := range []string{"15:04", "15:04:05"} {
		if t, err := time.Parse(layout, s); err == nil {
			return time.Date(now.Year(), now.Month(), now.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), now.Location()), nil
		}
	}
	date, clock, timed := strings.Cut(strings.Replace(s, " ", "T", 1), "T")
	if !timed {
		if t, err := time.ParseInLocation(time.DateOnly, date, now.Location()); err == nil {
			return t, nil
		}
	}
	for _, layout := range []string{"15:04", "15:04:05", "15:04Z07:00", "15:04:05Z07:00"} {
		if t, err := time.ParseInLocation(time.DateOnly+"T"+layout, date+"T"+clock, now.Location()); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("time %q: want one of 90s, 1h30m, 7d, 2w (back from now), now, today, yesterday, "+
		"2006-01-02, 2006-01-02T15:04:05, 2006-01-02T15:04:05.123Z, 2006-01-02T15:04:05+01:00, 15:04, 15:04:05, "+
		"Unix milliseconds (13 digits)", s)
}

var errBack = errors.New("not a duration")

// parseBack is [time.ParseDuration] with days and weeks, and without a sign: one or more
// whole or decimal numbers, each with its unit.
func parseBack(s string) (time.Duration, error) {
	if s == "" || strings.Trim(s[:1], "0123456789") != "" {
		return 0, errBack
	}
	var total time.Duration
	for s != "" {
		unit := strings.TrimLeft(s, "0123456789.")
		number := s[:len(s)-len(unit)]
		s = strings.TrimLeft(unit, "abcdefghijklmnopqrstuvwxyz")
		part, err := span(number, unit[:len(unit)-len(s)])
		if err != nil {
			return 0, err
		}
		if total += part; total < 0 {
			return 0, errBack
		}
	}
	return total, nil
}

func span(number, unit string) (time.Duration, error) {
	factor := time.Duration(1)
	switch unit {
	case "ms", "s", "m", "h":
	case "d":
		factor, unit = 24, "h"
	case "w":
		factor, unit = 7*24, "h"
	default:
		return 0, errBack
	}
	d, err := time.ParseDuration(number + unit)
	if err != nil || d < 0 || d*factor/factor != d {
		return 0, errBack
	}
	return d * factor, nil
}
