package embedded

import (
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// topicDefaults returns the settings that kfake describes of a topic, with the values that they have
// when nobody set them.
func topicDefaults() map[string]string {
	return map[string]string{
		"cleanup.policy":         "delete",
		"compression.type":       "producer",
		"delete.retention.ms":    "86400000",
		"max.message.bytes":      "1048588",
		"message.timestamp.type": "CreateTime",
		"min.insync.replicas":    "1",
		"retention.bytes":        "-1",
		"retention.ms":           "604800000",
		"segment.bytes":          "104857600",
		"segment.ms":             "604800000",
	}
}

// addCreatedDefaults adds the settings that a request left to the brokers. A broker answers all
// settings of a topic, sorted.
func addCreatedDefaults(resp kmsg.Response) (changed bool) {
	create, _ := resp.(*kmsg.CreateTopicsResponse)
	for i := range create.Topics {
		t := &create.Topics[i]
		if create.Version < 5 || t.ErrorCode != 0 {
			continue
		}
		missing := topicDefaults()
		for _, config := range t.Configs {
			delete(missing, config.Name)
		}
		for name, value := range missing {
			config := kmsg.NewCreateTopicsResponseTopicConfig()
			config.Name, config.Value, config.Source = name, &value, int8(kmsg.ConfigSourceDefaultConfig)
			t.Configs = append(t.Configs, config)
			changed = true
		}
		slices.SortFunc(t.Configs, func(a, b kmsg.CreateTopicsResponseTopicConfig) int {
			return strings.Compare(a.Name, b.Name)
		})
	}
	return changed
}
