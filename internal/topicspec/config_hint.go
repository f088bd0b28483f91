package topicspec

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// hintForm is where a hint is to be followed.
type hintForm int

const (
	hintInFile      hintForm = iota // name: value
	hintOnFlag                      // --config name=value
	hintUnderConfig                 // as in the file, and it stands one level too high
)

// unknownSetting is the error of a setting that no supported Kafka has, with what may have been
// meant: never a setting whose number counts something else.
func unknownSetting(name string, s Setting, as hintForm) error {
	problem := "no supported Kafka version knows this setting"
	if isBrokerConfig(name) {
		problem = "brokers have this setting, topics do not"
	}
	if field := meantField(name); field != "" {
		return errors.New(problem + as.fieldHint(field, s.Value))
	}
	return errors.New(problem + meantSetting(name, s).hint(as))
}

func isBrokerConfig(name string) bool {
	_, found := slices.BinarySearch(brokerConfigs, name)
	return found
}

// meantField returns the field of a topic that people take for a setting; "" for none.
func meantField(name string) string {
	switch strings.Join(nameWords(name), "") {
	case "partitions", "partition", "numpartitions", "numpartition", "numberofpartitions", "partitioncount", "partitionscount":
		return FieldPartitions
	case "replicationfactor", "defaultreplicationfactor", "replication", "replicas", "numreplicas":
		return FieldReplicationFactor
	default:
		return ""
	}
}

func (as hintForm) fieldHint(field, value string) string {
	if _, err := strconv.Atoi(value); err != nil {
		value = "N"
	}
	switch {
	case as != hintOnFlag:
		return fmt.Sprintf(" (write %s: %s beside config)", field, value)
	case field == FieldPartitions:
		return fmt.Sprintf(" (write --partitions %s)", value)
	default:
		return fmt.Sprintf(" (write --replication-factor %s when the topic is created)", value)
	}
}

// meaning is what an unknown setting may have meant.
type meaning struct {
	settings  []string // none, one, or several of which it cannot be told
	value     string   // what to write for the one; "" where its value can stay as it is
	needsUnit bool     // the value has none, and the name said nothing of one
}

// hint is the meaning in brackets; "" for none.
func (m meaning) hint(as hintForm) string {
	under := ""
	if as == hintUnderConfig {
		under = " under config"
	}
	switch {
	case len(m.settings) == 0:
		return ""
	case m.value == "":
		if m.needsUnit {
			under += ", with a unit"
		}
		return fmt.Sprintf(` (did you mean "%s"%s?)`, strings.Join(m.settings, `" or "`), under)
	case as == hintOnFlag:
		return fmt.Sprintf(" (write %s=%s)", m.settings[0], m.value)
	default:
		return fmt.Sprintf(" (write %s: %s%s)", m.settings[0], m.value, under)
	}
}
