package evidence

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// retentionUnit is a setting of brokers that gives topics their retention.ms, and its unit in milliseconds.
type retentionUnit struct {
	name string
	ms   int64
}

// retentionUnits are by precedence: the first that is set counts.
func retentionUnits() []retentionUnit {
	return []retentionUnit{{"log.retention.ms", 1}, {"log.retention.minutes", 60_000}, {"log.retention.hours", 3_600_000}}
}

// unsetsRetention reports whether retention.ms will be the brokers' default anywhere.
func (s subjects) unsetsRetention() bool {
	for _, subject := range s {
		if slices.ContainsFunc(subject.changes, func(c topicspec.Change) bool {
			return c.Action == topicspec.Unset && c.Field == retentionMs
		}) {
			return true
		}
	}
	return false
}

// defaultRetention returns the retention.ms of topics that do not set it. A topic that does set it is described without:
// brokers tell it of themselves alone, and the shortest counts, since each removes what it leads.
func (c *Client) defaultRetention(ctx context.Context) (string, error) {
	answers, err := kafka.AskLive(ctx, c.kafka, c.retentionOf)
	if err != nil {
		return "", err
	}
	shortest := int64(-1)
	for _, at := range answers {
		if at.Err != nil {
			return "", fmt.Errorf("the default of retention.ms: %w", kafka.Wrap(at.Name, at.Err))
		}
		if lower(at.Value, shortest) {
			shortest = at.Value
		}
	}
	return strconv.FormatInt(shortest, 10), nil
}

// retentionOf returns the retention that broker id gives to topics, -1 for no limit.
func (c *Client) retentionOf(ctx context.Context, id int32) (int64, error) {
	var names []string
	for _, unit := range retentionUnits() {
		names = append(names, unit.name)
	}
	resp, err := kafka.ConfigsRequest(kmsg.ConfigResourceTypeBroker, []string{strconv.Itoa(int(id))}, names...).RequestWith(ctx, c.kafka.On(id))
	if err != nil {
		return 0, fmt.Errorf("describe configs: %w", err)
	}
	values := make(map[string]string)
	for _, r := range resp.Resources {
		if err := kafka.CodeError(kmsg.DescribeConfigs, "", r.ErrorCode, r.ErrorMessage); err != nil {
			return 0, err
		}
		for _, d := range r.Configs {
			if d.Value != nil {
				values[d.Name] = *d.Value
			}
		}
	}
	return retentionIn(values)
}

// retentionIn returns the retention in milliseconds that settings of a broker make, -1 for no limit.
func retentionIn(values map[string]string) (int64, error) {
	for _, unit := range retentionUnits() {
		n, err := strconv.ParseInt(values[unit.name], 10, 64)
		switch {
		case err != nil: // it is not set
		case n < 0 || n > math.MaxInt64/unit.ms:
			return -1, nil
		default:
			return n * unit.ms, nil
		}
	}
	return 0, fmt.Errorf("the broker does not tell %s", retentionUnits()[0].name)
}
