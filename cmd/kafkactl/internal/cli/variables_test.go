package cli

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A slip in the name of a variable would leave the default in force: it is named, with what was
// meant. What a container engine puts into the environment is no slip.
func TestUnknownVariable(t *testing.T) {
	t.Parallel()
	const lists = " is no variable of kafkactl and has no effect; kafkactl help environment lists them"
	const meant = " is no variable of kafkactl and has no effect: did you mean "
	for name, want := range map[string]string{
		"KAFKACTL_BROKERS":                "",
		"KAFKACTL_COMPLETION_TIMEOUT":     "",
		"KAFKACTL_IMAGE":                  "",
		"KAFKACTL_TEST_IMAGES":            "",
		"KAFKA_BROKERS":                   "",
		"KAFKACTL":                        "",
		"PATH":                            "",
		"KAFKACTL_BROKER":                 "KAFKACTL_BROKER" + meant + "KAFKACTL_BROKERS?",
		"KAFKACTL_BOOTSTRAP_SERVERS":      "KAFKACTL_BOOTSTRAP_SERVERS" + meant + "KAFKACTL_BROKERS?",
		"KAFKACTL_BROKER_LIST":            "KAFKACTL_BROKER_LIST" + meant + "KAFKACTL_BROKERS?",
		"KAFKACTL_ZOOKEEPERS":             "KAFKACTL_ZOOKEEPERS" + meant + "KAFKACTL_ZOOKEEPER?",
		"KAFKACTL_TIME_OUT":               "KAFKACTL_TIME_OUT" + meant + "KAFKACTL_TIMEOUT?",
		"kafkactl_brokers":                "kafkactl_brokers" + meant + "KAFKACTL_BROKERS?",
		"KAFKACTL_COLOR":                  "KAFKACTL_COLOR" + lists,
		"KAFKACTL_":                       "KAFKACTL_" + lists,
		"KAFKACTL_SERVICE_HOST":           "",
		"KAFKACTL_SERVICE_PORT_HTTP":      "",
		"KAFKACTL_PORT":                   "",
		"KAFKACTL_PORT_9308_TCP_ADDR":     "",
		"KAFKACTL_EXPORTER_SERVICE_PORT":  "",
		"KAFKACTL_EXPORTER_PORT_9308_TCP": "",
		"KAFKACTL_PORT_9308":              "KAFKACTL_PORT_9308" + lists,
	} {
		if diff := cmp.Diff(want, unknownVariable(name)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
