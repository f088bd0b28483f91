package topicspec

import "testing"

// The words are those of Kafka 4.3.1; TestRealValues of configkeys holds all against a real one.
func TestBrokerRefusal(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		config map[string]string
		want   string
	}{
		{"none", nil, ""},
		{"good", map[string]string{"retention.ms": " 5 ", "cleanup.policy": "compact , delete", "preallocate": "TRUE"}, ""},
		{"unknown before bad", map[string]string{"a": "1", "retention.ms": "x"}, "Unknown topic config name: a"},
		{"of an older Kafka", map[string]string{"message.format.version": "3.0"}, "Unknown topic config name: message.format.version"},
		{"no units", map[string]string{"retention.ms": "7d"}, "Invalid value 7d for configuration retention.ms: Not a number of type LONG"},
		{"too large", map[string]string{"segment.bytes": "2147483648"}, "Invalid value 2147483648 for configuration segment.bytes: Not a number of type INT"},
		{"low", map[string]string{"segment.bytes": "14"}, "Invalid value 14 for configuration segment.bytes: Value must be at least 1048576"},
		{"high", map[string]string{"min.cleanable.dirty.ratio": "1.5f"}, "Invalid value 1.5 for configuration min.cleanable.dirty.ratio: Value must be no more than 1"},
		{"infinite", map[string]string{"min.cleanable.dirty.ratio": "Infinity"}, "Invalid value Infinity for configuration min.cleanable.dirty.ratio: Value must be no more than 1"},
		{"or", map[string]string{"compression.gzip.level": "0"}, "Invalid value 0 for configuration compression.gzip.level: Value must be between 1 and 9 or equal to -1"},
		{"boolean", map[string]string{"preallocate": "yes"}, "Invalid value yes for configuration preallocate: Expected value to be either true or false"},
		{"choice", map[string]string{"message.timestamp.type": "x"}, "Invalid value x for configuration message.timestamp.type: String must be one of: CreateTime, LogAppendTime"},
		{"item", map[string]string{"cleanup.policy": "delete,x"}, "Invalid value x for configuration cleanup.policy: String must be one of: compact, delete"},
		{"empty item", map[string]string{"cleanup.policy": "delete,"}, "Configuration 'cleanup.policy' values must not be empty."},
		{"crossed", map[string]string{"min.compaction.lag.ms": "2", "max.compaction.lag.ms": "1"}, "conflict topic config setting min.compaction.lag.ms (2) > max.compaction.lag.ms (1)"},
		{"tiered", map[string]string{"remote.storage.enable": "true"}, "Tiered Storage functionality is disabled in the broker. Topic cannot be configured with remote log storage."},
	} {
		if got := BrokerRefusal(test.config); got != test.want {
			t.Errorf("%s:\ngot  %s\nwant %s", test.name, got, test.want)
		}
	}
}
