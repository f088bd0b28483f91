package admin

import (
	"context"
	"errors"
	"strconv"

	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// closerTimeout bounds a closer look. It only adds to the reason of a change, and must
// leave the plan its time: half of what a first look may take.
const closerTimeout = kafka.AskTimeout / 2

// lookCloser fills in, in what at has shown, what tells whether the suspects were
// auto-created: the broker's defaults and, of those that have that shape, how many
// records they hold. What the brokers do not tell in time stays unknown.
func (c *Client) lookCloser(ctx context.Context, at kafka.Answer[view], suspects []string) {
	ctx, cancel := context.WithTimeout(ctx, closerTimeout)
	defer cancel()
	defaults := c.defaults(ctx, at.ID)
	var alike []string
	for _, name := range suspects {
		observed := at.Value.topics[name]
		observed.Defaults = defaults
		at.Value.topics[name] = observed
		if observed.LooksAutoCreated() {
			alike = append(alike, name)
		}
	}
	if len(alike) == 0 {
		return
	}
	span := c.kafka.Offsets(ctx, alike...)
	for _, name := range alike {
		observed := at.Value.topics[name]
		observed.Records = records(len(observed.Replicas), func(partition int) (start, end int64) { return span(name, partition) })
		at.Value.topics[name] = observed
	}
}

// records adds up what partitions hold, nil when an offset of one is unknown. It is too
// many where compaction or transactions left holes, and never too few.
func records(partitions int, span func(partition int) (start, end int64)) *int64 {
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
// differ are not found out. It is nil when the broker does not tell: that needs the
// right to describe the settings of the cluster, which a plan does not.
func (c *Client) defaults(ctx context.Context, broker int32) *topicspec.BrokerDefaults {
	const partitions, factor, auto = "num.partitions", "default.replication.factor", "auto.create.topics.enable"
	resource := kmsg.NewDescribeConfigsRequestResource()
	resource.ResourceType = kmsg.ConfigResourceTypeBroker
	resource.ResourceName = strconv.Itoa(int(broker))
	resource.ConfigNames = []string{partitions, factor, auto}
	req := kmsg.NewPtrDescribeConfigsRequest()
	req.Resources = append(req.Resources, resource)
	resp, err := req.RequestWith(ctx, c.kafka.On(broker))
	if err != nil {
		return nil
	}
	values := make(map[string]string)
	for _, r := range resp.Resources { // one that was refused has no settings
		for _, s := range r.Configs {
			if s.Value != nil {
				values[s.Name] = *s.Value
			}
		}
	}
	var (
		found topicspec.BrokerDefaults
		errs  [3]error
	)
	found.Partitions, errs[0] = strconv.Atoi(values[partitions])
	found.ReplicationFactor, errs[1] = strconv.Atoi(values[factor])
	found.AutoCreate, errs[2] = strconv.ParseBool(values[auto])
	if errors.Join(errs[:]...) != nil {
		return nil
	}
	return &found
}
