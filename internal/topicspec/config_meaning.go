package topicspec

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	"kafkactl/internal/nearest"
)

// configName is a name that people give a setting: Kafka's own of topics, or one of the brokers.
type configName struct {
	words   []string
	stem    []string // the words before the unit
	unit    nameUnit
	setting string // the topic setting
}

func newConfigName(name, setting string) configName {
	n := configName{words: nameWords(name), setting: setting}
	n.stem, n.unit = unitOfName(n.words)
	return n
}

// configNames lists Kafka's names, those of topics first. A file may have thousands of unknown ones.
var configNames = sync.OnceValue(func() []configName { //nolint:gochecknoglobals // made of constant tables
	var names []configName
	for _, k := range knownConfigs {
		names = append(names, newConfigName(k.name, k.name))
	}
	for _, k := range knownConfigs {
		for _, broker := range k.broker {
			names = append(names, newConfigName(broker, k.name))
		}
	}
	return names
})

// meantSetting looks for the setting that an unknown name stands for: one that is spelled in another
// way (cleanup_policy), one of the brokers (log.retention.hours), one with another unit
// (retention.hours), the beginning of one (unclean.leader.election), and last one with a slip.
func meantSetting(name string, s Setting) meaning {
	asked, known := newConfigName(name, ""), configNames()
	if asked.unit.base == "" {
		asked.stem, asked.unit = unitOfSlip(asked.words)
	}
	for _, k := range known {
		if spelled(k.words) == spelled(asked.words) {
			return k.meaning(k.unit, s)
		}
	}
	if isBrokerConfig(name) {
		return meaning{} // it is right as it is, and no topic has its like
	}
	for _, k := range known {
		if asked.unit.base != "" && spelled(k.words) == spelled(append(slices.Clone(asked.stem), asked.unit.base)) {
			return k.meaning(asked.unit, s)
		}
	}
	if m := begun(asked, known, s); len(m.settings) > 0 {
		return m
	}
	return nearMeaning(asked, known, s)
}

// spelled is a name without what separates its words.
func spelled(words []string) string { return strings.Join(words, "") }

// meaning is that of k, for a value that counts in unit. There is none where the value cannot be
// converted.
func (k configName) meaning(unit nameUnit, s Setting) meaning {
	m := meaning{settings: []string{k.setting}}
	converted, ok := convert(k.setting, unit, s)
	same := unit.factor == 1 && spelled(k.words) == spelled(nameWords(k.setting))
	switch {
	case unit.vague && isBare(s.Value):
		m.needsUnit = true
		return m
	case s.Unset || same:
		return m
	case ok:
		m.value = converted
		return m
	case unit.factor == 1:
		return m
	default:
		return meaning{}
	}
}

// convert returns what to write for a value that counts in unit; false for one that the setting
// does not take. A value with a unit of its own stays, and so does -1, which is no limit.
func convert(setting string, unit nameUnit, s Setting) (string, bool) {
	value := strings.TrimSpace(s.Value)
	known, _ := lookupConfig(setting)
	n, err := strconv.ParseInt(value, 10, 64)
	if err == nil && unit.factor != 1 && n != -1 {
		if n < 0 || n > math.MaxInt64/unit.factor {
			return "", false
		}
		value = Humanize(setting, strconv.FormatInt(n*unit.factor, 10))
	}
	plain, err := canonical(setting, value)
	if err != nil {
		return "", false
	}
	if _, err := known.judge(plain); err != nil {
		return "", false
	}
	if value == "" {
		value = `""`
	}
	return value, true
}

// begun returns the settings of which asked is the beginning: those with the fewest words more. A
// bare number does not tell retention.ms from retention.bytes, nor one of them from hours.
func begun(asked configName, known []configName, s Setting) meaning {
	var open, fit []string
	for more := 1; more <= min(2, len(asked.words)) && len(open) == 0; more++ {
		for _, k := range known {
			n := len(k.words) - more
			if n != len(asked.words) || !slices.Equal(k.words[:n], asked.words) || slices.Contains(open, k.setting) {
				continue
			}
			open = append(open, k.setting)
			if _, ok := convert(k.setting, k.unit, s); s.Unset || ok && !(isBare(s.Value) && k.unit.base != "") {
				fit = append(fit, k.setting)
			}
		}
	}
	switch {
	case len(fit) == 1:
		return meaning{settings: fit}
	case isBare(s.Value) && len(open) <= 3 && !slices.ContainsFunc(open, func(name string) bool { return unitsOf(name) == nil }):
		return meaning{settings: open, needsUnit: true}
	default:
		return meaning{}
	}
}

// isBare reports whether a value is a number without a unit, and not one of the negative ones, which
// need none.
func isBare(value string) bool {
	n, err := strconv.ParseInt(strings.TrimSpace(value), 10, 64)
	return err == nil && n >= 0
}

// nearMeaning guesses a slip. The unit is no part of the guess: a name that counts something else,
// or has no unit where the other has one, is not near.
func nearMeaning(asked configName, known []configName, s Setting) meaning {
	best, least := configName{}, math.MaxInt
	for _, k := range known {
		a, b := strings.Join(asked.stem, "."), strings.Join(k.stem, ".")
		limit := min(3, max(1, len(a)/4))
		if asked.unit.base != k.unit.base || len(a)-len(b) > limit || len(b)-len(a) > limit || otherWord(asked.stem, k.stem) {
			continue
		}
		if d := nearest.Distance(a, b); d <= limit && d < least {
			best, least = k, d
		}
	}
	if best.setting == "" {
		return meaning{}
	}
	return best.meaning(asked.unit, s)
}

// otherWord reports whether two names differ in a word that is right in both: min for max, gzip for
// lz4. That is no slip.
func otherWord(asked, other []string) bool {
	if len(asked) != len(other) {
		return false
	}
	for i, word := range asked {
		if word != other[i] && slices.ContainsFunc(knownConfigs, func(k knownConfig) bool {
			return strings.Contains("."+k.name+".", "."+word+".")
		}) {
			return true
		}
	}
	return false
}
