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
	answers, err := describeConfigs(ctx, c.kafka.On(id), kmsg.ConfigResourceTypeBroker, []string{name}, leaderRate, followerRate)
	if err == nil {
		err = answers[name].err
	}
	if err != nil {
		return nil, err
	}
	found := make(map[string]brokerRate)
	for _, s := range answers[name].settings {
		switch s.Source {
		case kmsg.ConfigSourceDynamicBrokerConfig, kmsg.ConfigSourceDynamicDefaultBrokerConfig:
			if s.IsSensitive { // so brokers before 2.6 answer
				return nil, fmt.Errorf("the broker does not show %s", s.Name)
			}
			found[s.Name] = brokerRate{valueOf(s), s.Source == kmsg.ConfigSourceDynamicBrokerConfig}
		}
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
			return fmt.Errorf("%s: its throttle is not known, so nothing is moved: %w", at.Name, at.Err)
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
	all, err := m.c.listReassignments(ctx, m.controller, nil)
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
			return fmt.Errorf("%s: the throttle cannot be set, so nothing is moved: %w", at.Name, at.Err)
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
	answers, err := alterConfigs(ctx, c.kafka.On(id), kmsg.ConfigResourceTypeBroker, map[string][]settingChange{name: changes})
	if err != nil {
		return err
	}
	return answers[name]
}

// endThrottle takes away what the throttle was, of all that has ended: a rate stays as long as the
// brokers copy, and one that somebody has changed meanwhile is theirs.
func (m *mover) endThrottle(ctx context.Context) {
	if m.throttle == nil {
		return
	}
	m.unlist(ctx, m.partitions)
	if running, _ := m.running(); len(running) > 0 {
		return
	}
	brokers, rates := m.throttle.byBroker()
	for _, at := range kafka.AskEach(ctx, brokers, func(ctx context.Context, id int32) ([]string, error) {
		return m.throttle.restore(ctx, id, rates[id])
	}) {
		m.notes = append(m.notes, at.Value...)
		if at.Err != nil {
			m.notes = append(m.notes, fmt.Sprintf("%s: its throttle stays (%s); once it answers: %s", at.Name, at.What(), restoreCommand(rates[at.ID])))
		}
	}
	m.noteEarlier(ctx)
	m.throttle.rates = nil
}

// noteEarlier says which rates are left of an earlier run with another throttle, or of somebody else,
// where this move has taken over what was running.
func (m *mover) noteEarlier(ctx context.Context) {
	adopted := slices.ContainsFunc(m.partitions, func(p *movingPartition) bool { return p.adopted })
	if others, err := m.movedByOthers(ctx); !adopted || err != nil || len(others) > 0 {
		return
	}
	meta, err := m.c.kafka.AnyMetadata(ctx, []string{})
	if err != nil {
		return
	}
	left, err := m.c.ratesLeft(ctx, meta)
	if err != nil {
		m.notes = append(m.notes, fmt.Sprintf("it is not known whether brokers are throttled: %v", err))
	}
	for _, one := range left {
		ours := func(r *throttleRate) bool { return int(r.ID) == one.Broker && slices.Contains(one.Settings, r.key) }
		if !slices.ContainsFunc(m.throttle.rates, ours) {
			m.notes = append(m.notes, one.String()+": "+one.Command())
		}
	}
}

// restore gives a broker the rates back that it had. It returns a line for each that is not as this
// move has set it.
func (t *moveThrottle) restore(ctx context.Context, id int32, rates []*throttleRate) ([]string, error) {
	now, err := t.c.rates(ctx, id)
	if err != nil {
		return nil, err
	}
	var (
		changes []settingChange
		changed []string
	)
	for _, r := range rates {
		switch {
		case !now[r.key].own: // somebody has taken it away
		case now[r.key].value != strconv.FormatInt(t.rate, 10):
			changed = append(changed, fmt.Sprintf("%s: somebody has set %s to %s meanwhile: it stays", r.Name, r.key, now[r.key].value))
		case r.before != "":
			changes = append(changes, settingChange{r.key, r.before, kmsg.IncrementalAlterConfigOpSet})
		default:
			changes = append(changes, settingChange{key: r.key, op: kmsg.IncrementalAlterConfigOpDelete})
		}
	}
	if len(changes) == 0 {
		return changed, nil
	}
	return changed, t.c.alterBroker(ctx, id, changes)
}

// restoreCommand is what gives a broker the rates back that it had.
func restoreCommand(rates []*throttleRate) string {
	var add, remove []string
	for _, r := range rates {
		if r.before != "" {
			add = append(add, r.key+"="+r.before)
		} else {
			remove = append(remove, r.key)
		}
	}
	command := "kafka-configs --bootstrap-server … --alter --entity-type brokers --entity-name " + strconv.Itoa(int(rates[0].ID))
	if len(add) > 0 {
		command += " --add-config " + strings.Join(add, ",")
	}
	if len(remove) > 0 {
		command += " --delete-config " + strings.Join(remove, ",")
	}
	return command
}

// stays says which throttle there is while brokers copy, "" for none.
func (t *moveThrottle) stays() string {
	if t == nil || len(t.rates) == 0 {
		return ""
	}
	var ids []int32
	var before []string
	for _, r := range t.rates {
		ids = append(ids, r.ID)
		if r.before != "" {
			before = append(before, fmt.Sprintf("broker %d had %s=%s before", r.ID, r.key, r.before))
		}
	}
	slices.Sort(ids)
	text := fmt.Sprintf("the throttle of %d bytes a second on brokers %s", t.rate, kafka.JoinIDs(slices.Compact(ids)))
	if len(before) > 0 {
		text += " (" + strings.Join(before, ", ") + ")"
	}
	return text
}
