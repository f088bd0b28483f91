package admin

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// ClearThrottle takes away what a move has left that was interrupted and whose copies have ended since:
// the entries of topics in their own lists of throttled replicas, but for partitions that are being moved
// and for lists that are about all replicas; and where there were such entries, and nothing in the cluster
// is being moved, the rates of brokers that are just rate. With a rate of 0 no broker is touched. The notes
// say which rates went, a line each.
func (c *Client) ClearThrottle(ctx context.Context, topics []string, rate int64) (notes []string, err error) {
	lists, err := c.throttledLists(ctx, topics)
	if err != nil {
		return nil, err
	}
	own := make(map[string]map[string][]string)
	for topic, listed := range lists {
		for key, list := range listed {
			for _, entry := range throttledEntries(list) {
				if entry == throttledAll {
					continue
				}
				if own[topic] == nil {
					own[topic] = make(map[string][]string)
				}
				own[topic][key] = append(own[topic][key], entry)
			}
		}
	}
	if len(own) == 0 {
		return nil, nil
	}
	moving, err := c.listReassignments(ctx, c.kafka.Any, nil)
	if err != nil {
		return nil, err
	}
	if dropMoving(own, moving); len(own) == 0 {
		return nil, nil
	}
	answers := c.subtractThrottled(ctx, own, nil)
	for _, topic := range sortedNames(answers) {
		if answers[topic] != nil {
			return nil, answers[topic]
		}
	}
	if rate == 0 || len(moving) > 0 {
		return nil, nil
	}
	return c.clearRates(ctx, rate)
}

// throttledTopics returns those of the topics that have a list of throttled replicas, by name.
func throttledTopics(topics map[string]topicspec.Observed) []string {
	var names []string
	for _, name := range sortedNames(topics) {
		if config := topics[name].Config; config[leaderThrottled].Override || config[followerThrottled].Override {
			names = append(names, name)
		}
	}
	return names
}

// clearLeft takes away the throttle of topics that an interrupted run has left and of which nothing is to be moved any
// more, where moves are accepted.
func (c *Client) clearLeft(ctx context.Context, accepted topicspec.Consent, plan Planned, report *Report) {
	if !accepted.Move || len(plan.Throttled) == 0 || report.moveEnded() {
		return
	}
	notes, err := c.ClearThrottle(ctx, plan.Throttled, c.moves.Throttle)
	report.Notes = append(report.Notes, notes...)
	if err != nil {
		report.Notes = append(report.Notes, "a throttle of an earlier run could not be taken away: "+err.Error())
	}
}

// dropMoving takes the entries of partitions that are being moved from own, and topics without others.
func dropMoving(own map[string]map[string][]string, moving reassignments) {
	for topic, lists := range own {
		for key, entries := range lists {
			var rest []string
			for _, entry := range entries {
				partition, _, _ := strings.Cut(entry, ":")
				id, err := strconv.Atoi(partition)
				if _, moves := moving[topic][id]; err != nil || !moves {
					rest = append(rest, entry)
				}
			}
			if lists[key] = rest; rest == nil {
				delete(lists, key)
			}
		}
		if len(lists) == 0 {
			delete(own, topic)
		}
	}
}

// clearRates takes the rates from brokers that are just rate.
func (c *Client) clearRates(ctx context.Context, rate int64) (notes []string, err error) {
	meta, err := c.kafka.AnyMetadata(ctx, []string{})
	if err != nil {
		return nil, err
	}
	left, err := c.ratesLeft(ctx, meta)
	if err != nil {
		return nil, err
	}
	for _, one := range left {
		var changes []settingChange
		for i, key := range one.Settings {
			if one.Values[i] == strconv.FormatInt(rate, 10) {
				changes = append(changes, settingChange{key: key, op: kmsg.IncrementalAlterConfigOpDelete})
				notes = append(notes, fmt.Sprintf("broker %d: %s=%d, left of an earlier move, was taken away", one.Broker, key, rate))
			}
		}
		if len(changes) == 0 {
			continue
		}
		asking, cancel := context.WithTimeout(ctx, kafka.AskTimeout)
		err := c.alterBroker(asking, int32(one.Broker), changes)
		cancel()
		if err != nil {
			return notes, fmt.Errorf("%s: %w", one, err)
		}
	}
	return notes, nil
}
