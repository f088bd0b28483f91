package topicspec

import (
	"fmt"
	"strconv"
	"strings"
)

// doubt is a value that Kafka takes without a word and that is hardly meant: most are a number whose
// unit was forgotten.
type doubt struct {
	from, below int64  // the values in doubt, from included and below not
	why         string // what such a value does; "%s" is the value with its unit
}

const minute, second, kibibyte, mebibyte = 60_000, 1000, 1 << 10, 1 << 20

// configDoubts are the doubts about numbers. Values with a meaning of their own (-1 is no limit, 0
// milliseconds of tombstones) are in none.
var configDoubts = map[string]doubt{ //nolint:gochecknoglobals // constant table, never written
	"retention.ms":                        {0, minute, "records are deleted %s after they were written"},
	"local.retention.ms":                  {0, minute, "records leave the broker's own disk %s after they were written"},
	"delete.retention.ms":                 {1, second, "a consumer has %s to see a deletion before it is compacted away"},
	"max.compaction.lag.ms":               {1, second, "every record is due for compaction after %s"},
	"segment.ms":                          {1, second, "a new segment begins every %s: many small files"},
	"message.timestamp.after.max.ms":      {0, second, "a record of a producer whose clock is more than %s ahead is refused"},
	"message.timestamp.before.max.ms":     {0, second, "a record that is older than %s when it arrives is refused"},
	"message.timestamp.difference.max.ms": {0, second, "a record whose timestamp is off by more than %s is refused"},
	"max.message.bytes":                   {0, kibibyte, "no batch of records larger than %s is taken, and hardly one is smaller"},
	"retention.bytes":                     {0, mebibyte, "only the segment that is being written is kept: none is as small as %s"},
	"local.retention.bytes":               {0, mebibyte, "only the segment that is being written stays on the broker's own disk: none is as small as %s"},
	"segment.index.bytes":                 {0, kibibyte, "a segment ends when its index of %s is full"},
}

// doubt returns why a canonical value that Kafka takes is hardly meant; "" for no doubt.
func (s Setting) doubt(key string) string {
	if s.Unset {
		return ""
	}
	value := s.Value
	number, err := strconv.ParseInt(value, 10, 64)
	d, ok := configDoubts[key]
	switch {
	case err == nil && ok && number >= d.from && number < d.below:
		return value + " is suspicious: " + fmt.Sprintf(d.why, withUnit(key, value)) + unitAdvice(key)
	case err == nil && strings.HasSuffix(key, ".ms") && looksLikeSeconds(number):
		return fmt.Sprintf("%s is suspicious: the unit is milliseconds; that many seconds are %s",
			value, Humanize(key, strconv.FormatInt(number*second, 10)))
	case err == nil && key == "retention.bytes" && number < -1:
		return value + " is suspicious: every negative number is no limit, and it is written -1"
	case value == "NaN":
		return "NaN is suspicious: it is compared with numbers, and never true"
	case key == "cleanup.policy" && value == "":
		return "an empty list is suspicious: nothing is deleted or compacted, whatever retention says"
	default:
		return ""
	}
}

// withUnit is the value as a person reads it, "7ms" or "100B".
func withUnit(key, value string) string {
	if human := Humanize(key, value); human != value {
		return human
	}
	units := unitsOf(key)
	return value + units[len(units)-1].suffix
}

// unitAdvice lists the units that a value of key may have.
func unitAdvice(key string) string {
	return "; it can have a unit (" + unitList(unitsOf(key)) + ")"
}

// looksLikeSeconds reports whether a number of milliseconds is more likely one of seconds: whole
// hours as seconds (604800 is 7 days), and no whole number of seconds as milliseconds; or whole days
// as seconds, and no whole number of minutes as milliseconds.
func looksLikeSeconds(n int64) bool {
	const hour, day = 3600, 24 * 3600
	return n > 0 && (n%hour == 0 && n%second != 0 || n%day == 0 && n%minute != 0) && n <= 10*365*day
}
