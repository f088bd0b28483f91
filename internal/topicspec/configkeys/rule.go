package main

import (
	"fmt"
	"regexp"
	"strings"
)

// kinds are package topicspec's names for the types of ConfigDef.
var kinds = map[string]string{ //nolint:gochecknoglobals // constant table, never written
	"boolean": "kindBoolean", "class": "kindClass", "double": "kindDouble", "int": "kindInt", "list": "kindList",
	"long": "kindLong", "password": "kindPassword", "short": "kindShort", "string": "kindString",
}

const (
	number          = `-?[0-9]+(?:\.[0-9]+)?`
	throttledValues = "[partitionId]:[brokerId],[partitionId]:[brokerId],..."
)

var (
	rangePattern   = regexp.MustCompile(`^\[(?:(` + number + `),)?\.\.\.(?:,(` + number + `))?\](?: or (` + number + `))?$`)
	choicePattern  = regexp.MustCompile(`^\[[^\[\],]+(?:, [^\[\],]+)*\]$`)
	releasePattern = regexp.MustCompile(`^[0-9]+(?:\.[0-9]+)+(?:-IV[0-9]+)?$`)
)

// ruleFields writes the words in which Kafka says which values a setting takes as fields of package
// topicspec's rule; "" for every value. Words that are not understood are an error: the table would
// take what brokers refuse.
func ruleFields(valid string) (string, error) {
	if valid == "" {
		return "", nil
	}
	if valid == throttledValues {
		return "form: formReplicas", nil
	}
	if m := rangePattern.FindStringSubmatch(valid); m != nil {
		var fields []string
		for i, name := range []string{"low", "high", "also"} {
			if m[i+1] != "" {
				fields = append(fields, fmt.Sprintf("%s: %q", name, m[i+1]))
			}
		}
		return strings.Join(fields, ", "), nil
	}
	if !choicePattern.MatchString(valid) {
		return "", fmt.Errorf("valid values %q are not understood", valid)
	}
	items := strings.Split(strings.Trim(valid, "[]"), ", ")
	fields := fmt.Sprintf("oneOf: %#v", items)
	if allReleases(items) {
		fields += ", form: formRelease"
	}
	return fields, nil
}

// allReleases reports whether the items are releases of Kafka, of which a broker takes more
// spellings than it lists.
func allReleases(items []string) bool {
	for _, item := range items {
		if !releasePattern.MatchString(item) {
			return false
		}
	}
	return true
}
