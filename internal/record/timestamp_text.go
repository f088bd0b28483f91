package record

import (
	"strconv"
	"strings"
	"time"
)

// maxDateMillis is how far from 1970 a timestamp may lie, in milliseconds and in both directions, to
// be shown as a date: the range of dates in ECMAScript, up to the year 275760. Microseconds that
// were given as milliseconds lie in it, nanoseconds do not.
const maxDateMillis = 8_640_000_000_000_000

// FromMillis returns the time of a Kafka timestamp in Unix milliseconds, for which UnixMilli returns
// the same number again. It is never the zero [time.Time], which stands for no timestamp: for
// January 1 of the year 1, a default of some languages, it is a nanosecond later.
func FromMillis(ms int64) time.Time { return notZero(time.UnixMilli(ms)) }

// notZero returns t, or, for the zero time, a nanosecond later.
func notZero(t time.Time) time.Time {
	if t.IsZero() {
		return t.Add(time.Nanosecond)
	}
	return t
}

// IsDate reports whether t is shown as a date, and not as a number of milliseconds.
func IsDate(t time.Time) bool {
	ms := t.UnixMilli()
	return -maxDateMillis <= ms && ms <= maxDateMillis
}

// TimestampText returns what [AppendTimestamp] appends, "" for the zero time.
func TimestampText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return string(AppendTimestamp(nil, t))
}

// AppendTimestamp appends t in UTC with milliseconds, as "2026-11-22T12:00:01.123Z" (RFC 3339). A
// year beyond 9999 or before 0 has a sign and six digits, as ISO 8601 and ECMAScript write it:
// "+058692-11-03T14:15:23.456Z". What is too far away for a date is Unix milliseconds.
// [ParseTime] and [ParseJSON] read all three.
func AppendTimestamp(dst []byte, t time.Time) []byte {
	if !IsDate(t) {
		return strconv.AppendInt(dst, t.UnixMilli(), 10)
	}
	t = t.UTC()
	hour, minute, second := t.Clock()
	return append(AppendDay(dst, t), 'T',
		digit(hour/10), digit(hour), ':', digit(minute/10), digit(minute), ':', digit(second/10), digit(second), '.',
		digit(t.Nanosecond()/1e8), digit(t.Nanosecond()/1e7), digit(t.Nanosecond()/1e6), 'Z')
}

// AppendDay appends the year, month and day of t, in the zone that t has.
func AppendDay(dst []byte, t time.Time) []byte {
	year, month, day := t.Date()
	if year < 0 || year > 9999 {
		dst, year = append(dst, "+-"[min(max(-year, 0), 1)]), max(year, -year)
		dst = append(dst, digit(year/100000), digit(year/10000))
	}
	return append(dst, digit(year/1000), digit(year/100), digit(year/10), digit(year), '-',
		digit(int(month)/10), digit(int(month)), '-', digit(day/10), digit(day))
}

// digit returns the last decimal digit of n.
func digit(n int) byte { return byte('0' + n%10) }

// parseDate is [time.ParseInLocation] for a text that begins with a year. The year may have a sign
// and six digits. A text with an offset of its own must come with [time.UTC].
func parseDate(layout, text string, in *time.Location) (time.Time, error) {
	year, rest, long := cutLongYear(text)
	if !long {
		return time.ParseInLocation(layout, text, in)
	}
	// time reads years of four digits. The calendar repeats itself every 400 years.
	t, err := time.ParseInLocation(layout, strconv.Itoa(2000+(year%400+400)%400)+rest, in)
	if err != nil {
		return t, err
	}
	return time.Date(year, t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), t.Location()), nil
}

// cutLongYear cuts a year with a sign and six digits from the front of a text.
func cutLongYear(text string) (year int, rest string, ok bool) {
	const length = len("+058692")
	if len(text) <= length || text[0] != '+' && text[0] != '-' || strings.Trim(text[1:length], "0123456789") != "" || text[length] != '-' {
		return 0, "", false
	}
	year, err := strconv.Atoi(text[:length])
	return year, text[length:], err == nil
}
