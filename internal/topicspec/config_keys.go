package topicspec

import (
	"cmp"
	"slices"
	"strings"
)

//go:generate go run ./configkeys config_keys_gen.go

// knownConfig is one topic setting as Kafka documents it.
type knownConfig struct {
	name   string
	kind   kind
	rules  []rule   // how its values are judged, oldest Kafka first; one where all judge the same
	broker []string // the brokers' settings that it overrides, the one that wins first
}

// lookupConfig finds a setting by its Kafka name; unknown ones are strings.
func lookupConfig(name string) (knownConfig, bool) {
	i, ok := slices.BinarySearchFunc(knownConfigs, name, func(k knownConfig, name string) int {
		return cmp.Compare(k.name, name)
	})
	if !ok {
		return knownConfig{name: name}, false
	}
	return knownConfigs[i], true
}

// ConfigNames lists the settings that a topics file can declare: those some supported Kafka version
// knows, sorted.
func ConfigNames() []string {
	var names []string
	for _, k := range knownConfigs {
		if !isThrottle(k.name) {
			names = append(names, k.name)
		}
	}
	return names
}

// isThrottle reports whether a topic setting limits how fast replicas are copied. Tools set it for the time of a
// reassignment, so no file declares it.
func isThrottle(name string) bool {
	return name == "leader.replication.throttled.replicas" || name == "follower.replication.throttled.replicas"
}

// isVendors reports whether a topic setting is one of brokers that are not Apache's, which mark theirs. They
// alone know its values.
func isVendors(name string) bool {
	return strings.HasPrefix(name, "confluent.") || strings.HasPrefix(name, "redpanda.")
}

// lines lists the lines of Kafka that know the setting, oldest first.
func (k knownConfig) lines() []string {
	return slices.DeleteFunc(slices.Clone(kafkaLines), func(line string) bool { return !k.isIn(line) })
}

// isIn reports whether a line of Kafka knows the setting.
func (k knownConfig) isIn(line string) bool {
	return slices.ContainsFunc(k.rules, func(r rule) bool { return strings.Contains(r.versions, line) })
}

// description says for editors which Kafka knows the setting and what it takes.
func (k knownConfig) description() string {
	text := "Kafka " + strings.Join(k.lines(), " and ") + "."
	if units := unitsOf(k.name); units != nil {
		text += " A whole number" + unitHelp(units) + "."
	}
	for _, r := range k.rules {
		switch takes := r.takes(k); {
		case takes == "":
		case len(k.rules) > 1:
			text += " Kafka " + strings.Join(r.lines(), " and ") + ": " + takes + "."
		default:
			text += " " + strings.ToUpper(takes[:1]) + takes[1:] + "."
		}
	}
	return text
}
