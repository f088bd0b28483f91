package admin

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// endLeftover takes the throttle away that an interrupted move of the desired topics has left, whose copies the brokers
// have ended by themselves meanwhile, and notes that in the report. Only what this same client would have set is taken:
// lists of which every entry names a broker that has the throttle's rate of its own, or none, and those rates. While
// anything is being reassigned, all of it stays.
func (c *Client) endLeftover(ctx context.Context, report *Report, desired []topicspec.Desired) {
	if c.moves.Throttle == 0 || report.MoveEnded() != nil {
		return
	}
	var names []string
	for _, d := range topicspec.Present(report.unfailed(desired)) {
		names = append(names, d.Name)
	}
	left, err := c.leftover(ctx, names)
	if err != nil {
		report.Notes = append(report.Notes, fmt.Sprintf("it is not known whether a throttle is left: %v", err))
	}
	if left == nil {
		return
	}
	answers := c.subtractThrottled(ctx, left.entries, false)
	for _, name := range sortedNames(answers) {
		if err := answers[name]; err != nil {
			report.Notes = append(report.Notes, fmt.Sprintf("topic %s keeps its lists of throttled replicas (%v): kafkactl alter %[1]s --cancel-move takes them away", name, err))
		}
	}
	brokers, rates := left.byBroker()
	for _, at := range kafka.AskEach(ctx, brokers, func(ctx context.Context, id int32) ([]string, error) {
		return left.restore(ctx, id, rates[id])
	}) {
		report.Notes = append(report.Notes, at.Value...)
		if at.Err != nil {
			report.Notes = append(report.Notes, fmt.Sprintf("%s: its throttle stays (%s); once it answers: %s", at.Name, at.What(), restoreCommand(rates[at.ID])))
		}
	}
	report.Notes = append(report.Notes, fmt.Sprintf("the brokers had ended an earlier move of %s: its throttle is taken away", firstNames(sortedNames(left.entries))))
}

// leftThrottle is what an interrupted move has left: rates, and the entries of lists by topic and key.
type leftThrottle struct {
	*moveThrottle
	entries map[string]map[string][]string
}

// leftover looks for what is left of the throttle of this client's moves of topics, nil for nothing.
func (c *Client) leftover(ctx context.Context, names []string) (*leftThrottle, error) {
	lists := make(map[string]throttledLists)
	for part := range slices.Chunk(names, topicsPerLook) {
		found, err := c.throttledLists(ctx, part)
		if err != nil {
			return nil, err
		}
		for name, list := range found {
			if list[leaderThrottled] != "" || list[followerThrottled] != "" {
				lists[name] = list
			}
		}
	}
	if len(lists) == 0 {
		return nil, nil
	}
	moving, err := c.listReassignments(ctx, c.kafka.Any, nil)
	if err != nil || len(moving) > 0 {
		return nil, err
	}
	meta, err := c.kafka.AnyMetadata(ctx, []string{})
	if err != nil {
		return nil, err
	}
	left := &leftThrottle{&moveThrottle{c: c, rate: c.moves.Throttle}, make(map[string]map[string][]string)}
	at := kafka.AskEach(ctx, kafka.LiveBrokers(meta), c.rates)
	for _, name := range sortedNames(lists) {
		left.take(name, lists[name], at)
	}
	if len(left.entries) == 0 {
		return nil, nil
	}
	return left, nil
}

// take takes in the lists of a topic and the rates of the brokers they name, unless some are not of this throttle.
func (l *leftThrottle) take(topic string, lists throttledLists, brokers []kafka.Answer[map[string]brokerRate]) {
	entries := make(map[string][]string)
	var rates []*throttleRate
	for key, rate := range map[string]string{leaderThrottled: leaderRate, followerThrottled: followerRate} {
		for _, entry := range throttledEntries(lists[key]) {
			_, id, _ := strings.Cut(entry, ":")
			i := slices.IndexFunc(brokers, func(at kafka.Answer[map[string]brokerRate]) bool { return strconv.Itoa(int(at.ID)) == id })
			if i < 0 || brokers[i].Err != nil {
				return
			}
			switch brokers[i].Value[rate] {
			case brokerRate{strconv.FormatInt(l.rate, 10), true}:
				rates = append(rates, &throttleRate{Broker: brokers[i].Broker, key: rate})
			case brokerRate{}: // as after a move that went over the same brokers
			default:
				return
			}
			entries[key] = append(entries[key], entry)
		}
	}
	l.entries[topic] = entries
	for _, r := range rates {
		if !slices.ContainsFunc(l.rates, func(one *throttleRate) bool { return one.ID == r.ID && one.key == r.key }) {
			l.rates = append(l.rates, r)
		}
	}
}
