package topicspec

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
)

// BrokerRefusal returns why a broker refuses a topic with these settings, in the broker's own words;
// "" when it takes them. The broker is one of the newest line of Kafka that is known here, with
// Kafka's defaults and without tiered storage. It reads no units: "7d" is no number to it.
func BrokerRefusal(config map[string]string) string {
	names := slices.Sorted(maps.Keys(config))
	line := kafkaLines[len(kafkaLines)-1]
	for _, name := range names {
		if known, _ := lookupConfig(name); !known.isIn(line) {
			return "Unknown topic config name: " + name
		}
	}
	parsed := make(map[string]string, len(config))
	for _, name := range names {
		known, _ := lookupConfig(name)
		value, words := known.brokerValue(line, config[name])
		if words != "" {
			return words
		}
		parsed[name] = value
	}
	return crossedRefusal(parsed)
}

// brokerValue returns a value as a broker of a line of Kafka reads it, or its words of refusal.
func (k knownConfig) brokerValue(line, text string) (value, words string) {
	value, problem := k.read(text)
	refused, r := text, k.ruleOf(line)
	if problem == "" {
		if k.kind == kindList && r.oneOf != nil && value != "" && slices.Contains(strings.Split(value, ","), "") {
			return "", fmt.Sprintf("Configuration '%s' values must not be empty.", k.name)
		}
		refused, problem = r.brokerWords(k, value)
	}
	if problem != "" {
		return "", fmt.Sprintf("Invalid value %s for configuration %s: %s", refused, k.name, problem)
	}
	return value, ""
}

// ruleOf returns the rule by which a line of Kafka judges the setting's values.
func (k knownConfig) ruleOf(line string) rule {
	for _, r := range k.rules {
		if slices.Contains(r.lines(), line) {
			return r
		}
	}
	return rule{}
}

// read returns a value as a broker reads it, or what the broker says when it cannot.
func (k knownConfig) read(value string) (parsed, problem string) {
	value = strings.TrimSpace(value)
	switch k.kind {
	case kindBoolean:
		lower := strings.ToLower(value)
		if lower != "true" && lower != "false" {
			return "", "Expected value to be either true or false"
		}
		return lower, ""
	case kindShort:
		return readWhole(value, 16, "SHORT")
	case kindInt:
		return readWhole(value, 32, "INT")
	case kindLong:
		return readWhole(value, 64, "LONG")
	case kindDouble:
		f, ok := parseDouble(value)
		if !ok {
			return "", "Not a number of type DOUBLE"
		}
		return formatDouble(f), ""
	case kindList:
		items := strings.Split(value, ",")
		for i := range items {
			items[i] = strings.TrimSpace(items[i])
		}
		return strings.Join(items, ","), ""
	case kindString, kindClass, kindPassword:
	}
	return value, ""
}

func readWhole(value string, bits int, kind string) (parsed, problem string) {
	n, err := strconv.ParseInt(value, 10, bits)
	if err != nil {
		return "", "Not a number of type " + kind
	}
	return strconv.FormatInt(n, 10), ""
}

// brokerWords is [rule.problem] as a broker words it, and what the broker says it of: the value, or
// one item of a list.
func (r rule) brokerWords(k knownConfig, value string) (refused, problem string) {
	switch {
	case r.form == formReplicas && replicasProblem(value) != "":
		return "[" + strings.ReplaceAll(value, ",", ", ") + "]", k.name + " must be the literal '*' or a list of replicas in the following format: [partitionId]:[brokerId],[partitionId]:[brokerId],..."
	case k.kind == kindList && r.oneOf != nil:
		for _, item := range strings.Split(value, ",") {
			if value != "" && !slices.Contains(r.oneOf, item) {
				return item, "String must be one of: " + strings.Join(r.oneOf, ", ")
			}
		}
	case r.oneOf != nil && !slices.Contains(r.oneOf, value):
		return value, "String must be one of: " + strings.Join(r.oneOf, ", ")
	case r.inBounds(value):
	case r.also != "":
		return value, fmt.Sprintf("Value must be between %s and %s or equal to %s", r.low, r.high, r.also)
	case less(value, r.low):
		return value, "Value must be at least " + r.low
	default:
		return value, "Value must be no more than " + r.high
	}
	return "", ""
}

// crossedRefusal returns why a broker refuses settings together, each of which it takes.
func crossedRefusal(parsed map[string]string) string {
	low, high := parsed[minCompactionLag], parsed[maxCompactionLag]
	if high == "" {
		high = strconv.FormatInt(math.MaxInt64, 10) // Kafka's default
	}
	switch {
	case less(high, low):
		return fmt.Sprintf("conflict topic config setting %s (%s) > %s (%s)", minCompactionLag, low, maxCompactionLag, high)
	case parsed[remoteStorage] == "true":
		return "Tiered Storage functionality is disabled in the broker. Topic cannot be configured with remote log storage."
	default:
		return ""
	}
}

// IsList reports whether a setting is a list, to which items can be added.
func IsList(key string) bool {
	known, ok := lookupConfig(key)
	return ok && known.kind == kindList
}

// BrokerNameRefusal returns why a broker refuses the name of a topic, in the broker's own words; ""
// when it takes it.
func BrokerNameRefusal(name string) string {
	const invalid = "Topic name is invalid: "
	switch {
	case name == "":
		return invalid + "the empty string is not allowed"
	case name == "." || name == "..":
		return fmt.Sprintf("%s'%s' is not allowed", invalid, name)
	case len(name) > longestName:
		return fmt.Sprintf("%sthe length of '%s' is longer than the max allowed length %d", invalid, name, longestName)
	case !legalName.MatchString(name):
		return fmt.Sprintf("%s'%s' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'", invalid, name)
	default:
		return ""
	}
}
