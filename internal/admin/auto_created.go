package admin

import (
	"context"
	"errors"
	"strconv"

	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// originTimeout bounds the questions about where a topic comes from. They only add to the reason
// of a change, and must leave the plan its time: half of what the first questions may take.
const originTimeout = kafka.AskTimeout / 2

// observeOrigin fills in, in what at has shown, what says whether the suspects were
// auto-created: the broker's defaults and, of those that have that shape, how many
// records they hold. What the brokers do not answer in time stays unknown.
func (c *Client) observeOrigin(ctx context.Context, at kafka.Answer[view], suspects []string) {
	ctx, cancel := context.WithTimeout(ctx, originTimeout)
	defer cancel()
	defaults := c.defaults(ctx, at.ID)
	var defaultShaped []string
	for _, name := range suspects {
		observed := at.Value.topics[name]
		observed.Defaults = defaults
		at.Value.topics[name] = observed
		if observed.LooksAutoCreated() {
			defaultShaped = append(defaultShaped, name)
		}
	}
	if len(defaultShaped) == 0 {
		return
	}
	span := c.kafka.Offsets(ctx, defaultShaped...)
	for _, name := range defaultShaped {
		observed := at.Value.topics[name]
		observed.Records = recordsIn(len(observed.Replicas), func(partition int) (start, end int64) { return span(name, partition) })
		at.Value.topics[name] = observed
	}
}

// countRecords fills in how many records the named topics hold, in each of what brokers have shown: in all partitions
// that any of these shows. What is not answered in time is unknown.
func (c *Client) countRecords(ctx context.Context, names []string, shown ...map[string]topicspec.Observed) {
	ctx, cancel := context.WithTimeout(ctx, originTimeout)
	defer cancel()
	span := c.kafka.Offsets(ctx, names...)
	for _, name := range names {
		partitions := 0
		for _, topics := range shown {
			partitions = max(partitions, len(topics[name].Replicas))
		}
		records := recordsIn(partitions, func(partition int) (start, end int64) { return span(name, partition) })
		for _, topics := range shown {
			if observed, exists := topics[name]; exists {
				observed.Records = records
				topics[name] = observed
			}
		}
	}
}

// recordsIn adds up what partitions hold, nil when an offset of one is unknown. It is too
// many where compaction or transactions left holes, and never too few.
func recordsIn(partitions int, span func(partition int) (start, end int64)) *int64 {
	var sum int64
	for p := range partitions {
		start, end := span(p)
		if start < 0 || end < 0 {
			return nil
		}
		sum += end - start
	}
	return &sum
}

// defaults asks one broker what it gives topics whose counts nobody names. Brokers that
// differ are not found out. It returns nil when the broker does not answer: that needs the
// right to describe the settings of the cluster, which a plan does not.
func (c *Client) defaults(ctx context.Context, broker int32) *topicspec.BrokerDefaults {
	const partitions, factor, auto = "num.partitions", "default.replication.factor", "auto.create.topics.enable"
	name := strconv.Itoa(int(broker))
	answers, err := describeConfigs(ctx, c.kafka.On(broker), kmsg.ConfigResourceTypeBroker, []string{name}, partitions, factor, auto)
	if err != nil {
		return nil
	}
	answer := answers[name] // one that was refused has no settings
	var (
		found topicspec.BrokerDefaults
		errs  [3]error
	)
	found.Partitions, errs[0] = strconv.Atoi(answer.value(partitions))
	found.ReplicationFactor, errs[1] = strconv.Atoi(answer.value(factor))
	found.AutoCreate, errs[2] = strconv.ParseBool(answer.value(auto))
	if errors.Join(errs[:]...) != nil {
		return nil
	}
	return &found
}
