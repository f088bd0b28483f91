package admin

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// throttledLists are the values of a topic's two lists, by key; "" where it has none.
type throttledLists map[string]string

// throttledLists returns the lists that topics have of their own.
func (c *Client) throttledLists(ctx context.Context, names []string) (map[string]throttledLists, error) {
	var answers map[string]configsAnswer
	err := untilServed(ctx, func(ctx context.Context) (err error) {
		answers, err = describeConfigs(ctx, c.kafka.Any, kmsg.ConfigResourceTypeTopic, names, leaderThrottled, followerThrottled)
		for _, name := range names {
			err = cmp.Or(err, answers[name].err)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	found := make(map[string]throttledLists, len(names))
	for _, name := range names {
		found[name] = make(throttledLists)
		for _, s := range answers[name].settings {
			if setOnTopic(s.Source) {
				found[name][s.Name] = valueOf(s)
			}
		}
	}
	return found, nil
}

// unlist takes the replicas of a part from the lists of their topics, but for those that run, and the
// lists that are empty then. Where that fails, a note says what is left.
func (m *mover) unlist(ctx context.Context, part []*movingPartition) {
	gone := slices.DeleteFunc(slices.Clone(part), func(p *movingPartition) bool {
		return p.state == moveRunning || len(p.copied()) == 0
	})
	if m.throttle == nil || len(gone) == 0 {
		return
	}
	listed := make(map[string]bool)
	for _, p := range gone {
		listed[p.topic] = listed[p.topic] || p.listed
		p.listed = false
	}
	answers := m.c.subtractThrottled(ctx, entriesByTopic(gone), listed)
	for _, name := range sortedNames(answers) {
		if err := answers[name]; err != nil {
			m.notes = append(m.notes, fmt.Sprintf("topic %s keeps its lists of throttled replicas (%v): kafkactl alter %[1]s --cancel-move takes them away", name, err))
		}
	}
}

// subtractThrottled takes entries from the lists of topics, by topic and key, and lists away that have
// none left. It returns an answer for each topic. Of topics that are listed the entries were added, also
// where a broker does not show it yet.
func (c *Client) subtractThrottled(ctx context.Context, own map[string]map[string][]string, listed map[string]bool) map[string]error {
	ctx, cancel := context.WithTimeout(ctx, 2*kafka.AskTimeout)
	defer cancel()
	answers := make(map[string]error)
	lists, err := c.throttledLists(ctx, sortedNames(own))
	changes := make(map[string][]settingChange)
	for topic, entries := range own {
		answers[topic] = err
		for _, key := range sortedNames(entries) {
			if hasThrottled(lists[topic][key], entries[key]) || listed[topic] && !slices.Contains(throttledEntries(lists[topic][key]), throttledAll) {
				changes[topic] = append(changes[topic], settingChange{key, strings.Join(entries[key], ","), kmsg.IncrementalAlterConfigOpSubtract})
			}
		}
	}
	if err == nil {
		c.alterTopics(ctx, changes, answers)
		c.dropEmptyLists(ctx, changes, own, answers)
	}
	return answers
}

// alterTopics changes settings of topics, and notes the answers.
func (c *Client) alterTopics(ctx context.Context, changes map[string][]settingChange, answers map[string]error) {
	if len(changes) == 0 {
		return
	}
	got, err := alterConfigs(ctx, c.kafka.Any, kmsg.ConfigResourceTypeTopic, changes)
	for topic := range changes {
		if answers[topic] = err; err == nil {
			answers[topic] = got[topic]
		}
	}
}

// dropEmptyLists takes lists away from which changes have taken the last entry, as soon as a broker
// shows that they are empty.
func (c *Client) dropEmptyLists(ctx context.Context, changes map[string][]settingChange, own map[string]map[string][]string, answers map[string]error) {
	for next := (pace{}); ; {
		pending, drops := make(map[string]error), make(map[string][]settingChange)
		lists, err := c.throttledLists(ctx, sortedNames(changes))
		for topic, changed := range changes {
			for _, change := range changed {
				list, set := lists[topic][change.key]
				switch {
				case answers[topic] != nil:
				case err != nil || !set || hasThrottled(list, own[topic][change.key]): // Kafka leaves an empty list
					pending[topic] = cmp.Or(err, error(&UnsettledError{Broker: "a broker", Topic: topic, What: change.key + " is still set there"}))
				case list == "":
					drops[topic] = append(drops[topic], settingChange{key: change.key, op: kmsg.IncrementalAlterConfigOpDelete})
				}
			}
		}
		if len(pending) == 0 {
			c.alterTopics(ctx, drops, answers)
			return
		}
		if !next.pause(ctx) {
			maps.Copy(answers, pending)
			return
		}
	}
}
