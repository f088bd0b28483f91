package term

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// OffsetText returns an offset, "-" for a negative one, which is not known.
func OffsetText(offset int64) string {
	if offset < 0 {
		return "-"
	}
	return strconv.FormatInt(offset, 10)
}

// SizeText returns bytes in the largest unit that fits, "-" for a negative number, which is not
// known.
func SizeText(bytes int64) string {
	if bytes < 0 {
		return "-"
	}
	units := []string{"B", "KiB", "MiB", "GiB", "TiB", "PiB"}
	size, unit := float64(bytes), 0
	for size >= 1024 && unit < len(units)-1 {
		size, unit = size/1024, unit+1
	}
	if unit == 0 {
		return fmt.Sprintf("%d B", bytes)
	}
	return fmt.Sprintf("%.1f %s", size, units[unit])
}

// JoinIDs lists ids, separated by commas; "-" for none.
func JoinIDs(ids []int) string {
	parts := make([]string, len(ids))
	for i, id := range ids {
		parts[i] = strconv.Itoa(id)
	}
	return OrDash(strings.Join(parts, ","))
}

// ShortDuration returns d with its two largest units: 1.2s, 3m12s, 5h3m, 12d4h.
func ShortDuration(d time.Duration) string {
	day := 24 * time.Hour
	switch {
	case d == 0:
		return "0s"
	case d < time.Second:
		return d.Round(time.Millisecond).String()
	case d < 10*time.Second:
		return d.Round(100 * time.Millisecond).String()
	case d < time.Minute:
		return d.Round(time.Second).String()
	case d < time.Hour:
		return fmt.Sprintf("%dm%ds", d/time.Minute, d%time.Minute/time.Second)
	case d < day:
		return fmt.Sprintf("%dh%dm", d/time.Hour, d%time.Hour/time.Minute)
	default:
		return fmt.Sprintf("%dd%dh", d/day, d%day/time.Hour)
	}
}

// ShortMillis returns so many milliseconds as [ShortDuration] does, also where they are more than the
// 292 years of a [time.Duration].
func ShortMillis(ms int64) string {
	const hour, day = 3_600_000, 24 * 3_600_000
	if ms <= math.MaxInt64/int64(time.Millisecond) {
		return ShortDuration(time.Duration(ms) * time.Millisecond)
	}
	return fmt.Sprintf("%dd%dh", ms/day, ms%day/hour)
}

// OrDash returns s, or "-" when it is empty.
func OrDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// ErrorText returns the text of err, "" without one.
func ErrorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// Seconds returns d in seconds with two decimal places, such as 0.25s.
func Seconds(d time.Duration) string { return fmt.Sprintf("%.2fs", d.Seconds()) }
