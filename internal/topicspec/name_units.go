package topicspec

import (
	"slices"
	"strings"
	"unicode"

	"kafkactl/internal/nearest"
)

// nameUnit is what the last word of a setting's name says of its number.
type nameUnit struct {
	base   string // the word that topic settings have: "ms", "bytes" or "messages"; "" for no unit
	factor int64  // how many of the base it is; 1 for no unit
	words  string // how people write it
	vague  bool   // it says what is counted, and not in which unit
}

// nameUnits counts sizes as other tools mean them: a megabyte of a log is 1 MiB.
var nameUnits = []nameUnit{ //nolint:gochecknoglobals // constant table, never written
	{"ms", 1, "ms msec msecs milli millis millisec millisecs millisecond milliseconds", false},
	{"ms", 1000, "sec secs second seconds", false},
	{"ms", 60_000, "mins minute minutes", false},
	{"ms", 3600_000, "h hr hrs hour hours", false},
	{"ms", 24 * 3600_000, "d day days", false},
	{"ms", 7 * 24 * 3600_000, "week weeks", false},
	{"bytes", 1, "byte bytes", false},
	{"bytes", 1 << 10, "kb kbs kib kbytes kilobyte kilobytes", false},
	{"bytes", 1 << 20, "mb mbs mib mbytes megabyte megabytes", false},
	{"bytes", 1 << 30, "gb gbs gib gbytes gigabyte gigabytes", false},
	{"bytes", 1 << 40, "tb tbs tib tbytes terabyte terabytes", false},
	{"ms", 1, "time duration period", true},
	{"bytes", 1, "size", true},
	{"messages", 1, "message messages msgs record records", false},
}

// unitOfName returns the unit that the last word of a name is, and the words before it. Without a
// unit these are all of them.
func unitOfName(words []string) (stem []string, unit nameUnit) {
	return unitWhere(words, func(word, last string) bool { return word == last })
}

// unitOfSlip is unitOfName for a last word that has one letter wrong.
func unitOfSlip(words []string) (stem []string, unit nameUnit) {
	return unitWhere(words, func(word, last string) bool { return isSlipOf(last, word) })
}

func unitWhere(words []string, same func(word, last string) bool) (stem []string, unit nameUnit) {
	if len(words) < 2 {
		return words, nameUnit{factor: 1}
	}
	stem, last := words[:len(words)-1], words[len(words)-1]
	for _, u := range nameUnits {
		for word := range strings.FieldsSeq(u.words) {
			if same(word, last) {
				return stem, u
			}
		}
	}
	return words, nameUnit{factor: 1}
}

// isSlipOf reports whether word is a unit with one letter wrong. Of a unit of two letters it has
// both and one too many: mb is no slip of ms.
func isSlipOf(word, unit string) bool {
	switch {
	case len(unit) >= 4:
		return nearest.Distance(word, unit) == 1
	case unit == "ms":
		return len(word) == 3 && nearest.Distance(word, unit) == 1
	default:
		return false
	}
}

// nameWords splits a name as people write it into the words that Kafka joins with dots:
// "cleanup_policy", "cleanupPolicy", "CLEANUP.POLICY". What the variables of container images put
// before a name is left out: KAFKA_CFG_LOG_RETENTION_HOURS.
func nameWords(name string) []string {
	var b strings.Builder
	lower := false
	for _, r := range name {
		if lower && unicode.IsUpper(r) {
			b.WriteByte('.')
		}
		lower = unicode.IsLower(r) || unicode.IsDigit(r)
		b.WriteRune(unicode.ToLower(r))
	}
	words := strings.FieldsFunc(b.String(), func(r rune) bool { return strings.ContainsRune("._- /", r) })
	for len(words) > 1 && slices.Contains([]string{"kafka", "cfg", "topic", "config"}, words[0]) {
		words = words[1:]
	}
	return words
}
