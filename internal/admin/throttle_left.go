package admin

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// ThrottleLeft is a throttle of replication that is set on a topic or on a broker while nothing is
// being reassigned. It slows down whatever replica falls behind.
type ThrottleLeft struct {
	Topic  string // "" when it is about a broker
	Broker int
	// Settings are its keys, and Values what they are set to.
	Settings, Values []string
}

// Command takes it away.
func (l ThrottleLeft) Command() string {
	if l.Topic != "" {
		return "kafkactl alter " + l.Topic + " --cancel-move"
	}
	return fmt.Sprintf("kafka-configs --bootstrap-server … --alter --entity-type brokers --entity-name %d --delete-config %s", l.Broker, strings.Join(l.Settings, ","))
}

// String is a line, without the command.
func (l ThrottleLeft) String() string {
	var settings []string
	for i, key := range l.Settings {
		settings = append(settings, key+"="+l.Values[i])
	}
	where := fmt.Sprintf("broker %d", l.Broker)
	if l.Topic != "" {
		where = "topic " + l.Topic
	}
	return fmt.Sprintf("%s has %s, and nothing is being moved", where, strings.Join(settings, " and "))
}

// ThrottlesLeft returns the throttles that are left of reassignments, topics first: none while anything
// is being reassigned. A broker that does not answer has none that could be seen. Lists that are about
// all replicas of a topic are somebody's choice, as are rates for all brokers.
func (c *Client) ThrottlesLeft(ctx context.Context) ([]ThrottleLeft, error) {
	meta, err := c.kafka.AnyMetadata(ctx, nil)
	if err != nil {
		return nil, err
	}
	moving, err := c.listReassignments(ctx, c.kafka.Any, nil)
	if err != nil || len(moving) > 0 {
		return nil, err
	}
	var names []string
	for _, t := range meta.Topics {
		if t.Topic != nil && t.ErrorCode == 0 {
			names = append(names, *t.Topic)
		}
	}
	slices.Sort(names)
	var left []ThrottleLeft
	for part := range slices.Chunk(names, topicsPerLook) {
		found, err := c.listsLeft(ctx, part)
		if err != nil {
			return nil, err
		}
		left = append(left, found...)
	}
	rates, err := c.ratesLeft(ctx, meta)
	return append(left, rates...), err
}

// ratesLeft returns the rates that brokers have.
func (c *Client) ratesLeft(ctx context.Context, meta *kmsg.MetadataResponse) ([]ThrottleLeft, error) {
	var left []ThrottleLeft
	for _, at := range kafka.AskEach(ctx, kafka.LiveBrokers(meta), c.rates) {
		if kafka.Unauthorized(at.Err) {
			return nil, at.Err
		}
		one := ThrottleLeft{Broker: int(at.ID)}
		for _, key := range sortedNames(at.Value) {
			if at.Value[key].own {
				one.Settings, one.Values = append(one.Settings, key), append(one.Values, at.Value[key].value)
			}
		}
		if one.Settings != nil {
			left = append(left, one)
		}
	}
	return left, nil
}

// listsLeft returns the lists of throttled replicas that topics have. One that is deleted meanwhile has
// none.
func (c *Client) listsLeft(ctx context.Context, names []string) ([]ThrottleLeft, error) {
	answers, err := describeConfigs(ctx, c.kafka.Any, kmsg.ConfigResourceTypeTopic, names, leaderThrottled, followerThrottled)
	if err != nil {
		return nil, err
	}
	var left []ThrottleLeft
	for _, name := range names {
		if err := answers[name].err; kafka.Unauthorized(err) {
			return nil, err
		}
		one := ThrottleLeft{Topic: name}
		for _, s := range answers[name].settings {
			if list := valueOf(s); setOnTopic(s.Source) && list != "" && !slices.Contains(throttledEntries(list), throttledAll) {
				one.Settings, one.Values = append(one.Settings, s.Name), append(one.Values, shortList(list))
			}
		}
		if one.Settings != nil {
			left = append(left, one)
		}
	}
	return left, nil
}

// shortList is a list of throttled replicas as it fits into a line.
func shortList(list string) string {
	const most = 4
	entries := throttledEntries(list)
	if len(entries) <= most {
		return list
	}
	return strings.Join(entries[:most], ",") + ",… (" + strconv.Itoa(len(entries)) + ")"
}
