package topicspec

import (
	"cmp"
	"slices"
	"strings"
)

//go:generate go run ./configkeys config_keys_gen.go

// knownConfig is one topic setting as real brokers describe it.
type knownConfig struct {
	name     string
	kind     kind
	versions string // the Kafka lines that know it, "3.9 4.3"
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

// ConfigNames lists the topic settings some supported Kafka version knows, sorted.
func ConfigNames() []string {
	names := make([]string, len(knownConfigs))
	for i, k := range knownConfigs {
		names[i] = k.name
	}
	return names
}

// versionList is "3.9 and 4.3" for "3.9 4.3".
func versionList(versions string) string {
	return strings.ReplaceAll(versions, " ", " and ")
}

// unitNote returns the units that a value may carry, as a sentence; "" for none.
func (k knownConfig) unitNote() string {
	units := unitsOf(k.name)
	if units == nil {
		return ""
	}
	return " A whole number" + unitHelp(units) + "."
}
