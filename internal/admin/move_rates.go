package admin

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// throttleRate is a rate that this move has set on a broker, or found from an earlier run of it.
type throttleRate struct {
	kafka.Broker
	key string
	// before is the value that the broker had of its own, "" for none.
	before string
	// kept reports that it is not of this move: it stays as it is.
	kept bool
}

// brokerRate is a rate that somebody has set while brokers run.
type brokerRate struct {
	value string // "" for none
	own   bool   // set on the broker, and not for all of the cluster
}

// rates asks a broker for the two rates that somebody has set, by key. What is in its file counts as
// none: it takes effect where nothing else is set.
func (c *Client) rates(ctx context.Context, id int32) (map[string]brokerRate, error) {
	name := strconv.Itoa(int(id))
	var answers map[string]configsAnswer
	err := untilServed(ctx, func(ctx context.Context) (err error) {
		answers, err = describeConfigs(ctx, c.kafka.On(id), kmsg.ConfigResourceTypeBroker, []string{name}, leaderRate, followerRate)
		return cmp.Or(err, answers[name].err)
	})
	if err != nil {
		return nil, err
	}
	found := make(map[string]brokerRate)
	for _, s := range answers[name].settings {
		own := s.Source == kmsg.ConfigSourceDynamicBrokerConfig
		if !own && s.Source != kmsg.ConfigSourceDynamicDefaultBrokerConfig {
			continue
		}
		if s.IsSensitive { // so brokers before 2.6 answer
			return nil, fmt.Errorf("the broker does not show %s", s.Name)
		}
		found[s.Name] = brokerRate{valueOf(s), own}
	}
	return found, nil
}

// limitRates sets the rates on the brokers that copy.
func (m *mover) limitRates(ctx context.Context, look moveLook, copying []*movingPartition, adopts bool) error {
	roles := rolesOf(copying)
	var brokers []kafka.Broker
	for _, at := range look.brokers {
		if roles[int(at.ID)] != nil {
			brokers = append(brokers, at.Broker)
		}
	}
	others, err := m.movedByOthers(ctx)
	if err != nil {
		return err
	}
	answers := kafka.AskEach(ctx, brokers, m.c.rates)
	for _, at := range answers {
		if at.Err != nil {
			return &UnthrottledError{Broker: at.Name, What: "its throttle is not known", Cause: at.Err}
		}
	}
	for _, at := range answers {
		for _, key := range roles[int(at.ID)] {
			m.plan(at.Broker, key, at.Value[key], others[int(at.ID)], adopts)
		}
	}
	return m.throttle.setRates(ctx)
}

// rolesOf returns which rates limit what the brokers of reassignments copy, by broker.
func rolesOf(copying []*movingPartition) map[int][]string {
	roles := make(map[int][]string)
	add := func(id int, key string) {
		if !slices.Contains(roles[id], key) {
			roles[id] = append(roles[id], key)
		}
	}
	for _, p := range copying {
		for _, id := range p.From {
			add(id, leaderRate)
		}
		for _, id := range p.copied() {
			add(id, followerRate)
		}
	}
	return roles
}

// movedByOthers returns the brokers of reassignments that are not of this move.
func (m *mover) movedByOthers(ctx context.Context) (map[int]bool, error) {
	var all reassignments
	err := whileElected(ctx, func() (err error) {
		if all, err = m.c.listReassignments(ctx, m.controller, nil); errors.Is(err, kerr.NotController) {
			_, _ = m.look(ctx) // for the next one; where it fails the same one is asked again
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	busy := make(map[int]bool)
	for topic, partitions := range all {
		for id, moving := range partitions {
			ours := func(p *movingPartition) bool {
				return p.topic == topic && p.Partition == id && p.state != moveFailed
			}
			if !slices.ContainsFunc(m.partitions, ours) {
				for _, broker := range moving.replicas {
					busy[broker] = true
				}
			}
		}
	}
	return busy, nil
}

// plan decides about one rate of a broker. What is slower than ours stays, and so does any rate over
// which somebody else is moving replicas.
func (m *mover) plan(b kafka.Broker, key string, now brokerRate, busy, adopts bool) {
	limit, err := strconv.ParseInt(now.value, 10, 64)
	known := err == nil
	rate := &throttleRate{Broker: b, key: key}
	switch {
	case known && busy:
		m.notes = append(m.notes, fmt.Sprintf("%s: %s stays %d: somebody else is moving replicas", b.Name, key, limit))
		return
	case known && limit < m.throttle.rate:
		m.notes = append(m.notes, fmt.Sprintf("%s: %s stays %d, which is slower", b.Name, key, limit))
		return
	case known && limit == m.throttle.rate && !(now.own && adopts):
		rate.kept = true
	case now.own && limit != m.throttle.rate:
		rate.before = now.value
	}
	m.throttle.rates = append(m.throttle.rates, rate)
}

// byBroker returns the rates of this move, and the brokers that have them.
func (t *moveThrottle) byBroker() (brokers []kafka.Broker, rates map[int32][]*throttleRate) {
	rates = make(map[int32][]*throttleRate)
	for _, r := range t.rates {
		if r.kept {
			continue
		}
		if rates[r.ID] == nil {
			brokers = append(brokers, r.Broker)
		}
		rates[r.ID] = append(rates[r.ID], r)
	}
	return brokers, rates
}

// setRates writes the rates, each on its broker, and waits until the broker shows them: only then do
// they limit anything.
func (t *moveThrottle) setRates(ctx context.Context) error {
	brokers, rates := t.byBroker()
	value := strconv.FormatInt(t.rate, 10)
	for _, at := range kafka.AskEach(ctx, brokers, func(ctx context.Context, id int32) (struct{}, error) {
		var changes []settingChange
		for _, r := range rates[id] {
			changes = append(changes, settingChange{r.key, value, kmsg.IncrementalAlterConfigOpSet})
		}
		if err := t.c.alterBroker(ctx, id, changes); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, t.c.untilRates(ctx, id, changes)
	}) {
		if at.Err != nil {
			return &UnthrottledError{Broker: at.Name, What: "its throttle cannot be set", Cause: at.Err}
		}
	}
	return nil
}

// untilRates returns nil once a broker shows rates as they were set.
func (c *Client) untilRates(ctx context.Context, id int32, set []settingChange) error {
	for next := (pace{}); ; {
		now, err := c.rates(ctx, id)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(set, func(change settingChange) bool { return now[change.key].value != change.value }) {
			return nil
		}
		if !next.pause(ctx) {
			return ctx.Err()
		}
	}
}

// alterBroker changes settings of one broker, on it.
func (c *Client) alterBroker(ctx context.Context, id int32, changes []settingChange) error {
	name := strconv.Itoa(int(id))
	return untilServed(ctx, func(ctx context.Context) error {
		answers, err := alterConfigs(ctx, c.kafka.On(id), kmsg.ConfigResourceTypeBroker, map[string][]settingChange{name: changes})
		if err != nil {
			return err
		}
		return answers[name]
	})
}

// untilServed asks again while the answer only means "not yet", for as long as a broker may take for one:
// in ZooKeeper mode one that has just been away answers UNKNOWN_SERVER_ERROR about settings until it has its
// session again.
func untilServed(ctx context.Context, ask func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, kafka.AnswerTimeout)
	defer cancel()
	var last error
	for next := (pace{}); ; {
		err := ask(ctx)
		if err == nil || last == nil || !kafka.Ended(err) { // what ctx cut off says less than the answer before
			last = err
		}
		if err == nil || !mayPass(err) || errors.Is(err, kerr.UnknownTopicOrPartition) || !next.pause(ctx) {
			return last
		}
	}
}
