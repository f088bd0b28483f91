package embedded

import (
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// topicDefault is the value that a setting has when nobody set it.
type topicDefault struct {
	name, value string
	kind        kmsg.ConfigType
}

// topicDefaults returns all settings of a topic by name, as Kafka 4.3 describes them; but the size of
// segments is kfake's.
func topicDefaults() []topicDefault {
	return []topicDefault{
		{"cleanup.policy", "delete", kmsg.ConfigTypeList},
		{"compression.gzip.level", "-1", kmsg.ConfigTypeInt},
		{"compression.lz4.level", "9", kmsg.ConfigTypeInt},
		{"compression.type", "producer", kmsg.ConfigTypeString},
		{"compression.zstd.level", "3", kmsg.ConfigTypeInt},
		{"delete.retention.ms", "86400000", kmsg.ConfigTypeLong},
		{"file.delete.delay.ms", "60000", kmsg.ConfigTypeLong},
		{"flush.messages", "9223372036854775807", kmsg.ConfigTypeLong},
		{"flush.ms", "9223372036854775807", kmsg.ConfigTypeLong},
		{"follower.replication.throttled.replicas", "", kmsg.ConfigTypeList},
		{"index.interval.bytes", "4096", kmsg.ConfigTypeInt},
		{"leader.replication.throttled.replicas", "", kmsg.ConfigTypeList},
		{"local.retention.bytes", "-2", kmsg.ConfigTypeLong},
		{"local.retention.ms", "-2", kmsg.ConfigTypeLong},
		{"max.compaction.lag.ms", "9223372036854775807", kmsg.ConfigTypeLong},
		{"max.message.bytes", "1048588", kmsg.ConfigTypeInt},
		{"message.timestamp.after.max.ms", "3600000", kmsg.ConfigTypeLong},
		{"message.timestamp.before.max.ms", "9223372036854775807", kmsg.ConfigTypeLong},
		{"message.timestamp.type", "CreateTime", kmsg.ConfigTypeString},
		{"min.cleanable.dirty.ratio", "0.5", kmsg.ConfigTypeDouble},
		{"min.compaction.lag.ms", "0", kmsg.ConfigTypeLong},
		{"min.insync.replicas", "1", kmsg.ConfigTypeInt},
		{"preallocate", "false", kmsg.ConfigTypeBoolean},
		{"remote.log.copy.disable", "false", kmsg.ConfigTypeBoolean},
		{"remote.log.delete.on.disable", "false", kmsg.ConfigTypeBoolean},
		{"remote.storage.enable", "false", kmsg.ConfigTypeBoolean},
		{"retention.bytes", "-1", kmsg.ConfigTypeLong},
		{"retention.ms", "604800000", kmsg.ConfigTypeLong},
		{"segment.bytes", "104857600", kmsg.ConfigTypeInt},
		{"segment.index.bytes", "10485760", kmsg.ConfigTypeInt},
		{"segment.jitter.ms", "0", kmsg.ConfigTypeLong},
		{"segment.ms", "604800000", kmsg.ConfigTypeLong},
		{"unclean.leader.election.enable", "false", kmsg.ConfigTypeBoolean},
	}
}

// addCreatedDefaults adds the settings that a request left to the brokers. A broker answers all
// settings of a topic, sorted.
func addCreatedDefaults(resp kmsg.Response) (changed bool) {
	create, _ := resp.(*kmsg.CreateTopicsResponse)
	defaults := topicDefaults()
	for i := range create.Topics {
		t := &create.Topics[i]
		if create.Version < 5 || t.ErrorCode != 0 {
			continue
		}
		given := make(map[string]bool, len(t.Configs))
		for _, config := range t.Configs {
			given[config.Name] = true
		}
		for _, missed := range defaults {
			if given[missed.name] {
				continue
			}
			config := kmsg.NewCreateTopicsResponseTopicConfig()
			config.Name, config.Value, config.Source = missed.name, &missed.value, int8(kmsg.ConfigSourceDefaultConfig)
			t.Configs = append(t.Configs, config)
			changed = true
		}
		slices.SortFunc(t.Configs, func(a, b kmsg.CreateTopicsResponseTopicConfig) int {
			return strings.Compare(a.Name, b.Name)
		})
	}
	return changed
}
