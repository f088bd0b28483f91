package topicspec

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNewDesired(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name              string
		topic             string
		partitions        int
		replicationFactor int
		config            Config
		want              Desired
		err               string
	}{
		{
			name: "units as in a file", topic: "a", partitions: 3,
			config: Config{"retention.ms": {Value: "7d"}, "segment.ms": {Unset: true}},
			want:   want("a", 3, 0, "retention.ms=604800000", "segment.ms"),
		},
		{name: "illegal name", topic: "a/b", err: `topic "a/b": illegal name: only the letters a to z and A to Z, digits, '.', '_' and '-' are allowed`},
		{name: "negative count", topic: "a", partitions: -1, err: `topic "a": partitions must be between 1 and 2147483647, got -1`},
		// Kafka's protocol has 16 bits: 65537 would have been sent as 1.
		{name: "count that the protocol would cut", topic: "a", replicationFactor: 65537, err: `topic "a": replicationFactor must be between 1 and 32767, got 65537`},
		{name: "unknown setting", topic: "a", config: Config{"retention": {Value: "7d"}}, err: `topic "a": config "retention": no supported Kafka version knows this setting (did you mean "retention.ms"?)`},
		{name: "unknown setting, and no unit", topic: "a", config: Config{"retention": {Value: "1"}}, err: `topic "a": config "retention": no supported Kafka version knows this setting (did you mean "retention.bytes" or "retention.ms", with a unit?)`},
		{name: "setting of brokers", topic: "a", config: Config{"log.retention.hours": {Value: "168"}}, err: `topic "a": config "log.retention.hours": brokers have this setting, topics do not (write retention.ms=7d)`},
		{name: "count as a setting", topic: "a", config: Config{"num.partitions": {Value: "3"}}, err: `topic "a": config "num.partitions": brokers have this setting, topics do not (write --partitions 3)`},
		{name: "factor as a setting", topic: "a", config: Config{"replication.factor": {Value: "x"}}, err: `topic "a": config "replication.factor": no supported Kafka version knows this setting (write --replication-factor N when the topic is created)`},
		{name: "value that no Kafka takes", topic: "a", config: Config{"cleanup.policy": {Value: "compress"}}, err: `topic "a": config "cleanup.policy": must be a list of compact, delete, got "compress"`},
		{name: "settings that contradict each other", topic: "a", config: Config{"min.compaction.lag.ms": {Value: "2h"}, "max.compaction.lag.ms": {Value: "1h"}}, err: `topic "a": min.compaction.lag.ms 7200000 is more than max.compaction.lag.ms 3600000: Kafka refuses it`},
		{name: "unknown setting to unset", topic: "a", config: Config{"wibble": {Unset: true}}, err: `topic "a": config "wibble": no supported Kafka version knows this setting`},
		{name: "bad value", topic: "a", config: Config{"preallocate": {Value: "yes"}}, err: `topic "a": config "preallocate": expected true or false, got "yes"`},
		{name: "unwritable", topic: "a", replicationFactor: 1, config: Config{"min.insync.replicas": {Value: " 2 "}}, err: `topic "a": min.insync.replicas 2 is more than replicationFactor 1: it protects nothing more, and stops writes with acks=all while replicas are added`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := NewDesired(tt.topic, tt.partitions, tt.replicationFactor, tt.config)
			if diff := cmp.Diff(tt.err, errorText(err)); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("desired (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCheckName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"order.created_v2-DLQ": "",
		"...":                  "",
		"..":                   `topic "..": illegal name: "." and ".." are reserved`,
		"":                     `topic "": the name is empty`,
		"a b":                  `topic "a b": illegal name: only the letters a to z and A to Z, digits, '.', '_' and '-' are allowed`,
	} {
		if got := errorText(CheckName(name)); got != want {
			t.Errorf("CheckName(%q) = %s\nwant %s", name, got, want)
		}
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff([]string{"b", "a"}, Names([]Desired{want("b", 0, 0), want("a", 0, 0)})); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
}

func TestBrokersNeeded(t *testing.T) {
	t.Parallel()
	insync := func(d Desired, value string) Desired {
		d.Config = Config{"min.insync.replicas": {Value: value}}
		return d
	}
	tests := []struct {
		name    string
		desired []Desired
		brokers int
		why     string
	}{
		{"none declares one", []Desired{want("a", 3, 0)}, 0, ""},
		{"the first of the largest", []Desired{want("a", 0, 1), want("b", 0, 3), want("c", 0, 3)}, 3, `topic "b" has replicationFactor 3`},
		{"min.insync.replicas below it", []Desired{insync(want("a", 0, 3), "2")}, 3, `topic "a" has replicationFactor 3`},
		{"min.insync.replicas alone", []Desired{want("a", 0, 1), insync(want("b", 0, 0), "2")}, 2, `topic "b" has min.insync.replicas 2`},
		{"min.insync.replicas unset", []Desired{{Name: "a", Config: Config{"min.insync.replicas": {Unset: true}}}}, 0, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			brokers, why := BrokersNeeded(tt.desired)
			if brokers != tt.brokers || why != tt.why {
				t.Errorf("got %d, %q; want %d, %q", brokers, why, tt.brokers, tt.why)
			}
		})
	}
}
